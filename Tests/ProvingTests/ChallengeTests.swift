import ArgumentKernels
import Arguments
import Commitment
import ConstraintSystem
import Curve
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification

/// Every challenge is of all that was said before it: what comes before a challenge cannot be made to fit it.
struct ChallengeTests {
  private struct Message {
    var label: Label
    /// Among the elements of the body.
    var elements: Range<Int>
  }

  private struct Draw {
    var label: Label
    var value: Fr
    /// Elements that were heard before.
    var heard: Int
  }

  /// A verifier that notes what it hears and draws.
  private struct Listener: Channel {
    var channel: VerifierChannel
    private(set) var messages: [Message] = []
    private(set) var draws: [Draw] = []

    init(_ channel: VerifierChannel) { self.channel = channel }

    private var heard: Int { messages.last?.elements.upperBound ?? 0 }

    private mutating func note(_ count: Int, _ label: Label) {
      messages.append(Message(label: label, elements: heard..<heard + count))
    }
    mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [MaskedValue] {
      note(count, label)
      return try channel.receive(count, as: label)
    }
    mutating func scalars(_ count: Int, as label: Label) throws {
      note(count, label)
      _ = try channel.receiveBare(count, as: label)
    }
    mutating func points(_ count: Int, as label: Label) throws {
      note(count, label)
      _ = try channel.receivePoints(count, as: label)
    }
    mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
      let values = channel.challenges(count, label)
      draws += values.map { Draw(label: label, value: $0, heard: heard) }
      return values
    }
    mutating func draw(_ label: Label) { _ = challenges(1, label) }
    mutating func product(_ a: MaskedValue, _ b: MaskedValue) -> MaskedValue {
      channel.product(a, b)
    }
    mutating func require(zero: MaskedValue) { channel.require(zero: zero) }
  }

  private struct Argument {
    var body: [UInt8]
    var statement: Statement
    var layout: ProofLayout
    var key: VerifierKey

    var transcript: Transcript { statement.transcript(key: key) }

    /// The verifier's last challenge.
    func seal() throws -> Fr {
      func seal(by scheme: some RowCommitmentScheme) throws -> Fr {
        try Verifier.argue(
          body, statement: statement, as: layout, by: scheme, transcript: transcript
        )
        .seal
      }
      return try seal(by: layout.system.parameters.scheme.implementation)
    }

    /// All that a verifier of it hears and draws, in order.
    func heard() throws -> Listener {
      let (system, plan) = (layout.system, layout.plan)
      var listener = Listener(
        VerifierChannel(transcript: transcript, proof: ProofReader(body), plan: plan))
      try listener.points(1, as: .pads)
      try listener.points(layout.rows.phaseOne.count, as: .phaseOneRows)
      let drawn = listener.challenges(2, .lookup)
      let lookup = try #require(
        LookupChallenges(alpha: drawn[0], beta: drawn[1], parameters: system.parameters))
      try listener.points(layout.rows.phaseTwo.count, as: .phaseTwoRows)
      _ = try CircuitArgument.verify(
        layout.shape, lookup: lookup, known: statement.tensors(on: system), over: &listener)
      listener.draw(.equationsBatch)
      listener.draw(.productsBatch)
      try listener.points(1, as: .maskRow)
      try listener.points(1, as: .maskPads)
      try listener.scalars(2, as: .crossTerms)
      listener.draw(.openingChallenge)
      try listener.scalars(plan.opened.count, as: .openedPads)
      try listener.scalars(1, as: .openedValue)
      if system.parameters.scheme.usesPowers {
        try listener.scalars(2, as: .openedBlinder)
        listener.draw(.shownBatch)
        try listener.points(1, as: .reciprocals)
        listener.draw(.reciprocalPoint)
        try listener.scalars(1, as: .quotientValue)
        try listener.points(2, as: .quotients)
        listener.draw(.quotientsBatch)
        listener.draw(.seal)
        try listener.channel.finish()
        return listener
      }
      listener.draw(.commitmentsBatch)
      try listener.scalars(1, as: .openedBlinder)
      listener.draw(.innerProductScale)
      let length = system.commitmentRowLength + plan.folded.count
      for _ in 0..<InnerProduct.rounds(length) {
        try listener.points(2, as: .innerProductRound)
        listener.draw(.innerProductChallenge)
      }
      try listener.scalars(InnerProduct.remaining(length), as: .innerProductVector)
      listener.draw(.seal)
      try listener.channel.finish()
      return listener
    }
  }

  /// Between them they say and draw all that a proof can. `wide` has a tree, `convnet` merges terms, hidden
  /// tensors of `sequence` are padded.
  private static func arguments() throws -> [(name: String, argument: Argument)] {
    var all: [(String, Argument)] = []
    for name in ["mlp", "wide", "convnet", "sequence", "chain"] {
      let fixture =
        switch name {
        case "sequence": try Fixture(Circuits.sequence())
        case "chain": try Fixture(Circuits.mlp(input: .committed).over(.knownSRS))
        default: try Fixture.named(name)
        }
      let proof = try fixture.proof(context: [1])
      all.append(
        (
          name,
          Argument(
            body: proof.body, statement: proof.statement, layout: fixture.shape,
            key: fixture.key.verifier)
        ))
    }
    let fixture = try Fixture.named("mlp")
    let part = try #require(try ModelRangeCircuit.parts(of: fixture.key.system).first)
    all.append(
      (
        "key",
        Argument(
          body: try Prover.keyProof(fixture.key).bodies[0],
          statement: KeyProof.statement(part: 0, of: part.system), layout: ProofLayout(part),
          key: fixture.key.verifier)
      ))
    return all
  }

  @Test func `every challenge depends on every message before it, and on none after`() throws {
    let points: Set<Label> = [
      .pads, .phaseOneRows, .phaseTwoRows, .maskRow, .maskPads, .innerProductRound, .reciprocals,
      .quotients,
    ]
    for (name, argument) in try Self.arguments() {
      let honest = try argument.heard()
      // This is the order of the verifier: its last challenge is of all before it.
      #expect(honest.draws.last?.value == (try argument.seal()))
      var wrong: [String] = []
      for message in honest.messages {
        for element in Set([message.elements.lowerBound, message.elements.upperBound - 1]) {
          var altered = argument
          // The sign of a point, the last bit of a scalar: still canonical.
          let isPoint = points.contains(message.label)
          altered.body[isPoint ? 32 * element : 32 * element + 31] ^= isPoint ? 0x40 : 1
          let other = try altered.heard()
          for (one, two) in zip(honest.draws, other.draws)
          where (one.value == two.value) != (element >= one.heard) {
            wrong.append("\(one.label) after \(message.label)")
          }
        }
      }
      #expect(wrong.isEmpty, "\(name)")
    }
  }

  @Test func `challenges of a proof are all different, and none is of another context`() throws {
    for (name, argument) in try Self.arguments() {
      let draws = try argument.heard().draws.map(\.value)
      #expect(Set(draws).count == draws.count, "\(name)")
      var altered = argument
      altered.statement.context.append(7)
      #expect(Set(draws).isDisjoint(with: try altered.heard().draws.map(\.value)), "\(name)")
    }
  }

  /// A new label has to be in one of these proofs, or among those of a statement, a reveal or a batch.
  @Test func `every message and every challenge occurs`() throws {
    var seen = Set<Label>()
    for (_, argument) in try Self.arguments() {
      let heard = try argument.heard()
      seen.formUnion(heard.messages.map(\.label))
      seen.formUnion(heard.draws.map(\.label))
    }
    let elsewhere: Set<Label> = [
      .scheme, .keyDigest, .inferences, .context, .counts, .publicTensors, .committedTensors,
      .keyProof, .reveal, .revealPort, .revealPlaces, .revealValues, .revealGroup, .revealBatch,
      .proofSeals, .proofsBatch,
    ]
    #expect(seen == Set(Label.allCases).subtracting(elsewhere))
  }
}
