import Ceremony
package import Curve
package import Field
import Compute
import Pairing
package import ProofSizes
package import Transcript

// KZG rows: Σ cellⱼ·τʲG + blinder·H for rows and pads alike, both from G on, opened by a KZG inner product.
//
// Written down in docs/protocol/scheme-srs.md.

/// A verifier's side.
package struct KZGRows<Tau: PublicTau>: RowCommitmentScheme {
  package init() {}

  package typealias Equation = PairingEquation<Tau>

  package func openingSize(rowLength: Int, plan: PadLayout) -> OpeningSize {
    OpeningSize(byQuotients: plan.opened.count)
  }

  package func verify(
    _ claim: MaskedClaim, row: Combination, pads: Combination, over channel: inout VerifierChannel
  ) throws(ProofError) -> PairingEquation<Tau> {
    PairingEquation(try KZGInnerProduct.verify(claim, row: row, pads: pads, over: &channel))
  }
}

/// e(left, G₂) = e(right, τG₂): what an opening leaves to be settled in the group.
package struct PairingEquation<Tau: PublicTau>: DeferredEquation {
  package var sides: KZGInnerProduct.Sides

  package init() { self.init(KZGInnerProduct.Sides(left: DeferredMSM(), right: DeferredMSM())) }

  package init(_ sides: KZGInnerProduct.Sides) { self.sides = sides }

  package mutating func add(_ other: Self, times weight: Fr) {
    sides.left.add(other.sides.left, times: weight)
    sides.right.add(other.sides.right, times: weight)
  }

  /// - Complexity: two multi-scalar multiplications and two pairings, however many equations were added.
  package func holds(shared points: [AffinePoint]) -> Bool {
    let bases = FixedBases([.generator], blinding: KZGCommitter.blinding)
    return Tau.ceremony.pairingCheck.holds(
      left: sides.left.sum(over: bases, shared: points).affine,
      right: sides.right.sum(over: bases, shared: []).affine)
  }
}

/// Whoever has the powers.
package struct KZGCommitter: RowCommitter {
  private let bases: FixedBases
  private let tables: FixedBase

  /// What H is hashed from.
  private static let label = "tacit-srs-v1-H"
  private static let domain = "tacit-srs-v1-BN254G1_XMD:SHA-256_SVDW_RO_"

  /// H, hashed to the curve, so that nobody knows its relation to G or to τ.
  package static let blinding = AffinePoint.hash(Array(label.utf8), domain: Array(domain.utf8))

  /// Field elements that are more than this many are not worth tables of the generators' multiples.
  private static let many = 1 << 10

  /// - Parameter powers: G, τG, τ²G, … of the ceremony of a key's scheme. Others make commitments that hide
  ///   as well, and proofs that no verifier accepts.
  package init(powers: [AffinePoint]) {
    bases = FixedBases(powers, blinding: Self.blinding)
    tables = FixedBase(bases)
  }

  package var generators: Int { bases.limit }

  package func generators(rowLength: Int, pads: Int) -> Int { max(rowLength, pads) }

  package func commit(_ rows: [CommitmentRow]) -> [AffinePoint] {
    let long = rows.indices.filter { rows[$0].isFull && rows[$0].nonzeroCount > Self.many }
    let apart = Set(long)
    let short = rows.indices.filter { !apart.contains($0) }
    let (tabled, additions) = tables.commit(short.map { rows[$0] })
    OperationCounter.count(groupAdditions: additions)
    var points = [AffinePoint](repeating: .identity, count: rows.count)
    for (place, point) in zip(short, tabled) { points[place] = point }
    for place in long {
      guard case .full(let cells) = rows[place].cells else { continue }
      points[place] =
        multiScalarMultiply(
          Array(bases.prefix(cells.count)) + [bases.blinding], cells + [rows[place].blinder]
        ).affine
    }
    return points
  }

  /// From G on.
  package func padRow(_ pads: [Fr], rowLength: Int, blinder: Fr) -> CommitmentRow {
    CommitmentRow(pads[...], blinder: blinder)
  }

  package func prove(
    _ claim: MaskedClaim, row: BlindedRow, pads: BlindedRow, over channel: inout ProverChannel
  ) {
    KZGInnerProduct.prove(claim, row: row, pads: pads, by: self, over: &channel)
  }
}
