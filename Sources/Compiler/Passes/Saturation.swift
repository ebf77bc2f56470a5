import ConstraintSystem
package import Model

// A saturating step: one output in two rows, so that the table need not hold every quotient.
//
//   the step       q = round(acc·m / 2^s),  y = f(q),  f constant below lo and above hi
//   row 1, coarse  q₁ = round(acc / 2^u),   e = q₁ − clamp(q₁, lo₁, hi₁)
//   row 2, fine    acc₂ = acc − 2^u·e,      q₂ = round(acc₂·m / 2^s),  y₂ = f(q₂)
//
// acc₂ is acc moved by whole coarse cells into the nearest cell of [lo₁, hi₁]: q₁ and e say by how
// many, so round(acc₂ / 2^u) = clamp(q₁, lo₁, hi₁) exactly. With bottom(c) and top(c) the least and the
// greatest accumulator of cell c:
//
//   e = 0    acc₂ = acc, so q₂ = q.
//   e > 0    acc > acc₂ ≥ bottom(hi₁). Where q(bottom(hi₁)) ≥ hi, both q and q₂ are ≥ hi: f(q₂) = f(q).
//   e < 0    likewise where q(top(lo₁)) ≤ lo.
//
// So y₂ = y for every acc under two conditions per channel, each needed only where e ≠ 0 can occur, and
// q₂ lies in [q(bottom(lo₁)), q(top(hi₁))]. u, lo₁ and hi₁ are public constants: they show the
// magnitude of a channel's multiplier to a factor of two, about as much as the domain of a table does.

/// How a block with a wide range of quotients is split in two rows per output.
package struct Saturation: Sendable, Hashable {
  /// u per class of the multiplier.
  package var steps: [Int]
  /// lo₁ … hi₁, the coarse quotients that are left alone.
  package var kept: ClosedRange<Int64>
  /// q₁ over all cells.
  package var coarse: ClosedRange<Int64>
  /// acc₂ per class.
  package var fineAccumulators: [ClosedRange<Int64>]
  /// q₂ over all cells.
  package var fine: ClosedRange<Int64>

  package var excess: ClosedRange<Int64> {
    (coarse.lowerBound - coarse.lowerBound.clamped(to: kept))...(coarse.upperBound
      - coarse.upperBound.clamped(to: kept))
  }

  /// The split whose coarse cells are about 2^`cell` quotients wide.
  ///
  /// - Parameters:
  ///   - bounds: lo … hi.
  ///   - accumulators: what is proven of acc, per class of `multiplier`.
  ///   - largestStep: u may not exceed it, since the row equation divides by 2^S.
  ///   - including: coarse quotients to leave alone besides, so that blocks share a function.
  /// - Returns: nil when the conditions above do not hold, which the ranges decide exactly.
  package init?(
    bounds: ClosedRange<Int64>, multiplier: FixedPoint, accumulators: [ClosedRange<Int64>],
    cell: Int, largestStep: Int, including wanted: ClosedRange<Int64>? = nil
  ) {
    steps = multiplier.mantissas.indices.map {
      Self.step(multiplier.mantissas[$0], multiplier.shifts[$0], cell, largestStep)
    }
    var low: Int64?
    var high: Int64?
    for index in steps.indices {
      let cells = CoarseCells(step: steps[index])
      let (first, last) = (
        cells.cell(of: accumulators[index].lowerBound),
        cells.cell(of: accumulators[index].upperBound)
      )
      var (lowest, highest) = (first, last)
      if multiplier.mantissas[index] > 0 {
        // The nearest cells that lie wholly beyond lo and hi, unless acc never gets there.
        let reaching = multiplier.leastAccumulator(reaching: bounds.upperBound, in: index)
        let above = Int64(clamping: cells.firstCell(from: reaching))
        let leaving = multiplier.greatestAccumulator(reaching: bounds.lowerBound, in: index)
        let below = Int64(clamping: cells.lastCell(to: leaving))
        (lowest, highest) = (max(first, below), min(last, above))
      }
      low = min(low ?? lowest, lowest)
      high = max(high ?? highest, highest)
    }
    guard var low, let high else { return nil }
    low = min(low, high)
    kept = wanted.map { $0.union(low...high) } ?? low...high

    var coarse: ClosedRange<Int64>?
    var fine: ClosedRange<Int64>?
    var fineAccumulators: [ClosedRange<Int64>] = []
    for index in steps.indices {
      let cells = CoarseCells(step: steps[index])
      let acc = accumulators[index]
      let quotients = cells.cell(of: acc.lowerBound)...cells.cell(of: acc.upperBound)
      let moved = cells.moved(acc, into: kept)
      // The proof of the two conditions.
      if quotients.upperBound > kept.upperBound,
        multiplier.quotient(cells.bottom(kept.upperBound), in: index) < Int128(bounds.upperBound)
      {
        return nil
      }
      if quotients.lowerBound < kept.lowerBound,
        multiplier.quotient(cells.top(kept.lowerBound), in: index) > Int128(bounds.lowerBound)
      {
        return nil
      }
      guard
        let least = Int64(exactly: multiplier.quotient(moved.lowerBound, in: index)),
        let greatest = Int64(exactly: multiplier.quotient(moved.upperBound, in: index))
      else { return nil }
      coarse = coarse?.union(quotients) ?? quotients
      fine = fine?.union(least...greatest) ?? least...greatest
      fineAccumulators.append(moved)
    }
    guard let coarse, let fine else { return nil }
    self.coarse = coarse
    self.fine = fine
    self.fineAccumulators = fineAccumulators
  }

  /// The greatest u with 2^u·m ≤ 2^(cell + s): a cell is at most 2^cell quotients wide.
  private static func step(_ mantissa: Int64, _ shift: Int, _ cell: Int, _ largest: Int) -> Int {
    guard mantissa > 0 else { return largest }
    // ⌈log₂ m⌉, so that 2^u·m ≤ 2^(cell + s).
    let width = Int64.bitWidth - (mantissa - 1).leadingZeroBitCount
    return min(max(cell + shift - width, 0), largest)
  }
}

