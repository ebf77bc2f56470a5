import ConstraintSystem

/// ONNX ReduceSum, ReduceL1, ReduceL2, ReduceSumSquare, ReduceLogSum and GlobalLpPool, TFLite SUM: the sum, or a
/// norm, of the values over some axes, which stay with extent 1 or go.
///
/// Integers and rows: `MeasuredSum`. SUM is rescaled by s_x/s_y in single precision as LiteRT's XNNPACK does it, zero
/// points included; the others between a DequantizeLinear and a QuantizeLinear are sums of reals, of which
/// onnxruntime's float32 kernel rounds some ties another way.
package struct ReduceSum: Operator {
  package static let onnx = [
    ONNXForm("ReduceSum", since: 1), ONNXForm("ReduceL1", since: 1), ONNXForm("ReduceL2", since: 1),
    ONNXForm("ReduceSumSquare", since: 1), ONNXForm("ReduceLogSum", since: 1),
    ONNXForm("GlobalLpPool", since: 2),
  ]
  package static let tflite = [ReducedAxes.tflite("SUM")]

  package var axes: ReducedAxes
  package var sum: MeasuredSum
  /// As in ONNX files.
  package let label: String
  private let isTFLite: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    isTFLite = node.isTFLite
    label = isTFLite ? "ReduceSum" : node.type
    switch node.type {
    case "ReduceL1": sum = MeasuredSum(.magnitudes)
    case "ReduceL2": sum = MeasuredSum(.squares, .squareRoot)
    case "ReduceSumSquare": sum = MeasuredSum(.squares)
    case "ReduceLogSum": sum = MeasuredSum(.values, .logarithm)
    case "GlobalLpPool": sum = try MeasuredSum(norm: &attributes)
    default: sum = MeasuredSum(.values)
    }
    axes =
      node.type == "GlobalLpPool"
      ? ReducedAxes(.spatial(channelsFirst: true), keepsAxes: true)
      : try ReducedAxes(&attributes)
    try attributes.finish()
  }

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try axes.outputShape(inputs)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> MeasuredSum.Plan {
    let count = try axes.count(in: tensors.input(0, "input").shape)
    return try sum.plan(tensors, label, count: count, isTFLite: isTFLite)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let elements = try axes.groups(in: x.shape).map { cells in
      sum.real(cells.map { x.elements[$0] })
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let plan = try plan(tensors)
    let elements = try axes.groups(in: x.shape).map { cells in
      plan(cells.lazy.map { x.elements[$0] })
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    return sum.lower(
      x, try axes.sum(over: tensor.shape), try plan(tensors), named: name, into: &builder)
  }
}
