import ConstraintSystem

/// A function of one quantized value as the image of every integer of its input's type: 256 values, and one
/// row for each value that goes through it.
protocol TableOperator: UnaryOperator {
  /// By input integer from the type's least; zero points included; nil where the function has no value.
  func images(
    _ input: AffineQuantization, _ output: AffineQuantization, at node: String
  ) throws(ModelError) -> [Int64?]
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
    let images = try images(input, output, at: tensors.node)
    let known = images.compactMap(\.self)
    if known.count == images.count { return (input, output, known) }
    // onnxruntime's QuantizeLinear makes the type's least of NaN, for all lengths of tensors (1.31.1, x86-64). A
    // network that was quantized here has the image of the nearest integer that has one.
    guard tensors.arithmetic != .float32 else {
      return (input, output, images.map { $0 ?? output.range.lowerBound })
    }
    guard !known.isEmpty, tensors.arithmetic != .exact else {
      throw .unsupported(
        node: tensors.node,
        what: "a function that has no value from \(input.dequantize(input.range.lowerBound)) to "
          + "\(input.dequantize(input.range.upperBound)), as its input was in calibration",
        remedy: "clip its input to where it has one")
    }
    return (input, output, Self.filled(images))
  }

  /// Those without an image take that of the nearest place, of two the lower one.
  private static func filled(_ images: [Int64?]) -> [Int64] {
    let places = images.indices.filter { images[$0] != nil }
    return images.indices.compactMap { place in
      let nearest = places.min { abs($0 - place) < abs($1 - place) }
      return nearest.flatMap { images[$0] }
    }
  }
}
