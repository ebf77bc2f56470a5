import ConstraintSystem
import Compute

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
    for network in networks { tallies.append(try Tally(network)) }
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
  /// Of one layer's values.
  struct Sums {
    var error = 0.0
    var signal = 0.0
    var saturated = 0
    var values = 0

    /// Each sum is taken value by value, so that it is the same on every machine.
    mutating func add(
      _ integers: [Int64], _ affine: AffineQuantization, _ reals: [Float]
    ) {
      let (scale, step) = (affine.scale, Double(affine.scale))
      let (zero, least, most) = (affine.zeroPoint, affine.range.lowerBound, affine.range.upperBound)
      var (error, signal, saturated) = (error, signal, saturated)
      let (integers, reals) = (integers.span, reals.span)
      for index in 0..<min(integers.count, reals.count) {
        let (got, wanted) = (integers[index], Double(reals[index]))
        let difference = Double(scale * Float(got &- zero)) - wanted
        error += difference * difference
        signal += wanted * wanted
        let isAtEnd = got == least || got == most
        saturated &+= isAtEnd && abs(difference) > step ? 1 : 0
      }
      (self.error, self.signal, self.saturated) = (error, signal, saturated)
      values += min(integers.count, reals.count)
    }
  }

  let network: IntegerNetwork
  let interpreter: Interpreter
  let nodes: [Node]
  /// By tensor, the place among `nodes` of the one that makes it.
  let places: [Int: Int]
  var sums: [Sums]
  var classes: [QuantizationReport.Classes] = []

  init(_ network: IntegerNetwork) throws(ModelError) {
    self.network = network
    interpreter = try Interpreter(network.graph)
    nodes = network.graph.nodes.filter { type(of: $0.operator).end != .input }
    places = Dictionary(
      nodes.enumerated().map { ($1.outputs[0], $0) }, uniquingKeysWith: { first, _ in first })
    sums = nodes.map { _ in Sums() }
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
      sums[place].add(values.elements, affine, expected)
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
