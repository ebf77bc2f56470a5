import ConstraintSystem
import Foundation
import Proving
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// A network whose state goes round: 16 committed values in, 16 committed values out.
struct ChainTests {
  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  private static func network(seed: UInt64 = 1) throws -> ModelProver {
    let circuit = Circuits.mlp([16, 8, 16], input: .committed, output: .committed, seed: seed)
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    return try ModelProver(FileFormat.wrap(.prover, key.encoded))
  }

  private static func arrays(_ state: [Int64]) throws -> NamedArrays {
    try NamedArrays(state, shape: [16])
  }

  private static func next(_ state: [Int64], _ prover: ModelProver) throws -> [Int64] {
    try #require(prover.run(arrays(state), lastSteps: false).integers)
  }

  private struct Steps {
    var proofs: [[UInt8]] = []
    var openings: [CommitmentOpening] = []
    /// Before each step, and after the last.
    var states: [[Int64]]
  }

  /// - Parameter branch: steps that come before, whose last state this goes on from.
  private static func steps(
    _ count: Int, of prover: ModelProver, session: String = "monday",
    from first: [Int64] = [Int64](repeating: 0, count: 16), after branch: Steps? = nil
  ) throws -> Steps {
    var steps = branch ?? Steps(states: [first])
    for _ in 0..<count {
      var context = ChainContext(session: Array(session.utf8))
      for proof in steps.proofs { context = context.next(after: proof) }
      let state = steps.states[steps.states.count - 1]
      let (proof, opening, _) = try prover.proveOpening(
        arrays(state), context: context.bytes,
        commitments: [steps.openings.last.map { .reusing($0) } ?? .declared()])
      steps.proofs.append(proof)
      steps.openings.append(opening)
      steps.states.append(try next(state, prover))
    }
    return steps
  }

