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

  /// - Returns: nil for a factor that is not positive and finite.
  package init?(_ factor: Float) {
    guard factor > 0, factor.isFinite else { return nil }
    self.factor = factor
  }

  /// The quotient; cut to 62 bits only where it would not fit them.
  @inline(__always)
  package func callAsFunction(_ acc: Int64) -> Int64 {
    let rounded = (Float(acc) * factor).rounded(.toNearestOrEven)
    return Int64(min(max(rounded, -0x1p62), 0x1p62))
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
