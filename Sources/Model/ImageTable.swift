import ConstraintSystem

/// A function of one quantized value as the image of every integer of its input's type: 256 values, and one
/// row for each value that goes through it.
struct ImageTable {
  var input: Affine
  var output: Affine
  /// By input integer from the type's least; zero points included.
  var images: [Int64]

  /// - Parameter images: from the two quantizations, or an error in the user's terms.
  init(
    _ tensors: NodeTensors,
    _ images: (_ input: Affine, _ output: Affine) throws(ModelError) -> [Int64]
  ) throws(ModelError) {
    input = try tensors.input(0, "input").affine(tensors.node)
    output = try tensors.output.affine(tensors.node)
    self.images = try images(input, output)
  }

  func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: x.elements.map {
        images[Int($0.clamped(to: input.range) - input.range.lowerBound)]
      })
  }

  func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, label: String, named name: String,
    into builder: inout Builder
  ) throws(ModelError) -> Wire {
    let x: Wire = try inputs.operand(0, tensors)
    return builder.block(
      name, shape: x.shape, relation: builder.terms(over: x.shape, .inPlace(x), named: name),
      multiplier: .identity,
      activation: .lookup(
        name: label, lowest: input.range.lowerBound - input.zeroPoint,
        values: images.map { Int16($0 - output.zeroPoint) }))
  }
}