  private static func failure(
    _ proofs: [[UInt8]], _ verifier: ModelVerifier, session: String = "monday",
    steps: Int? = nil, states: [ChainState] = [ChainState()]
  ) -> ChainFailure? {
    do throws(ChainFailure) {
      _ = try verifier.verifyChain(
        proofs, session: Array(session.utf8), steps: steps ?? proofs.count, states: states)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a chain holds, and nothing that is not one does`() throws {
    let prover = try Self.network()
    let verifier = prover.verifier
    let chain = try Self.steps(4, of: prover)
    let proofs = chain.proofs
    #expect(Self.failure(proofs, verifier) == nil)
    // Each of the proofs holds by itself: it is the chain that is refused.
    #expect(try verifier.verifyAll(proofs).allSatisfy { (try? $0.get()) != nil })

    // A step dropped, exchanged, repeated; of another session; the tail cut.
    #expect(
      Self.failure([proofs[0], proofs[2], proofs[3]], verifier)
        == .otherStep(place: 1, actual: 2))
    #expect(
      Self.failure([proofs[0], proofs[2], proofs[1], proofs[3]], verifier)
        == .otherStep(place: 1, actual: 2))
    #expect(
      Self.failure([proofs[0], proofs[1], proofs[1], proofs[2]], verifier)
        == .otherStep(place: 2, actual: 1))
    #expect(Self.failure(Array(proofs.dropFirst()), verifier) == .otherStep(place: 0, actual: 1))
    #expect(
      Self.failure(proofs, verifier, session: "tuesday") == .otherSession(step: 0, "\"monday\""))
    let other = try Self.steps(4, of: prover, session: "tuesday")
    #expect(
      Self.failure([proofs[0], other.proofs[1]] + proofs[2...], verifier)
        == .otherSession(step: 1, "\"tuesday\""))
    #expect(
      Self.failure(Array(proofs.dropLast()), verifier, steps: 4) == .steps(given: 3, expected: 4))
    let plain = try prover.prove(Self.arrays(chain.states[0]))
    #expect(Self.failure([plain], verifier) == .noChain(step: 0))
    // One that is damaged.
    var damaged = proofs
    damaged[2][damaged[2].count - 1] ^= 1
    #expect(Self.failure(damaged, verifier) == .step(2, .refused(.commitments)))

    // Without the length that the verifier asks for, a cut chain is a chain.
    #expect(Self.failure(Array(proofs.dropLast()), verifier) == nil)
  }

  @Test func `a step, a reveal and a chain can be awaited`() async throws {
    let prover = try Self.network()
    let context = ChainContext(session: Array("monday".utf8))
    let first = try Self.arrays([Int64](repeating: 0, count: 16))
    let job = JobOptions(maximumConcurrency: 1)
    let (proof, opening, _) = try await prover.proveOpening(
      first, context: context.bytes, commitments: [.declared()], job: job)
    let inferences = try await prover.verifier.verifyChain(
      [proof], session: Array("monday".utf8), steps: 1, job: job)
    let reveal = try await prover.reveal([3], inputs: first, opening: opening, job: job)
    let told = try prover.verifier.verify(reveal: reveal, of: try #require(inferences.first))
    let expected = try Self.next([Int64](repeating: 0, count: 16), prover)
    #expect(told.integers == [expected[3]])
  }

  /// Two branches from one state are both chains: only who keeps the head of each session can tell.
  @Test func `a fork is two chains, told apart by their heads alone`() throws {
    let prover = try Self.network()
    let trunk = try Self.steps(2, of: prover)
    let one = try Self.steps(1, of: prover, after: trunk)
    let two = try Self.steps(1, of: prover, after: trunk)
    for branch in [one, two] { #expect(Self.failure(branch.proofs, prover.verifier) == nil) }
    let heads = [one, two].map { ChainContext.digest(of: $0.proofs[2]) }
    #expect(heads[0] != heads[1])
    // A step of one branch does not follow the other's.
    let longer = try Self.steps(1, of: prover, after: one)
    #expect(
      Self.failure(two.proofs + [longer.proofs[3]], prover.verifier)
        == .otherPrevious(step: 3))
  }

  @Test func `a step that begins with another state is refused`() throws {
    let prover = try Self.network()
    let trunk = try Self.steps(1, of: prover)
    let context = ChainContext(session: Array("monday".utf8)).next(after: trunk.proofs[0])
    // The state is another one, or the same under blinders of its own.
    for state in [trunk.states[0], trunk.states[1]] {
      let proof = try prover.prove(Self.arrays(state), context: context.bytes)
      // Its context is right: the commitments alone tell.
      #expect(
        Self.failure(trunk.proofs + [proof], prover.verifier)
          == .tie(step: 1, .otherTensor("x", other: "l1")))
    }
    #expect(throws: TacitError.opening(.otherTensor("x"))) {
      try prover.proveOpening(
        Self.arrays([5] + trunk.states[1].dropFirst()),
        commitments: [.reusing(trunk.openings[0])])
    }
  }

  @Test func `a first state is the declared one`() throws {
    let prover = try Self.network()
    let verifier = prover.verifier
    let first = (0..<16).map { Int64($0) - 8 }
    let chain = try Self.steps(2, of: prover, from: first)
    let refused = ChainFailure.tie(
      step: 0, .otherTensor("x", other: "the first state that was declared"))
    #expect(Self.failure(chain.proofs, verifier) == refused)
    #expect(Self.failure(chain.proofs, verifier, states: [ChainState(first: first)]) == nil)
    let states = try verifier.chainStates([TensorTie()], first: Self.arrays(first))
    #expect(states == [ChainState(first: first)])
    #expect(
      Self.failure(
        chain.proofs, verifier, states: [ChainState(first: Array(first.reversed()))]) == refused)
    #expect(
      Self.failure(chain.proofs, verifier, states: [ChainState(first: [1])])
        == .tie(step: 0, .declared("x", values: 1, expected: 16)))
    // Committed to under blinders of its own it is not what a verifier makes by itself.
    let hidden = try prover.prove(
      Self.arrays([Int64](repeating: 0, count: 16)),
      context: ChainContext(session: Array("monday".utf8)).bytes)
    #expect(Self.failure([hidden], verifier) == refused)
  }

  @Test func `a chain is of the model that is asked for`() throws {
    let (prover, other) = (try Self.network(), try Self.network(seed: 2))
    let (own, strange) = (prover.verifier.modelID, other.verifier.modelID)
    let chain = try Self.steps(1, of: prover)
    let session = Array("monday".utf8)
    _ = try prover.verifier.verifyChain(chain.proofs, session: session, steps: 1, modelID: own)
    #expect(throws: ChainFailure.verification(.pinnedModel(expected: strange, key: own))) {
      try prover.verifier.verifyChain(chain.proofs, session: session, steps: 1, modelID: strange)
    }
  }

  /// What is declared is committed to by whoever knows it, so that models at any scale have the points.
  @Test func `the same points at another scale are no tie`() throws {
    var circuit = Circuits.mlp([16, 8, 16], input: .committed, output: .committed)
    circuit.system.inputs[0].scale = 0.25
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    let other = try ModelProver(FileFormat.wrap(.prover, key.encoded))
    let prover = try Self.network()
    let state = (0..<16).map { Int64($0) - 8 }
    func inference(_ prover: ModelProver) throws -> VerifiedInference {
      let (proof, _, _) = try prover.proveOpening(
        Self.arrays(state), commitments: [.declared()])
      return try prover.verifier.verify(proof)
    }
    let (one, two) = (try inference(prover).inputs[0], try inference(other).inputs[0])
    #expect(one.commitment == two.commitment)
    #expect(
      throws: TieFailure.otherPort("x", other: "x", differences: ["scale 0.5, not 0.25"])
    ) { try one.confirm(sameAs: two) }
    try one.confirm(sameAs: try inference(prover).inputs[0])
  }

  @Test func `one of several tensors is named, or there is no tie`() throws {
    var circuit = Circuits.mlp([16, 8, 16], input: .committed, output: .committed)
    var hidden = circuit.system.outputs[0]
    (hidden.name, hidden.blocks, hidden.shape) = ("l0", [1], [8])
    circuit.system.outputs.append(hidden)
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    let prover = try ModelProver(FileFormat.wrap(.prover, key.encoded))
    let state = (0..<16).map { Int64($0) - 8 }
    let inference = try prover.verifier.verify(prover.prove(Self.arrays(state)))
    #expect(throws: TieFailure.several(.output, ["l1", "l0"])) {
      try inference.confirm(to: inference)
    }
  }

  @Test func `a reveal is of a proof of its model`() throws {
    let (prover, other) = (try Self.network(), try Self.network(seed: 2))
    let state = try Self.arrays((0..<16).map { Int64($0) - 8 })
    let (_, opening, _) = try prover.proveOpening(state)
    let reveal = try prover.reveal([3], inputs: state, opening: opening)
    let strange = try other.verifier.verify(other.prove(state))
    #expect(
      throws: VerificationFailure.otherModel(
        proof: other.verifier.modelID, key: prover.verifier.modelID)
    ) { try prover.verifier.verify(reveal: reveal, of: strange) }
  }

  @Test func `contexts of steps are read as they were written`() throws {
    let first = ChainContext(session: [1, 2, 3])
    let second = first.next(after: [UInt8](repeating: 9, count: 40))
    for context in [first, second, ChainContext(session: [])] {
      #expect(ChainContext(context.bytes) == context)
      #expect(ChainContext(context.bytes.dropLast()) == nil)
      #expect(ChainContext(context.bytes + [0]) == nil)
    }
    #expect(second.step == 1 && second.previous != first.previous)
    // A session cannot be continued into what follows it.
    #expect(ChainContext(session: [1, 2]).bytes + [3] != first.bytes)
    #expect(ChainContext(Array("tacit chain 1".utf8)) == nil)
    #expect(ChainContext([]) == nil)
  }

  @Test func `two models are tied by what one gives and the other takes`() throws {
    let (body, head) = (try Self.network(), try Self.network(seed: 2))
    let state = (0..<16).map { Int64($0) - 8 }
    let (proof, opening, _) = try body.proveOpening(Self.arrays(state))
    let middle = try Self.next(state, body)
    let tied = try head.proveOpening(
      Self.arrays(middle), commitments: [.reusing(opening, input: "x")]
    ).proof
    let free = try head.prove(Self.arrays(middle))
    let before = try body.verifier.verify(proof)
    let after = try head.verifier.verify(tied)
    try after.confirm(to: before)
    try after.confirm([TensorTie(input: "x", output: "l1")], to: before)
    #expect(throws: TieFailure.otherTensor("x", other: "l1")) {
      try head.verifier.verify(free).confirm(to: before)
    }
    #expect(throws: TieFailure.unknown(.input, "y", known: ["x"])) {
      try after.confirm([TensorTie(input: "y")], to: before)
    }
    #expect(throws: TieFailure.otherTensor("x", other: "l1")) {
      try before.confirm(to: after)
    }
    // The same input of two proofs.
    #expect(throws: TieFailure.otherTensor("x", other: "x")) {
      try after.inputs[0].confirm(sameAs: before.inputs[0])
    }
    // At another scale the same points are another tensor.
    var circuit = Circuits.mlp([16, 8, 16], input: .committed, output: .committed)
    circuit.system.inputs[0].scale = 0.25
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    let other = try ModelProver(FileFormat.wrap(.prover, key.encoded))
    #expect(
      throws: TacitError.opening(
        .otherPort(
          "x",
          tensors: [#""x" has scale 0.5, not 0.25"#, #""l1" has scale 0.5, not 0.25"#]))
    ) {
      try other.proveOpening(Self.arrays(middle), commitments: [.reusing(opening)])
    }
  }

  @Test func `values are told, and those of no other tensor`() throws {
    let prover = try Self.network()
    let state = (0..<16).map { Int64($0) - 8 }
    let (proof, opening, _) = try prover.proveOpening(Self.arrays(state))
    let output = try Self.next(state, prover)
    let inference = try prover.verifier.verify(proof)
    let reveal = try prover.reveal(
      [12, 3], inputs: Self.arrays(state), opening: opening, context: [1])
    let told = try prover.verifier.verify(reveal: reveal, of: inference, context: [1])
    #expect(told.indices == [3, 12] && told.integers == [output[3], output[12]])
    #expect(told.port.name == "l1" && told.reals == told.integers.map { Double($0) / 2 })
    #expect(throws: VerificationFailure.otherContext(expected: [2], proof: [1])) {
      try prover.verifier.verify(reveal: reveal, of: inference, context: [2])
    }
    let again = try prover.verifier.verify(prover.prove(Self.arrays(state)))
    #expect(throws: VerificationFailure.otherCommitment) {
      try prover.verifier.verify(reveal: reveal, of: again)
    }
    for place in stride(from: 0, to: reveal.count, by: 23) {
      var altered = reveal
      altered[place] ^= 1
      #expect(throws: VerificationFailure.self) {
        try prover.verifier.verify(reveal: altered, of: inference)
      }
    }
    #expect(throws: TacitError.opening(.index(16, count: 16))) {
      try prover.reveal([16], inputs: Self.arrays(state), opening: opening)
    }
    #expect(throws: TacitError.opening(.indices)) {
      try prover.reveal([1, 1], inputs: Self.arrays(state), opening: opening)
    }
    #expect(throws: TacitError.opening(.otherTensor("l1"))) {
      try prover.reveal([1], inputs: Self.arrays(output), opening: opening)
    }
  }

  @Test func `a chain, a tie and a reveal as a user types them`() throws {
    try Folder.with { folder in
      let prover = try Self.network()
      try folder.write(prover.file, "rnn.prover")
      try folder.write(prover.verifier.file, "rnn.verifier")
      var state = [Int64](repeating: 0, count: 16)
      for step in 0..<3 {
        try folder.write(
          Array(state.map { "\($0)" }.joined(separator: ",").utf8), "\(step).csv")
        let before =
          step == 0 ? [] : ["--previous", "\(step - 1).proof", "--reuse", "\(step - 1).opening"]
        let proved = try tacit.run(
          [
            "prove", "rnn.prover", "\(step).csv", "-o", "\(step).proof", "--opening",
            "\(step).opening", "--session", "monday",
          ] + before, in: folder.url)
        try #require(proved.status == 0, "\(proved.errors)")
        #expect(proved.output.contains("wrote \(step).opening; secret"))
        state = try Self.next(state, prover)
      }
      let mode = try FileManager.default.attributesOfItem(atPath: folder.path("0.opening"))
      #expect(mode[.posixPermissions] as? Int == 0o600)

      let chain = ["verify", "rnn.verifier", "--chain", "--session", "monday", "--steps"]
      let proofs = ["0.proof", "1.proof", "2.proof"]
      let held = try tacit.run(chain + ["3"] + proofs, in: folder.url)
      #expect(held.status == 0, "\(held.errors)")
      #expect(held.output.contains("verified: a chain of 3 steps of session \"monday\""))
      let json = try tacit.run(chain + ["3", "--json"] + proofs, in: folder.url)
      let object =
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect((object?["steps"] as? [Any])?.count == 3 && object?["head"] is String)
      let cut = try tacit.run(chain + ["3", "0.proof", "1.proof"], in: folder.url)
      #expect(cut.status == 1)
      #expect(
        cut.errors == "tacit: rejected: the chain has 2 steps, and 3 are asked for\n")

      let tied = try tacit.run(
        ["verify", "rnn.verifier", "2.proof", "--tied-to", "1.proof"], in: folder.url)
      #expect(tied.status == 0 && tied.output.contains("tied     begins with what 1.proof ends"))
      let loose = try tacit.run(
        ["verify", "rnn.verifier", "2.proof", "--tied-to", "0.proof", "--json"], in: folder.url)
      #expect(loose.status == 1 && loose.output.contains("\"kind\": \"not_tied\""))

      let told = try tacit.run(
        [
          "reveal", "rnn.prover", "2.csv", "--opening", "2.opening", "--at", "3,8-9", "-o",
          "2.reveal",
        ], in: folder.url)
      #expect(told.status == 0, "\(told.errors)")
      let shown = try tacit.run(
        ["verify", "rnn.verifier", "2.proof", "--reveal", "2.reveal"], in: folder.url)
      #expect(
        shown.output.contains("revealed \"l1\", 3 values:\n  3: \(state[3])\n  8: \(state[8])\n"),
        "\(shown.output)\(shown.errors)")
      let strange = try tacit.run(
        ["verify", "rnn.verifier", "1.proof", "--reveal", "2.reveal"], in: folder.url)
      #expect(strange.status == 1 && strange.errors.contains("2.reveal: the reveal is of"))

      // Another tensor under these blinders; an opening that is damaged.
      let strangeState = try tacit.run(
        ["prove", "rnn.prover", "0.csv", "-o", "z.proof", "--reuse", "x=2.opening"],
        in: folder.url)
      #expect(strangeState.status == 2)
      #expect(strangeState.errors.contains("2.opening: the opening does not fit: \"x\" is not"))
      #expect(try !folder.names.contains("z.proof"))
      var damaged = try folder.bytes("1.opening")
      damaged[100] ^= 1
      try folder.write(damaged, "bad.opening")
      let bad = try tacit.run(
        ["prove", "rnn.prover", "1.csv", "-o", "z.proof", "--reuse", "bad.opening"],
        in: folder.url)
      #expect(
        bad.status == 2
          && bad.errors.contains("bad.opening: the opening does not fit: the file is damaged"))
      let seen = try tacit.run(["inspect", "1.opening"], in: folder.url)
      #expect(seen.output.contains("secret") && seen.output.contains("output \"l1\" [16]"))
    }
  }
}
