import Curve
import Field
import Compute
package import Transcript

// KZG inner product: what a row and pads that hide nothing any more weigh, in three points and a scalar.
//
//   known    A₁ = [t'] + b_t·H,  A₂ = [s'] + b_s·H over G, τG, τ²G, …;  ψ, ω, the cells of s' shown, u
//   claims   <t',ψ> + <s',ω> = u over t' and the cells of s' that are not shown, the others being as shown
//   P → V    b_t, b_s
//   V → P    χ;  ω̂ is ω on the cells not shown and χ, χ², … on those shown, û = u + Σ χᵏ·shown_k
//            t'(X)ψ(1/X) + t'(1/X)ψ(X) + s'(X)ω̂(1/X) + s'(1/X)ω̂(X) = 2û + X·S(X) + S(1/X)/X
//   P → V    [S]
//   V → P    z;  P₁ = ψ(1/z)·t' + ω̂(1/z)·s' − z·S,   P₂ = ψ(z)·t' + ω̂(z)·s' − S/z,
//                so that the identity at z is P₁(z) + P₂(1/z) = 2û
//   P → V    F₁ = P₁(z);  W₁ = (P₁ − F₁)/(X − z),  W₂ = (P₂ − F₂)/(X − 1/z),  F₂ = 2û − F₁
//   V → P    η
//   owes     e([P₁] − F₁G + z·W₁ + η([P₂] − F₂G + W₂/z), G₂) = e(W₁ + η·W₂, τG₂),
//            [P₁], [P₂] less their blinders; both sides are returned
//   degrees  none is bounded: X·S(X) + S(1/X)/X has no constant term whatever S is, and cells of t' or s'
//            behind L or D weigh nothing. So rows and pads share generators, from G on
//   order    SOUNDNESS: F₁ is heard before η. A prover who could choose it after η solves the one equation
//            for it, whatever û is
//   source   an inner product as the constant term of a Laurent polynomial, as in [Sonic]. Differs: made
//            symmetric in X and 1/X, so that one S has both halves and its degree needs no bound.
//            Quotients as in [KZG10], those of two points in one check as in [BDFG20]
//
// Soundness is that of docs/protocol/scheme-srs.md#soundness: in the algebraic group model, if nobody finds τ.
package enum KZGInnerProduct {
  /// What is left to be settled: e(left, G₂) = e(right, τG₂), G being the one generator of both.
  package struct Sides: Sendable {
    package var left: DeferredMSM
    package var right: DeferredMSM
  }

  package static func verify(
    _ claim: MaskedClaim, row: Combination, pads: Combination, over channel: inout VerifierChannel
  ) throws(ProofError) -> Sides {
    let blinders = try channel.receiveBare(2, as: .openedBlinder)
    let sum = ShownSum(claim, chi: channel.challenge(.shownBatch))
    let reciprocals = try channel.receivePoints(1, as: .reciprocals)
    let z = channel.challenge(.reciprocalPoint)
    // P₂ is taken at 1/z, which one challenge in p does not have.
    guard !z.isZero else { throw .rejected(.equation) }
    let value = try channel.receiveBare(1, as: .quotientValue)[0]
    let quotients = try channel.receivePoints(2, as: .quotients)
    let eta = channel.challenge(.quotientsBatch)

    let inverse = z.inverse()
    let onRow =
      claim.rowWeights.polynomial(at: inverse) + eta * claim.rowWeights.polynomial(at: z)
    let onPads = sum.polynomial(at: inverse) + eta * sum.polynomial(at: z)
    let second = sum.value + sum.value - value
    return Sides(
      left: DeferredMSM(
        generators: [-(value + eta * second)],
        blinding: -(onRow * blinders[0] + onPads * blinders[1]),
        shared: row.shared.map { onRow * $0 },
        scalars: row.coefficients.map { onRow * $0 } + pads.coefficients.map { onPads * $0 }
          + [-(z + eta * inverse), z, eta * inverse],
        points: row.points + pads.points + reciprocals + quotients),
      right: DeferredMSM(scalars: [.one, eta], points: quotients))
  }

  /// - Complexity: commitments to three rows of max(L, D) field elements.
  package static func prove(
    _ claim: MaskedClaim, row: BlindedRow, pads: BlindedRow, by committer: some RowCommitter,
    over channel: inout ProverChannel
  ) {
    channel.sendBare([row.blinder, pads.blinder], as: .openedBlinder)
    let sum = ShownSum(claim, chi: channel.challenge(.shownBatch))
    let (t, s) = (row.cells, pads.cells)
    let reciprocals = Self.reciprocals(
      length: max(t.count, s.count),
      [
        (claim.rowWeights.product(withReciprocal: t), t.count),
        (RowWeights.product(s, sum.weights), s.count),
      ])
    func commit(_ rows: [[Fr]]) -> [AffinePoint] {
      committer.commit(rows.map { CommitmentRow($0[...], blinder: .zero) })
    }
    channel.sendPoints(commit([reciprocals]), as: .reciprocals)
    let z = channel.challenge(.reciprocalPoint)
    let inverse = z.inverse()
    // ψ(1/x)·t' + ω̂(1/x)·s' − x·S.
    func combined(_ x: Fr, _ reciprocal: Fr) -> [Fr] {
      var polynomial = [Fr](repeating: .zero, count: max(t.count, s.count))
      var cells = polynomial.mutableSpan
      Fr.add(
        t[...], times: claim.rowWeights.polynomial(at: reciprocal), to: &cells, from: 0)
      Fr.add(s[...], times: sum.polynomial(at: reciprocal), to: &cells, from: 0)
      Fr.add(reciprocals[...], times: -x, to: &cells, from: 0)
      return polynomial
    }
    let (first, value) = quotient(combined(z, inverse), by: z)
    let (second, _) = quotient(combined(inverse, z), by: inverse)
    OperationCounter.count(fieldMultiplications: 8 * first.count)
    channel.sendBare([value], as: .quotientValue)
    channel.sendPoints(commit([first, second]), as: .quotients)
    _ = channel.challenge(.quotientsBatch)
  }

  /// S: what powers k and −k have together in a sum of products.
  ///
  /// - Parameters:
  ///   - length: S has a cell less.
  ///   - products: of n cells each, with n; the constant term of one is at n − 1.
  private static func reciprocals(length: Int, _ products: [(cells: [Fr], n: Int)]) -> [Fr] {
    var sums = [Fr](repeating: .zero, count: length - 1)
    for (cells, n) in products {
      for k in 1..<n { sums[k - 1] += cells[n - 1 + k] + cells[n - 1 - k] }
    }
    return sums
  }

  /// (p − p(x))/(X − x), and p(x).
  private static func quotient(_ p: [Fr], by x: Fr) -> (quotient: [Fr], value: Fr) {
    var quotient = [Fr](repeating: .zero, count: max(0, p.count - 1))
    var rest = Fr.zero
    for (place, coefficient) in p.enumerated().reversed() {
      rest = rest * x + coefficient
      if place > 0 { quotient[place - 1] = rest }
    }
    return (quotient, rest)
  }
}

/// ω̂ and û.
private struct ShownSum {
  let weights: [Fr]
  let value: Fr

  init(_ claim: MaskedClaim, chi: Fr) {
    var (weights, value, power) = (claim.padWeights, claim.value, chi)
    for (cell, shown) in zip(claim.plan.opened, claim.shown) {
      weights[cell] = power
      value += power * shown
      power *= chi
    }
    self.weights = weights
    self.value = value
  }

  /// Σ ω̂_i·x^i.
  func polynomial(at x: Fr) -> Fr { weights.reversed().reduce(Fr.zero) { $0 * x + $1 } }
}
