package import Field
import Compute
package import Transcript

// Sum-check: reduces Σ_{x ∈ {0,1}ⁿ} g(x) = claim to one evaluation g(r).
//   round i     P → V   a₁, …, a_d       the round polynomial's coefficients but the constant one
//               V → P   rᵢ               then claim ← sᵢ(rᵢ)
//   plain       a₀ = (claim − Σ aⱼ) / 2            from s(0) + s(1) = claim
//   zero-check  a₀ = claim − τᵢ · Σ aⱼ             from (1 − τᵢ)s(0) + τᵢ·s(1) = claim, eq(τᵢ, ·)
//                                                  being factored out of the round
//   owes        the caller settles g(r) = the form returned; without that nothing is proven
//   soundness   n·d / |F|   [LFKN92]; eq factored out as in [Gruen24]
//
// Written down in docs/protocol/arguments.md#sum-check.
package enum Sumcheck {
  /// How a protocol calls its rounds in the transcript.
  package typealias Labels = (round: Label, challenge: Label)

  /// Verifies the rounds of a sum, one per variable.
  ///
  /// - Parameters:
  ///   - degree: of g in each variable.
  ///   - point: τ for a zero-check, nil for a plain sum.
  /// - Returns: r, and what g(r) must be.
  package static func verify<C: Channel>(
    _ claim: MaskedValue, rounds: Int, degree: Int, zeroCheckAt point: [Fr]? = nil, labels: Labels,
    over channel: inout C
  ) throws(ProofError) -> (point: [Fr], value: MaskedValue) {
    var (claim, r) = (claim, [Fr]())
    for round in 0..<rounds {
      let sent = try channel.receive(degree, as: labels.round)
      let x = channel.challenge(labels.challenge)
      // s(x) = a₀ + Σ aⱼxʲ, with a₀ as above: each coefficient enters at xʲ − τᵢ or xʲ − ½.
      let constant = point?[round] ?? half
      if point == nil {
        OperationCounter.count(overKey: claim.parts.count + 1)
        claim = claim * half
      }
      var power = x
      for coefficient in sent {
        claim += coefficient * (power - constant)
        power *= x
      }
      r.append(x)
    }
    return (r, claim)
  }

  /// Proves the rounds of a sum, one per variable.
  ///
  /// - Parameters:
  ///   - claim: Σ g, times eq(τ, ·) in a zero-check.
  ///   - g: has no variable left afterwards.
  ///   - point: τ for a zero-check, nil for a plain sum.
  /// - Returns: r.
  /// - Throws: `ProofError.cancelled` in a job that is.
  package static func prove<P: SumcheckPolynomial>(
    _ claim: Fr, of g: inout P, rounds: Int, zeroCheckAt point: [Fr]? = nil, labels: Labels,
    over channel: inout ProverChannel
  ) throws(ProofError) -> [Fr] {
    var (claim, r) = (claim, [Fr]())
    for round in 0..<rounds {
      try Job.check(else: ProofError.cancelled)
      let sent = g.message(claim: claim)
      channel.send(sent, as: labels.round)
      let x = channel.challenge(labels.challenge)
      claim = next(sent, claim: claim, tau: point?[round], at: x)
      g.bind(x)
      r.append(x)
    }
    return r
  }

  /// s(x) for the coefficients sent and the claim they answer.
  private static func next(_ sent: [Fr], claim: Fr, tau: Fr?, at x: Fr) -> Fr {
    let sum = sent.reduce(Fr.zero, +)
    var value = tau.map { claim - $0 * sum } ?? (claim - sum) * half
    var power = x
    for coefficient in sent {
      value += coefficient * power
      power *= x
    }
    return value
  }

  /// a₁, a₂ of a round of a zero-check of degree 2 from s(0) and a₂; s(1) follows from the claim.
  ///
  /// - Parameter inverse: of τᵢ.
  static func quadratic(low: Fr, leading: Fr, claim: Fr, tau: Fr, inverse: Fr) -> [Fr] {
    let high = (claim - (.one - tau) * low) * inverse
    return [high - low - leading, leading]
  }

  package static let half: Fr = Fr(UInt64(2)).inverse()
}

/// g of a sum-check as its prover holds it, some of its variables bound already.
package protocol SumcheckPolynomial {
  /// a₁, …, a_d of the round polynomial s of the first variable that is not bound.
  ///
  /// - Parameter claim: what the round is about: s(0) + s(1), or in a zero-check (1 − τᵢ)s(0) +
  ///   τᵢ·s(1). It saves evaluating one end; a polynomial that evaluates both has no use for it.
  mutating func message(claim: Fr) -> [Fr]

  /// Fixes that variable.
  mutating func bind(_ x: Fr)
}
