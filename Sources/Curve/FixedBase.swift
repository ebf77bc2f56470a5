package import Field
import Synchronization

/// Commitments Σ cellⱼ·G_{j+1} + blinder·H of many rows over the fixed generators.
///
/// Every window of every scalar of a row goes into one bucket set over a table of multiples, so a
/// row costs one addition for each non-zero signed digit of `width` bits and then fewer than
/// 2^width additions, whatever the size of its scalars: 1 for a cell of 8 bits, 5 or 6 for 40 bits,
/// at most 32 for a full one, none for a zero. An addition is about 0.13 µs.
///
/// The table grows as rows ask for more generators or longer scalars and is shared by all callers.
///
/// Not constant time: which buckets are touched, hence memory access and running time, depends on
/// the cells and blinders, which are secret for a prover.
package final class FixedBase: Sendable {
  /// The table over `Generators`, built as far as the process has needed it.
  package static let shared = FixedBase(width: 8)

  private let width: Int
  private let table: Mutex<FixedBaseTable>

  /// Windows of `width` bits, 2...12. Tests use small ones; `shared` is for everyone else.
  package init(width: Int) {
    self.width = width
    table = Mutex(FixedBaseTable(width: width))
  }

  /// Builds the table ahead of time for rows of `cells` cells of at most `bits` bits, and a full
  /// blinder if `blinded`. 256 generators with all windows take about 4 ms on two threads.
  package func prepare(cells: Int, bits: Int) {
    _ = table(cells: cells, windows: SignedMagnitude.windows(bits: min(bits, 253), width: width))
  }

  private func table(cells: Int, windows: Int) -> FixedBaseTable {
    table.withLock { table in
      if table.bases <= cells || table.windows < windows {
        // In powers of two, so that slowly growing demand rebuilds seldom.
        var count = 64
        while count < cells { count *= 2 }
        let generators = Generators.withBlinding(min(count, Generators.limit))
        table = table.grown(to: generators, windows: windows)
      }
      return table
    }
  }

  /// The commitments of rows of at most 4,096 cells, and how many group additions they took.
  ///
  /// Rows are divided over the threads, and additions batched over all rows of a thread.
  package func commit(_ rows: [CommitmentRow]) -> (points: [AffinePoint], additions: Int) {
    let bits = rows.map(\.bitWidth).max() ?? 0
    let cells = rows.map(\.count).max() ?? 0
    let table = table(
      cells: cells, windows: SignedMagnitude.windows(bits: bits, width: width))
    let parts = inParallel(count: rows.count, grain: 4) { range in
      Self.commit(rows[range], table)
    }
    return (parts.flatMap(\.points), parts.reduce(0) { $0 + $1.additions })
  }

  private static func commit(
    _ rows: ArraySlice<CommitmentRow>, _ table: FixedBaseTable
  ) -> (points: [AffinePoint], additions: Int) {
    let source = table.points.span
    let most = BucketSums.preferredSets(width: table.width)
    var points = [AffinePoint]()
    var additions = 0
    var start = rows.startIndex
    while start < rows.endIndex {
      let end = min(start + most, rows.endIndex)
      var sums = BucketSums(sets: end - start, width: table.width)
      for row in start..<end {
        rows[row].forEachScalar { base, scalar in
          scalar.forEachDigit(width: table.width) { window, magnitude, negative in
            sums.add(
              window &* table.bases &+ base, of: source, magnitude: magnitude, negative: negative,
              to: row &- start)
          }
        }
      }
      points += sums.finish(source)
      additions += sums.operations
      start = end
    }
    return (points, additions)
  }
}

/// What one row commits to.
package struct CommitmentRow: Sendable {
  package enum Cells: Sendable {
    /// Signed integers; the cost follows their size.
    case small(ArraySlice<Int64>)
    /// Field elements; one that is a small integer of either sign is cheap as well.
    case full(ArraySlice<Fr>)
  }

  /// Cell j multiplies G_{j+1}; missing cells are zero.
  package var cells: Cells
  /// Multiplies H; zero where the commitment need not hide.
  package var blinder: Fr

  package init(_ cells: ArraySlice<Int64>, blinder: Fr) {
    self.cells = .small(cells)
    self.blinder = blinder
  }

  package init(_ cells: ArraySlice<Fr>, blinder: Fr) {
    self.cells = .full(cells)
    self.blinder = blinder
  }

  var count: Int {
    switch cells {
    case .small(let cells): cells.count
    case .full(let cells): cells.count
    }
  }

  /// Bits of the largest magnitude; a bound only for full cells.
  var bitWidth: Int {
    if !blinder.isZero { return 253 }
    switch cells {
    case .small(let cells):
      var union: UInt64 = 0
      for cell in cells { union |= cell.magnitude }
      return 64 - union.leadingZeroBitCount
    case .full(let cells):
      return cells.allSatisfy(\.isZero) ? 0 : 253
    }
  }

  /// Calls `body(base, scalar)` for every non-zero scalar; base 0 is H, base i is G_i.
  @inline(__always)
  func forEachScalar(_ body: (Int, SignedMagnitude) -> Void) {
    if !blinder.isZero { body(0, SignedMagnitude(blinder)) }
    switch cells {
    case .small(let cells):
      for (j, cell) in cells.enumerated() where cell != 0 { body(j + 1, SignedMagnitude(cell)) }
    case .full(let cells):
      for (j, cell) in cells.enumerated() where !cell.isZero {
        body(j + 1, SignedMagnitude(cell))
      }
    }
  }
}
