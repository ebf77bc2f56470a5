package import ArgumentKernels
package import ConstraintSystem
package import Field

extension LookupChallenges {
  /// - Returns: nil when a fingerprint on padding is zero (probability below 2^−250).
  package init?(alpha: Fr, beta: Fr, parameters: Parameters) {
    self.init(
      alpha: alpha, beta: beta, limbs: parameters.limbs, limbBits: parameters.limbBits,
      rangeTag: Table.rangeTag)
  }
}
