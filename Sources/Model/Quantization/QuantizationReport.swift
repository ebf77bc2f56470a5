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
      try Job.advance(
        to: 0.2 + 0.8 * Double(place) / Double(samples.count), else: ModelError.cancelled)
      let reals = try float.trace(reals: sample)
      for index in tallies.indices { try tallies[index].add(sample, reals) }
    }
    return tallies.map { $0.report(ranges: ranges) }
  }
}

/// The differences between an integer network and its float one so far.
private struct Tally {
  let network: IntegerNetwork
  let interpreter: Interpreter
  let nodes: [Node]
  var sums: [(error: Double, signal: Double, saturated: Int, values: Int)]
  var classes: [QuantizationReport.Classes] = []

  init(_ network: IntegerNetwork) throws(ModelError) {
    self.network = network
    interpreter = try Interpreter(network.graph)
    nodes = network.graph.nodes.filter { type(of: $0.operator).end != .input }
    sums = [(error: Double, signal: Double, saturated: Int, values: Int)](
      repeating: (0, 0, 0, 0), count: nodes.count)
  }

  /// - Parameter reals: the float network's values for the sample.
  mutating func add(_ sample: [[Float]], _ reals: [Values<Float>?]) throws(ModelError) {
    var inputs: [[Int64]] = []
    for (position, reals) in sample.enumerated() {
      inputs.append(try network.quantize(reals, input: position))
    }
    let integers = try interpreter.trace(integers: inputs)
    for (place, node) in nodes.enumerated() {
      let tensor = node.outputs[0]
      guard reals.indices.contains(tensor), let expected = reals[tensor]?.elements,
        let actual = integers[tensor]?.elements
      else { continue }
      let affine = try network.graph.tensors[tensor].affine(node.name)
      for (wanted, got) in zip(expected, actual) {
        let error = Double(affine.dequantize(got)) - Double(wanted)
        sums[place].error += error * error
        sums[place].signal += Double(wanted) * Double(wanted)
        sums[place].values += 1
        let isAtEnd = got == affine.range.lowerBound || got == affine.range.upperBound
        if isAtEnd, abs(error) > Double(affine.scale) { sums[place].saturated += 1 }
      }
    }
    let output = network.graph.outputs.first
    let wanted = output.flatMap { self.reals($0, sample, reals) }
    let got = output.flatMap { integers[$0]?.elements }
    classes.append(
      QuantizationReport.Classes(
        float: Self.firstLargest(wanted ?? []), integer: Self.firstLargest(got ?? [])))
  }

  /// What the float network has at a tensor of the integer one: of an input's integers, the input.
  private func reals(
    _ tensor: Int, _ sample: [[Float]], _ reals: [Values<Float>?]
  ) -> [Float]? {
    if let place = network.graph.inputs.firstIndex(of: tensor) { return sample[place] }
    return reals.indices.contains(tensor) ? reals[tensor]?.elements : nil
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
