import ArgumentKernels
import Compute
import ConstraintSystem
import Field
import Polynomial

/// The prover's arithmetic in the pair argument. Variables of the slot are bound first, within a row; after
/// them a row has one h, Φ₀ and Φ₁. The table's part is a zero-check of its own beside it.
///
/// A row costs 14 multiplications for two slots, then 17 for a pair of rows and folding it.
struct PairRounds: SumcheckPolynomial {
  /// h, Φ₀, Φ₁ of a slot, or on a line between two.
  private typealias Slot = (inverse: Fr, first: Fr, second: Fr)

  private let batch: PairArgument.Batch
  private let traceBits: Int
  private let groups: HeldBlocks
  private let interpolation = Interpolation(points: PairArgument.degree)
  /// On padding.
  private var slots: [Slot]
  /// Rows while variables of the slot are left, and eq of τ on them.
  private var rows: [Fr]
  private var weights: [Fr] = []
  /// h, Φ₀, Φ₁, acc, λ·M, λ·(q·2^S + remainder) after that.
  private var trace: SparseMultilinear?
  private var table: TableRounds
  private var remaining: Int
  private let width: Int

  init(
    _ witness: consuming PairArgument.Witness, shape: CircuitDimensions, lookup: LookupChallenges,
    batch: PairArgument.Batch
  ) {
    self.batch = batch
    traceBits = shape.traceBits
    remaining = shape.inverseRounds
    let padding = LookupSlots(shape.system.parameters, lookup: lookup)
    slots = (0..<padding.count).map {
      (padding.fractions[$0], padding.fingerprints[2 * $0], padding.fingerprints[2 * $0 + 1])
    }
    width = PairArgument.Rows.width(slots: padding.count)
    groups = witness.rows.groups
    rows = witness.rows.values
    table = TableRounds(
      witness.table, variables: shape.tableBits, alpha: lookup.alpha, point: batch.point)
    if slots.count == 1 { merge() } else { weigh() }
  }

  /// eq of τ's last variables on the rows that are held.
  private mutating func weigh() {
    let all = Equality.table(Array(batch.point.suffix(traceBits)))
    weights = (0..<groups.count).flatMap { group in
      let first = groups.firstRow(group)
      return (first..<first + HeldBlocks.height).map { $0 < all.count ? all[$0] : .zero }
    }
  }

  // MARK: Rounds

  mutating func message(claim: Fr) -> [Fr] {
    let onTable = table.message(remaining: remaining) * batch.table
    var sent = [onTable.linear, onTable.leading, .zero]
    let own: [Fr]
    if remaining > traceBits + slots.count.trailingZeroBitCount {
      return sent
    } else if trace == nil {
      own = slotSums()
    } else {
      own = rowSums()
    }
    for (place, coefficient) in interpolation.coefficients(own).enumerated() {
      sent[place] += coefficient
    }
    return sent
  }

  mutating func bind(_ x: Fr) {
    table.bind(x, remaining: remaining)
    defer { remaining -= 1 }
    if remaining > traceBits + slots.count.trailingZeroBitCount { return }
    if trace != nil {
      trace?.bind(x)
      return
    }
    let (half, width) = (slots.count / 2, width)
    slots = (0..<half).map { Self.line(slots[$0], slots[$0 + half], at: x) }
    OperationCounter.count(fieldMultiplications: 3 * half * groups.rows)
    inParallel(over: &rows, width: width, grain: 256) { range, part in
      for row in 0..<range.count {
        let base = row * width + PairArgument.Rows.slots
        for place in base..<base + 3 * half {
          let step = part[place + 3 * half] - part[place]
          if !step.isZero { part[place] += x * step }
        }
      }
    }
    if half == 1 { merge() }
  }

  /// Leaves one slot of each row.
  private mutating func merge() {
    let (count, width, weight, used) = (groups.rows, width, batch.rows, rows)
    let first = PairArgument.Rows.slots
    OperationCounter.count(fieldMultiplications: 2 * count)
    let (merged, _) = inParallel(making: count, width: 6, of: Fr.zero, chunk: 256) { range, part in
      for (place, row) in range.enumerated() {
        let (base, own) = (row * width, 6 * place)
        for column in 0..<3 { part[own + column] = used[base + first + column] }
        part[own + 3] = used[base + PairArgument.Rows.accumulator]
        part[own + 4] = weight * used[base + PairArgument.Rows.multiplier]
        part[own + 5] = weight * used[base + PairArgument.Rows.step]
      }
    }
    (rows, weights) = ([], [])
    trace = SparseMultilinear(variables: traceBits, width: 6, groups: groups, values: merged)
  }

  // MARK: Sums

  @inline(__always)
  private static func line(_ a: Slot, _ b: Slot, at x: Fr) -> Slot {
    (
      a.inverse + x * (b.inverse - a.inverse), a.first + x * (b.first - a.first),
      a.second + x * (b.second - a.second)
    )
  }

  /// h·Φ₀·Φ₁ − Φ₀ − Φ₁.
  @inline(__always)
  private static func residual(_ slot: Slot) -> Fr {
    slot.inverse * slot.first * slot.second - slot.first - slot.second
  }

  /// The residual at 0, 1 and 2 of the line through two slots, and its leading coefficient.
  @inline(__always)
  private static func residuals(_ a: Slot, _ b: Slot) -> InlineArray<4, Fr> {
    let rise: Slot = (b.inverse - a.inverse, b.first - a.first, b.second - a.second)
    let next: Slot = (b.inverse + rise.inverse, b.first + rise.first, b.second + rise.second)
    return [residual(a), residual(b), residual(next), rise.inverse * rise.first * rise.second]
  }

