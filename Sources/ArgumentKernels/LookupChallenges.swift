package import Field

/// The challenges of the lookup argument and what follows from them, for rows of K limbs of b bits.
package struct LookupChallenges: Sendable {
  package let alpha: Fr
  package let beta: Fr
  package let betaSquared: Fr
  /// β·2^{−S}: what acc·M counts in φ₀, and a remainder counts less.
  package let scaledBeta: Fr
  /// φ of a low limb's lookup on padding: α + RANGE.
  package let lowLimb: Fr
  /// φ of the top limb's lookup on padding: α + RANGE + β·2^{b−1}.
  package let topLimb: Fr
  /// c₀ = 1/α + (K−1)/(α + RANGE) + 1/(α + RANGE + β·2^{b−1}).
  package let fractionOnPadding: Fr
  /// Πφ there, and its inverse.
  package let productOnPadding: Fr
  package let normalization: Fr

  /// - Parameters:
  ///   - limbs: K.
  ///   - limbBits: b; S = bK.
  ///   - rangeTag: RANGE, the tag of a limb's lookup.
  /// - Returns: nil when a fingerprint on padding is zero (probability below 2^−250).
  package init?(alpha: Fr, beta: Fr, limbs: Int, limbBits: Int, rangeTag: Int64) {
    self.alpha = alpha
    self.beta = beta
    betaSquared = beta * beta
    scaledBeta = beta * Fr(UInt64(1) << UInt64(limbs * limbBits)).inverse()
    let range = Fr(rangeTag)
    lowLimb = alpha + range
    topLimb = lowLimb + beta * Fr(Int64(1) << Int64(limbBits - 1))
    guard !alpha.isZero, !lowLimb.isZero, !topLimb.isZero else { return nil }
    let lowInverse = lowLimb.inverse()
    let ends = alpha.inverse() + topLimb.inverse()
    fractionOnPadding = ends + Fr(Int64(limbs - 1)) * lowInverse
    var product = alpha * topLimb
    for _ in 1..<limbs { product *= lowLimb }
    productOnPadding = product
    normalization = productOnPadding.inverse()
  }

  package func fingerprint(_ tag: Fr, _ input: Fr, _ output: Fr) -> Fr {
    alpha + tag + beta * input + betaSquared * output
  }
}
