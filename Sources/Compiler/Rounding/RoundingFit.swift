import Model

/// q = ⌊(acc·m + c + 2^(s−1)) / 2^s⌋: what one row can do with an accumulator.
struct RoundedMultiplier: Hashable {
  var mantissa: Int64
  var shift: Int
  var offset: Int64

  func callAsFunction(_ accumulator: Int64) -> Int64 {
    let half = shift > 0 ? Int128(1) << Int128(shift - 1) : 0
    let sum = Int128(accumulator) * Int128(mantissa) + Int128(offset) + half
    return Int64(clamping: sum >> Int128(shift))
  }
}

extension RoundedMultiplier {
  /// Shifts beyond this are not tried.
  private static let shifts = 0...40
  /// How far a factor is looked for from the one that was asked for, relative to it.
  private static let reach = 0x1p-6
  /// Of halves up to 2^16 in double precision.
  private static let precision = 0x1p-30

  /// The shortest line through the halves, or one nearly as short; nil when none is found.
  ///
  /// Of a factor μ the offsets that meet the halves are an interval, whose length is concave in μ: where it
  /// is longest, the fewest bits will do. That place is found in floating point; the line is exact.
  /// - Parameters:
  ///   - factor: about what μ has to be.
  ///   - quotients: which no quotient of these accumulators may leave.
  init?(
    _ halves: RoundingThresholds, near factor: Double, of accumulators: ClosedRange<Int64>,
    within quotients: ClosedRange<Int64>
  ) {
    guard !halves.reached.isEmpty, !halves.missed.isEmpty else { return nil }
    func points(_ conditions: [RoundingThresholds.Condition]) -> [(x: Double, y: Double)] {
      conditions.map { (Double($0.accumulator), Double($0.half) / 2) }
    }
    let (reached, missed) = (points(halves.reached), points(halves.missed))
    func room(_ factor: Double) -> Double {
      let above = reached.reduce(-Double.infinity) { max($0, $1.y - factor * $1.x) }
      let below = missed.reduce(Double.infinity) { min($0, $1.y - factor * $1.x) }
      return below - above
    }
    var (low, high) = (factor * (1 - Self.reach), factor * (1 + Self.reach))
    for _ in 0..<120 {
      let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
      if room(a) < room(b) { low = a } else { high = b }
    }
    let best = (low + high) / 2
    guard room(best) > -Self.precision else { return nil }
    for shift in Self.shifts {
      let nearest = (best * Double(sign: .plus, exponent: shift, significand: 1)).rounded()
      guard nearest < 0x1p31 else { return nil }
      for mantissa in [Int64(nearest), Int64(nearest) - 1, Int64(nearest) + 1]
      where mantissa >= 0 && mantissa < 1 << 31 {
        guard let offset = Self.offset(halves, mantissa, shift) else { continue }
        let line = RoundedMultiplier(mantissa: mantissa, shift: shift, offset: offset)
        guard quotients.contains(line(accumulators.lowerBound)),
          quotients.contains(line(accumulators.upperBound))
        else { continue }
        self = line
        return
      }
    }
    return nil
  }

  /// An offset with which m/2^s meets the halves.
  private static func offset(_ halves: RoundingThresholds, _ mantissa: Int64, _ shift: Int)
    -> Int64?
  {
    // 2·(a·m + c) ≥ half·2^s for the reached, and less for the missed. Where s = 0 the row rounds nothing.
    func least(_ condition: RoundingThresholds.Condition) -> Int128 {
      let half = shift > 0 ? Int128(condition.half) << Int128(shift) : Int128(condition.half) + 1
      return (half - 2 * Int128(condition.accumulator) * Int128(mantissa) + 1) >> 1
    }
    guard let low = halves.reached.map(least).max(), let high = halves.missed.map(least).min(),
      low < high
    else { return nil }
    // The end nearest to no offset.
    return Int64(exactly: min(max(low, 0), high - 1))
  }
}

