import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Ports that are padded: what a proof says of counts, and of the cells behind them.
struct PaddedPortTests {
  private static let visibilities: [Visibility] = [.public, .private, .committed]

  private func traced(_ fixture: Fixture, counts: [[Int]]) throws -> Trace {
    try Trace.execute(
      fixture.circuit.system, try fixture.circuit.cells,
      inputs: fixture.circuit.inputs.map { CircuitIntegers($0) }, counts: counts)
  }

  /// As many sequences, of which the second has a row less and the third none.
  private func sequences(
    _ visibility: Visibility, copied: Visibility = .private, inferences: Int = 1
  ) throws -> (fixture: Fixture, counts: [[Int]]) {
    let one = Circuits.sequence(visibility: visibility, copied: copied)
    var batch = try one.batched(inferences)
    let counts = Array([3, 2, 0].prefix(inferences))
    let rows = one.inputs[0]
    batch.inputs = [
      counts.flatMap { count in rows[..<(4 * count)] + rows[12...] + rows[12..<12 + 4 * (3 - count)]
      }
    ]
    return (try Fixture(one, as: batch), [counts, counts])
  }

  @Test(arguments: zip(visibilities, [.private, .committed, .public] as [Visibility]))
  func `an honest proof is accepted`(visibility: Visibility, copied: Visibility) throws {
    for inferences in [1, 3] {
      let (fixture, counts) = try sequences(visibility, copied: copied, inferences: inferences)
      for counts in [counts, fixture.circuit.system.fullCounts] {
        var prover = fixture.prover(try traced(fixture, counts: counts))
        let proof = try prover.run()
        #expect(fixture.refusal(proof) == nil)
        #expect(proof.statement.counts == counts)
        #expect(proof.body.count == fixture.shape.bodyBytes)
        let file = proof.encoded(for: fixture.key.system)
        var reader = ByteReader(file)
        #expect(try Proof(decoding: &reader, for: fixture.key.verifier) == proof)
        let told = proof.statement.publicBytes(of: fixture.circuit.system).count
        let cells = counts[0].reduce(0) { $0 + 4 * $1 }
        #expect(
          told == 4 * inferences + (visibility == .public ? cells : 0)
            + (copied == .public ? cells : 0))
      }
    }
  }

  /// A proof of no byte of it would have a verifier hold all that a hostile key's port has room for.
  @Test func `what a verifier fills in counts as its work`() throws {
    let system = Circuits.sequence(visibility: .public).system
    var plain = system
    plain.inputs[0].padding = nil
    let port = system.inputs[0]
    #expect(
      VerifierWork(system).bytes - VerifierWork(plain).bytes
        == 8 * port.count * (2 + port.blocks.count))
    #expect(VerifierWork(system).products > VerifierWork(plain).products)
  }

  @Test func `what was not declared padding is not proven to be`() throws {
    let (fixture, _) = try sequences(.committed, inferences: 3)
    #expect(
      throws: ExecutionError.inference(1, .padding(port: "x", position: [1, 0], value: -3))
    ) { try traced(fixture, counts: [[3, 1, 0], [3, 2, 0]]) }
    for wrong in [
      [[3, 2, 0]], [[3, 2], [3, 2]], [[3, 2, 9], [3, 2, 0]], [[3, -1, 0], [3, 2, 0]],
    ] {
      #expect(throws: ExecutionError.counts) { try traced(fixture, counts: wrong) }
    }
  }

  /// Three rows of eight are stated, and cell 0 of row 5 is not padding.
  @Test(arguments: visibilities)
  func `a cell behind the count that is not padding is refused`(visibility: Visibility) throws {
    var circuit = Circuits.sequence(visibility: visibility)
    circuit.inputs[0][20] = 9
    let fixture = try Fixture(circuit)
    #expect(throws: ExecutionError.padding(port: "x", position: [0, 5, 0], value: 6)) {
      try traced(fixture, counts: [[3], [8]])
    }
    for (input, output) in [(3, 8), (8, 3), (5, 8), (3, 3)] {
      var lying = fixture.trace
      lying.counts = [[input], [output]]
      var prover = fixture.prover(lying)
      let isTold = visibility == .public && input < 8
      #expect(
        fixture.refusal(try prover.run())
          == (isTold ? .statement : .refused(.rejected(.equation))))
    }
    // From the row behind it on it is padding.
    var honest = fixture.prover(try traced(fixture, counts: [[6], [7]]))
    #expect(fixture.refusal(try honest.run()) == nil)

    // It passes where nothing is claimed of the rest.
    var flawed = fixture.circuit.system
    flawed.inputs[0].padding = nil
    flawed.outputs[1].padding = nil
    let shape = ProofLayout(flawed)
    var lying = fixture.trace
    lying.counts = [[3], [3]]
    var prover = Prover(lying, key: fixture.key, as: shape, context: [], entropy: Fixture.entropy)
    let body = try prover.run().body
    try Verifier.verify(
      body, statement: prover.statement, as: shape, key: fixture.key.verifier,
      transcript: prover.statement.transcript(key: fixture.key.verifier))
  }

  @Test(arguments: visibilities, [1, 3])
  func `counts altered after proving are refused`(
    visibility: Visibility, inferences: Int
  ) throws {
    let (fixture, counts) = try sequences(visibility, inferences: inferences)
    var prover = fixture.prover(try traced(fixture, counts: counts))
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    for port in 0..<2 {
      for inference in 0..<inferences {
        let own = counts[port][inference]
        for count in [own - 1, own + 1, 8] where (0...8).contains(count) {
          var altered = proof
          altered.statement.counts[port][inference] = count
          let isTold = visibility == .public && port == 0 && count < own
          #expect(
            fixture.refusal(altered) == (isTold ? .statement : .refused(.rejected(.equation))))
        }
        for count in [-1, 9, .max] {
          var altered = proof
          altered.statement.counts[port][inference] = count
          #expect(fixture.refusal(altered) == .statement)
        }
      }
    }
    var without = proof
    without.statement.counts = []
    #expect(fixture.refusal(without) == .statement)
  }

  @Test(arguments: 0..<2)
  func `a count of one inference that is too small is refused`(inference: Int) throws {
    let (fixture, counts) = try sequences(.committed, inferences: 3)
    var lying = fixture.trace
    lying.counts = counts
    lying.counts[0][inference] -= 1
    var prover = fixture.prover(lying)
    #expect(fixture.refusal(try prover.run()) == .refused(.rejected(.equation)))
  }

  /// In the last row; in two rows, where one has as much more as the other has less.
  @Test(arguments: [[31: 9], [20: 9, 24: 7]] as [[Int: Int64]])
  func `each cell behind a count is claimed`(cells: [Int: Int64]) throws {
    var circuit = Circuits.sequence()
    for (cell, value) in cells { circuit.inputs[0][cell] = value }
    let fixture = try Fixture(circuit)
    for count in [3, 5, 7] where cells.keys.contains(where: { $0 >= 4 * count }) {
      var lying = fixture.trace
      lying.counts = [[count], [8]]
      var prover = fixture.prover(lying)
      #expect(fixture.refusal(try prover.run()) == .refused(.rejected(.equation)))
    }
  }

  @Test func `a transcript hears every count`() throws {
    let (fixture, counts) = try sequences(.committed, inferences: 3)
    var prover = fixture.prover(try traced(fixture, counts: counts))
    var statement = try prover.run().statement
    var seen: [[UInt8]] = []
    for port in 0..<2 {
      for inference in 0..<3 {
        statement.counts = counts
        statement.counts[port][inference] += 1
        var transcript = statement.transcript(key: fixture.key.verifier)
        seen.append(transcript.challenges(1, .lookup)[0].bigEndianBytes)
      }
    }
    #expect(Set(seen).count == seen.count)
  }

  @Test func `a proof's file with a count beyond its axis is refused`() throws {
    let fixture = try Fixture(Circuits.sequence())
    var proof = try fixture.proof()
    for count in [9, Int.max] {
      proof.statement.counts[0][0] = count
      var reader = ByteReader(proof.encoded(for: fixture.key.system))
      #expect(throws: VerificationError.self) {
        try Proof(decoding: &reader, for: fixture.key.verifier)
      }
    }
  }

  /// The count of one inference says nothing of another's cells.
  @Test func `counts of another inference are refused`() throws {
    let (fixture, _) = try sequences(.committed, inferences: 3)
    var lying = fixture.trace
    lying.counts = [[2, 3, 0], [3, 2, 0]]
    var prover = fixture.prover(lying)
    #expect(fixture.refusal(try prover.run()) == .refused(.rejected(.equation)))
  }

  @Test func `limbs and indices are padded as well`() throws {
    var words = Circuits.words([7, -2, -2], visibility: .committed)
    words.system.inputs[0].padding = PortPadding(axis: 0, value: -2)
    for (last, isPadding) in [(Int64(-2), true), (254, false), (-258, false)] {
      words.inputs[0][2] = last
      let fixture = try Fixture(words)
      var trace = fixture.trace
      trace.counts = [[isPadding ? 1 : 2]]
      var prover = fixture.prover(trace)
      #expect(
        fixture.refusal(try prover.run())
          == (isPadding ? nil : .refused(.rejected(.equation))))
    }
    var embedding = Circuits.embedding(ids: [3, 4, 2, 2])
    embedding.system.inputs[0].padding = PortPadding(axis: 0, value: 2)
    let fixture = try Fixture(embedding)
    var prover = fixture.prover(try traced(fixture, counts: [[2]]))
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    #expect(proof.statement.inputs[0]?.values == [3, 4, 2, 2])
    #expect(proof.statement.publicBytes(of: fixture.circuit.system).count == 2 * 8 + 2 * 4 + 8 + 2)
    var reader = ByteReader(proof.encoded(for: fixture.key.system))
    #expect(try Proof(decoding: &reader, for: fixture.key.verifier) == proof)
    var altered = proof
    altered.statement.inputs[0]?[3] = 1
    #expect(fixture.refusal(altered) == .statement)
  }

  @Test func `a verifier's account holds whatever the counts`() throws {
    for inferences in [1, 5] {
      let system = try Circuits.sequence().system.batched(inferences)
      #expect(VerifierWork(system).products > VerifierWork(unpadded(system)).products)
    }
  }

  private func unpadded(_ system: ConstraintSystem) -> ConstraintSystem {
    var system = system
    for port in system.inputs.indices { system.inputs[port].padding = nil }
    for port in system.outputs.indices { system.outputs[port].padding = nil }
    return system
  }
}
