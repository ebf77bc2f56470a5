import Arguments
import ConstraintSystem
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Views through public inputs: what a proof says of their integers, and the lies that they make room for.
struct IndexTests {
  @Test(arguments: [1, 2, 3, 5])
  func `an honest look-up is accepted`(count: Int) throws {
    let fixture = try Fixture(Circuits.embedding(), inferences: count)
    let proof = try fixture.proof()
    #expect(fixture.refusal(proof) == nil)
    #expect(proof.body.count == fixture.shape.bodyBytes)
    #expect(
      proof.statement.inputs
        == fixture.circuit.inputs.map { RuntimeIntegers($0) })
    var reader = ByteReader(proof.encoded(for: fixture.key.system))
    #expect(try Proof(decoding: &reader, for: fixture.key.verifier) == proof)
  }

  /// Both coordinates of a batch depend on the inference.
  @Test(arguments: [1, 2, 3])
  func `a look-up by two inputs is accepted`(count: Int) throws {
    var batch = try Circuits.pairs().batched(count)
    for place in batch.inputs[0].indices { batch.inputs[0][place] = Int64(place % 5) }
    for place in batch.inputs[1].indices { batch.inputs[1][place] = Int64(2 * place % 3) }
    let key = try ProverKey(Circuits.pairs().system, cells: batch.cells)
    let layout = try key.verifier.proofLayout(count)
    let trace = try batch.execute()
    let proof = Prover.prove(trace, key: key, as: layout)
    try Verifier.verify(proof, key: key.verifier)
    let table = Circuits.pairs().values[0]
    var expected: [Int64] = []
    for inference in 0..<count {
      for row in batch.inputs[0][3 * inference..<3 * inference + 3] {
        for column in batch.inputs[1][2 * inference..<2 * inference + 2] {
          expected.append(table[3 * Int(row) + Int(column)])
        }
      }
    }
    #expect(proof.statement.outputs[0]?.values == expected)
    for input in 0..<2 {
      var other = proof
      other.statement.inputs[input]?[0] = proof.statement.inputs[input]?[0] == 1 ? 0 : 1
      #expect(throws: VerificationError.self) { try Verifier.verify(other, key: key.verifier) }
    }
  }

  @Test func `what is looked up is what the definition says`() throws {
    let circuit = Circuits.embedding()
    let batch = try circuit.batched(3)
    let trace = try batch.execute()
    let (table, weights) = (circuit.values[0], circuit.values[1])
    var (y, z) = ([Int64](), [Int64]())
    for inference in 0..<3 {
      let ids = batch.inputs[0][4 * inference..<4 * inference + 4].map { Int($0) }
      let own = ids.flatMap { id in
        (0..<2).map { o in
          (0..<3).reduce(Int64(0)) { $0 + weights[3 * o + $1] * table[3 * id + $1] }
        }
      }
      y += own
      z += batch.inputs[1][2 * inference..<2 * inference + 2].map {
        own[2 * Int($0)] + own[2 * Int($0) + 1]
      }
    }
    #expect(trace.values(of: 1, in: batch.system) == y)
    #expect(trace.values(of: 2, in: batch.system) == z)
    var executor = PlainExecutor(circuit.system, try circuit.cells, runs: 1)
    #expect(
      try executor.run(circuit.inputs.map { CircuitIntegers($0) })
        == [CircuitIntegers(Array(y[..<8])), CircuitIntegers(Array(z[..<2]))])
  }

  @Test func `what a proof is made of does not depend on the indices`() throws {
    for count in [1, 3] {
      let fixture = try Fixture(Circuits.embedding(), inferences: count)
      let read = fixture.shape.shape.reading(fixture.trace.inputs(in: fixture.shape.system))
      #expect(read.system != fixture.shape.system)
      let (one, other) = (CircuitArgument.plan(fixture.shape.shape), CircuitArgument.plan(read))
      #expect(one.messages == other.messages && one.products.count == other.products.count)
    }
  }

  @Test(arguments: [5, -1, 1 << 31, Int64.max, Int64.min])
  func `an index beyond what is read is refused`(id: Int64) throws {
    let circuit = Circuits.embedding(ids: [id, 0, 3, 4])
    #expect(
      throws: ExecutionError.inputRange(input: "ids", position: [0], value: id, range: 0...4)
    ) { try circuit.execute() }
    // The row of zeros is what a view reads beyond its source: a prover may claim the one for the other.
    let fixture = try Fixture(Circuits.embedding(ids: [0, 0, 3, 4]))
    var claimed = fixture.trace
    claimed.indices[0]?[0] = id
    var prover = fixture.prover(fixture.trace, claiming: claimed)
    let proof = try prover.run()
    #expect(
      fixture.refusal(proof)
        == .index(input: "ids", inference: 0, position: [0], value: id, extent: 5))
    // Without that check it passes.
    try Verifier.verify(
      proof.body, statement: proof.statement, key: fixture.key.verifier,
      transcript: proof.statement.transcript(key: fixture.key.verifier))
  }

  @Test func `an index is bounded by the shortest axis that it leads along`() throws {
    var circuit = Circuits.embedding(ids: [3, 0, 3, 1])
    let short = circuit.tensor("short", [4], [1, 2, 3, 4])
    circuit.system.blocks[0].relation.append(
      Term(
        factors: [
          TensorAccess(
            short, [AffineIndex(steps: [.init(label: 0, stride: 1)], constant: 0, through: 0)])
        ]))
    circuit.place()
    let fixture = try Fixture(circuit)
    var proof = try fixture.proof()
    #expect(fixture.refusal(proof) == nil)
    proof.statement.inputs[0]?[3] = 4
    #expect(
      fixture.refusal(proof)
        == .index(input: "ids", inference: 0, position: [3], value: 4, extent: 4))
  }

  @Test(arguments: [1, 2])
  func `indices altered after proving are refused`(count: Int) throws {
    let fixture = try Fixture(Circuits.embedding(), inferences: count)
    let proof = try fixture.proof()
    for input in 0..<2 {
      for place in fixture.circuit.inputs[input].indices {
        var altered = proof
        let id = fixture.circuit.inputs[input][place]
        altered.statement.inputs[input]?[place] = id == 1 ? 2 : 1
        #expect(fixture.refusal(altered) == .refused(.rejected(.equation)))
      }
    }
  }

  /// Whatever is claimed from the beginning, with challenges of its own.
  @Test(arguments: [1, 2])
  func `a prover that claims other indices is refused`(count: Int) throws {
    let fixture = try Fixture(Circuits.embedding(), inferences: count)
    for input in 0..<2 {
      var claimed = fixture.trace
      let last = fixture.circuit.inputs[input].count - 1
      claimed.indices[input]?[last] = fixture.circuit.inputs[input][last] == 1 ? 2 : 1
      var prover = fixture.prover(fixture.trace, claiming: claimed)
      #expect(fixture.refusal(try prover.run()) == .refused(.rejected(.equation)))
    }
  }

  /// The same index stands three times: its rows of the block are apart all the same.
  @Test func `rows of one index may not differ`() throws {
    let fixture = try Fixture(Circuits.embedding(ids: [3, 3, 3, 4]))
    #expect(fixture.refusal(try fixture.proof()) == nil)
    var trace = fixture.trace
    for (row, step) in [(0, 1), (1, -1)] {
      let place = fixture.rows.row(0, [row, 0])
      fixture.rows.fill(
        &trace, row: place, accumulator: trace.accumulators[place] + Int64(step),
        multiplier: 256, function: 0, shift: 0)
    }
    fixture.rows.redo(&trace, from: 1)
    fixture.rows.recount(&trace)
    var prover = fixture.prover(trace)
    #expect(fixture.refusal(try prover.run()) == .refused(.rejected(.equation)))
  }

  /// A circuit whose inferences all go by the first one's indices, as views of the model have no inference.
  private func flawed(_ system: ConstraintSystem) -> ConstraintSystem {
    var system = system
    for block in system.blocks.indices {
      for term in system.blocks[block].relation.indices {
        for factor in system.blocks[block].relation[term].factors.indices {
          for window in system.blocks[block].relation[term].factors[factor].windows.indices {
            let steps = system.blocks[block].relation[term].factors[factor].windows[window]
            guard steps.through != nil else { continue }
            system.blocks[block].relation[term].factors[factor].windows[window].steps =
              steps.steps.filter { $0.label != 0 }
          }
        }
      }
    }
    return system
  }

  @Test func `outputs of an inference by the indices of another are refused`() throws {
    let circuit = Circuits.embedding()
    let fixture = try Fixture(circuit, inferences: 2)
    let (first, second) = ([3, 0, 3, 4] as [Int64], [1, 2, 2, 0] as [Int64])
    var same = fixture.circuit
    same.inputs = [first + first, [2, 1, 2, 1]]
    let trace = try same.execute()
    var claimed = trace
    claimed.indices[0] = CircuitIntegers(first + second)
    var prover = fixture.prover(trace, claiming: claimed)
    #expect(fixture.refusal(try prover.run()) == .refused(.rejected(.equation)))
    // It passes where the inference is missing in what goes through an input.
    let shape = ProofLayout(flawed(fixture.shape.system))
    var lying = Prover(claimed, key: fixture.key, as: shape, context: [], entropy: Fixture.entropy)
    let body = try lying.run().body
    try Verifier.verify(
      body, statement: lying.statement, as: shape, key: fixture.key.verifier,
      transcript: lying.statement.transcript(key: fixture.key.verifier))
  }
}
