import ConstraintSystem
import Model

/// Writes every multiplier as shortly as still sends every accumulator of its proven range to the same
/// output, since the greatest shift of all sets S, and S the limbs of every row.
///
/// A clamp or a look-up forgets how far a quotient lies outside its bounds. So μ does what m/2^s does
/// when it lifts the same accumulators over each half between them: with t the least one that m/2^s
/// rounds to q or more, of l … u,
///
///   a·μ ≥ q − 1/2   for a = max(t, l), if t ≤ u
///   b·μ < q − 1/2   for b = min(t − 1, u), if t > l
///
/// and the shortest μ in the interval that these leave is taken. It holds m/2^s. A channel that is
/// constant, as training leaves some, keeps a few bits of its multiplier or none. S is public: it tells
/// how many bits the most demanding channel needs, as it told the greatest shift before.
package enum ShortenMultipliers {
  /// A function with more steps than this keeps its multipliers.
  private static let mostSteps: Int64 = 1 << 12

  /// - Parameter ranges: what is proven of each block; given back with the quotients that are left.
  /// - Complexity: a few divisions per channel and step of its function.
  package static func run(
    _ draft: Draft, _ ranges: [BlockRanges]
  ) -> (draft: Draft, ranges: [BlockRanges]) {
    var (draft, ranges) = (draft, ranges)
    for index in draft.blocks.indices where !draft.blocks[index].multiplier.isIdentity {
      var multiplier = draft.blocks[index].multiplier
      guard let bounds = draft.blocks[index].function.bounds,
        bounds.upperBound - bounds.lowerBound <= mostSteps
      else { continue }
      for channel in 0..<multiplier.classes {
        let accumulators = ranges[index].accumulators[channel]
        let halves = Halves(multiplier, channel, accumulators, bounds)
        if let short = halves.shortest(within: ranges[index].quotients) {
          (multiplier.mantissas[channel], multiplier.shifts[channel]) = short
        }
      }
      draft.blocks[index].multiplier = multiplier
      ranges[index].quotients = quotients(multiplier, ranges[index])
    }
    return (draft, ranges)
  }

  private static func quotients(
    _ multiplier: FixedPoint, _ ranges: BlockRanges
  ) -> ClosedRange<Int64> {
    var result: ClosedRange<Int64>?
    for (channel, range) in ranges.accumulators.enumerated() {
      let own =
        Int64(
          clamping: multiplier.quotient(range.lowerBound, in: channel))...Int64(
          clamping: multiplier.quotient(range.upperBound, in: channel))
      result = result?.union(own) ?? own
    }
    return result ?? ranges.quotients
  }
}

/// The interval of the factors that round a channel's accumulators alike.
private struct Halves {
  /// A positive fraction, and whether it is itself in the interval.
  private struct Bound {
    var numerator: Int128
    var denominator: Int128
    var isIncluded: Bool
  }

  private var least: Bound?
  private var greatest: Bound?
  private let shift: Int
  private let accumulators: ClosedRange<Int64>

  init(
    _ multiplier: FixedPoint, _ channel: Int, _ accumulators: ClosedRange<Int64>,
    _ bounds: ClosedRange<Int64>
  ) {
    self.accumulators = accumulators
    shift = multiplier.shifts[channel]
    guard multiplier.mantissas[channel] > 0, bounds.count > 1 else {
      // All products are alike, and the shift is free.
      least = nil
      greatest =
        bounds.count > 1 ? Bound(numerator: 0, denominator: 1, isIncluded: true) : nil
      return
    }
    let (low, high) = (
      Int128(accumulators.lowerBound), Int128(accumulators.upperBound)
    )
    let steps = (bounds.lowerBound + 1)...bounds.upperBound
    func step(_ accumulator: Int64, _ more: Int128) -> Int64 {
      Int64(clamping: multiplier.quotient(accumulator, in: channel) + more).clamped(to: steps)
    }
    for step in step(accumulators.lowerBound, 0)...step(accumulators.upperBound, 1) {
      let threshold = multiplier.leastAccumulator(reaching: step, in: channel)
      let half = 2 * Int128(step) - 1
      if threshold <= high { reach(max(threshold, low), half) }
      if threshold > low { miss(min(threshold - 1, high), half) }
    }
  }

  /// 2·a·μ ≥ half.
  private mutating func reach(_ a: Int128, _ half: Int128) {
    if a > 0, half > 0 {
      raise(Bound(numerator: half, denominator: 2 * a, isIncluded: true))
    } else if a < 0, half < 0 {
      lower(Bound(numerator: -half, denominator: -2 * a, isIncluded: true))
    }
  }

  /// 2·b·μ < half.
  private mutating func miss(_ b: Int128, _ half: Int128) {
    if b > 0, half > 0 {
      lower(Bound(numerator: half, denominator: 2 * b, isIncluded: false))
    } else if b < 0, half < 0 {
      raise(Bound(numerator: -half, denominator: -2 * b, isIncluded: false))
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

  /// The factor of the least shift, no quotient of which lies outside `quotients`; nil where none is
  /// shorter than the one there is.
  func shortest(within quotients: ClosedRange<Int64>) -> (mantissa: Int64, shift: Int)? {
    for shift in 0..<self.shift {
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
