package import Compute
package import Field

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
  @Erased package var blinder: Fr
  /// Cells that are nowhere else. After `cells`, which go first and leave it the only owner.
  private var owned: Erased<[Fr]>?

  package init(_ cells: ArraySlice<Int64>, blinder: Fr) {
    self.cells = .small(cells)
    self.blinder = blinder
  }

  package init(_ cells: ArraySlice<Fr>, blinder: Fr) {
    self.cells = .full(cells)
    self.blinder = blinder
  }

  /// A row of secrets that nobody else holds.
  package init(erasing cells: [Fr], blinder: Fr) {
    self.cells = .full(cells[...])
    self.blinder = blinder
    owned = Erased(wrappedValue: cells)
  }

  package var isFull: Bool {
    switch cells {
    case .small: false
    case .full: true
    }
  }

  package var count: Int {
    switch cells {
    case .small(let cells): cells.count
    case .full(let cells): cells.count
    }
  }

  package var nonzeroCount: Int {
    switch cells {
    case .small(let cells): cells.count { $0 != 0 }
    case .full(let cells): cells.count { !$0.isZero }
    }
  }

  /// A bound on the bits of a cell, or of its two halves.
  var bitWidth: Int {
    switch cells {
    case .small(let cells):
      var union: UInt64 = 0
      for cell in cells { union |= cell.magnitude }
      return 64 - union.leadingZeroBitCount
    case .full(let cells):
      return cells.allSatisfy(\.isZero) ? 0 : Endomorphism.bits
    }
  }

  /// Additions, roughly.
  var work: Int {
    switch cells {
    case .small(let cells):
      cells.reduce(256) { $0 + (71 - $1.magnitude.leadingZeroBitCount) / 8 }
    case .full:
      256 + 32 * nonzeroCount
    }
  }
}
