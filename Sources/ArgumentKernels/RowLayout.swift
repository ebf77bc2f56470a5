/// Where the values of a row of the trace are, as the row argument's prover holds them: acc, M, the
/// fingerprints φ₁ … φ_K of the limbs, and φ₀ but for the product of the first two.
package enum RowLayout {
  /// Values of a row with K limbs.
  package static func width(limbs: Int) -> Int { limbs + 3 }
  package static let multiplier = 1
  /// Of φ₁.
  package static let limbs = 2
  /// Of φ₀'s linear part.
  package static func linear(limbs count: Int) -> Int { limbs + count }
}
