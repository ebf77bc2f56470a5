import ConstraintSystem

/// In which order the axes of a box of cells lie in memory.
///
/// Every axis is padded to a power of two, and a commitment row of 2^c cells is sent, committed and
/// verified as soon as one of its cells is used. An axis that wastes much costs least as the
/// outermost: what it leaves free are whole rows. 25×5×64 cells in rows of 2^8 fill 50 of them, 5×25×64
/// fill 35.
package struct AxisOrder {
  /// Axes as written, the outermost first.
  package var axes: [Int]
  /// Rows that hold a cell.
  package var rows: Int

  /// The order with the fewest rows: as written if none has fewer, else with the axes moved that have to
  /// be, the last one least of all.
  ///
  /// An order is which axes lie within a row and which one is cut by it; those outside multiply rows in
  /// whatever order.
  ///
  /// - Parameters:
  ///   - shape: at most `Limits.rank` axes.
  ///   - commitmentRowBits: c, no more than the bits of the padded box.
  package init(fewestRowsOf shape: [Int], commitmentRowBits: Int) {
    axes = Array(shape.indices)
    rows = Self.rows(of: shape, axes, commitmentRowBits: commitmentRowBits)
    var keepsLast = true
    for inside in 0..<(1 << shape.count) {
      let inner = shape.indices.filter { inside >> $0 & 1 == 1 }
      guard inner.reduce(0, { $0 + ceilLog2(shape[$1]) }) <= commitmentRowBits else { continue }
      for cut in shape.indices where inside >> cut & 1 == 0 {
        let outer = shape.indices.filter { inside >> $0 & 1 == 0 && $0 != cut }
        let order = outer + [cut] + inner
        let rows = Self.rows(of: shape, order, commitmentRowBits: commitmentRowBits)
        let last = order.last == shape.indices.last
        if rows < self.rows || (rows == self.rows && last && !keepsLast) {
          (axes, self.rows, keepsLast) = (order, rows, last)
        }
      }
    }
  }

  /// Rows of 2^c cells of a padded box that hold a cell, with the axes in an order.
  package static func rows(of shape: [Int], _ order: [Int], commitmentRowBits: Int) -> Int {
    var (rows, free) = (1, commitmentRowBits)
    for axis in order.reversed() {
      let inRow = min(free, ceilLog2(shape[axis]))
      rows *= (shape[axis] + 1 << inRow - 1) >> inRow
      free -= inRow
    }
    return rows
  }
}
