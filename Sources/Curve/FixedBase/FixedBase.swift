import Field
import Compute
import Synchronization

/// Commitments Σ cellⱼ·G_{j+1} + blinder·H of many rows over fixed bases, the generators or others.
///
/// Every digit of every scalar of a row goes into one bucket set over a table of multiples, so with
/// digits of c bits a row costs one addition for each non-zero digit and then fewer than 2^c,
/// whatever the size of its scalars. With c = 8: 1 for a cell of 8 bits, 5 or 6 for 40 bits, 32 for
/// a full one (22 with c = 12), none for a zero. An addition takes some 0.05 µs in vectors, 0.2 in Swift.
///
/// Tables grow as rows ask for more generators or longer scalars and are shared by all callers.
///
/// Not constant time: which buckets are touched, hence memory access and running time, depends on
/// the cells and blinders, which are secret for a prover.
package final class FixedBase: Sendable {
  /// The tables over `Generators`, built as far as the process has needed them.
  package static let shared = FixedBase()

  private let bases: FixedBases

  /// The tables of one digit width.
  private struct Tables {
    /// Over H alone: blinders are full-width where cells may be short.
    var blinder: FixedBaseTable
    /// Over G_1, G_2, ….
    var cells: FixedBaseTable
  }

  private let width: Int?
  private let tables = Mutex([Int: Tables]())
  /// Workspaces that rows before have left to the next: making one is some percent of a short call's time.
  private let spare = Mutex([BucketSums]())

  /// - Parameters:
  ///   - bases: G_1, G_2, … and H.
  ///   - width: bits of a digit, 2...12; by default chosen for each kind of row.
  package init(_ bases: FixedBases = .generators, width: Int? = nil) {
    self.bases = bases
    self.width = width
  }

  /// The digit width for rows: one with n cells that are not zero takes 32n + 128 additions with 8 bits,
  /// 26n + 512 with 10, 22n + 2048 with 12. As rows of one circuit should share a table, the short ones
  /// among them too, their length counts as well.
  private func width(_ rows: [CommitmentRow], cells: Int, full: Bool) -> Int {
    if let width { return width }
    if !full { return 8 }
    if cells >= 512 { return 12 }
    return cells > 200 || rows.contains { $0.nonzeroCount >= 128 } ? 10 : 8
  }

  private func tables(width: Int, cells: Int, bits: Int, blinded: Bool) -> Tables {
    tables.withLock { all in
      let empty = FixedBaseTable(width: width)
      var tables = all[width] ?? Tables(blinder: empty, cells: empty)
      let windows = SignedMagnitude.windows(bits: bits, width: width)
      if tables.cells.bases < cells || tables.cells.windows < windows {
        // A few more, so that slowly growing demand rebuilds seldom.
        let count = min((cells + 15) / 16 * 16, bases.limit)
        tables.cells = tables.cells.grown(to: bases.prefix(max(count, cells)), windows: windows)
      }
      if blinded && tables.blinder.bases == 0 {
        tables.blinder = tables.blinder.grown(
          to: [bases.blinding][...],
          windows: SignedMagnitude.windows(bits: Endomorphism.bits, width: width))
      }
      all[width] = tables
      return tables
    }
  }

  /// The commitments of rows of no more cells than there are bases, in order, and how many group additions they
  /// took. Rows are divided over the threads, and additions batched over all rows of a thread.
  ///
  /// In a job that is cancelled not all points are those of their rows.
  package func commit(_ rows: [CommitmentRow]) -> (points: [AffinePoint], additions: Int) {
    let kinds = [Bool](arrayLiteral: false, true).map { full in
      rows.indices.filter { rows[$0].isFull == full }
    }
    var points = [AffinePoint](repeating: .identity, count: rows.count)
    var additions = 0
    for (kind, indices) in kinds.enumerated() where !indices.isEmpty {
      let sums = commit(indices.map { rows[$0] }, full: kind == 1)
      for (i, point) in zip(indices, sums.points) { points[i] = point }
      additions += sums.additions
    }
    return (points, additions)
  }

  /// Rows of one kind.
  private func commit(
    _ rows: [CommitmentRow], full: Bool
  ) -> (points: [AffinePoint], additions: Int) {
    let cells = rows.map(\.count).max() ?? 0
    let asked = inParallel(count: rows.count, grain: 32) { range in
      rows[range].map { (bits: $0.bitWidth, work: $0.work) }
    }.flatMap(\.self)
    let tables = tables(
      width: width(rows, cells: cells, full: full), cells: cells,
      bits: asked.map(\.bits).max() ?? 0, blinded: rows.contains { !$0.blinder.isZero })
    // Ranges of about equal work, each worth some tenths of a millisecond at least.
    var work = [0]
    for row in asked { work.append(work[work.count - 1] + row.work) }
    let total = work[work.count - 1]
    let pieces = max(1, min(availableThreads, total / 2000))
    // A row belongs where its middle lies, so that two of nearly one size are divided too.
    let cuts = (0...pieces).map { piece in
      piece == pieces
        ? rows.count
        : rows.indices.first { (work[$0] + work[$0 + 1]) * pieces >= 2 * total * piece }
          ?? rows.count
    }
    let parts = inParallel(count: pieces, grain: 1) { range in
      commit(rows[cuts[range.lowerBound]..<cuts[range.upperBound]], tables)
    }
    return (parts.flatMap(\.points), parts.reduce(0) { $0 + $1.additions })
  }

  private func commit(
    _ rows: ArraySlice<CommitmentRow>, _ tables: Tables
  ) -> (points: [AffinePoint], additions: Int) {
    let width = tables.cells.width
    let sets = min(max(rows.count, 1), BucketSums.preferredSets(width: width))
    let entries = rows.prefix(sets).reduce(0) { $0 + $1.work }
    var sums = workspace(sets: sets, width: width, entries: entries)
    let before = sums.operations
    @Erased var blinder = [Fr.zero]
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: sets) {
      if Job.isCancelled { break }
      let end = min(start + sets, rows.endIndex)
      for row in start..<end where !rows[row].blinder.isZero {
        blinder[0] = rows[row].blinder
        sums.add(.full(blinder[...]), of: tables.blinder, to: row - start)
      }
      sums.flush(tables.blinder.points.span)
      for row in start..<end {
        sums.add(rows[row].cells, of: tables.cells, to: row - start)
      }
      sums.close(end - start, tables.cells.points.span)
    }
    let points = sums.totals()
    let additions = sums.operations - before
    spare.withLock { $0.append(sums) }
    return (points, additions)
  }

  /// One that is left over, or a new one, for which one that does not suffice makes room.
  private func workspace(sets: Int, width: Int, entries: Int) -> BucketSums {
    let left = spare.withLock { spare -> BucketSums? in
      let index = spare.firstIndex { $0.suffices(sets: sets, width: width, entries: entries) }
      if let index { return spare.remove(at: index) }
      _ = spare.popLast()
      return nil
    }
    return left ?? BucketSums(sets: sets, width: width, entries: entries)
  }
}
