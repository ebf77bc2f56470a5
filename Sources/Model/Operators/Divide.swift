import ConstraintSystem

/// ONNX Div, TFLite DIV in float models: a quotient, extents broadcast as in ONNX; either may be a constant.
///
/// A float network's quotients by constants are products, and those with one activation functions of one value. What
/// is left has integers where the network is quantized here, zero points removed:
///
///     R(b) = 2^20 / b, rounded half away from zero        y = ⌊a·R(b)·m / 2^s + ½⌋, m / 2^s = s_a / (s_b·s_y·2^20)
///
/// **Zero.** An input that makes a denominator zero in calibration is refused, as it leads to no value. What is so
/// small in a proof that its integer is zero is taken to be one step of its scale, on the side on which denominators
/// are (above zero, where they are on both): there is a value for every input, and the error is that of the scale.
///
/// Rows: one a value, and two for each value of the denominator before it is broadcast, its reciprocal in two limbs:
/// each a table of a byte, so that a proof needs no gadget. A constant denominator has none.
package struct Divide: BinaryOperator {
  package static let onnx = [ONNXForm("Div", since: 7)]
  package static let constants = ConstantOperands.likeActivations

  package init() {}

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    try attributes.finish()
  }

  package var label: String { "Divide" }

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.count == 2 ? .pair(.quotient, operands[0], operands[1]) : nil
  }

  package func real(_ a: Float, _ b: Float) -> Float { a / b }

  struct Step: BinaryStep {
    var numerator: AffineQuantization
    var denominator: AffineQuantization
    /// From the product with a reciprocal to the output.
    var requantization: Requantization

    /// Of the reciprocals' unit, and of their lower limb.
    static let (power, limb) = (20, 10)

    func callAsFunction(_ a: Int64, _ b: Int64) -> Int64 {
      requantization.finish((a - numerator.zeroPoint) * reciprocal(b - denominator.zeroPoint))
    }

    /// Of an integer whose zero point is removed.
    func reciprocal(_ value: Int64) -> Int64 {
      let isBelow = denominator.range.upperBound <= denominator.zeroPoint
      let value = value == 0 ? (isBelow ? -1 : 1) : value
      let size = abs(value)
      let quotient = ((1 << Int64(Self.power)) + size / 2) / size
      return value < 0 ? -quotient : quotient
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let step = try step(tensors)
    var (own, wires) = (tensors, inputs)
    let zero = step.denominator.zeroPoint
    if let wire: TensorView = inputs.count > 1 ? inputs[1] : nil {
      let wire = wire.parts.count == 1 ? wire : builder.materialized(wire, named: name, as: .copy)
      let domain = step.denominator.withoutZeroPoint(step.denominator.range)
      let images = domain.map { step.reciprocal($0) }
      func table(_ values: [Int64], _ builder: inout Builder) -> TensorView {
        builder.block(
          name, as: .operand, shape: wire.shape,
          relation: builder.terms(over: wire.shape, .inPlace(wire), named: name),
          multiplier: .identity,
          activation: .lookup(
            name: "reciprocal", lowest: domain.lowerBound, values: values.map { Int16($0) }))
      }
      let unit = Int64(1) << Int64(Step.limb)
      let low = table(images.map { $0 & (unit - 1) }, &builder)
      let high = table(images.map { $0 >> Int64(Step.limb) }, &builder)
      let parts = high.parts.map { part in
        TensorView.Part(
          coefficient: part.coefficient * unit, view: part.view, extents: part.extents)
      }
      wires[1] = TensorView(shape: wire.shape, parts: low.parts + parts)
    } else if case .integer(let values)? = tensors.optionalInput(1)?.constant {
      own.inputs[1]?.constant = .integer(values.map { step.reciprocal($0 - zero) })
      own.inputs[1]?.type = .int32
    }
    let (shape, readings) = try builder.elementwise(
      wires, own, zeroPoints: [step.numerator.zeroPoint, 0], named: name)
    let products = readings[0].wire.parts.count * readings[1].wire.parts.count
    guard products <= Limits.viewsPerLayer else {
      throw .unsupported(
        node: tensors.node,
        what: "a quotient whose operands are concatenations, of \(products) products of views",
        remedy: "at most \(Limits.viewsPerLayer) are multiplied at once; concatenate fewer tensors")
    }
    return builder.block(
      name, shape: shape,
      relation: builder.terms(over: shape, readings[0], readings[1], named: name),
      scaling: Scaling(step.requantization.rescale), activation: step.requantization.activation)
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Step {
    let a = try tensors.input(0, "numerator").affine(tensors.node)
    let b = try tensors.input(1, "denominator").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    guard case .integer = tensors.arithmetic else {
      throw .unsupported(
        node: tensors.node, what: "a quotient of two quantized tensors",
        remedy: "divide by a constant, or give the float model with calibration inputs")
    }
    let unit = Double(sign: .plus, exponent: -Step.power, significand: 1)
    let ratio = Double(a.scale) / (Double(b.scale) * Double(output.scale)) * unit
    return Step(
      numerator: a, denominator: b,
      requantization: try Requantization(
        tensors, .unbounded, rescale: try tensors.rescale(ratio: ratio)))
  }
}
