package import Field
package import Polynomial

extension RowCheck {
  /// The prover's columns as field elements, row by row: what a round reads together lies together. φ
  /// stands as its distance from the value on padding, so that rows without a cell are zero; they are
  /// held only in groups with others.
  package struct Columns: Sendable {
    /// acc, β·2^{−S}·M, φ₁ … φ_K of each row, and φ₀ but for the product of the first two; M times
    /// `RowKernel.multiplierScale`.
    package var rows: [Fr]
    /// Which rows of the trace these are.
    package var groups: RowGroups

    /// Values per row of the trace.
    package static func width(limbs: Int) -> Int { limbs + 3 }
    package static let multiplier = 1
    /// Of φ₁.
    package static let limbs = 2
    /// Of φ₀'s linear part.
    package static func linear(limbs count: Int) -> Int { limbs + count }

    package init(rows: [Fr], groups: RowGroups) {
      self.rows = rows
      self.groups = groups
    }

    /// The same, which leaves no rows here: memory of which there is one copy.
    mutating func take() -> Columns {
      var taken = Columns(rows: [], groups: groups)
      swap(&taken.rows, &rows)
      return taken
    }
  }
}
