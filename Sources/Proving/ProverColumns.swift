import Arguments
import ConstraintSystem
import Field
import Polynomial

/// From the integers of a trace to the columns of the row check: field elements, fingerprints and
/// the helpers of the lookup argument.
struct ProverColumns {
  /// Of the groups' rows, in the order of `RowCheck.Columns`.
  var rows: [Fr]
  let groups: RowGroups
  /// m, g and φ_T − α of each row of the table.
  var table: [Fr]
  private let width: Int
  private let helperScale: Fr

  /// - Parameter all: whether rows that hold nothing are held too.
  /// - Returns: nil when a fingerprint is zero, which a fresh challenge mends (probability below
  ///   2^−230).
  init?(
    _ shape: Shape, trace: Trace, cells: ModelCells, lookup: RowCheck.Lookup,
    holdingAll all: Bool = false
  ) {
    let system = shape.system
    let limbs = system.parameters.limbs
    let width = RowCheck.Columns.width(limbs: limbs)
    self.width = width
    helperScale = RowKernel.scales(limbs: limbs).helper
    let filler = RowFiller(shape, trace: trace, cells: cells, lookup: lookup)
    let fill = filler.fill
    let groups = RowGroups(covering: all ? [0..<system.usedRows] : filler.usedRuns)
    let (rows, fits) = inParallel(
      making: groups.count, width: width * RowGroups.height, of: Fr.zero,
      chunk: RowFiller.batch / RowGroups.height
    ) { range, part in
      filler.fill(range, of: groups, &part)
    }
    Meter.count(
      fieldMultiplications: fill.multiplications * groups.rows,
      smallMultiplications: fill.smallMultiplications * groups.rows)
    guard fits.allSatisfy(\.self) else { return nil }
    (self.rows, self.groups) = (rows, groups)

    var table: [Fr] = []
    table.reserveCapacity(RowCheck.Columns.tableWidth * shape.table.count)
    let multiplicities = trace.multiplicities
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
    let found = inParallel(over: &table, width: RowCheck.Columns.tableWidth, grain: 512) {
      range, part in
      Self.fillTable(&part, multiplicities[range], alpha: lookup.alpha)
    }
    Meter.count(smallMultiplications: 3 * shape.table.count)
    guard found.allSatisfy(\.self) else { return nil }
    self.table = table
  }

  /// g = m/φ_T of the rows that are looked up, in one inversion.
  private static func fillTable(
    _ table: inout MutableSpan<Fr>, _ multiplicities: ArraySlice<Int64>, alpha: Fr
  ) -> Bool {
    let width = RowCheck.Columns.tableWidth
    let hit = multiplicities.indices.filter { multiplicities[$0] != 0 }
    let base = multiplicities.startIndex
    var inverses = hit.map { table[width * ($0 - base) + 2] + alpha }
    guard !inverses.contains(where: \.isZero) else { return false }
    Fr.batchInvert(&inverses)
    Meter.count(fieldMultiplications: 3 * hit.count)
    for (row, inverse) in zip(hit, inverses) {
      table[width * (row - base) + 1] = inverse.multiplied(bySmall: multiplicities[row])
    }
    return true
  }

  /// h'.
  var helper: GroupedColumn {
    get {
      let (rows, width, inverse) = (rows, width, helperScale.inverse())
      let (values, _) = inParallel(making: groups.rows, of: Fr.zero, chunk: 512) { range, part in
        for (place, row) in range.enumerated() {
          part[place] = rows[row * width + RowCheck.Columns.helper]
        }
        Fr.scale(&part, by: inverse)
      }
      return GroupedColumn(groups: groups, values: values)
    }
    set {
      for (row, value) in newValue.values.enumerated() {
        rows[row * width + RowCheck.Columns.helper] = value * helperScale
      }
    }
  }

  /// g.
  var tableHelper: [Fr] {
    get {
      stride(from: 1, to: table.count, by: RowCheck.Columns.tableWidth).map { table[$0] }
    }
    set {
      for (row, value) in newValue.enumerated() {
        table[row * RowCheck.Columns.tableWidth + 1] = value
      }
    }
  }
}
