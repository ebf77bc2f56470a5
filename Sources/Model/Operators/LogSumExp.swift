import Platform

/// ONNX ReduceLogSumExp: the logarithm of the sum of exponentials over some axes, which stay with extent 1 or go.
///
/// In a float network it is m + log Σ exp(x − m) with m the largest value, by operators that there are. Between
/// quantized tensors it is refused: nobody's integers are those of float32 exponentials.
package struct LogSumExp: UnprovenOperator {
  package static let onnx = [ONNXForm("ReduceLogSumExp", since: 1)]

  package var axes: ReducedAxes

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    axes = try ReducedAxes(&attributes)
    try attributes.finish()
  }

  package var label: String { "ReduceLogSumExp" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try axes.outputShape(inputs)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let elements = try axes.groups(in: x.shape).map { cells in
      let largest = cells.reduce(-Float.infinity) { max($0, x.elements[$1]) }
      let sum = cells.reduce(0) { $0 + Platform.exp(Double(x.elements[$1] - largest)) }
      return Float(Double(largest) + Platform.log(sum))
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  package func refusal(_ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "\(label) between quantized tensors",
      remedy: "give the float model with calibration inputs")
  }

  package func expansion(_ tensors: NodeTensors) throws(ModelError) -> Expansion? {
    var kept = axes
    kept.keepsAxes = true
    var expansion = Expansion()
    let largest = expansion.add(ReduceExtremum(isMaximum: true, kept), .input(0))
    let below = expansion.add(Add(isDifference: true), .input(0), largest)
    let powers = expansion.add(Elementwise(.function(.exponential, .x)), below)
    let logarithm = expansion.add(
      ReduceSum(MeasuredSum(.values, .logarithm), kept, label: "ReduceLogSum"), powers)
    let sum = expansion.add(Add(), logarithm, largest)
    if !axes.keepsAxes { expansion.add(Reshape(to: tensors.output.shape), sum) }
    return expansion
  }
}
