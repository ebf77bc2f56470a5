import ConstraintSystem

/// An operator that makes one value of two, value by value, extents broadcast as in ONNX; either operand may
/// be a constant.
protocol BinaryOperator: Operator {
  /// What it makes of two integers, zero points included: the runtime's steps.
  associatedtype Step: BinaryStep

  /// What it makes of two reals.
  func real(_ a: Float, _ b: Float) -> Float

  /// - Throws: where `integer` and `lower` do not handle these tensors.
  func step(_ tensors: NodeTensors) throws(ModelError) -> Step
}

/// The integers of a binary operator.
protocol BinaryStep {
  func callAsFunction(_ a: Int64, _ b: Int64) -> Int64
}

extension BinaryOperator {
  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try Broadcast.outputShape(inputs, of: label)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try step(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    try combine(inputs, tensors) { real($0, $1) }
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let step = try step(tensors)
    return try combine(inputs, tensors) { step($0, $1) }
  }

  private func combine<Value>(
    _ inputs: [Values<Value>?], _ tensors: NodeTensors, _ body: (Value, Value) -> Value
  ) throws(ModelError) -> Values<Value> {
    let a: Values<Value> = try inputs.operand(0, tensors)
    let b: Values<Value> = try inputs.operand(1, tensors)
    let shape = tensors.output.shape
    let (first, second) = (Broadcast.expand(a, to: shape), Broadcast.expand(b, to: shape))
    return Values(shape: shape, elements: zip(first, second).map(body))
  }
}
