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

  private enum Form: Hashable {
    case product
    /// Through a real: `rint(Float(acc)·s / t)`, each operation rounded.
    case quotient(Float, over: Float)
    /// Of exact reals: `rint(acc·s / t + zero) − zero`.
    case reals(Double, over: Double)
    /// In integers, of which it rounds twice: `rdbp(srdhm(acc·2^max(e, 0), mantissa), max(−e, 0))` with e = 31 − shift.
    case twice(mantissa: Int64, shift: Int)
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

  /// A DequantizeLinear and a QuantizeLinear behind it.
  /// Source: onnxruntime's `MlasQuantizeLinear`, whose bytes it gives for every byte.
  package static func throughReals(_ scale: Float, over divisor: Float) -> FloatStep? {
    guard var step = FloatStep(scale / divisor) else { return nil }
    step.form = .quotient(scale, over: divisor)
    return step
  }

  /// TFLite's `MultiplyByQuantizedMultiplier`, which rounds to the multiplier's precision and then to an
  /// integer, both half away from zero but for the first where it is negative.
  ///
  /// - Parameter ratio: of scales; taken in single precision by kernels that have been tried.
  package static func roundedTwice(_ ratio: Float) -> FloatStep? {
    guard var step = FloatStep(ratio),
      case .integer(let mantissa, let shift)? = Rescale(ratio: Double(ratio))
    else { return nil }
    step.form = .twice(mantissa: mantissa, shift: shift)
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
    case .quotient(let scale, let divisor):
      quotient = Double((Float(acc) * scale / divisor).rounded(.toNearestOrEven))
    case .reals(let scale, let divisor):
      quotient = (Double(acc) * scale / divisor + Double(zero)).rounded(.toNearestOrEven)
    case .twice(let mantissa, let shift):
      return Int64(clamping: Self.roundedTwice(Int128(acc), Int128(mantissa), exponent: 31 - shift))
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
