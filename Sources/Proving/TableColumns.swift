import Arguments
import Compute
import ConstraintSystem
import Field
import ArgumentKernels
import Polynomial

/// The columns of the table: m, g and φ_T − α, value by value.
enum TableColumns {
  /// - Returns: nil when a fingerprint is zero.
  static func rows(
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

  /// g, or h where it is held so.
  static func inverses(of rows: [Fr]) -> [Fr] {
    stride(
      from: InverseArgument.Columns.inverses, to: rows.count, by: InverseArgument.Columns.width
    )
    .map { rows[$0] }
  }

  /// Another one, for tests that lie.
  static func replace(_ column: [Fr], in rows: inout [Fr]) {
    let missing = InverseArgument.Columns.width * column.count - rows.count
    rows += [Fr](repeating: .zero, count: max(0, missing))
    for (row, value) in column.enumerated() {
      rows[row * InverseArgument.Columns.width + InverseArgument.Columns.inverses] = value
    }
  }
}