  /// Sums of a round over slots: padding has its own line in each pair of slots.
  private func slotSums() -> [Fr] {
    let (slots, width, half) = (slots, width, slots.count / 2)
    let round = batch.point.count - remaining
    let bits = half.trailingZeroBitCount
    let chosen = Equality.table(Array(batch.point[(round + 1)..<(round + 1 + bits)]))
    let padding = (0..<half).map { Self.residuals(slots[$0], slots[$0 + half]) }
    OperationCounter.count(fieldMultiplications: 14 * half * groups.rows)
    let (rows, weights) = (rows, weights)
    let parts = inParallel(count: groups.rows, grain: 128) { range in
      var sums = [Fr](repeating: .zero, count: 4)
      let (values, weights) = (rows.span, weights.span)
      for slot in 0..<half {
        var own = InlineArray<4, FrAccumulator>(repeating: FrAccumulator())
        let (low, high) = (slots[slot], slots[slot + half])
        for row in range {
          let a = row * width + PairArgument.Rows.slots + 3 * slot
          let b = a + 3 * half
          var isIdle = true
          for column in 0..<3 where !values[a + column].isZero || !values[b + column].isZero {
            isIdle = false
          }
          if isIdle { continue }
          let found = Self.residuals(
            (
              values[a] + low.inverse, values[a + 1] + low.first, values[a + 2] + low.second
            ),
            (
              values[b] + high.inverse, values[b + 1] + high.first, values[b + 2] + high.second
            ))
          for point in 0..<4 { own[point].add(found[point] - padding[slot][point], weights[row]) }
        }
        for point in 0..<4 { sums[point] += chosen[slot] * own[point].value }
      }
      return sums
    }
    return (0..<4).map { point in
      parts.reduce(zip(chosen, padding).reduce(Fr.zero) { $0 + $1.0 * $1.1[point] }) {
        $0 + $1[point]
      }
    }
  }

  /// Sums of a round over rows, less what padding has everywhere.
  private mutating func rowSums() -> [Fr] {
    guard var trace = trace.take() else { return [] }
    let padding = slots[0]
    let onPadding = Self.residual(padding)
    let round = batch.point.count - remaining
    let rest = batch.point[(round + 1)...]
    let weights = SplitEquality(rest, count: 1 << rest.count)
    let height = trace.height
    OperationCounter.count(fieldMultiplications: 15 * trace.pairs.count * height)
    let parts = trace.sums(grain: 32) { rows, pairs, range in
      Self.sums(
        rows, pairs: pairs, range: range, height: height, weights: weights, padding: padding,
        onPadding: onPadding)
    }
    self.trace = trace
    return parts.reduce([Fr](repeating: .zero, count: 4)) { zip($0, $1).map { $0 + $1 } }
  }

  private static func sums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int, weights: SplitEquality,
    padding: Slot, onPadding: Fr
  ) -> [Fr] {
    var result = [Fr](repeating: .zero, count: 4)
    let mask = 1 << weights.bits - 1
    let near = weights.low.span
    var next = range.lowerBound
    while next < range.upperBound {
      let far = Int(pairs[next].row) >> weights.bits
      var sums = InlineArray<4, FrAccumulator>(repeating: FrAccumulator())
      while next < range.upperBound, Int(pairs[next].row) >> weights.bits == far {
        let pair = pairs[next]
        next += 1
        for step in 0..<height {
          let (a, b) = (6 * (Int(pair.low) + step), 6 * (Int(pair.high) + step))
          var (low, high) = (
            InlineArray<6, Fr>(repeating: .zero), InlineArray<6, Fr>(repeating: .zero)
          )
          var isIdle = true
          for column in 0..<6 {
            if pair.low >= 0 { low[column] = rows[a + column] }
            if pair.high >= 0 { high[column] = rows[b + column] }
            isIdle = isIdle && low[column].isZero && high[column].isZero
          }
          if isIdle { continue }
          var found = residuals(
            (low[0] + padding.inverse, low[1] + padding.first, low[2] + padding.second),
            (high[0] + padding.inverse, high[1] + padding.first, high[2] + padding.second))
          let (accumulator, multiplier) = (high[3] - low[3], high[4] - low[4])
          found[0] += low[3] * low[4] - low[5] - onPadding
          found[1] += high[3] * high[4] - high[5] - onPadding
          found[2] +=
            (high[3] + accumulator) * (high[4] + multiplier) - (high[5] + high[5] - low[5])
            - onPadding
          let eq = near[(Int(pair.row) + step) & mask]
          for point in 0..<4 { sums[point].add(found[point], eq) }
        }
      }
      for point in 0..<4 { result[point] += weights.high[far] * sums[point].value }
    }
    return result
  }

  /// All columns when no variable is left.
  mutating func values() -> (
    inverse: Fr, first: Fr, second: Fr, accumulator: Fr, multiplier: Fr
  ) {
    guard var trace = trace.take() else { preconditionFailure("every variable was bound") }
    let last = trace.constants
    let padding = slots[0]
    return (
      last[0] + padding.inverse, last[1] + padding.first, last[2] + padding.second, last[3],
      last[4] * batch.rows.inverse()
    )
  }
}