/// Lines that together do what a float32 step does to one channel's accumulators.
///
/// One line without offset where there is one; else one with an offset; else G lines, each of which takes
/// every G-th integer: ⌊x⌋ = Σ_r ⌊(x + r)/G⌋ over r < G, and the r-th of them moves where ⌊x⌋ reaches
/// the integers that are −r modulo G. Ties that go to even lie above the line of the odd integers and below
/// that of the even ones: one line cannot pass between them, two can. What float's precision adds to
/// that may take a third or fourth.
/// Source: Hermite's identity.
struct RoundingFit: Hashable {
  /// The first is the row's own. The values of the others are clamped and added to its quotient.
  var lines: [RoundedMultiplier]

  /// Whether the row's own multiplier is all there is to it.
  var isPlain: Bool { lines.count == 1 && lines[0].offset == 0 }

  /// Lines that a channel may need.
  static let mostLines = 8
  /// Beyond this shift a line with an offset is preferred, where it is shorter.
  private static let longShift = 36

  /// - Parameters:
  ///   - accumulators: what is proven of acc.
  ///   - bounds: of the function after the step, which is constant outside.
  ///   - quotients: of the block; those of the lines go hardly beyond.
  ///   - isPlain: whether only the row's own multiplier is there to be chosen.
  /// - Returns: nil when no number of lines up to `mostLines` does it.
  init?(
    _ step: FloatStep, _ accumulators: ClosedRange<Int64>, _ bounds: ClosedRange<Int64>,
    near quotients: ClosedRange<Int64>, isPlain: Bool = false
  ) {
    let jumps = StepThresholds(step, accumulators, bounds)
    for count in 1...(isPlain ? 1 : Self.mostLines) {
      guard let fit = Self.fit(jumps, count, near: quotients) else { continue }
      lines = fit
      if isPlain, !self.isPlain { return nil }
      // The proof: all of this is monotone, so that two steps are one when they agree at both sides of each
      // jump of one of them, and at both ends.
      if jumps.checked.allSatisfy({ self($0, bounds) == step($0).clamped(to: bounds) }) { return }
    }
    // Nothing bounds the line of a step that goes nowhere.
    let ends = [accumulators.lowerBound, accumulators.upperBound].map {
      step($0).clamped(to: bounds)
    }
    guard !isPlain, ends[0] == ends[1] else { return nil }
    lines = [RoundedMultiplier(mantissa: 0, shift: 0, offset: ends[0])]
  }

  /// The integer step nearest to a float32 one, which it is but at ties.
  init(nearest step: FloatStep) {
    var line = RoundedMultiplier(mantissa: 0, shift: 0, offset: 0)
    if case .integer(let mantissa, let shift)? = Rescale(ratio: Double(step.factor)) {
      line = RoundedMultiplier(mantissa: mantissa, shift: shift, offset: 0)
    }
    lines = [line]
  }

  /// What the parts are clamped to: at least ⌊lo/G⌋ … ⌈hi/G⌉ of the bounds lo … hi, whatever G, so that the
  /// sum is beyond a bound when a part is; as wide as a clamp to eight bits, which the table has anyway.
  static func parts(of bounds: ClosedRange<Int64>) -> ClosedRange<Int64> {
    let low = min(0, floorDivide(bounds.lowerBound, by: 2))
    return low...max(low + 255, ceilDivide(bounds.upperBound, by: 2))
  }

  /// What the rows make of an accumulator.
  func callAsFunction(_ accumulator: Int64, _ bounds: ClosedRange<Int64>) -> Int64 {
    let range = Self.parts(of: bounds)
    let parts = lines.dropFirst().reduce(Int64(0)) { $0 + $1(accumulator).clamped(to: range) }
    return lines[0](accumulator).saturatingSum(parts).clamped(to: bounds)
  }

