/// The step of the runtimes: from an accumulator to a quotient in single precision,
/// `rint(Float(acc) · M)`, ties to even.
///
/// M = f32(f32(s_x·s_w) / s_y). Float(acc) is the nearest float, and the product is rounded to one before
/// it is rounded to an integer, so that what lies within float's precision of a tie is one. Both
/// roundings are monotone, hence so is the step. So are the other steps that runtimes take in some of their
/// operators, which stand here beside it.
/// Source: XNNPACK's `qs8-requantization` (fp32), onnxruntime's `MlasRequantizeOutput`.
package struct FloatStep: Sendable, Hashable {
  /// M, positive and finite; of the other forms about what an accumulator is multiplied by.
  package let factor: Float
  /// Of a step that counts from elsewhere, `rint(Float(acc + origin) · M + addend) − zero`: the zero points are
  /// in the addend.
  private var origin: Int64 = 0
  private var addend: Float = 0
  private var zero: Int64 = 0
  private var form = Form.product
  /// What a table of all accumulators is called, where acc may be a sum of so few values that the step is one.
  package private(set) var table: String?
  /// Whether channels of one step may have one table.
  package private(set) var isShared = false

  private enum Form: Hashable {
    case product
    /// Through a real: `rint(Float(acc)·s / t)`, each operation rounded.
    case quotient(Float, over: Float)
    /// Of exact reals: `rint(acc·s / t + zero) − zero`.
    case reals(Double, over: Double)
    /// As the product, but half away from zero.
    case awayFromZero
    /// A multiple of a real and a term, as a real again: `rint((Float(acc)·s·factor + term) / t)`, each operation
    /// rounded.
    case affine(Float, factor: Float, term: Float, over: Float)
    /// A QONNX quantizer of exact reals: `rule(acc·s / t + addend) − zero`.
    case exact(Double, over: Double, addend: Double, QuantRule)
    /// In integers, of which it rounds twice: `rdbp(srdhm(acc·2^max(e, 0), mantissa), max(−e, 0))` with e = 31 − shift.
    case twice(mantissa: Int64, shift: Int)
    /// The same, half upwards both times.
    case twiceUpwards(mantissa: Int64, shift: Int)
  }

  /// - Returns: nil for a factor that is not positive and finite.
  package init?(_ factor: Float) {
    guard factor > 0, factor.isFinite else { return nil }
    self.factor = factor
  }

  /// LiteRT's mean of `count` integers as they stand, acc being their sum less the input's zero points.
  ///
  /// M = f32(f32(s_x/s_y)·f32(1/count)) and the addend is f32(f32(−count·z_x·M) + z_y); found by trying LiteRT
  /// 2.3.0 where such formulas differ.
  package static func mean(of count: Int, _ input: AffineQuantization, _ output: AffineQuantization)
    -> FloatStep?
  {
    let factor = input.scale / output.scale * (1 / Float(count))
    return counted(count, factor, input, output, table: "mean")
  }

  /// LiteRT's sum of `count` integers as they stand: its mean, but for M = f32(s_x/s_y).
  package static func sum(of count: Int, _ input: AffineQuantization, _ output: AffineQuantization)
    -> FloatStep?
  {
    counted(count, input.scale / output.scale, input, output, table: "sum")
  }

  private static func counted(
    _ count: Int, _ factor: Float, _ input: AffineQuantization, _ output: AffineQuantization,
    table: String
  ) -> FloatStep? {
    guard var step = FloatStep(factor) else { return nil }
    step.origin = Int64(count) * input.zeroPoint
    step.addend = Float(-step.origin) * factor + Float(output.zeroPoint)
    step.zero = output.zeroPoint
    step.table = table
    return step
  }

  /// The mean of `count` reals behind a DequantizeLinear and before a QuantizeLinear, as onnxruntime computes it
  /// but for the rounding of its float32 sum, which decides some ties and is no function of the integers' sum.
  ///
  /// - Parameter countsZero: whether the output's zero point is added before the quotient is rounded, so that
  ///   ties go to even integers as they stand (`QLinearAveragePool`), and not after it (`QuantizeLinear`).
  package static func realMean(
    of count: Int, _ input: AffineQuantization, _ output: AffineQuantization, countsZero: Bool
  ) -> FloatStep? {
    // A sum of 2^20 bytes times a float takes 53 bits: a tie is one exactly.
    var step = reals(
      Double(input.scale), over: Double(output.scale) * Double(count), table: "mean")
    if countsZero { step?.zero = output.zeroPoint }
    return step
  }

  /// The sum of reals behind a DequantizeLinear and before a QuantizeLinear: as `realMean`.
  ///
  /// - Parameter scale: of what is summed.
  package static func realSum(of scale: Double, _ output: AffineQuantization) -> FloatStep? {
    reals(scale, over: Double(output.scale), table: "sum")
  }

  private static func reals(_ scale: Double, over divisor: Double, table: String) -> FloatStep? {
    guard var step = FloatStep(Float(scale / divisor)) else { return nil }
    step.form = .reals(scale, over: divisor)
    step.table = table
    return step
  }

  /// A QONNX quantizer behind exact reals, acc·s + term.
  ///
  /// - Parameters:
  ///   - scale: s, a product of two single-precision scales at most.
  ///   - count: where acc is a sum of so many values, of which the mean is asked for.
  package static func exact(
    _ scale: Double, plus term: Double = 0, meanOf count: Int? = nil,
    over output: AffineQuantization, _ rule: QuantRule
  ) -> FloatStep? {
    var (scale, divisor) = (scale, Double(output.scale) * Double(count ?? 1))
    guard var step = FloatStep(Float(scale / divisor * rule.slope)) else { return nil }
    // A quotient that is a double makes products exact where one of large numbers would not be.
    if (scale / divisor) * divisor == scale, (scale / divisor).isShort {
      (scale, divisor) = (scale / divisor, 1)
    }
    step.zero = output.zeroPoint
    step.table = count == nil ? "quantizer" : "mean"
    step.isShared = true
    let addend = term / Double(output.scale) + (rule.isSign ? 0 : Double(output.zeroPoint))
    guard addend.isFinite else { return nil }
    step.form = .exact(scale, over: divisor, addend: addend, rule)
    return step
  }

  /// Whether it rounds in a direction, and not to the nearest: a step to the nearest in its place would be one off
  /// for every other accumulator.
  package var isDirected: Bool {
    if case .exact(_, _, _, let rule) = form { rule.isDirected } else { false }
  }

  /// A QONNX quantizer's with another direction.
  func rounding(_ direction: QuantRule.Rounding) -> FloatStep {
    guard case .exact(let scale, let divisor, let addend, let rule) = form else { return self }
    var step = self
    step.form = .exact(scale, over: divisor, addend: addend, rule.rounding(direction))
    return step
  }

  /// A DequantizeLinear and a QuantizeLinear behind it.
  /// Source: onnxruntime's `MlasQuantizeLinear`, whose bytes it gives for every byte.
  package static func throughReals(_ scale: Float, over divisor: Float) -> FloatStep? {
    guard var step = FloatStep(scale / divisor) else { return nil }
    step.form = .quotient(scale, over: divisor)
    return step
  }

  /// A multiple and a term between a DequantizeLinear and a QuantizeLinear.
  ///
  /// - Parameter factor: not negative.
  package static func affine(
    _ scale: Float, factor: Float, term: Float, over divisor: Float
  ) -> FloatStep? {
    // Of a factor of zero nothing is multiplied, and any step will do.
    guard var step = FloatStep(factor == 0 ? scale : scale * factor / divisor), term.isFinite else {
      return nil
    }
    step.form = .affine(scale, factor: factor, term: term, over: divisor)
    return step
  }

  /// TFLite's `MultiplyByQuantizedMultiplier`, which rounds to the multiplier's precision and then to an
  /// integer, both half away from zero but for the first where it is negative.
  ///
  /// - Parameters:
  ///   - ratio: of scales; taken in single precision by most kernels.
  ///   - isVector: whether the kernel takes many values at once, and half upwards.
  package static func roundedTwice(_ ratio: Double, isVector: Bool = false) -> FloatStep? {
    guard var step = FloatStep(Float(ratio)),
      case .integer(let mantissa, let shift)? = Rescale(ratio: ratio)
    else { return nil }
    step.form =
      isVector
      ? .twiceUpwards(mantissa: mantissa, shift: shift) : .twice(mantissa: mantissa, shift: shift)
    return step
  }

  /// LiteRT's concatenation of uint8: the integer as it stands times f32(s_x·f32(1/s_y)) less the zero point's
  /// part, half away from zero.
  /// Source: TFLite's `ConcatenationWithScaling`.
  package static func concatenated(
    _ input: AffineQuantization, _ output: AffineQuantization
  ) -> FloatStep? {
    guard var step = FloatStep(input.scale * (1 / output.scale)) else { return nil }
    step.origin = input.zeroPoint
    step.addend = Float(-input.zeroPoint) * step.factor
    step.form = .awayFromZero
    return step
  }

  /// The quotient; cut to 61 bits only where it would not fit them.
  @inline(__always)
  package func callAsFunction(_ acc: Int64) -> Int64 {
    guard case .product = form else { return other(acc) }
    let rounded = (Float(acc &+ origin) * factor + addend).rounded(.toNearestOrEven)
    return Int64(min(max(rounded, -0x1p61), 0x1p61)) - zero
  }

  private func other(_ acc: Int64) -> Int64 {
    let quotient: Double
    switch form {
    case .product: return self(acc)
    case .awayFromZero:
      quotient = Double(
        (Float(acc &+ origin) * factor + addend).rounded(.toNearestOrAwayFromZero))
    case .quotient(let scale, let divisor):
      quotient = Double((Float(acc) * scale / divisor).rounded(.toNearestOrEven))
    case .affine(let scale, let factor, let term, let divisor):
      let real = Float(acc) * scale * factor + term
      quotient = Double((real / divisor).rounded(.toNearestOrEven))
    case .reals(let scale, let divisor):
      quotient = (Double(acc) * scale / divisor + Double(zero)).rounded(.toNearestOrEven)
    case .exact(let scale, let divisor, let addend, let rule):
      quotient = rule(Double(acc) * scale / divisor + addend)
    case .twice(let mantissa, let shift):
      return Int64(clamping: Self.roundedTwice(Int128(acc), Int128(mantissa), exponent: 31 - shift))
    case .twiceUpwards(let mantissa, let shift):
      let (left, right) = (Int128(max(31 - shift, 0)), Int128(max(shift - 31, 0)))
      let high = ((Int128(acc) << left) * Int128(mantissa) + (1 << 30)) >> 31
      return Int64(clamping: (high + ((1 << right) >> 1)) >> right)
    }
    return Int64(min(max(quotient, -0x1p61), 0x1p61)) - zero
  }

  private static func roundedTwice(_ acc: Int128, _ mantissa: Int128, exponent: Int) -> Int128 {
    // SaturatingRoundingDoublingHighMul, which cuts off towards zero what is left of a half.
    let product = (acc << Int128(max(exponent, 0))) * mantissa
    let half = Int128(1) << 30
    let high = product >= 0 ? (product + half) >> 31 : -((half - 1 - product) >> 31)
    // RoundingDivideByPOT: half away from zero.
    let right = Int128(max(-exponent, 0))
    guard right > 0 else { return high }
    let rest = high & ((1 << right) - 1)
    let threshold = (((1 << right) - 1) >> 1) + (high < 0 ? 1 : 0)
    return (high >> right) + (rest > threshold ? 1 : 0)
  }

  /// The least of `range` whose quotient is `target` or more; one above the range when none is.
  ///
  /// - Complexity: one step per bit of the range's length.
  package func leastAccumulator(reaching target: Int64, in range: ClosedRange<Int64>) -> Int64 {
    var (low, high) = (range.lowerBound, range.upperBound + 1)
    while low < high {
      let middle = low + (high - low) / 2
      if self(middle) >= target { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Double {
  /// Whether it has so few digits that a product with an accumulator is exact.
  fileprivate var isShort: Bool { significandWidth <= 24 }
}
