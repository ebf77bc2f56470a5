import ArgumentKernels
import Arguments
import ConstraintSystem
import Field
import Polynomial
import Compute
import Witness

/// From the integers of a trace to the columns of the row argument: field elements, fingerprints, the
/// tree of the rows' fractions, and the inverses of the lookup argument.
struct FractionColumns: LookupColumns {
  let groups: HeldBlocks
  private var rows: RowArgument.Witness
  var witness: LookupWitness { .fractions(rows) }

  /// - Returns: nil when a fingerprint is zero, which a fresh challenge mends (probability below
  ///   2^−230).
  init?(_ shape: CircuitDimensions, trace: Trace, cells: ModelCells, lookup: LookupChallenges) {
    let limbs = shape.system.parameters.limbs
    let filler = TraceRows(shape, trace: trace, cells: cells, lookup: lookup)
    let fill = filler.fill
    let used = HeldBlocks(covering: filler.usedRuns)
    let groups = shape.treeLevels > 0 ? used.paired : used
    let (filled, nodes) = inParallel(
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
      let table = TableColumns.rows(shape, trace.multiplicities, lookup)
    else { return nil }
    rows = RowArgument.Witness(
      inverses: InverseArgument.Columns(inverses: inverses, table: table), tree: tree,
      columns: RowArgument.Columns(rows: filled, groups: groups))
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

  var inverses: [Fr] {
    get { TableColumns.inverses(of: rows.inverses.inverses) }
    set { TableColumns.replace(newValue, in: &rows.inverses.inverses) }
  }

  var tableInverses: [Fr] {
    get { TableColumns.inverses(of: rows.inverses.table) }
    set { TableColumns.replace(newValue, in: &rows.inverses.table) }
  }
}
