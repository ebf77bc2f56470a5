import ConstraintSystem

/// From one integer scale to another, one rounding.
package enum Rescale: Sendable, Hashable {
  /// `(acc·m + 2^(s−1)) >> s`, ties upwards: m in [0, 2^31), s in [0, 62].
  case integer(mantissa: Int64, shift: Int)
  /// The runtimes' own: in layers with weights single precision, ties to even.
  case float(FloatStep)

  package init(mantissa: Int64, shift: Int) {
    self = .integer(mantissa: mantissa, shift: shift)
  }

  /// The Q31 form of a positive ratio: its mantissa rounded to 31 bits (half upwards), or to fewer
  /// where a network asks for short ones. A ratio below 2^−32 is 0.
  ///
  /// - Returns: nil for a ratio that is not positive and finite, or is 2^31 or more.
  package init?(ratio: Double, bits: Int = 31) {
    guard ratio.isFinite, ratio > 0, (1...31).contains(bits) else { return nil }
    // frexp: ratio = fraction · 2^exponent with the fraction in [1/2, 1).
    var exponent = Int(ratio.exponent) + 1
    let fraction = ratio.significand / 2
    var mantissa = Int64((fraction * Double(1 << bits)).rounded(.toNearestOrAwayFromZero))
    if mantissa == 1 << bits {
      mantissa = 1 << (bits - 1)
      exponent += 1
    }
    guard exponent <= 31 else { return nil }
    if exponent < -31 {
      (mantissa, exponent) = (0, 0)
    }
    // A short mantissa of a ratio above 2^bits has zeros after it, and no shift.
    let shift = bits - exponent
    self.init(mantissa: shift < 0 ? mantissa << -shift : mantissa, shift: max(0, shift))
  }

  /// Exact for every acc; the result is cut to 64 bits only where it would not fit them.
  package func callAsFunction(_ acc: Int64) -> Int64 {
    switch self {
    case .integer(let mantissa, let shift): Self.round(acc, mantissa, shift)
    case .float(let step): step(acc)
    }
  }

  private static func round(_ acc: Int64, _ mantissa: Int64, _ shift: Int) -> Int64 {
    guard shift > 0 else {
      let (product, overflow) = acc.multipliedReportingOverflow(by: mantissa)
      return overflow ? (acc < 0 ? .min : .max) : product
    }
    if let narrow = Int32(exactly: acc), shift <= 62, mantissa < 1 << 31 {
      return (Int64(narrow) * mantissa + (1 << (shift - 1))) >> Int64(shift)
    }
    let wide = (Int128(acc) * Int128(mantissa) + (Int128(1) << (shift - 1))) >> shift
    return Int64(clamping: wide)
  }

  package static let identity = Rescale(mantissa: 1, shift: 0)
}

extension NodeTensors {
  /// The output's integers that a fused activation leaves.
  func outputClamp(_ reals: RealRange) throws(ModelError) -> ClosedRange<Int64> {
    guard let clamp = try output.affine(node).clamp(reals) else {
      throw .invalid(node: node, what: "its clamp holds no value")
    }
    return clamp
  }

  /// The integer step for a ratio of scales, whatever the network's arithmetic.
  func rescale(ratio: Double) throws(ModelError) -> Rescale {
    if arithmetic == .exact { return try exactRescale(ratio: ratio) }
    let bits = if case .integer(let bits) = arithmetic { bits } else { 31 }
    guard let rescale = Rescale(ratio: ratio, bits: bits) else {
      throw .unsupported(
        node: node, what: "the ratio of its scales, \(ratio), is out of range",
        remedy: "input scale times weight scale over output scale must be below 2^31")
    }
    return rescale
  }

  /// The step of the network's arithmetic for s·t/y: the runtimes take the product and the quotient in
  /// single precision, in this order.
  func rescale(_ s: Float, _ t: Float, over y: Float) throws(ModelError) -> Rescale {
    if arithmetic == .exact { return try exactRescale(Double(s) * Double(t)) }
    let exact = try rescale(ratio: Double(s) * Double(t) / Double(y))
    guard arithmetic == .float32, let step = FloatStep(s * t / y) else { return exact }
    return .float(step)
  }

  /// The step from one scale to another of an operator that does no more than that, or clamp.
  func rescale(_ x: Float, to y: Float, by runtime: UnaryRuntime) throws(ModelError) -> Rescale {
    if arithmetic == .exact { return try exactRescale(from: x) }
    if x == y { return .identity }
    let exact = try rescale(ratio: Double(x) / Double(y))
    let step: FloatStep? =
      switch runtime {
      case _ where arithmetic != .float32: nil
      case .litert: .roundedTwice(Double(x / y))
      case .onnxruntime: .throughReals(x, over: y)
      }
    return step.map(Rescale.float) ?? exact
  }
}

extension NodeTensors {
  /// The step of a QONNX quantizer behind integers of a scale.
  func exactRescale(from scale: Float) throws(ModelError) -> Rescale {
    let output = try output.affine(node)
    guard scale == output.scale, output.rule.map({ $0.cutBits == 0 }) ?? true else {
      return try exactRescale(Double(scale))
    }
    return .identity
  }

  /// The step between integers that are whole steps of the output times a ratio.
  private func exactRescale(ratio: Double) throws(ModelError) -> Rescale {
    var own = self
    own.output.quantization?.scales = [1]
    let range = try output.affine(node).range
    own.output.quantization?.rule = QuantRule(range, rounding: .halfEven)
    return try own.exactRescale(ratio)
  }

