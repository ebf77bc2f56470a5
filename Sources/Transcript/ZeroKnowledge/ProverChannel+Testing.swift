package import Field

/// What only tests ask of a prover's channel.
extension ProverChannel {
  /// Given the label, the cell of the first scalar's pad and the scalars that the prover would
  /// send, returns those that are padded and sent.
  package typealias Alteration = @Sendable (Label, Int, [Fr]) -> [Fr]

  /// A lever to lie in what is said; nil, and so no lever, wherever a proof is meant.
  package var alter: Alteration? {
    get { alteration }
    set { alteration = newValue }
  }
}
