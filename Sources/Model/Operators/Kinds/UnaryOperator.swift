import ConstraintSystem

/// An operator that makes one value of each value of its first operand; the shape stays.
package protocol UnaryOperator: Operator {
  /// What it makes of a real.
  func real(_ x: Float) -> Float
}

extension UnaryOperator {
  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try SourceShapes.first(inputs)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(shape: tensors.output.shape, elements: x.elements.map { real($0) })
  }
}

/// A unary operator that is one rescaling and one clamp on integers. No rows where nothing changes, else
/// one a value.
protocol RequantizingOperator: UnaryOperator {
  func step(_ tensors: NodeTensors) throws(ModelError) -> Requantization
}

extension RequantizingOperator {
  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try step(tensors) }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let step = try step(tensors)
    return Values(shape: tensors.output.shape, elements: x.elements.map(step.callAsFunction))
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let x: TensorView = try inputs.operand(0, tensors)
    return try step(tensors).lower(x, named: name, into: &builder)
  }
}