  /// The step of a QONNX quantizer behind acc·s + term, exact reals.
  func exactRescale(
    _ scale: Double, plus term: Double = 0, meanOf count: Int? = nil
  ) throws(ModelError) -> Rescale {
    let output = try output.affine(node)
    let rule = output.rule ?? QuantRule(output.range, rounding: .halfEven)
    guard
      let step = FloatStep.exact(scale, plus: term, meanOf: count, over: output, rule)
    else {
      throw .unsupported(
        node: node,
        what: "the ratio of its scales, \(scale / Double(output.scale)), is out of range",
        remedy: "quantize again with scales that are nearer to each other")
    }
    return .float(step)
  }
}

/// Whose kernel takes integers from one scale to another.
package enum UnaryRuntime: Sendable, Hashable {
  /// Two roundings of integers.
  case litert
  /// A real in single precision, whether its nodes are fused or not.
  case onnxruntime

  init(_ node: SourceNode) { self = node.isTFLite ? .litert : .onnxruntime }
}

/// One integer tensor to another quantization, elementwise:
/// y = clamp(rescale(x − z_x) + z_y).
struct Requantization {
  var input: AffineQuantization
  var output: AffineQuantization
  var rescale: Rescale
  var clamp: ClosedRange<Int64>

  /// - Parameter rescale: where it is not the Q31 form of s_x/s_y.
  init(_ tensors: NodeTensors, _ range: RealRange, rescale: Rescale? = nil) throws(ModelError) {
    input = try tensors.input(0, "input").affine(tensors.node)
    output = try tensors.output.affine(tensors.node)
    clamp = try tensors.outputClamp(range)
    if let rescale {
      self.rescale = rescale
    } else if tensors.arithmetic == .exact {
      self.rescale = try tensors.exactRescale(from: input.scale)
    } else if input.scale == output.scale {
      self.rescale = .identity
    } else {
      self.rescale = try tensors.rescale(ratio: Double(input.scale) / Double(output.scale))
    }
  }

  /// Nothing changes but the name.
  var isIdentity: Bool {
    rescale == .identity && input.zeroPoint == output.zeroPoint && clamp == input.range
      && isSign == (input.rule?.isSign == true)
  }

  func callAsFunction(_ x: Int64) -> Int64 { finish(x &- input.zeroPoint) }

  /// The step after acc, whose zero point is removed.
  func finish(_ acc: Int64) -> Int64 { finish(acc, by: rescale) }

  /// The step after acc by another rescaling, such as a channel's own.
  func finish(_ acc: Int64, by rescale: Rescale) -> Int64 {
    if isSign { return Int64(rescale(acc) >= 0 ? 1 : -1).clamped(to: clamp) }
    return output.zeroPoint.saturatingAdd(rescale(acc)).clamped(to: clamp)
  }

  /// The clamp with the output's zero point removed, as rows hold it.
  var bounds: ClosedRange<Int64> { output.withoutZeroPoint(clamp) }
  var activation: Activation {
    guard isSign else { return .clamp(bounds) }
    let signs = [Int64(-1), 1].map { Int16($0.clamped(to: clamp)) }
    return .lookup(name: "sign", lowest: -1, values: signs)
  }

  /// Whether the output holds signs, −1 and 1.
  private var isSign: Bool { output.rule?.isSign == true }

  /// One row a value, with a multiplier; of a runtime's own step with the image of every byte in a table, which
  /// is that step whatever its ties do.
  ///
  /// - Parameter role: nil where the rows are the layer's own values.
  func lower<Builder: CircuitBuilder>(
    _ x: TensorView, named name: String, as role: BlockRole? = nil, into builder: inout Builder
  ) -> TensorView {
    if isIdentity { return x }
    return lower(
      builder.terms(over: x.shape, .inPlace(x), named: name), shape: x.shape, named: name,
      as: role, into: &builder)
  }

  /// The same for rows whose sums are values of the input with the zero point removed.
  func lower<Builder: CircuitBuilder>(
    _ relation: [Term], shape: [Int], named name: String, as role: BlockRole? = nil,
    into builder: inout Builder
  ) -> TensorView {
    guard case .float = rescale else {
      return builder.block(
        name, as: role, shape: shape, relation: relation, scaling: Scaling(rescale),
        activation: activation)
    }
    let domain = input.withoutZeroPoint(input.range)
    return builder.block(
      name, as: role, shape: shape, relation: relation, multiplier: .identity,
      activation: .lookup(
        name: "rescale", lowest: domain.lowerBound,
        values: domain.map { Int16(clamping: finish($0) - output.zeroPoint) }))
  }
}

extension NodeTensors {
  /// The step of each operand to the output's quantization.
  func stepsToOutput(by runtime: UnaryRuntime) throws(ModelError) -> [Requantization] {
    var result: [Requantization] = []
    for index in inputs.indices {
      var own = self
      let tensor = try input(index, "operand \(index)")
      own.inputs = [tensor]
      let operand = try tensor.affine(node)
      let rescale = try rescale(operand.scale, to: output.affine(node).scale, by: runtime)
      result.append(try Requantization(own, .unbounded, rescale: rescale))
    }
    return result
  }
}

extension Int64 {
  func saturatingAdd(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
  func clamped(to range: ClosedRange<Int64>) -> Int64 {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
