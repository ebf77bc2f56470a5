import Witness
import ConstraintSystem
import Curve
import Field
import Proving
import Verification
import TestSupport
import Testing
import Transcript

/// Keys: what they commit to, what can be rebuilt, and what they say of the size of a proof.
struct KeyTests {
  private func openModel() throws -> (circuit: Circuit, key: ProverKey) {
    var circuit = Circuits.mlp()
    circuit.system.weightsArePublic = true
    return (circuit, try ProverKey(circuit.system, cells: circuit.cells))
  }

  @Test func `public weights make the same key again`() throws {
    let (one, two) = (try openModel().key, try openModel().key)
    #expect(one.verifier.encoded == two.verifier.encoded)
    #expect(one.verifier.modelID == two.verifier.modelID)
    #expect(one.encoded == two.encoded)
    #expect(one.blinders.allSatisfy { $0.isZero })
    #expect(one.seed.allSatisfy { $0 == 0 })
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  @Test func `the model id of public weights is fixed`() throws {
    let id = try openModel().key.verifier.modelID
    #expect(hexadecimal(id) == "f5a38ab99d491cab3ae5e9e751338a93be5c1118aa465abce8418a8a09aee5d0")
  }

  @Test func `commitments to public weights are sums of multiples of the generators`() throws {
    let (circuit, key) = try openModel()
    let cells = Array(try circuit.cells.cells)
    let length = circuit.system.parameters.commitmentRowLength
    let generators = Array(Generators.prefix(length))
    for (row, point) in zip(key.verifier.rows.model, key.verifier.modelRows) {
      var sum = G1.identity
      for (cell, generator) in zip(cells.dropFirst(row.index * length).prefix(length), generators) {
        sum += Fr(cell) * G1(generator)
      }
      #expect(sum.affine == point)
    }
    // The rows hold every weight.
    let held = Set(key.verifier.rows.model.map(\.index))
    for (cell, value) in cells.enumerated() where value != 0 {
      #expect(held.contains(cell / length))
    }
  }

  @Test func `a proof for public weights is accepted`() throws {
    let (circuit, key) = try openModel()
    let proof = Prover.prove(try circuit.execute(), key: key)
    try Verifier.verify(proof, key: key.verifier)
  }

  @Test func `public weights say so in the model id`() throws {
    let (circuit, key) = try openModel()
    var hidden = circuit.system
    hidden.weightsArePublic = false
    let other = try VerifierKey(hidden, modelRows: key.verifier.modelRows)
    #expect(other.modelID != key.verifier.modelID)
  }

  @Test func `commitments to other weights, or under another seed, are told`() throws {
    for circuit in [Circuits.convnet(), Circuits.depthwise()] {
      let key = try ProverKey(circuit.system, cells: circuit.cells)
      #expect(key.holdsItsCommitments)
      func read(_ cells: ModelCells, seed: [UInt8]) throws -> ProverKey {
        var writer = ByteWriter()
        writer.write(raw: key.verifier.encoded)
        writer.write(raw: seed)
        cells.write(to: &writer, in: circuit.system)
        var reader = ByteReader(writer.bytes)
        return try ProverKey(decoding: &reader)
      }
      #expect(try read(circuit.cells, seed: key.seed).holdsItsCommitments)
      var seed = key.seed
      seed[0] ^= 1
      #expect(try !read(circuit.cells, seed: seed).holdsItsCommitments)
      for (index, tensor) in circuit.system.tensors.enumerated() {
        var changed = circuit
        changed.values[index][tensor.count - 1] ^= 1
        #expect(try !read(changed.cells, seed: key.seed).holdsItsCommitments)
      }
    }
  }

  @Test func `keys are read as they are written`() throws {
    let key = try Fixture.named("convnet").key
    var reader = ByteReader(key.encoded)
    let read = try ProverKey(decoding: &reader)
    try reader.finish()
    #expect(read.encoded == key.encoded)
    #expect(read.verifier.modelID == key.verifier.modelID)
    #expect(read.blinders == key.blinders)
  }

  @Test(arguments: [(1, 8), (2, 4), (3, 3), (4, 4)], [2, 3, 5, 6, 9])
  func `the length of a proof follows from the key`(limbs: (Int, Int), commitmentRowBits: Int)
    throws
  {
    let circuit = Circuits.mlp(
      limbs: limbs.0, limbBits: limbs.1, commitmentRowBits: commitmentRowBits)
    let fixture = try Fixture(circuit)
    let proof = try fixture.proof()
    #expect(proof.body.count == fixture.key.verifier.bodyBytes)
    #expect(fixture.refusal(proof) == nil)
    // Every lie is refused whatever K and L.
    var trace = fixture.trace
    let row = fixture.rows.row(1, [1])
    trace.limbs[0][row] ^= 1
    var prover = fixture.prover(trace)
    _ = try prover.run()
    #expect(try Diagnosis(prover).violated.contains("balance"))
    #expect(fixture.refusal(prover.proof()) == .refused(.rejected(.equation)))
  }

  /// The messages of a proof in order, so that a change of the protocol shows.
  @Test func `messages and their order are those of the committed listing`() throws {
    var lines: [String] = []
    let all =
      Circuits.all.map { ($0.name, $0.circuit, 1) } + [("convnet × 5", Circuits.convnet(), 5)]
    for (name, circuit, count) in all {
      let plan = try Fixture(circuit, inferences: count).shape.plan
      lines.append("\(name): \(plan.messages) messages, \(plan.products.count) products")
      for message in plan.listing { lines.append("  \(message.label) \(message.count)") }
    }
    let expected = String(decoding: try Vectors.bytes("proving/listing.txt"), as: UTF8.self)
    #expect(lines.joined(separator: "\n") + "\n" == expected)
  }
}