/// The accumulators that round to one coarse quotient: c·2^u − 2^(u−1) … c·2^u + 2^(u−1) − 1.
struct CoarseCells {
  let step: Int
  private var half: Int64 { step == 0 ? 0 : 1 << Int64(step - 1) }
  private var size: Int64 { 1 << Int64(step) }

  init(step: Int) { self.step = step }

  func cell(of accumulator: Int64) -> Int64 { (accumulator + half) >> Int64(step) }
  func bottom(_ cell: Int64) -> Int64 { (cell << Int64(step)) - half }
  func top(_ cell: Int64) -> Int64 { bottom(cell) + size - 1 }

  /// The first cell that lies wholly at or above an accumulator.
  func firstCell(from accumulator: Int128) -> Int128 {
    ceilDivide(accumulator + Int128(half), Int128(size))
  }

  /// The last cell that lies wholly at or below an accumulator.
  func lastCell(to accumulator: Int128) -> Int128 {
    floorDivide(accumulator + Int128(half) + 1, Int128(size)) - 1
  }

  /// Where acc − 2^u·(q₁ − clamp(q₁, kept)) lies.
  func moved(_ range: ClosedRange<Int64>, into kept: ClosedRange<Int64>) -> ClosedRange<Int64> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    let exceeds = cell(of: upper) > kept.upperBound
    let fallsShort = cell(of: lower) < kept.lowerBound
    // Whatever was in a cell beyond may now be anywhere in the last cell kept.
    if exceeds {
      lower = min(lower, bottom(kept.upperBound))
      upper = top(kept.upperBound)
    }
    if fallsShort {
      upper = max(upper, top(kept.lowerBound))
      lower = bottom(kept.lowerBound)
    }
    return lower...upper
  }
}
