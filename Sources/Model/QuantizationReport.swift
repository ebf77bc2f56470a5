import ConstraintSystem

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
  /// In evaluation order.
  package var layers: [Layer]
  package var samples: Int
  /// Samples whose largest proven output has the same index as in float.
  package var agreeing: Int
  /// Largest relative error.
  package var worstLayer: Layer? { layers.max { $0.relativeError < $1.relativeError } }
  package var agreement: Double { samples == 0 ? 1 : Double(agreeing) / Double(samples) }

  /// Runs both networks; quantized tensors keep the float network's indices.
  static func compare(
    _ float: Interpreter, _ network: IntegerNetwork, _ samples: [[[Float]]],
    ranges: [ClosedRange<Float>]
  ) throws(ModelError) -> QuantizationReport {
    let integer = try Interpreter(network.graph)
    let nodes = network.graph.nodes.filter { !($0.operator is Quantize) }
    var sums = [(error: Double, signal: Double, saturated: Int, values: Int)](
      repeating: (0, 0, 0, 0), count: nodes.count)
    var agreeing = 0
    for sample in samples {
      var inputs: [[Int64]] = []
      for (position, reals) in sample.enumerated() {
        inputs.append(try network.quantize(reals, input: position))
      }
      let reals = try float.trace(reals: sample)
      let integers = try integer.trace(integers: inputs)
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
      if let output = network.graph.outputs.first, reals.indices.contains(output),
        let wanted = reals[output]?.elements, let got = integers[output]?.elements
      {
        agreeing += firstLargest(wanted) == firstLargest(got) ? 1 : 0
      }
    }
    let layers = zip(nodes, sums).map { node, sum in
      let range = ranges.indices.contains(node.outputs[0]) ? ranges[node.outputs[0]] : 0...0
      return Layer(
        name: node.name, label: node.operator.label,
        relativeError: sum.signal > 0 ? (sum.error / sum.signal).squareRoot() : 0,
        saturated: sum.saturated, values: sum.values, lowest: range.lowerBound,
        highest: range.upperBound)
    }
    return QuantizationReport(layers: layers, samples: samples.count, agreeing: agreeing)
  }

  private static func firstLargest<T: Comparable>(_ values: [T]) -> Int? {
    values.indices.max { (values[$0], $1) < (values[$1], $0) }
  }
}
