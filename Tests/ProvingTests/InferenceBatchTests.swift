import ConstraintSystem
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// One proof of several inferences: what it proves, and each lie that only a batch makes room for.
struct InferenceBatchTests {
  /// A bound that an honest proof is below would refuse it: with many rows to a row of the table, h has no rows of its own.
  @Test(arguments: Circuits.all.map(\.name), [1, 64, 4096])
  func `no proof is shorter than the least that is laid out`(name: String, inferences: Int) throws {
    let circuit = try #require(Circuits.all.first { $0.name == name }?.circuit)
    guard let system = try? circuit.system.batched(inferences) else { return }
    let layout = ProofLayout(system)
    let commitments = 32 * layout.rows.committed.joined().count
    #expect(
      ProofLayout.leastBytes(system)
        <= ProofLayout.publicBytes(system) + commitments + layout.bodyBytes)
  }

  @Test(arguments: Circuits.all.map(\.name), [2, 3, 4, 5, 8])
  func `an honest batch is accepted`(name: String, count: Int) throws {
    let circuit = try #require(Circuits.all.first { $0.name == name }?.circuit)
    let fixture = try Fixture(circuit, inferences: count)
    var prover = fixture.prover(context: [1, 2])
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(proof.statement.inferences == count)
    #expect(proof.body.count == fixture.shape.bodyBytes)
    var reader = ByteReader(proof.encoded(for: fixture.key.system))
    #expect(try Proof(decoding: &reader, for: fixture.key.verifier) == proof)
  }

  /// Windows of every stride, labels that views lack, tensors without an axis.
  @Test(arguments: 0..<24)
  func `an honest batch of a random circuit is accepted`(seed: UInt64) throws {
    let fixture = try Fixture(RandomCircuits.relation(seed: seed), inferences: 1 + Int(seed % 5))
    var prover = fixture.prover()
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
  }

  @Test func `a batch of one is the proof of its inference`() throws {
    let fixture = try Fixture.named("convnet")
    #expect(try fixture.key.system.batched(1) == fixture.key.system)
    #expect(fixture.shape.bodyBytes == fixture.key.verifier.bodyBytes)
    let alone = Prover.prove(fixture.trace, key: fixture.key, entropy: Fixture.entropy)
    let batch = Prover.prove(
      fixture.trace, key: fixture.key, as: fixture.shape, entropy: Fixture.entropy)
    #expect(alone == batch)
  }

  @Test(arguments: [Visibility.private, .committed])
  func `hidden tensors are hidden in a batch`(visibility: Visibility) throws {
    let circuit = Circuits.mlp(commitmentRowBits: 2, input: visibility, output: visibility)
    let fixture = try Fixture(circuit, inferences: 3)
    let proof = try fixture.proof()
    #expect(fixture.refusal(proof) == nil)
    #expect(proof.statement.inputs == [nil] && proof.statement.outputs == [nil])
    #expect(proof.statement.commitments.isEmpty == (visibility == .private))
    var reader = ByteReader(proof.encoded(for: fixture.key.system))
    #expect(try Proof(decoding: &reader, for: fixture.key.verifier) == proof)
  }

  @Test func `rows of the witness grow longer, those of the model stay`() throws {
    let circuit = Circuits.mlp([32, 16, 8], commitmentRowBits: 4)
    for (count, bits) in [(1, 4), (2, 4), (3, 5), (4, 5), (16, 6), (64, 7)] {
      let fixture = try Fixture(circuit, inferences: count)
      #expect(fixture.shape.system.commitmentRowBits == bits)
      #expect(fixture.shape.rows.model == fixture.key.verifier.rows.model)
      #expect(fixture.refusal(try fixture.proof()) == nil)
    }
  }

  // MARK: The number of inferences

  /// Three and four inferences are laid out alike, and nothing public tells them apart.
  @Test func `a proof of three inferences is none of four, nor the other way round`() throws {
    let circuit = Circuits.mlp(commitmentRowBits: 6, input: .private, output: .private)
    let (three, four) = (try Fixture(circuit, inferences: 3), try Fixture(circuit, inferences: 4))
    #expect(three.shape.bodyBytes == four.shape.bodyBytes)
    for (fixture, claimed) in [(three, 4), (four, 3)] {
      var proof = try fixture.proof()
      #expect(fixture.refusal(proof) == nil)
      proof.statement.inferences = claimed
      #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
    }
  }

  @Test func `public tensors of another number of inferences do not fit`() throws {
    let fixture = try Fixture(Circuits.mlp(), inferences: 3)
    let proof = try fixture.proof()
    for claimed in [1, 2, 4] {
      var altered = proof
      altered.statement.inferences = claimed
      #expect(fixture.refusal(altered) == .statement)
      altered.statement.inputs = [RuntimeIntegers([Int64](repeating: 0, count: 8 * claimed))]
      altered.statement.outputs = [RuntimeIntegers([Int64](repeating: 0, count: 4 * claimed))]
      #expect(fixture.refusal(altered) != nil)
    }
  }

  @Test(arguments: [0, -1, 4097, 1 << 40, Int.max, Int.min])
  func `numbers of inferences beyond the limits are refused`(count: Int) throws {
    let fixture = try Fixture(Circuits.mlp())
    var proof = try fixture.proof()
    proof.statement.inferences = count
    #expect(fixture.refusal(proof) == .inferences(count, .inferences(count)))
  }

  /// A few bytes that claim much are refused before anything of that size is made.
  @Test func `a number of inferences that the bytes cannot hold is refused first`() throws {
    let fixture = try Fixture(ConvolutionalCircuits.residual(side: 8, width: 4))
    let proof = try fixture.proof()
    let bytes = proof.encoded(for: fixture.key.system)
    let start = ContinuousClock.now
    for count: UInt64 in [0, 2, 64, 1000, 4096, 4097, 1 << 63, .max] {
      var writer = ByteWriter()
      writer.write(fixture.key.system.parameters.scheme.rawValue)
      writer.write(raw: proof.modelID)
      writer.write(unsigned: count)
      var reader = ByteReader(writer.bytes + bytes.dropFirst(34))
      #expect(throws: VerificationError.self) {
        try Proof(decoding: &reader, for: fixture.key.verifier)
      }
    }
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  // MARK: Whose output it is

  @Test func `outputs and inputs of one inference are not claimed for another`() throws {
    let fixture = try Fixture(Circuits.mlp(), inferences: 4)
    let proof = try fixture.proof()
    for (first, second) in [(0, 1), (1, 3), (2, 3)] {
      for (side, width) in [(\Statement.inputs, 8), (\Statement.outputs, 4)] {
        var altered = proof
        var values = try #require(altered.statement[keyPath: side][0])
        for step in 0..<width { values.values.swapAt(first * width + step, second * width + step) }
        guard values != altered.statement[keyPath: side][0] else { continue }
        altered.statement[keyPath: side][0] = values
        #expect(fixture.refusal(altered) == .refused(.rejected(.equation)))
      }
    }
  }

  /// Puts the rows of one inference in a block in the place of another's.
  private func copy(
    _ block: Int, of source: Int, in from: Trace, to target: Int, in trace: inout Trace,
    _ fixture: Fixture
  ) {
    for index in NaiveRows.indices(Array(fixture.circuit.system.blocks[block].shape.dropFirst())) {
      let (a, b) = (
        fixture.rows.row(block, [source] + index), fixture.rows.row(block, [target] + index)
      )
      trace.accumulators[b] = from.accumulators[a]
      trace.outputs[b] = from.outputs[a]
      for limb in trace.limbs.indices { trace.limbs[limb][b] = from.limbs[limb][a] }
    }
  }

  @Test(arguments: ["l0", "l1"])
  func `a layer computed from another inference is refused`(name: String) throws {
    let fixture = try Fixture(Circuits.mlp(), inferences: 4)
    let layer = try fixture.block(name)
    for (source, target) in [(0, 1), (3, 2)] {
      var trace = fixture.trace
      copy(layer, of: source, in: fixture.trace, to: target, in: &trace, fixture)
      try #require(trace != fixture.trace)
      fixture.rows.redo(&trace, from: layer + 1)
      #expect(fixture.rows.recount(&trace) == 0)
      var prover = fixture.prover(trace)
      let proof = try prover.run()
      // Every row is one of the network's; its inputs are another's.
      #expect(try Diagnosis(prover).violated == ["linear"])
      #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
    }
  }

  @Test(arguments: [2, 3, 5, 8])
  func `a lie in the last inference alone is refused`(count: Int) throws {
    let fixture = try Fixture(Circuits.mlp(), inferences: count)
    let layer = try fixture.block("l0")
    let cell = [count - 1, 1]
    let row = fixture.rows.row(layer, cell)
    var wrongSum = fixture.trace
    fixture.rows.fill(
      &wrongSum, row: row, accumulator: wrongSum.accumulators[row] + 1,
      multiplier: fixture.rows.multiplier(layer, at: cell), function: 1, shift: 0)
    var wrongOutput = fixture.trace
    wrongOutput.outputs[row] += wrongOutput.outputs[row] == 15 ? -1 : 1
    var wrongRemainder = fixture.trace
    wrongRemainder.limbs[0][row] ^= 1
    for (lie, violated) in [
      (wrongSum, "linear"), (wrongOutput, "balance"), (wrongRemainder, "balance"),
    ] {
      var trace = lie
      fixture.rows.redo(&trace, from: layer + 1)
      fixture.rows.recount(&trace)
      var prover = fixture.prover(trace)
      let proof = try prover.run()
      #expect(try Diagnosis(prover).violated == [violated])
      #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
    }
  }

  @Test func `a public value of the last inference is bound`() throws {
    let fixture = try Fixture(Circuits.mlp(), inferences: 3)
    for (name, claim) in [("x", "public 0"), ("l1", "public 1")] {
      var stated = fixture.trace
      stated.outputs[fixture.rows.row(try fixture.block(name), [2, 3])] += 1
      var prover = fixture.prover(claiming: stated)
      let proof = try prover.run()
      #expect(try Diagnosis(prover).violated == [claim])
      #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
    }
  }

  // MARK: Slots after the last inference

  /// Five inferences of eight slots: the lie lies in the sixth.
  @Test(arguments: ["acc", "y", "q", "limb", "neuron"])
  func `a slot that no inference has stays empty`(column: String) throws {
    let fixture = try Fixture(Circuits.mlp(), inferences: 5)
    let layer = try fixture.block("l0")
    let row = fixture.rows.row(layer, [5, 1])
    var trace = fixture.trace
    let violated: Set<String>
    switch column {
    case "acc":
      trace.accumulators[row] = 5
      violated = ["linear"]
    case "y":
      trace.outputs[row] = 3
      violated = ["balance"]
    case "q":
      trace.limbs[1][row] = -16
      violated = ["balance"]
    case "limb":
      trace.limbs[0][row] = 1
      violated = ["balance"]
    default:
      fixture.rows.fill(
        &trace, row: row, accumulator: 30, multiplier: 40, function: 1, shift: 0)
      violated = ["balance", "linear"]
    }
    if column != "acc" { fixture.rows.recount(&trace) }
    var prover = fixture.prover(trace)
    let proof = try prover.run()
    #expect(try Diagnosis(prover).violated == violated)
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }

  @Test func `an inference more than is stated is refused, honest as it is`() throws {
    let circuit = Circuits.mlp(commitmentRowBits: 6)
    let (three, four) = (try Fixture(circuit, inferences: 3), try Fixture(circuit, inferences: 4))
    #expect(three.trace.outputs.count == four.trace.outputs.count)
    var prover = three.prover(four.trace)
    let proof = try prover.run()
    #expect(proof.statement == (try three.proof()).statement)
    #expect(try Diagnosis(prover).violated == ["balance", "linear"])
    #expect(three.refusal(proof) == .refused(.rejected(.equation)))
  }

  // MARK: One model for all

  @Test func `no view of the model has the inference as a label`() throws {
    for (_, circuit) in Circuits.all {
      let system = try circuit.system.batched(3)
      for block in system.blocks {
        #expect(block.shape.first == 3)
        var views = block.relation.flatMap(\.factors)
        if case .tensor(let view) = block.multiplier { views.append(view) }
        for view in views {
          switch view.source {
          case .tensor: #expect(!view.labels.contains(0))
          case .block: #expect(view.windows.first == .label(0))
          }
        }
      }
    }
  }

  @Test(arguments: ["w0", "b1", "M0"], [0, 2])
  func `other weights for one inference are refused`(tensor: String, inference: Int) throws {
    let fixture = try Fixture(Circuits.mlp(), inferences: 3)
    var other = fixture.circuit
    let index = try #require(other.system.tensors.firstIndex { $0.name == tensor })
    // Enough to be seen in every layer after it.
    for place in other.values[index].indices {
      other.values[index][place] += tensor == "M0" ? -other.values[index][place] / 2 : 1
    }
    let swapped = try other.execute()
    var trace = fixture.trace
    for block in fixture.circuit.system.blocks.indices {
      copy(block, of: inference, in: swapped, to: inference, in: &trace, fixture)
    }
    try #require(trace != fixture.trace)
    fixture.rows.recount(&trace)
    // With the key's weights in the argument, and with the others.
    for (cells, claim) in [
      (fixture.key.cells, tensor == "M0" ? "balance" : "linear"), (try other.cells, ""),
    ] {
      var prover = fixture.prover(trace)
      prover.cells = cells
      let proof = try prover.run()
      #expect(try claim.isEmpty || Diagnosis(prover).violated == [claim])
      #expect(fixture.refusal(proof) != nil)
    }
  }
}
