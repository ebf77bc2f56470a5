import ConstraintSystem
import Compute
import InnerProducts

/// How well a quantized network follows the float one, on the inputs it was calibrated with.
package struct QuantizationReport: Sendable, Hashable {
  package struct Layer: Sendable, Hashable {
    package var name: String
    /// What it computes: `FullyConnected`.
    package var label: String
    /// Root mean square of (integer as real − float), over that of the float values; 0 for a layer
    /// that is zero throughout.
    package var relativeError: Double
    /// Output values at the lowest or highest integer where the float value lies beyond it by more
    /// than a step.
    package var saturated: Int
    package var values: Int
    /// The float range that calibration showed.
    package var lowest: Float
    package var highest: Float
  }
  /// Where a sample's largest proven output stands in the float network, and in the integer one.
  package struct Classes: Sendable, Hashable {
    package var float: Int
    package var integer: Int
  }
  /// In evaluation order.
  package var layers: [Layer]
  /// Of each sample, in order.
  package var classes: [Classes]
  package var samples: Int { classes.count }
  /// Samples whose largest proven output has the same index as in float.
  package var agreeing: Int { classes.count { $0.float == $0.integer } }
  /// Largest relative error.
  package var worstLayer: Layer? { layers.max { $0.relativeError < $1.relativeError } }
  package var agreement: Double { samples == 0 ? 1 : Double(agreeing) / Double(samples) }
  /// What to tell of layers about which calibration shows nothing.
  package var notes: [String] {
    layers.filter { $0.lowest == 0 && $0.highest == 0 }.map {
      "layer \"\($0.name)\" is 0 on all calibration inputs: give inputs that make it something else, "
        + "or leave it out"
    }
  }

  /// Runs the networks against the float one, each sample once in float; quantized tensors keep the float
  /// network's indices.
  static func compare(
    _ float: Interpreter, _ networks: [IntegerNetwork], _ samples: [[[Float]]],
    ranges: [ClosedRange<Float>]
  ) throws(ModelError) -> [QuantizationReport] {
    var tallies: [Tally] = []
    for network in networks {
      tallies.append(try Tally(network, twin: tallies.first?.interpreter))
    }
    for (place, sample) in samples.enumerated() {
      try Job.advance(to: Double(place) / Double(samples.count), else: ModelError.cancelled)
      var values = [[Float]?](repeating: nil, count: float.graph.tensors.count)
      try float.trace(reals: sample) { values[$0] = $1.elements }
      let (reals, before) = (values, tallies)
      let after = inParallel(each: tallies.count) { index in
        Result { () throws(ModelError) in
          var tally = before[index]
          try tally.add(sample, reals)
          return tally
        }
      }
      for index in tallies.indices { tallies[index] = try after[index].get() }
    }
    return tallies.map { $0.report(ranges: ranges) }
  }
}

/// The differences between an integer network and its float one so far.
private struct Tally: Sendable {
  let network: IntegerNetwork
  let interpreter: Interpreter
  let nodes: [Node]
  /// By tensor, the place among `nodes` of the one that makes it.
  let places: [Int: Int]
  /// Of each node's values.
  var sums: [Deviation]
  var classes: [QuantizationReport.Classes] = []

  /// - Parameter twin: of a network that differs in the length of its multipliers alone.
  init(_ network: IntegerNetwork, twin: Interpreter?) throws(ModelError) {
    self.network = network
    interpreter = try Interpreter(network.graph, twin: twin)
    nodes = network.graph.nodes.filter { type(of: $0.operator).end != .input }
    places = Dictionary(
      nodes.enumerated().map { ($1.outputs[0], $0) }, uniquingKeysWith: { first, _ in first })
    sums = nodes.map { _ in Deviation() }
  }

  /// - Parameter reals: the float network's values for the sample.
  mutating func add(_ sample: [[Float]], _ reals: [[Float]?]) throws(ModelError) {
    var inputs: [[Int64]] = []
    for (position, reals) in sample.enumerated() {
      inputs.append(try network.quantize(reals, input: position))
    }
    let output = network.graph.outputs.first
    var (sums, found) = (sums, QuantizationReport.Classes(float: -1, integer: -1))
    try interpreter.trace(integers: inputs) { (tensor, values) throws(ModelError) in
      if tensor == output {
        found.float = Self.firstLargest(self.reals(tensor, sample, reals) ?? [])
        found.integer = Self.firstLargest(values.elements)
      }
      guard let place = places[tensor], reals.indices.contains(tensor),
        let expected = reals[tensor]
      else { return }
      let affine = try network.graph.tensors[tensor].affine(nodes[place].name)
      sums[place].add(
        values.elements, scale: affine.scale, zero: affine.zeroPoint, range: affine.range, expected)
    }
    self.sums = sums
    classes.append(found)
  }

  /// What the float network has at a tensor of the integer one: of an input's integers, the input.
  private func reals(
    _ tensor: Int, _ sample: [[Float]], _ reals: [[Float]?]
  ) -> [Float]? {
    if let place = network.graph.inputs.firstIndex(of: tensor) { return sample[place] }
    return reals.indices.contains(tensor) ? reals[tensor] : nil
  }

  func report(ranges: [ClosedRange<Float>]) -> QuantizationReport {
    let layers = zip(nodes, sums).map { node, sum in
      let range = ranges.indices.contains(node.outputs[0]) ? ranges[node.outputs[0]] : 0...0
      return QuantizationReport.Layer(
        name: node.name, label: node.operator.label,
        relativeError: sum.signal > 0 ? (sum.error / sum.signal).squareRoot() : 0,
        saturated: sum.saturated, values: sum.values, lowest: range.lowerBound,
        highest: range.upperBound)
    }
    return QuantizationReport(layers: layers, classes: classes)
  }

  /// −1 where there is no value.
  private static func firstLargest<T: Comparable>(_ values: [T]) -> Int {
    values.indices.max { (values[$0], $1) < (values[$1], $0) } ?? -1
  }
}
