import Compute
package import Curve
package import Field

/// Writes a proof: every scalar goes out under its own pad, and a challenge is drawn when all
/// before it has been said.
///
/// It keeps what it said and drew, which a `ReplayChannel` gives to the verifier's code.
package struct ProverChannel: Sendable {
  package private(set) var transcript: Transcript
  package private(set) var proof: [UInt8] = []
  let plan: PadLayout
  @Erased private var pads: [Fr]
  /// Scalars with their pads, as they were sent, and all challenges.
  private(set) var sent: [Fr] = []
  private(set) var drawn: [Fr] = []
  /// Empty but in tests; see `ProverChannel+Testing`.
  var alteration: Alteration?

  /// - Parameter pads: one uniform scalar per message of the plan, never used before.
  package init(transcript: Transcript, plan: PadLayout, pads: [Fr]) {
    precondition(pads.count == plan.messages, "one pad per message")
    self.transcript = transcript
    self.plan = plan
    self.pads = pads
  }

  /// Sends scalars, each plus its pad.
  package mutating func send(_ scalars: [Fr], as label: Label) {
    let scalars = alteration?(label, sent.count, scalars) ?? scalars
    let padded = scalars.enumerated().map { $1 + pads[sent.count + $0] }
    sent += padded
    sendBare(padded, as: label)
  }

  /// Sends scalars that hide nothing.
  package mutating func sendBare(_ scalars: [Fr], as label: Label) {
    write(scalars.flatMap(\.bigEndianBytes), as: label)
  }

  package mutating func sendPoints(_ points: [AffinePoint], as label: Label) {
    let bytes = points.flatMap(\.compressed)
    transcript.absorb(label, points, compressed: bytes)
    proof += bytes
  }

  private mutating func write(_ bytes: [UInt8], as label: Label) {
    transcript.absorb(label, bytes)
    proof += bytes
  }

  /// Challenges that depend on everything sent so far.
  package mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    let fresh = transcript.challenges(count, label)
    drawn += fresh
    return fresh
  }

  package mutating func challenge(_ label: Label) -> Fr { challenges(1, label)[0] }

  /// What a form is worth: its cells are this prover's pads and their products.
  package func value(of form: MaskedValue) -> Fr {
    form.parts.reduce(form.constant) { sum, part in
      guard part.cell >= plan.messages else { return sum + part.coefficient * pads[part.cell] }
      let product = plan.products[part.cell - plan.messages]
      return sum + part.coefficient * pads[product.left] * pads[product.right]
    }
  }
}
