/// By what a key's commitments and proofs are made, all of it: the group and how its generators come about,
/// the hash of the transcript, the form of look-ups and of openings, and the limits of each.
///
/// A key names its scheme before anything else, and all its bytes and those of its proofs are read by it;
/// a proof never chooses one. Every seam has one place: `implementation` for commitments and openings,
/// `transcript` for the hash, `CircuitArgument` for the look-ups.
///
/// Written down in docs/protocol/transcript.md#scheme-identity.
package enum ProofScheme: UInt8, Hashable, Sendable, CaseIterable {
  /// No set-up: Pedersen commitments over BN254's G1 with generators hashed to the curve, SHA-256, sums of
  /// fractions of which the inverses are committed to, and an inner product folded by halves.
  case transparent = 1

  /// What a transcript absorbs first, and what secrets are drawn under.
  package var identity: [UInt8] {
    switch self {
    case .transparent: Array("BN254 G1 hashed, SHA-256, inverses, halving".utf8)
    }
  }
}
