/// The constants of one circuit that size its rows, its table and its commitments.
///
/// Chosen by the compiler's cost model; a verifier accepts them only within `Limits`.
package struct Parameters: Hashable, Sendable {
  /// K: remainder limbs in a row.
  package var limbs: Int
  /// b: bits of a limb.
  package var limbBits: Int
  /// d: every quotient that the table admits is below 2^(d−1) in magnitude, after its shift.
  package var quotientBits: Int
  /// c: a commitment row holds L = 2^c cells.
  package var commitmentRowBits: Int
  /// By what everything is proven.
  package var scheme: ProofScheme

  package init(
    limbs: Int, limbBits: Int, quotientBits: Int, commitmentRowBits: Int,
    scheme: ProofScheme = .transparent
  ) {
    self.scheme = scheme
    self.limbs = limbs
    self.limbBits = limbBits
    self.quotientBits = quotientBits
    self.commitmentRowBits = commitmentRowBits
  }

  /// S = bK: `acc · M = q · 2^S + remainder`.
  package var scaleBits: Int { limbs * limbBits }
  /// L: cells in a commitment row of the model, and of a witness of one inference.
  package var commitmentRowLength: Int { 1 << commitmentRowBits }
}

/// ⌈log₂ count⌉ for count ≥ 1, and 0 for 0.
package func ceilLog2(_ count: Int) -> Int {
  count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
}
