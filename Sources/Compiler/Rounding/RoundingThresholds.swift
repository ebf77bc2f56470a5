import Model

/// What a monotone step asks of a line μ·acc + γ that is rounded half upwards to the same integers: for
/// each integer q, the accumulators that reach it lie above the half below it, the others do not.
struct RoundingThresholds {
  struct Condition {
    var accumulator: Int64
    /// Twice the half: 2q − 1.
    var half: Int64
  }
  /// 2·(μ·acc + γ) ≥ half.
  private(set) var reached: [Condition] = []
  /// 2·(μ·acc + γ) < half.
  private(set) var missed: [Condition] = []

  /// - Parameter threshold: the least accumulator of the range that reaches `step`; one above it for none.
  mutating func add(step: Int64, from threshold: Int64, of accumulators: ClosedRange<Int64>) {
    reach(step, at: threshold, of: accumulators)
    miss(step, at: threshold - 1, of: accumulators)
  }

  mutating func reach(_ step: Int64, at accumulator: Int64, of range: ClosedRange<Int64>) {
    guard range.contains(accumulator) else { return }
    reached.append(Condition(accumulator: accumulator, half: 2 * step - 1))
  }

  mutating func miss(_ step: Int64, at accumulator: Int64, of range: ClosedRange<Int64>) {
    guard range.contains(accumulator) else { return }
    missed.append(Condition(accumulator: accumulator, half: 2 * step - 1))
  }
}

/// The factors μ ≥ 0 that meet halves without an offset.
struct FactorInterval {
  /// A positive fraction, and whether it is itself in the interval.
  private struct Bound {
    var numerator: Int128
    var denominator: Int128
    var isIncluded: Bool
  }

  private var least: Bound?
  private var greatest: Bound?

  /// Any factor will do.
  init() {}

  /// All products are zero.
  static var zero: FactorInterval {
    var result = FactorInterval()
    result.greatest = Bound(numerator: 0, denominator: 1, isIncluded: true)
    return result
  }

  init(_ halves: RoundingThresholds) {
    for condition in halves.reached {
      let (a, half) = (Int128(condition.accumulator), Int128(condition.half))
      if a > 0, half > 0 {
        raise(Bound(numerator: half, denominator: 2 * a, isIncluded: true))
      } else if a < 0, half < 0 {
        lower(Bound(numerator: -half, denominator: -2 * a, isIncluded: true))
      }
    }
    for condition in halves.missed {
      let (a, half) = (Int128(condition.accumulator), Int128(condition.half))
      if a > 0, half > 0 {
        lower(Bound(numerator: half, denominator: 2 * a, isIncluded: false))
      } else if a < 0, half < 0 {
        raise(Bound(numerator: -half, denominator: -2 * a, isIncluded: false))
      }
    }
  }

  private mutating func raise(_ bound: Bound) {
    guard let known = least else {
      least = bound
      return
    }
    let (old, new) = (
      known.numerator * bound.denominator, bound.numerator * known.denominator
    )
    if new > old || (new == old && !bound.isIncluded) { least = bound }
  }

  private mutating func lower(_ bound: Bound) {
    guard let known = greatest else {
      greatest = bound
      return
    }
    let (old, new) = (
      known.numerator * bound.denominator, bound.numerator * known.denominator
    )
    if new < old || (new == old && !bound.isIncluded) { greatest = bound }
  }

  /// The factor of the least shift, no quotient of which lies outside `quotients`; nil where there is none.
  func shortest(
    _ shifts: Range<Int>, of accumulators: ClosedRange<Int64>, within quotients: ClosedRange<Int64>
  ) -> (mantissa: Int64, shift: Int)? {
    for shift in shifts {
      var mantissa: Int128 = 0
      if let least {
        let scaled = least.numerator << Int128(shift)
        mantissa = ceilDivide(scaled, least.denominator)
        if !least.isIncluded, mantissa * least.denominator == scaled { mantissa += 1 }
      }
      if let greatest {
        let (left, right) = (
          mantissa * greatest.denominator, greatest.numerator << Int128(shift)
        )
        guard left < right || (left == right && greatest.isIncluded) else { continue }
      }
      guard let mantissa = Int64(exactly: mantissa), mantissa < 1 << 31,
        FixedPoint.quotient(accumulators.lowerBound, mantissa, shift) >= quotients.lowerBound,
        FixedPoint.quotient(accumulators.upperBound, mantissa, shift) <= quotients.upperBound
      else { continue }
      return (mantissa, shift)
    }
    return nil
  }
}
