/// The step of the runtimes: from an accumulator to a quotient in single precision,
/// `rint(Float(acc) · M)`, ties to even.
///
/// M = f32(f32(s_x·s_w) / s_y). Float(acc) is the nearest float, and the product is rounded to one before
/// it is rounded to an integer, so that what lies within float's precision of a tie is one. Both
/// roundings are monotone, hence so is the step.
/// Source: XNNPACK's `qs8-requantization` (fp32), onnxruntime's `MlasRequantizeOutput`.
package struct FloatStep: Sendable, Hashable {
  /// M, positive and finite.
  package let factor: Float
  /// Of a step that counts from elsewhere, `rint(Float(acc + origin) · M + addend) − zero`: the zero points are
  /// in the addend.
  private var origin: Int64 = 0
  private var addend: Float = 0
  private var zero: Int64 = 0

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
    guard var step = FloatStep(factor) else { return nil }
    step.origin = Int64(count) * input.zeroPoint
    step.addend = Float(-step.origin) * factor + Float(output.zeroPoint)
    step.zero = output.zeroPoint
    return step
  }

  /// The quotient; cut to 61 bits only where it would not fit them.
  @inline(__always)
  package func callAsFunction(_ acc: Int64) -> Int64 {
    let rounded = (Float(acc &+ origin) * factor + addend).rounded(.toNearestOrEven)
    return Int64(min(max(rounded, -0x1p61), 0x1p61)) - zero
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
