package import Curve
package import Field

/// The verifier's side of a conversation, whoever runs it: the verifier on a proof, the prover on
/// what it has just said (so that claims have one definition), or the planner on no proof at all.
package protocol Channel {
  /// The next `count` padded scalars, as forms: what was read, less its pad.
  mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [Form]
  mutating func challenges(_ count: Int, _ label: Label) -> [Fr]
  /// The product of two quantities that hang on one pad each:
  /// (c₁ + k₁s₁)(c₂ + k₂s₂) = c₁c₂ + c₁k₂s₂ + c₂k₁s₁ + k₁k₂p₁₂, p₁₂ a committed cell.
  mutating func product(_ a: Form, _ b: Form) -> Form
  /// An equation of the verifier: the form must be zero. Settled by the opening.
  mutating func require(zero: Form)
}

extension Channel {
  package mutating func challenge(_ label: Label) -> Fr { challenges(1, label)[0] }

  fileprivate func multiply(_ a: Form, _ b: Form, cell: (Int, Int) -> Int) -> Form {
    var form = Form(a.constant * b.constant)
    for part in b.parts {
      form.parts.append(.init(cell: part.cell, coefficient: part.coefficient * a.constant))
    }
    for part in a.parts {
      form.parts.append(.init(cell: part.cell, coefficient: part.coefficient * b.constant))
    }
    for left in a.parts {
      for right in b.parts {
        form.parts.append(
          .init(
            cell: cell(left.cell, right.cell), coefficient: left.coefficient * right.coefficient))
      }
    }
    return form
  }
}

/// Products are asked for in one fixed order, so the k-th is cell `messages + k`.
private struct ProductCursor: Sendable {
  var next: Int
  mutating func take() -> Int {
    defer { next += 1 }
    return next
  }
}

/// Runs the verifier on nothing and notes what it asks for.
package struct PlanningChannel: Channel {
  package private(set) var plan = PadPlan()

  package init() {}

  package mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [Form] {
    let first = plan.messages
    plan.listing.append(.init(label: label, count: count))
    return (0..<count).map { Form(.zero, [.init(cell: first + $0, coefficient: -Fr.one)]) }
  }
  package mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    // Any values that make no denominator vanish: the shape does not depend on them.
    (0..<count).map { Fr(UInt64(1_000_003 + 7919 * $0 + 104_729 * Int(label.rawValue))) }
  }
  package mutating func product(_ a: Form, _ b: Form) -> Form {
    for left in a.parts {
      for right in b.parts {
        plan.products.append(.init(left: left.cell, right: right.cell))
      }
    }
    return Form(a.constant * b.constant)
  }
  package mutating func require(zero: Form) {}
}

/// Reads a proof.
package struct VerifierChannel: Channel {
  package var transcript: Transcript
  private var reader: ProofReader
  private let plan: PadPlan
  private var message = 0
  private var products: ProductCursor
  /// The verifier's equations, each to be zero.
  package private(set) var equations: [Form] = []

  package init(transcript: Transcript, proof: ProofReader, plan: PadPlan) {
    self.transcript = transcript
    self.reader = proof
    self.plan = plan
    self.products = ProductCursor(next: plan.messages)
  }

  package mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [Form] {
    let scalars = try receiveBare(count, as: label)
    defer { message += count }
    return scalars.enumerated().map {
      Form($1, [.init(cell: message + $0, coefficient: -Fr.one)])
    }
  }
  /// Scalars that carry no pad: the opening's.
  package mutating func receiveBare(_ count: Int, as label: Label) throws(ProofError) -> [Fr] {
    let (scalars, bytes) = try reader.scalars(count, as: label)
    transcript.absorb(label, bytes)
    return scalars
  }
  package mutating func receivePoints(_ count: Int, as label: Label) throws(ProofError)
    -> [AffinePoint]
  {
    let (points, bytes) = try reader.points(count, as: label)
    transcript.absorb(label, bytes)
    return points
  }
  package mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    transcript.challenges(count, label)
  }
  package mutating func product(_ a: Form, _ b: Form) -> Form {
    multiply(a, b) { _, _ in products.take() }
  }
  package mutating func require(zero: Form) { equations.append(zero) }
  /// Refuses trailing bytes.
  package func finish() throws(ProofError) { try reader.finish() }
}

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
