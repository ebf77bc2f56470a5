package import Field
import Compute

/// Multilinear polynomials on {0,1}ⁿ side by side, value by value, of which only some groups of rows are
/// held: memory and every pass follow the rows that are used, whatever lies between.
///
/// A round pairs row i with row i + half. Two groups meet where either is held; a pair without any is
/// zero in every sum over the rows of an argument, and folds to zero. A fold waits for the next round's
/// sums, which then read rows while they are in the cache.
package struct SparseMultilinear: Sendable {
  /// n.
  package private(set) var variables: Int
  /// Polynomials held.
  package let width: Int
  /// Rows of memory as they were before a fold that waits; after one some of them are of no use any more.
  package private(set) var values: [Fr]
  /// What the next variable pairs, by ascending rows; none when no variable is left.
  package private(set) var pairs: [RowPair]
  /// Groups that are held, by number: their first rows in memory.
  private var groups: [(number: UInt32, place: Int32)]
  /// The fold that waits: groups are numbered as its pairs are.
  private var waiting: Fold?

  private struct Fold {
    var pairs: [RowPair]
    var height: Int
    var factor: Fr
  }

  /// - Parameter values: of the groups' rows, one group after the other.
  package init(variables: Int, width: Int = 1, groups: HeldBlocks, values: [Fr]) {
    precondition(values.count == width * groups.rows, "every row of a group is held")
    precondition(
      groups.numbers.last.map { Int($0) < max(1, 1 << variables / HeldBlocks.height) } ?? true,
      "groups lie below 2^n")
    self.variables = variables
    self.width = width
    self.values = values
    self.groups = groups.numbers.enumerated().map {
      ($1, Int32(truncatingIfNeeded: HeldBlocks.height * $0))
    }
    pairs = []
    pairs = paired()
  }

  /// Rows of a group that a pair holds.
  package var height: Int { min(HeldBlocks.height, 1 << max(0, variables - 1)) }

  package var alone: [RowPair] {
    groups.map { group in
      RowPair(row: group.number * UInt32(HeldBlocks.height), low: group.place, high: -1)
    }
  }

  private func paired() -> [RowPair] {
    guard variables > 0 else { return [] }
    guard variables > HeldBlocks.height.trailingZeroBitCount else {
      // Both halves of the one group.
      let half = Int32(truncatingIfNeeded: height)
      return groups.map { RowPair(row: 0, low: $0.place, high: $0.place + half) }
    }
    let half = UInt32(1) << UInt32(variables - 1) / UInt32(HeldBlocks.height)
    var pairs: [RowPair] = []
    pairs.reserveCapacity(groups.count)
    let middle = groups.firstIndex { $0.number >= half } ?? groups.count
    var (low, high) = (0, middle)
    while low < middle || high < groups.count {
      let a = low < middle ? groups[low].number : .max
      let b = high < groups.count ? groups[high].number - half : .max
      let number = min(a, b)
      pairs.append(
        RowPair(
          row: number * UInt32(HeldBlocks.height), low: a == number ? groups[low].place : -1,
          high: b == number ? groups[high].place : -1))
      if a == number { low += 1 }
      if b == number { high += 1 }
    }
    return pairs
  }

  /// Fixes the most significant variable at r: t[i] ← t[i] + r · (t[i + half] − t[i]).
  ///
  /// - Complexity: one multiplication per value of the pairs, when the values are next asked for.
  package mutating func bind(_ r: Fr) {
    precondition(variables > 0, "there is a variable to fix")
    settle()
    OperationCounter.count(fieldMultiplications: pairs.count * height * width)
    waiting = Fold(pairs: pairs, height: height, factor: r)
    variables -= 1
    groups = pairs.map {
      ($0.row / UInt32(HeldBlocks.height), $0.low >= 0 ? $0.low : $0.high)
    }
    pairs = paired()
  }

  /// What `body` makes of ranges of the pairs, given the rows of memory that they hold.
  ///
  /// - Parameter grain: the fewest pairs worth a thread.
  package mutating func sums<Sum: Sendable>(
    grain: Int, _ body: @Sendable (Span<Fr>, Span<RowPair>, Range<Int>) -> Sum
  ) -> [Sum] {
    guard let fold = waiting, pairs.count >= 2 * Self.part, height == HeldBlocks.height else {
      settle()
      let (values, pairs) = (values, pairs)
      return inParallel(count: pairs.count, grain: grain) { body(values.span, pairs.span, $0) }
    }
    waiting = nil
    // A part's pairs hold a run of the lower half's groups and one of the upper half's.
    let count = pairs.count / Self.part
    let cuts = (0...count).map { pairs.count * $0 / count }
    var starts = [(low: 0, high: groups.count - pairs.count { $0.high >= 0 })]
    for part in 0..<count {
      var next = starts[part]
      for pair in pairs[cuts[part]..<cuts[part + 1]] {
        if pair.low >= 0 { next.low += 1 }
        if pair.high >= 0 { next.high += 1 }
      }
      starts.append(next)
    }
    let (places, paired) = (starts, pairs)
    return Fr.fold(
      &values, fold.pairs, width: width, height: fold.height, by: fold.factor, parts: count,
      ranges: {
        [places[$0].low..<places[$0 + 1].low, places[$0].high..<places[$0 + 1].high]
      },
      { rows, part in body(rows, paired.span, cuts[part]..<cuts[part + 1]) })
  }

  /// Pairs of a part: its rows and those they are folded of fit the second-level cache.
  private static let part = 64

  private mutating func settle() {
    guard let fold = waiting else { return }
    waiting = nil
    Fr.fold(&values, fold.pairs, width: width, height: fold.height, by: fold.factor)
  }

  /// The values of the polynomials when no variable is left.
  package var constants: [Fr] {
    mutating get {
      settle()
      guard let place = groups.first.map({ width * Int($0.place) }) else {
        return [Fr](repeating: .zero, count: width)
      }
      return Array(values[place..<place + width])
    }
  }
}
