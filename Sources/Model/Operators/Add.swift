import ConstraintSystem

/// ONNX Add, QLinearAdd and Sub, TFLite ADD and SUB: y = clamp(a ± b), extents broadcast as in ONNX.
///
/// Integers: both operands, zero points removed, times an integer multiplier, summed or subtracted, one
/// rounding shift. Source: XNNPACK's `qs8-vadd` (minmax scalar), multipliers of at most 21 bits; onnxruntime's
/// `MlasQLinearAdd`, of 23.
package struct Add: ActivatedOperator, BinaryOperator {
  package static let onnx = [
    ONNXForm("Add", since: 7), .microsoft("QLinearAdd", .binary("Add")), ONNXForm("Sub", since: 7),
  ]
  package static let tflite = [
    TFLiteForm("ADD", options: 11, options), TFLiteForm("SUB", options: 28, options),
  ]
  private static let options: TFLiteForm.Fields = [
    ("fused_activation_function", .activation), ("pot_scale_int16", .flag(true)),
  ]
  package static let constants = ConstantOperands.likeActivations

  /// Whether the second operand is taken away.
  package var isDifference: Bool
  package var activation: RealRange
  /// Bits of the largest multiplier but one, in the runtime whose file it is.
  private var multiplierBits = 20

  package init(isDifference: Bool = false, activation: RealRange = .unbounded) {
    self.isDifference = isDifference
    self.activation = activation
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    isDifference = node.type.uppercased() == "SUB"
    activation = node.isTFLite ? try attributes.fusedActivation() : .unbounded
    multiplierBits = node.isTFLite ? 20 : 22
    attributes.ignore("pot_scale_int16")
    try attributes.finish()
  }

  package var label: String { isDifference ? "Subtract" : "Add" }

  package var addition: Addition? {
    Addition(isDifference: isDifference, activation: activation)
  }

  package func expression(_ operands: [Expression]) -> Expression? {
    guard operands.count == 2 else { return nil }
    let sum: Expression =
      isDifference ? .difference(operands[0], operands[1]) : .sum(operands[0], operands[1])
    return activation == .unbounded ? sum : .clamp(activation, sum)
  }

  package func real(_ a: Float, _ b: Float) -> Float {
    activation.clamp(isDifference ? a - b : a + b)
  }

  struct Step: BinaryStep {
    /// The operands' zero points.
    var zeroPoints: [Int64]
    var multipliers: [Int64]
    /// From the sum of the multiples to the output.
    var requantization: Requantization

    func callAsFunction(_ a: Int64, _ b: Int64) -> Int64 {
      requantization.finish(
        (a &- zeroPoints[0]) &* multipliers[0] &+ (b &- zeroPoints[1]) &* multipliers[1])
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let step = try step(tensors)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: step.zeroPoints, named: name)
    return builder.block(
      name, shape: shape,
      relation: builder.multiples(step.multipliers, of: readings, over: shape, named: name),
      scaling: Scaling(step.requantization.rescale),
      activation: step.requantization.activation)
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Step {
    let output = try tensors.output.affine(tensors.node)
    var operands: [AffineQuantization] = []
    for index in 0..<2 {
      operands.append(try tensors.input(index, "operand").affine(tensors.node))
    }
    if tensors.arithmetic == .exact {
      var (multipliers, unit) = Self.multipliers(operands.map(\.scale))
      guard !multipliers.contains(0) else {
        throw .unsupported(
          node: tensors.node, what: "the scales of its operands are \(operands.map(\.scale))",
          remedy: "quantize them with scales that are nearer to each other")
      }
      if isDifference { multipliers[1] = -multipliers[1] }
      return Step(
        zeroPoints: operands.map(\.zeroPoint), multipliers: multipliers,
        requantization: try Requantization(
          tensors, activation, rescale: try tensors.exactRescale(unit)))
    }
    let ratios = operands.map { $0.scale / output.scale }
    guard ratios.allSatisfy({ $0 >= 0x1p-10 && $0 < 0x1p8 }), let largest = ratios.max() else {
      throw .unsupported(
        node: tensors.node, what: "the ratios of its scales are \(ratios)",
        remedy: "input scale over output scale must lie between 2^-10 and 2^8")
    }
    // A network that was quantized here needs no more than the shorter ones.
    let bits = tensors.arithmetic == .float32 ? multiplierBits : 20
    let shift = bits - Int(largest.exponent)
    var multipliers = ratios.map {
      Int64(Float(sign: .plus, exponent: shift, significand: $0).rounded(.toNearestOrEven))
    }
    if isDifference { multipliers[1] = -multipliers[1] }
    return Step(
      zeroPoints: operands.map(\.zeroPoint), multipliers: multipliers,
      requantization: try Requantization(
        tensors, activation, rescale: Rescale(mantissa: 1, shift: shift)))
  }

  /// Integers in the ratio of two scales, and what one of them is of it: exact where they have few bits,
  /// else of 21 bits, which may be by one beside a tie.
  private static func multipliers(_ scales: [Float]) -> (multipliers: [Int64], unit: Double) {
    let least = scales.map { Int($0.exponent) - $0.significandWidth }.min() ?? 0
    let largest = scales.map { Int($0.exponent) }.max() ?? 0
    if largest - least <= 40 {
      let unit = Double(sign: .plus, exponent: least, significand: 1)
      let wholes = scales.map { Int64(Double($0) / unit) }
      let common = wholes.reduce(0, greatestCommonDivisor)
      let multipliers = wholes.map { $0 / common }
      if multipliers.allSatisfy({ $0 < 1 << 21 }) { return (multipliers, unit * Double(common)) }
    }
    let unit = Double(sign: .plus, exponent: largest - 20, significand: 1)
    return (scales.map { Int64((Double($0) / unit).rounded(.toNearestOrEven)) }, unit)
  }

  private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
