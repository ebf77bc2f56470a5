package import Curve
package import Field
package import ProofSizes
import Compute
package import Transcript

// Pedersen rows: Σ cellⱼ·Gⱼ + blinder·H, opened by an inner product of the rows and the pads together.
//
//   known    [t'] over G_1..G_L, [s'] over the D generators after those;  ψ, ω, the cells of s' shown, u
//   claims   <t',ψ> + <s',ω> = u over t' and the cells of s' that are not shown
//   V → P    γ
//   P → V    the blinder b of [t'] + γ[s']
//   both     InnerProduct of (t', γs') with (γψ, ω), which is γu: the group equation that is returned
//   γ        what [s'] holds on the rows' generators counts γ² in that inner product, what [t'] holds on
//            the pads' counts 1; as u was said before, neither can make up for anything
package struct Pedersen: RowCommitmentScheme, RowCommitter {
  package init() {}

  /// The cells that a row and the pads may have together.
  package static let cells = Generators.limit

  package var generators: Int { Self.cells }

  package func generators(rowLength: Int, pads: Int) -> Int { rowLength + pads }

  package func commit(_ rows: [CommitmentRow]) -> [AffinePoint] {
    let (points, additions) = FixedBase.shared.commit(rows)
    OperationCounter.count(groupAdditions: additions)
    return points
  }

  /// Over the generators after those of rows.
  package func padRow(_ pads: [Fr], rowLength: Int, blinder: Fr) -> CommitmentRow {
    CommitmentRow(
      erasing: [Fr](repeating: .zero, count: rowLength) + pads, blinder: blinder)
  }

  package func openingSize(rowLength: Int, plan: PadLayout) -> OpeningSize {
    OpeningSize(
      rowLength: rowLength, opened: plan.opened.count, folded: plan.folded.count)
  }

  package func verify(
    _ claim: MaskedClaim, row: Combination, pads: Combination, over channel: inout VerifierChannel
  ) throws(ProofError) -> DeferredMSM {
    let (plan, length) = (claim.plan, claim.rowWeights.count)
    let gamma = channel.challenge(.commitmentsBatch)
    let blinder = try channel.receiveBare(1, as: .openedBlinder)[0]
    let (scale, rest) = try InnerProduct.verify(
      value: gamma * claim.value, weights: claim.weights(gamma), generators: claim.generators,
      over: &channel)
    // What the inner product is of: [t'] + γ[s'], less the cells shown and the blinder.
    var generators = [Fr](repeating: .zero, count: length + plan.cells)
    for (cell, scalar) in zip(plan.opened, claim.shown) {
      generators[length + cell] = -(gamma * scalar)
    }
    var equation = rest
    equation.add(
      DeferredMSM(
        generators: generators, blinding: -blinder, shared: row.shared,
        scalars: row.coefficients + pads.coefficients.map { gamma * $0 },
        points: row.points + pads.points), times: scale)
    return equation
  }

  package func prove(
    _ claim: MaskedClaim, row: BlindedRow, pads: BlindedRow, over channel: inout ProverChannel
  ) {
    let gamma = channel.challenge(.commitmentsBatch)
    channel.sendBare([row.blinder + gamma * pads.blinder], as: .openedBlinder)
    InnerProduct.prove(
      row.cells + claim.plan.folded.map { gamma * pads.cells[$0] }, weights: claim.weights(gamma),
      generators: claim.generators, over: &channel)
  }
}

extension MaskedClaim {
  /// Of the inner product's cells, t' and those of s' that are not shown: their generators' places.
  fileprivate var generators: [Int] {
    Array(0..<rowWeights.count) + plan.folded.map { rowWeights.count + $0 }
  }

  /// Of the same cells: (γψ, ω).
  fileprivate func weights(_ gamma: Fr) -> [Fr] {
    rowWeights.cells.map { gamma * $0 } + plan.folded.map { padWeights[$0] }
  }
}
