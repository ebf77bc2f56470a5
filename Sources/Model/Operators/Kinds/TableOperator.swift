import ConstraintSystem

/// A function of one quantized value as the image of every integer of its input's type: 256 values, and one
/// row for each value that goes through it.
protocol TableOperator: UnaryOperator {
  /// By input integer from the type's least; zero points included.
  ///
  /// - Throws: where an integer has no image, in the user's terms.
  func images(
    _ input: AffineQuantization, _ output: AffineQuantization, at node: String
  ) throws(ModelError) -> [Int64]
}

extension TableOperator {
  package var takesRows: Bool { true }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try table(tensors) }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let (input, _, images) = try table(tensors)
    return Values(
      shape: tensors.output.shape,
      elements: x.elements.map {
        images[Int($0.clamped(to: input.range) - input.range.lowerBound)]
      })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let x: TensorView = try inputs.operand(0, tensors)
    let (input, output, images) = try table(tensors)
    return builder.block(
      name, shape: x.shape, relation: builder.terms(over: x.shape, .inPlace(x), named: name),
      multiplier: .identity,
      activation: .lookup(
        name: label, lowest: input.range.lowerBound - input.zeroPoint,
        values: images.map { Int16($0 - output.zeroPoint) }))
  }

  private func table(
    _ tensors: NodeTensors
  ) throws(ModelError) -> (input: AffineQuantization, output: AffineQuantization, images: [Int64]) {
    let input = try tensors.input(0, "input").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    return (input, output, try images(input, output, at: tensors.node))
  }
}