  private static func fit(
    _ jumps: StepThresholds, _ count: Int, near quotients: ClosedRange<Int64>
  ) -> [RoundedMultiplier]? {
    if count == 1, jumps.isConstant { return [RoundedMultiplier(mantissa: 0, shift: 0, offset: 0)] }
    let factor = Double(jumps.step.factor) / Double(count)
    // A line may be a little steeper than the step where it makes no difference.
    let slack = 1 + (quotients.upperBound - quotients.lowerBound) / 64
    let quotients =
      (floorDivide(quotients.lowerBound, by: count)
        - slack)...(ceilDivide(quotients.upperBound, by: count) + slack)
    var lines: [RoundedMultiplier] = []
    for remainder in 0..<count {
      let halves = jumps.halves(remainder, of: count)
      func withOffset() -> RoundedMultiplier? {
        RoundedMultiplier(halves, near: factor, of: jumps.accumulators, within: quotients)
      }
      if count == 1,
        let plain = FactorInterval(halves).shortest(
          0..<61, of: jumps.accumulators, within: quotients)
      {
        let line = RoundedMultiplier(mantissa: plain.mantissa, shift: plain.shift, offset: 0)
        if plain.shift > longShift, let other = withOffset(), other.shift < plain.shift {
          lines.append(other)
        } else {
          lines.append(line)
        }
      } else if let line = withOffset() {
        lines.append(line)
      } else {
        return nil
      }
    }
    return lines
  }
}

/// Where a float32 step, clamped to bounds, moves from one integer to the next.
private struct StepThresholds {
  let step: FloatStep
  let accumulators: ClosedRange<Int64>
  private let bounds: ClosedRange<Int64>
  /// Integers above the least of the bounds that may be reached within the range, and the least accumulators
  /// that reach them; one above the range for none.
  private let targets: ClosedRange<Int64>?
  private let thresholds: [Int64]

  init(
    _ step: FloatStep, _ accumulators: ClosedRange<Int64>, _ bounds: ClosedRange<Int64>
  ) {
    self.step = step
    self.accumulators = accumulators
    self.bounds = bounds
    guard bounds.count > 1 else {
      (targets, thresholds) = (nil, [])
      return
    }
    let all = (bounds.lowerBound + 1)...bounds.upperBound
    let first = step(accumulators.lowerBound).clamped(to: all)
    let last = (step(accumulators.upperBound) + 1).clamped(to: all)
    targets = first...last
    thresholds = (first...last).map { step.leastAccumulator(reaching: $0, in: accumulators) }
  }

  var isConstant: Bool { targets == nil }

  /// Accumulators at which two monotone steps have to agree.
  var checked: [Int64] {
    [accumulators.lowerBound, accumulators.upperBound]
      + thresholds.flatMap { [$0 - 1, $0] }.filter(accumulators.contains)
  }

  /// What the line of the integers that are −remainder modulo `count` has to meet: q stands for the integer
  /// q·count − remainder.
  ///
  /// Integers at and below the least of the bounds must have been reached when the next one is, those
  /// above the greatest may not be reached before that one; nothing else is asked of them.
  func halves(_ remainder: Int, of count: Int) -> RoundingThresholds {
    var halves = RoundingThresholds()
    guard let targets else { return halves }
    func threshold(_ target: Int64) -> Int64 { thresholds[Int(target - targets.lowerBound)] }
    let more = Int64(count)
    for target in (targets.lowerBound - more)...(targets.upperBound + more) {
      let (quotient, rest) = (target + Int64(remainder)).quotientAndRemainder(dividingBy: more)
      guard rest == 0 else { continue }
      if targets.contains(target) {
        halves.add(step: quotient, from: threshold(target), of: accumulators)
      } else if count == 1 {
        continue
      } else if target < targets.lowerBound {
        halves.reach(quotient, at: threshold(targets.lowerBound), of: accumulators)
      } else {
        halves.miss(quotient, at: threshold(targets.upperBound) - 1, of: accumulators)
      }
    }
    return halves
  }
}

extension Int64 {
  fileprivate func saturatingSum(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}

private func floorDivide(_ a: Int64, by b: Int) -> Int64 {
  Int64(clamping: floorDivide(Int128(a), Int128(b)))
}

private func ceilDivide(_ a: Int64, by b: Int) -> Int64 {
  Int64(clamping: ceilDivide(Int128(a), Int128(b)))
}
