package import Curve
package import Field

/// Writes a proof: every scalar goes out under its own pad. The prover speaks by `send` and `draw`;
/// as a `Channel` it replays what it said to the verifier's code.
package struct ProverChannel: Channel {
  package private(set) var transcript: Transcript
  package private(set) var proof: [UInt8] = []
  private let plan: PadPlan
  private let pads: [Fr]
  private var sent: [Fr] = []
  private var drawn: [Fr] = []
  private var replayedScalars = 0
  private var replayedChallenges = 0
  private var products: ProductCursor
  package private(set) var equations: [Form] = []
  /// A test's lever to lie in what is said: given the label, the cell of the first scalar's pad and
  /// the scalars, it returns those that are padded and sent.
  package var alter: (@Sendable (Label, Int, [Fr]) -> [Fr])?

  /// - Parameter pads: one uniform scalar per message of the plan, never used before.
  package init(transcript: Transcript, plan: PadPlan, pads: [Fr]) {
    precondition(pads.count == plan.messages, "one pad per message")
    self.transcript = transcript
    self.plan = plan
    self.pads = pads
    self.products = ProductCursor(next: plan.messages)
  }

  /// Sends scalars, each plus its pad.
  package mutating func send(_ scalars: [Fr], as label: Label) {
    let scalars = alter?(label, sent.count, scalars) ?? scalars
    let padded = scalars.enumerated().map { $1 + pads[sent.count + $0] }
    sent += padded
    sendBare(padded, as: label)
  }
  /// Sends scalars that hide nothing.
  package mutating func sendBare(_ scalars: [Fr], as label: Label) {
    write(scalars.flatMap(\.bigEndianBytes), as: label)
  }
  package mutating func sendPoints(_ points: [AffinePoint], as label: Label) {
    write(points.flatMap(\.compressed), as: label)
  }
  private mutating func write(_ bytes: [UInt8], as label: Label) {
    transcript.absorb(label, bytes)
    proof += bytes
  }
  /// What a form is: its cells are this prover's pads and their products.
  package func value(of form: Form) -> Fr {
    form.parts.reduce(form.constant) { sum, part in
      guard part.cell >= plan.messages else { return sum + part.coefficient * pads[part.cell] }
      let product = plan.products[part.cell - plan.messages]
      return sum + part.coefficient * pads[product.left] * pads[product.right]
    }
  }
  /// A challenge for the prover; the verifier's code will be given the same.
  package mutating func draw(_ count: Int, _ label: Label) -> [Fr] {
    let fresh = transcript.challenges(count, label)
    drawn += fresh
    return fresh
  }

  package mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [Form] {
    let first = replayedScalars
    replayedScalars += count
    return (first..<replayedScalars).map {
      Form(sent[$0], [.init(cell: $0, coefficient: -Fr.one)])
    }
  }
  package mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    if replayedChallenges == drawn.count { _ = draw(count, label) }
    defer { replayedChallenges += count }
    return Array(drawn[replayedChallenges..<replayedChallenges + count])
  }
  package mutating func product(_ a: Form, _ b: Form) -> Form {
    multiply(a, b) { _, _ in products.take() }
  }
  package mutating func require(zero: Form) { equations.append(zero) }
}
