import ConstraintSystem
import Curve
import Field
import Proving
import Verification
import TestSupport
import Testing
import Transcript

/// A proof is one of its statement under its key, and of nothing else.
struct BindingTests {
  @Test func `another context is refused`() throws {
    let fixture = try Fixture.named("tiny")
    let proof = try fixture.proof(context: [1, 2, 3])
    #expect(fixture.refusal(proof) == nil)
    for context: [UInt8] in [[], [1, 2], [1, 2, 3, 0], [1, 2, 4], [0, 1, 2, 3]] {
      var altered = proof
      altered.statement.context = context
      #expect(fixture.refusal(altered) == .refused(.rejected(.equation)))
    }
    var long = proof
    long.statement.context = [UInt8](repeating: 0, count: Statement.maximalContextBytes + 1)
    #expect(fixture.refusal(long) == .statement)
  }

  @Test func `every public value is bound`() throws {
    let fixture = try Fixture.named("mlp")
    let proof = try fixture.proof()
    for side in [\Statement.inputs, \Statement.outputs] {
      let values = try #require(proof.statement[keyPath: side][0])
      for index in values.values.indices {
        for step: Int64 in [-1, 1, 64] {
          var altered = proof
          altered.statement[keyPath: side][0]?[index] += step
          let system = fixture.circuit.system
          let port = side == \Statement.inputs ? system.inputs[0] : system.outputs[0]
          let possible = system.image(of: system.blocks[port.blocks[0]])
          #expect(
            fixture.refusal(altered)
              == (possible.contains(values[index] + step)
                ? .refused(.rejected(.equation)) : .statement))
        }
      }
    }
  }

  @Test func `public values that do not fit the ports are refused first`() throws {
    let fixture = try Fixture.named("mlp")
    let proof = try fixture.proof()
    func refused(_ alter: (inout Statement) -> Void) {
      var altered = proof
      alter(&altered.statement)
      #expect(fixture.refusal(altered) == .statement)
    }
    refused { $0.inputs[0]?[0] = 128 }
    refused { $0.inputs[0]?[0] = -129 }
    refused { $0.inputs[0]?[0] = .max }
    refused { $0.inputs[0]?.values.removeLast() }
    refused { $0.inputs[0]?.values.append(0) }
    refused { $0.inputs[0] = nil }
    refused { $0.inputs = [] }
    refused { $0.outputs.append([0]) }
    refused { $0.commitments = [[.generator]] }
  }

  @Test func `each part of the statement and the key moves the first challenge`() throws {
    let fixture = try Fixture(Circuits.mlp(input: .committed))
    let statement = try fixture.proof(context: [9]).statement
    func challenge(_ statement: Statement, _ key: VerifierKey) -> Fr {
      var transcript = statement.transcript(key: key)
      return transcript.challenges(1, .lookup)[0]
    }
    var seen = [challenge(statement, fixture.key.verifier)]
    var altered = statement
    altered.context = []
    seen.append(challenge(altered, fixture.key.verifier))
    altered = statement
    altered.inferences = 2
    seen.append(challenge(altered, fixture.key.verifier))
    altered = statement
    altered.outputs[0]?[0] ^= 1
    seen.append(challenge(altered, fixture.key.verifier))
    altered = statement
    altered.commitments[0][0] = .generator
    seen.append(challenge(altered, fixture.key.verifier))
    var other = fixture.circuit
    other.values[0][0] ^= 1
    seen.append(challenge(statement, try Fixture(other).key.verifier))
    #expect(Set(seen).count == seen.count)
  }

  /// By hand, in the order and under the labels of the protocol; without any part it is another one.
  @Test func `a transcript begins with the statement, part by part`() throws {
    let fixture = try Fixture(Circuits.mlp(input: .committed))
    let key = fixture.key.verifier
    let statement = try fixture.proof(context: [9]).statement
    let values = try #require(statement.outputs[0]).values
    let parts: [(label: Label, bytes: [UInt8])] = [
      (.scheme, Array("BN254 G1 hashed, SHA-256, inverses, halving".utf8)),
      (.keyDigest, key.modelID), (.inferences, [0, 0, 0, 0, 0, 0, 0, 1]), (.context, [9]),
      (.publicTensors, values.map { UInt8(truncatingIfNeeded: $0) }),
      (.committedTensors, statement.commitments.joined().flatMap(\.compressed)),
    ]
    func challenge(_ parts: [(label: Label, bytes: [UInt8])]) -> Fr {
      var transcript = Transcript()
      for part in parts { transcript.absorb(part.label, part.bytes) }
      return transcript.challenges(1, .lookup)[0]
    }
    var transcript = statement.transcript(key: key)
    let expected = transcript.challenges(1, .lookup)[0]
    #expect(challenge(parts) == expected)
    for place in parts.indices {
      var fewer = parts
      fewer.remove(at: place)
      #expect(challenge(fewer) != expected, "\(parts[place].label)")
    }
  }

  @Test func `a value that is told of a hidden tensor fits no statement`() throws {
    let fixture = try Fixture.named("tiny")
    var proof = try fixture.proof()
    #expect(proof.statement.inputs == [nil])
    proof.statement.inputs[0] = [0, 0]
    #expect(fixture.refusal(proof) == .statement)
  }

  /// y + 125 of an output from −8 to 7 goes beyond the bytes that the statement has.
  @Test func `a value that its block can have and its type does not is refused`() throws {
    var circuit = Circuits.mlp()
    circuit.system.outputs[0].zeroPoint = 125
    let fixture = try Fixture(circuit)
    var proof = try fixture.proof()
    proof.statement.outputs[0] = [127, 127, 127, 128]
    #expect(fixture.refusal(proof) == .statement)
  }

  @Test func `a statement is bound to every byte of its values`() throws {
    var circuit = Circuits.mlp()
    circuit.system.outputs[0].type = .int32
    let fixture = try Fixture(circuit)
    let proof = try fixture.proof()
    #expect(fixture.refusal(proof) == nil)
    var seen = [proof.statement.publicBytes(of: circuit.system)]
    #expect(seen[0].count == 8 + 4 * 4)
    for place in 0..<4 {
      var altered = proof.statement
      altered.outputs[0]?[3] ^= 1 << Int64(8 * place)
      seen.append(altered.publicBytes(of: circuit.system))
    }
    #expect(Set(seen).count == seen.count)
  }

  @Test(arguments: ElementType.allCases.filter { $0.range != nil })
  func `integers of a statement are read as they were written`(type: ElementType) {
    let (low, high) = (type.integers.lowerBound, type.integers.upperBound)
    for value in [low, low + 1, -1, 0, 1, 127, 128, 255, 256, 32_768, high - 1, high]
    where type.integers.contains(value) {
      let bytes = (0..<type.bytes).map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
      #expect(type.integer(bytes[...]) == value)
    }
  }

  @Test func `a key's file is refused as its circuit is`() throws {
    let fixture = try Fixture.named("mlp")
    var system = fixture.circuit.system
    system.blocks[0].multiplier = .constant(1 << 7)
    var writer = ByteWriter()
    writer.write(raw: system.encoded())
    for row in fixture.key.verifier.modelRows { writer.write(raw: row.compressed) }
    var reader = ByteReader(writer.bytes)
    #expect(throws: KeyFileError.refused(.inputMultiplier(block: 0))) {
      try VerifierKey(decoding: &reader)
    }
  }

  @Test func `committed tensors are bound`() throws {
    let fixture = try Fixture(Circuits.mlp(input: .committed))
    let proof = try fixture.proof()
    #expect(fixture.refusal(proof) == nil)
    var altered = proof
    altered.statement.commitments[0][0] =
      (G1(altered.statement.commitments[0][0]) + AffinePoint.generator).affine
    #expect(fixture.refusal(altered) != nil)
  }

  @Test func `proofs and statements of two inputs are not exchanged`() throws {
    let fixture = try Fixture.named("mlp")
    var other = fixture.circuit
    other.inputs[0][2] += 1
    var prover = fixture.prover(try other.execute())
    let (one, two) = (try fixture.proof(), try prover.run())
    #expect(fixture.refusal(one) == nil)
    #expect(fixture.refusal(two) == nil)
    var mixed = one
    mixed.statement = two.statement
    #expect(fixture.refusal(mixed) == .refused(.rejected(.equation)))
  }

  @Test func `a proof under another key is refused`() throws {
    let fixture = try Fixture.named("mlp")
    let proof = try fixture.proof()
    // The same circuit and other weights; the same weights under another blinder.
    var circuit = fixture.circuit
    circuit.values[0][0] ^= 1
    let keys = [
      try ProverKey(circuit.system, cells: circuit.cells, seed: fixture.key.seed),
      try ProverKey(fixture.circuit.system, cells: fixture.circuit.cells),
    ]
    for key in keys {
      #expect(throws: VerificationError.self) { try Verifier.verify(proof, key: key.verifier) }
      var renamed = proof
      renamed.modelID = key.verifier.modelID
      #expect(throws: VerificationError.refused(.rejected(.equation))) {
        try Verifier.verify(renamed, key: key.verifier)
      }
    }
    var renamed = proof
    renamed.modelID[0] ^= 1
    #expect(throws: VerificationError.self) {
      try Verifier.verify(renamed, key: fixture.key.verifier)
    }
  }

  @Test(arguments: ["tiny", "mlp"])
  func `any byte of a key changed makes another key or none`(name: String) throws {
    let fixture = try Fixture.named(name)
    let proof = try fixture.proof()
    let bytes = fixture.key.verifier.encoded
    var accepted = 0
    for index in bytes.indices {
      for pattern: UInt8 in [0x01, 0x80, 0xff] {
        var altered = bytes
        altered[index] ^= pattern
        var reader = ByteReader(altered)
        guard let key = try? VerifierKey(decoding: &reader), reader.remaining == 0 else { continue }
        accepted += 1
        #expect(key.modelID != fixture.key.verifier.modelID)
        var renamed = proof
        renamed.modelID = key.modelID
        #expect(throws: VerificationError.self) { try Verifier.verify(renamed, key: key) }
      }
    }
    #expect(accepted > 0)
    for count in bytes.indices {
      var reader = ByteReader(Array(bytes.prefix(count)))
      #expect(throws: KeyFileError.self) { try VerifierKey(decoding: &reader) }
    }
  }

  @Test func `the multiplier of an identity row is the circuit's`() throws {
    // An input block whose M is not 2^S would let y be another multiple of acc.
    var circuit = Circuits.mlp()
    circuit.system.blocks[0].multiplier = .constant(1 << 7)
    #expect(throws: KeyError.inputMultiplier(block: 0)) {
      try ProverKey(circuit.system, cells: circuit.cells)
    }
    circuit.system.blocks[0].multiplier = circuit.system.blocks[1].multiplier
    #expect(throws: KeyError.inputMultiplier(block: 0)) {
      try ProverKey(circuit.system, cells: circuit.cells)
    }
  }
}
