package import ConstraintSystem
package import Curve
package import Field
package import ProofSizes
package import Transcript

/// How rows of cells are committed to, and how one inner product of two rows that hide nothing any more is
/// opened.
///
/// Commitments add up as rows do: Σ coefficient · [row] commits to Σ coefficient · row under the sum of
/// the blinders. They are binding, and hide perfectly under uniform blinders. `Opening` needs no more of
/// a scheme, and nothing above `Opening` knows which one it is.
package protocol RowCommitmentScheme: Sendable {
  /// The cells that a row and the pads may have together.
  static var cells: Int { get }

  /// One commitment per row, perfectly hiding for uniform blinders.
  static func commit(_ rows: [CommitmentRow]) -> [AffinePoint]

  /// A commitment to pads, which share an opening with rows of `rowLength` cells.
  static func padRow(_ pads: [Fr], rowLength: Int, blinder: Fr) -> CommitmentRow

  /// Points and scalars of an opening by this scheme.
  static func openingSize(rowLength: Int, plan: PadLayout) -> OpeningSize

  /// What is left to be settled when the verifier has read a proof: equations of several proofs add up.
  associatedtype Equation: DeferredEquation

  /// Reads what `prove` sent.
  ///
  /// - Parameters:
  ///   - row: the combination that commits to t'.
  ///   - pads: the combination that commits to s'.
  ///   - channel: gives its challenges after all of `claim`, `row` and `pads`.
  static func verify(
    _ claim: MaskedClaim, row: Combination, pads: Combination, over channel: inout VerifierChannel
  ) throws(ProofError) -> Equation

  /// Shows that the commitments to t' and s' hold what is claimed.
  ///
  /// - Parameters:
  ///   - row: t', and what its commitment is blinded with.
  ///   - pads: s', and what its commitment is blinded with.
  static func prove(
    _ claim: MaskedClaim, row: BlindedRow, pads: BlindedRow, over channel: inout ProverChannel)
}

extension ProofScheme {
  /// The one place that knows which scheme is which.
  #if hasFeature(Embedded)
    package var implementation: Pedersen.Type { Pedersen.self }
  #else
    package var implementation: any RowCommitmentScheme.Type {
      switch self {
      case .transparent: Pedersen.self
      }
    }
  #endif
}

/// What verifying an opening leaves to be settled in the group.
package protocol DeferredEquation: Sendable {
  /// One that holds.
  init()

  /// Adds another equation's left side times `weight`.
  mutating func add(_ other: Self, times weight: Fr)

  /// - Parameter shared: commitments that all equations name, as a model's rows.
  func holds(shared: [AffinePoint]) -> Bool
}

/// <t',ψ> + <s',ω> = u over t' and those cells of s' that are not shown, the others being as shown.
package struct MaskedClaim: Sendable {
  /// ψ: L weights.
  package let rowWeights: [Fr]
  /// ω: D weights.
  package let padWeights: [Fr]
  /// Which cells of s' are shown, and which are summed.
  package let plan: PadLayout
  /// The shown cells of s', in the plan's order.
  package let shown: [Fr]
  /// u.
  package let value: Fr
}

/// Σ coefficient · commitment.
package struct Combination: Sendable {
  /// Of commitments that the proof or its statement brings.
  package var coefficients: [Fr]
  package var points: [AffinePoint]
  /// Of commitments that are known beforehand, as a model's rows.
  package var shared: [Fr]

  package init(coefficients: [Fr], points: [AffinePoint], shared: [Fr] = []) {
    self.coefficients = coefficients
    self.points = points
    self.shared = shared
  }
}

/// A row that hides nothing any more, and the blinder of the combination that commits to it.
package struct BlindedRow: Sendable {
  package let cells: [Fr]
  package let blinder: Fr
}
