/// What only tests ask of a transcript.
extension Transcript {
  /// A tape of challenges that no message changes, for tests of the simulator and of what a proof
  /// reveals.
  ///
  /// It proves nothing, and no prover or verifier makes one.
  package init(tape seed: [UInt8]) { self.init(beginning: seed, listens: false) }
}
