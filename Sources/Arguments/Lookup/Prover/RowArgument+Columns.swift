package import Field
package import Polynomial

extension RowArgument {
  /// The prover's columns as field elements, row by row: what a round reads together lies together.
  /// φ is stored as its distance from the value on padding, so that rows without a cell are zero;
  /// they are held only in groups with others.
  package struct Columns: Sendable {
    /// Of each row acc, β·2^{−S}·M, φ₁ … φ_K, and φ₀ but for the product of the first two, as
    /// `RowLayout` has them; M times `RowKernel.multiplierScale`.
    package var rows: [Fr]
    /// Which rows of the trace these are.
    package var groups: HeldBlocks

    package init(rows: [Fr], groups: HeldBlocks) {
      self.rows = rows
      self.groups = groups
    }

    /// These columns, which leave no rows here: there is memory for one copy.
    mutating func take() -> Columns {
      var taken = Columns(rows: [], groups: groups)
      swap(&taken.rows, &rows)
      return taken
    }
  }
}
