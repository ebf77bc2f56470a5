package import Field
package import Polynomial

extension PairArgument {
  /// The prover's columns as field elements, row by row; all but acc, M and the step are less by their values
  /// on padding, so that rows without a cell are zero.
  package struct Rows: Sendable {
    /// Of each row acc, M, q·2^S and the remainder, and then of each slot h, Φ₀, Φ₁.
    package var values: [Fr]
    package var groups: HeldBlocks

    package static let accumulator = 0
    package static let multiplier = 1
    package static let step = 2
    /// Of the first slot's h; Φ₀ and Φ₁ follow it.
    package static let slots = 3
    package static func width(slots: Int) -> Int { Self.slots + 3 * slots }

    package init(values: [Fr], groups: HeldBlocks) {
      self.values = values
      self.groups = groups
    }
  }
}
