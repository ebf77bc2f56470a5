import ArgumentKernels
import Arguments
import ConstraintSystem
import Field
import Polynomial
import Compute
import Witness

/// From the integers of a trace to the columns of the row argument: field elements, fingerprints, the
/// tree of the rows' fractions, and the inverses of the lookup argument.
struct ProverColumns {
  /// Which rows are held.
  let groups: HeldBlocks
  private(set) var witness: RowArgument.Witness

  /// - Returns: nil when a fingerprint is zero, which a fresh challenge mends (probability below
  ///   2^−230).
  init?(_ shape: CircuitDimensions, trace: Trace, cells: ModelCells, lookup: LookupChallenges) {
    let limbs = shape.system.parameters.limbs
    let filler = TraceRows(shape, trace: trace, cells: cells, lookup: lookup)
    let fill = filler.fill
    let used = HeldBlocks(covering: filler.usedRuns)
    let groups = shape.treeLevels > 0 ? used.paired : used
    let (rows, nodes) = inParallel(
      making: groups.count,
      widths: (
        RowLayout.width(limbs: limbs) * HeldBlocks.height,
        FractionLevel.width * HeldBlocks.height
      ), of: Fr.zero, chunk: TraceRows.batch / HeldBlocks.height
    ) { range, rows, nodes in
      // Rows that are not filled are zero, and a job that is cancelled makes no proof of them.
      if Job.isCancelled { return }
      filler.fill(range, of: groups, &rows, nodes: &nodes)
    }
    OperationCounter.count(
      fieldMultiplications: fill.multiplications * groups.rows,
      smallMultiplications: fill.smallMultiplications * groups.rows)
    self.groups = groups

    var tree = [FractionLevel(groups: groups, values: nodes)]
    while tree.count <= shape.treeLevels { tree.append(tree[tree.count - 1].above) }
    let top = tree.removeLast().dense
    guard let inverses = Self.inverses(top, count: 1 << shape.inverseBits),
      let table = Self.table(shape, trace.multiplicities, lookup)
    else { return nil }
    witness = RowArgument.Witness(
      inverses: InverseArgument.Columns(inverses: inverses, table: table), tree: tree,
      columns: RowArgument.Columns(rows: rows, groups: groups))
  }

  /// h = N/D, N and D − 1 of the top of the tree; 1,024 nodes share an inversion.
  private static func inverses(_ top: [Fr], count: Int) -> [Fr]? {
    let (from, to) = (FractionLevel.width, InverseArgument.Columns.width)
    let count = min(count, top.count / from)
    let (inverses, found) = inParallel(making: count, width: to, of: Fr.zero, chunk: 1024) {
      range, part in
      let used = range.filter { !top[from * $0].isZero || !top[from * $0 + 1].isZero }
      var inverses = used.map { top[from * $0 + 1] + .one }
      guard !inverses.contains(where: \.isZero) else { return false }
      Fr.batchInvert(&inverses)
      OperationCounter.count(fieldMultiplications: 4 * used.count)
      for (node, inverse) in zip(used, inverses) {
        let place = to * (node - range.lowerBound)
        part[place] = top[from * node]
        part[place + 1] = top[from * node] * inverse
        part[place + 2] = top[from * node + 1]
      }
      return true
    }
    return found.allSatisfy(\.self) ? inverses : nil
  }

  private static func table(
    _ shape: CircuitDimensions, _ multiplicities: [Int64], _ lookup: LookupChallenges
  ) -> [Fr]? {
    let width = InverseArgument.Columns.width
    var table: [Fr] = []
    table.reserveCapacity(width * (shape.table.count + HeldBlocks.height))
    var next = 0
    shape.table.forEachRun { tag, rows in
      var fingerprint =
        Fr(tag) + lookup.beta.multiplied(bySmall: rows.input)
        + lookup.betaSquared.multiplied(bySmall: rows.output)
      let step = lookup.beta + lookup.betaSquared.multiplied(bySmall: rows.slope)
      for _ in 0..<rows.count {
        table.append(multiplicities[next] == 0 ? .zero : Fr(multiplicities[next]))
        table.append(.zero)
        table.append(fingerprint)
        fingerprint += step
        next += 1
      }
    }
    OperationCounter.count(smallMultiplications: 3 * shape.table.count)
    let found = inParallel(over: &table, width: width, grain: 512) { range, part in
      fillTable(&part, multiplicities[range], alpha: lookup.alpha)
    }
    return found.allSatisfy(\.self) ? table : nil
  }

  /// g = m/φ_T of the rows that are looked up, in one inversion a thread.
  private static func fillTable(
    _ table: inout MutableSpan<Fr>, _ multiplicities: ArraySlice<Int64>, alpha: Fr
  ) -> Bool {
    let width = InverseArgument.Columns.width
    let hit = multiplicities.indices.filter { multiplicities[$0] != 0 }
    let base = multiplicities.startIndex
    var inverses = hit.map { table[width * ($0 - base) + 2] + alpha }
    guard !inverses.contains(where: \.isZero) else { return false }
    Fr.batchInvert(&inverses)
    OperationCounter.count(fieldMultiplications: 3 * hit.count)
    for (row, inverse) in zip(hit, inverses) {
      let place = width * (row - base) + InverseArgument.Columns.inverses
      table[place] = inverse.multiplied(bySmall: multiplicities[row])
    }
    return true
  }

  /// h, as far as it is used.
  var inverses: [Fr] {
    get { Self.column(of: witness.inverses.inverses) }
    set { Self.replace(newValue, in: &witness.inverses.inverses) }
  }

  /// g.
  var tableInverses: [Fr] {
    get { Self.column(of: witness.inverses.table) }
    set { Self.replace(newValue, in: &witness.inverses.table) }
  }

  private static func column(of rows: [Fr]) -> [Fr] {
    stride(
      from: InverseArgument.Columns.inverses, to: rows.count, by: InverseArgument.Columns.width
    )
    .map { rows[$0] }
  }

  private static func replace(_ column: [Fr], in rows: inout [Fr]) {
    let missing = InverseArgument.Columns.width * column.count - rows.count
    rows += [Fr](repeating: .zero, count: max(0, missing))
    for (row, value) in column.enumerated() {
      rows[row * InverseArgument.Columns.width + InverseArgument.Columns.inverses] = value
    }
  }
}
