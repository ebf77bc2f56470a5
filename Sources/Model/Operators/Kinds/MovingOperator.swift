import ConstraintSystem

/// An operator whose output holds its input's values at other places, and zeros beside them.
package protocol MovingOperator: Operator {
  /// By cell of the output, row-major, the cell of the input, or −1 where it is zero; nil where it is something
  /// else.
  ///
  /// - Parameter input: the extents of the first input.
  func places(_ input: [Int]) throws(ModelError) -> [Int]?
}

extension MovingOperator {
  package static var keepsIntegers: Bool { true }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    try tensors.requireEqualQuantization(label)
    _ = try tensors.output.affine(tensors.node)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    try moved(inputs.operand(0, tensors), tensors, fill: 0)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let zero = try tensors.output.affine(tensors.node).zeroPoint
    return try moved(inputs.operand(0, tensors), tensors, fill: zero)
  }

  private func moved<Value>(
    _ x: Values<Value>, _ tensors: NodeTensors, fill: Value
  ) throws(ModelError) -> Values<Value> {
    let places = try places(x.shape) ?? []
    return Values(
      shape: tensors.output.shape, elements: places.map { $0 < 0 ? fill : x.elements[$0] })
  }
}
