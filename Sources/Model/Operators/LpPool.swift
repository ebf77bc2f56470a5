import ConstraintSystem

/// ONNX LpPool over one to three spatial axes: the sum of the magnitudes of what a window reads, or the root of the
/// sum of its squares. Pads are zeros.
///
/// Integers and rows: `MeasuredSum`.
package struct LpPool: Operator {
  package static let onnx = [ONNXForm("LpPool", since: 2)]

  package var pooling: Pooling
  package var sum: MeasuredSum

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    sum = try MeasuredSum(norm: &attributes)
    pooling = try Pooling(&attributes)
    try attributes.finish()
  }

  package var label: String { "LpPool" }

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try pooling.geometry(SourceShapes.first(inputs)).output
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> MeasuredSum.Plan {
    let geometry = try pooling.geometry(tensors.input(0, "input").shape)
    return try sum.plan(tensors, label, count: geometry.sliding.kernel.reduce(1, *))
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: try pooling.geometry(x.shape).map(x.elements) { sum.real($1) })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let plan = try plan(tensors)
    return Values(
      shape: tensors.output.shape,
      elements: try pooling.geometry(x.shape).map(x.elements) { plan($1) })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let geometry = try pooling.geometry(tensor.shape)
    let (x, channels) = try builder.arranged(
      inputs.operand(0, tensors), as: tensor, keeping: geometry.channelAxis, at: tensors.node)
    return sum.lower(
      x, geometry.sum(channels: channels), try plan(tensors), named: name, into: &builder)
  }
}
