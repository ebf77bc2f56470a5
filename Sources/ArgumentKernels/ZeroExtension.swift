package import Field

/// Σ p·l under a sum-check over more variables than p and l have, both being zero where one of the
/// first ones is not: while these are bound a round polynomial is s(X) = S·(1 − X)².
package enum ZeroExtension {
  /// a₁ = −2S and a₂ = S.
  package static func coefficients(_ sum: Fr) -> (Fr, Fr) { (-sum.doubled(), sum) }

  /// What the sum is times once such a variable is x.
  package static func factor(_ x: Fr) -> Fr { (.one - x).squared() }
}
