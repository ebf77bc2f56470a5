package import ConstraintSystem
package import Curve
package import Field
package import ProofSizes
package import Transcript

/// How one inner product of two committed rows that hide nothing any more is verified.
///
/// Commitments add up as rows do: Σ coefficient · [row] commits to Σ coefficient · row under the sum of
/// the blinders. They are binding, and hide perfectly under uniform blinders. `Opening` needs no more of
/// a scheme, and nothing above `Opening` knows which one it is.
///
/// What a verifier needs beside a key are constants of the scheme.
package protocol RowCommitmentScheme: Sendable {
  /// Points and scalars of an opening by this scheme.
  func openingSize(rowLength: Int, plan: PadLayout) -> OpeningSize

  /// What is left to be settled when the verifier has read a proof: equations of several proofs add up.
  associatedtype Equation: DeferredEquation

  /// Reads what a `RowCommitter` of the scheme sent.
  ///
  /// - Parameters:
  ///   - row: the combination that commits to t'.
  ///   - pads: the combination that commits to s'.
  ///   - channel: gives its challenges after all of `claim`, `row` and `pads`.
  func verify(
    _ claim: MaskedClaim, row: Combination, pads: Combination, over channel: inout VerifierChannel
  ) throws(ProofError) -> Equation
}

/// How rows of cells are committed to by a scheme, and how an inner product of them is opened: what whoever
/// makes keys and proofs needs.
///
/// A value, as generators may come from a file; a key's owner makes one and keeps it, with the tables that it
/// grows.
package protocol RowCommitter: Sendable {
  /// How many generators there are beside H.
  var generators: Int { get }

  /// How many rows of `rowLength` cells take, and `pads` pads that share an opening with them.
  func generators(rowLength: Int, pads: Int) -> Int

  /// One commitment per row, perfectly hiding for uniform blinders.
  func commit(_ rows: [CommitmentRow]) -> [AffinePoint]

  /// A commitment to pads, which share an opening with rows of `rowLength` cells.
  func padRow(_ pads: [Fr], rowLength: Int, blinder: Fr) -> CommitmentRow

  /// Shows that the commitments to t' and s' hold what is claimed.
  ///
  /// - Parameters:
  ///   - row: t', and what its commitment is blinded with.
  ///   - pads: s', and what its commitment is blinded with.
  func prove(
    _ claim: MaskedClaim, row: BlindedRow, pads: BlindedRow, over channel: inout ProverChannel)
}

extension RowCommitter {
  /// Whether there are generators for rows of `rowLength` cells and for `pads` pads that share an opening with
  /// them.
  package func holds(rowLength: Int, pads: Int) -> Bool {
    self.generators(rowLength: rowLength, pads: pads) <= generators
  }
}

// Embedded Swift has no existentials: Verifiers/web says the same with a type of its own.
#if !hasFeature(Embedded)
  extension ProofScheme {
    /// The one place that knows which scheme is which.
    package var implementation: any RowCommitmentScheme {
      switch self {
      case .transparent: Pedersen()
      case .srs: KZGRows<CeremonyTau>()
      case .knownSRS: KZGRows<KnownTau>()
      }
    }

    /// What commits by it without a file: rows of zeros alone, where generators come from one.
    package var committer: any RowCommitter {
      switch self {
      case .transparent: Pedersen()
      case .srs: KZGCommitter(powers: [])
      case .knownSRS: KnownTau.committer
      }
    }
  }
#endif

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
  package let rowWeights: RowWeights
  /// ω: D weights.
  package let padWeights: [Fr]
  /// Which cells of s' are shown, and which are summed.
  package let plan: PadLayout
  /// The shown cells of s', in the plan's order.
  package let shown: [Fr]
  /// u.
  package let value: Fr

  package init(
    rowWeights: RowWeights, padWeights: [Fr], plan: PadLayout, shown: [Fr], value: Fr
  ) {
    self.rowWeights = rowWeights
    self.padWeights = padWeights
    self.plan = plan
    self.shown = shown
    self.value = value
  }
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

  package init(cells: [Fr], blinder: Fr) {
    self.cells = cells
    self.blinder = blinder
  }
}
