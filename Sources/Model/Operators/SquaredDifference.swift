import ConstraintSystem

/// TFLite SQUARED_DIFFERENCE of int8: (a − b)², extents broadcast as in ONNX; either may be a constant.
///
/// Integers: both operands in seven bits more at twice the larger scale, their difference squared, at the output's
/// scale; each of the three steps rounds twice. Of reals it is a product of two differences.
/// Source: TFLite's `squared_difference.cc`.
///
/// Rows: each operand by a table of its own, what is above and below zero of their difference, two rows a value
/// each, and the sum of both squares.
package struct SquaredDifference: BinaryOperator {
  package static let tflite = [TFLiteForm("SQUARED_DIFFERENCE", options: 76)]

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    try attributes.finish()
  }

  package var label: String { "SquaredDifference" }

  package func real(_ a: Float, _ b: Float) -> Float { (a - b) * (a - b) }

  struct Step: BinaryStep {
    /// Of the operands, at the common scale.
    var operands: [Requantization]
    /// From the square to the output.
    var requantization: Requantization
    /// The same, as rows have it.
    var line: Line

    func callAsFunction(_ a: Int64, _ b: Int64) -> Int64 {
      let difference = fine(a, 0) - fine(b, 1)
      return requantization.finish(difference * difference)
    }

    func fine(_ value: Int64, _ index: Int) -> Int64 {
      let operand = operands[index]
      return operand.rescale((value - operand.input.zeroPoint) << 7)
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let step = try step(tensors)
    var fine: [TensorView?] = []
    var own = tensors
    var most: Int64 = 0
    for index in 0..<2 {
      let affine = step.operands[index].input
      let images = affine.range.map { step.fine($0, index) }
      most += images.map(\.magnitude).max().map(Int64.init) ?? 0
      if case .integer(let values)? = tensors.inputs[index]?.constant {
        own.inputs[index]?.type = .int16
        own.inputs[index]?.constant = .integer(values.map { step.fine($0, index) })
        fine.append(nil)
        continue
      }
      let wire: TensorView = try inputs.operand(index, tensors)
      fine.append(
        builder.block(
          name, as: .operand, shape: wire.shape,
          relation: builder.terms(over: wire.shape, .inPlace(wire), named: name),
          multiplier: .identity,
          activation: .lookup(
            name: "at the common scale", lowest: affine.withoutZeroPoint(affine.range).lowerBound,
            values: images.map { Int16(clamping: $0) })))
    }
    let (shape, readings) = try builder.elementwise(fine, own, zeroPoints: [0, 0], named: name)
    func above(_ sign: Int64, _ role: BlockRole, _ builder: inout Builder) -> TensorView {
      builder.block(
        name, as: role, shape: shape,
        relation: builder.terms(sign, over: shape, readings[0], named: name)
          + builder.terms(-sign, over: shape, readings[1], named: name),
        multiplier: .identity, activation: .clamp(0...most))
    }
    let positive = Reading.inPlace(above(1, .positive, &builder))
    let negative = Reading.inPlace(above(-1, .negative, &builder))
    let line = step.line
    var relation =
      builder.terms(line.factor, over: shape, positive, positive, named: name)
      + builder.terms(line.factor, over: shape, negative, negative, named: name)
    if line.offset != 0 {
      let wire = builder.tensor(
        name, as: .shift, shape: [1], type: .fitting([line.offset]), values: [line.offset])
      relation += builder.terms(over: shape, Reading(wire, [.fixed(0)]), named: name)
    }
    return builder.block(
      name, shape: shape, relation: relation, scaling: Scaling(line.rescale),
      activation: step.requantization.activation)
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Step {
    var operands: [Requantization] = []
    let inputs = [try tensors.input(0, "operand"), try tensors.input(1, "operand")]
    let scales = try inputs.map { tensor throws(ModelError) in
      try tensor.affine(tensors.node).scale
    }
    let common = 2 * Double(max(scales[0], scales[1]))
    for (tensor, scale) in zip(inputs, scales) {
      guard let rescale = FloatStep.roundedTwice(Double(scale) / common) else {
        throw refusal(tensors)
      }
      var own = tensors
      own.inputs = [tensor]
      operands.append(try Requantization(own, .unbounded, rescale: .float(rescale)))
    }
    let output = try tensors.output.affine(tensors.node)
    let ratio = common * common / (0x1p14 * Double(output.scale))
    guard output.range.lowerBound < 0, operands.allSatisfy({ $0.input.range == output.range }),
      ratio < 1, let rescale = FloatStep.roundedTwice(ratio),
      let line = Line(rescale, ratio, quotients: output.span)
    else { throw refusal(tensors) }
    return Step(
      operands: operands,
      requantization: try Requantization(tensors, .unbounded, rescale: .float(rescale)),
      line: line)
  }

  private func refusal(_ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "SQUARED_DIFFERENCE of these types and scales",
      remedy:
        "quantize it to int8; the square of the larger input scale over the output's has to stay below 4096"
    )
  }
}

extension SquaredDifference {
  /// What rounds a square twice as one rounding, `(factor·square + offset)·rescale`.
  ///
  /// The first rounding is half a unit of the second's sum: a part of a square, and so an offset of squares in finer
  /// units.
  struct Line {
    let factor: Int64
    let offset: Int64
    let rescale: Rescale

    /// Of differences: of two tensors with eight bits, seven more and the larger scale doubled.
    private static let largest: Int64 = 2 * 16_320

    /// - Parameter quotients: the most that matters.
    /// - Returns: nil where no such line has the same quotients.
    init?(_ step: FloatStep, _ ratio: Double, quotients: Int64) {
      guard case .integer(let mantissa, let shift)? = Rescale(ratio: ratio), mantissa > 0 else {
        return nil
      }
      let most = Self.largest * Self.largest
      let last = min(step(most), quotients)
      let thresholds =
        last < 1 ? [] : (1...last).map { step.leastAccumulator(reaching: $0, in: 0...most) }
      for bits in 0...12 where shift + bits <= Limits.scaleBits.upperBound {
        let (factor, half) = (Int64(1) << Int64(bits), Double(1 << (30 + bits)) / Double(mantissa))
        for offset in Set([0, Int64(half), Int64(half) + 1]).sorted() {
          let rescale = Rescale(mantissa: mantissa, shift: shift + bits)
          let isEqual = thresholds.enumerated().allSatisfy { place, least in
            rescale(factor * least + offset) > place
              && rescale(factor * (least - 1) + offset) <= place
          }
          if isEqual {
            (self.factor, self.offset, self.rescale) = (factor, offset, rescale)
            return
          }
        }
      }
      return nil
    }
  }
}
