package import Curve
package import Field
import Compute

/// Cells of a row to commit to: small integers cost a few group additions, scalars about 32.
package enum RowCells: Sendable {
  case integers(ArraySlice<Int64>)
  case scalars([Fr])
}

/// Pedersen commitments Σ cellⱼ·Gⱼ + blinder·H, one per row; perfectly hiding for uniform blinders.
package func commit(_ rows: [(cells: RowCells, blinder: Fr)]) -> [AffinePoint] {
  let (points, additions) = FixedBase.shared.commit(
    rows.map { row in
      switch row.cells {
      case .integers(let cells): CommitmentRow(cells, blinder: row.blinder)
      case .scalars(let cells): CommitmentRow(cells[...], blinder: row.blinder)
      }
    }
  )
  Meter.count(groupAdditions: additions)
  return points
}
