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
    _ draft: CircuitIR, _ ranges: [BlockRanges]
  ) -> (draft: CircuitIR, ranges: [BlockRanges]) {
    var (draft, ranges) = (draft, ranges)
    for index in draft.blocks.indices where !draft.blocks[index].multiplier.isIdentity {
      var multiplier = draft.blocks[index].multiplier
      guard let bounds = draft.blocks[index].function.bounds,
        bounds.upperBound - bounds.lowerBound <= mostSteps
      else { continue }
      for channel in 0..<multiplier.classes {
        let accumulators = ranges[index].accumulators[channel]
        let factors = factors(multiplier, channel, accumulators, bounds)
        let shorter = 0..<multiplier.shifts[channel]
        let quotients = ranges[index].quotients
        if let short = factors.shortest(shorter, of: accumulators, within: quotients) {
          (multiplier.mantissas[channel], multiplier.shifts[channel]) = short
        }
      }
      draft.blocks[index].multiplier = multiplier
      ranges[index].quotients = quotients(multiplier, ranges[index])
    }
    return (draft, ranges)
  }

  /// The factors that round a channel's accumulators alike.
  private static func factors(
    _ multiplier: FixedPoint, _ channel: Int, _ accumulators: ClosedRange<Int64>,
    _ bounds: ClosedRange<Int64>
  ) -> FactorInterval {
    guard bounds.count > 1 else { return FactorInterval() }
    guard multiplier.mantissas[channel] > 0 else { return .zero }
    let (low, high) = (Int128(accumulators.lowerBound), Int128(accumulators.upperBound))
    let steps = (bounds.lowerBound + 1)...bounds.upperBound
    func step(_ accumulator: Int64, _ more: Int128) -> Int64 {
      Int64(clamping: multiplier.quotient(accumulator, in: channel) + more).clamped(to: steps)
    }
    var halves = RoundingThresholds()
    for step in step(accumulators.lowerBound, 0)...step(accumulators.upperBound, 1) {
      let threshold = multiplier.leastAccumulator(reaching: step, in: channel)
      halves.add(
        step: step, from: Int64(min(max(threshold, low), high + 1)), of: accumulators)
    }
    return FactorInterval(halves)
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
