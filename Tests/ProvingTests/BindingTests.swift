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
    let bench = try Bench.named("tiny")
    let proof = try bench.proof(context: [1, 2, 3])
    #expect(bench.refusal(proof) == nil)
    for context: [UInt8] in [[], [1, 2], [1, 2, 3, 0], [1, 2, 4], [0, 1, 2, 3]] {
      var altered = proof
      altered.statement.context = context
      #expect(bench.refusal(altered) == .refused(.rejected(.equation)))
    }
    var long = proof
    long.statement.context = [UInt8](repeating: 0, count: Statement.maximalContextBytes + 1)
    #expect(bench.refusal(long) == .statement)
  }

  @Test func `every public value is bound`() throws {
    let bench = try Bench.named("mlp")
    let proof = try bench.proof()
    for side in [\Statement.inputs, \Statement.outputs] {
      let values = try #require(proof.statement[keyPath: side][0])
      for index in values.indices {
        for step: Int64 in [-1, 1, 64] {
          var altered = proof
          altered.statement[keyPath: side][0]?[index] += step
          #expect(bench.refusal(altered) == .refused(.rejected(.equation)))
        }
      }
    }
  }

  @Test func `public values that do not fit the ports are refused first`() throws {
    let bench = try Bench.named("mlp")
    let proof = try bench.proof()
    func refused(_ alter: (inout Statement) -> Void) {
      var altered = proof
      alter(&altered.statement)
      #expect(bench.refusal(altered) == .statement)
    }
    refused { $0.inputs[0]?[0] = 128 }
    refused { $0.inputs[0]?[0] = -129 }
    refused { $0.inputs[0]?[0] = .max }
    refused { $0.inputs[0]?.removeLast() }
    refused { $0.inputs[0]?.append(0) }
    refused { $0.inputs[0] = nil }
    refused { $0.inputs = [] }
    refused { $0.outputs.append([0]) }
    refused { $0.commitments = [[.generator]] }
  }

  @Test func `each part of the statement and the key moves the first challenge`() throws {
    let bench = try Bench(Circuits.mlp(input: .committed))
    let statement = try bench.proof(context: [9]).statement
    func challenge(_ statement: Statement, _ key: VerifierKey) -> Fr {
      var transcript = statement.transcript(key: key)
      return transcript.challenges(1, .lookup)[0]
    }
    var seen = [challenge(statement, bench.key.verifier)]
    var altered = statement
    altered.context = []
    seen.append(challenge(altered, bench.key.verifier))
    altered = statement
    altered.inferences = 2
    seen.append(challenge(altered, bench.key.verifier))
    altered = statement
    altered.outputs[0]?[0] ^= 1
    seen.append(challenge(altered, bench.key.verifier))
    altered = statement
    altered.commitments[0][0] = .generator
    seen.append(challenge(altered, bench.key.verifier))
    var other = bench.circuit
    other.values[0][0] ^= 1
    seen.append(challenge(statement, try Bench(other).key.verifier))
    #expect(Set(seen).count == seen.count)
  }

  @Test func `committed tensors are bound`() throws {
    let bench = try Bench(Circuits.mlp(input: .committed))
    let proof = try bench.proof()
    #expect(bench.refusal(proof) == nil)
    var altered = proof
    altered.statement.commitments[0][0] =
      (G1(altered.statement.commitments[0][0]) + AffinePoint.generator).affine
    #expect(bench.refusal(altered) != nil)
  }

  @Test func `proofs and statements of two inputs are not exchanged`() throws {
    let bench = try Bench.named("mlp")
    var other = bench.circuit
    other.inputs[0][2] += 1
    var prover = bench.prover(try other.execute())
    let (one, two) = (try bench.proof(), try prover.run())
    #expect(bench.refusal(one) == nil)
    #expect(bench.refusal(two) == nil)
    var mixed = one
    mixed.statement = two.statement
    #expect(bench.refusal(mixed) == .refused(.rejected(.equation)))
  }

  @Test func `a proof under another key is refused`() throws {
    let bench = try Bench.named("mlp")
    let proof = try bench.proof()
    // The same circuit and other weights; the same weights under another blinder.
    var circuit = bench.circuit
    circuit.values[0][0] ^= 1
    let keys = [
      try ProverKey(circuit.system, cells: circuit.cells, seed: bench.key.seed),
      try ProverKey(bench.circuit.system, cells: bench.circuit.cells),
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
      try Verifier.verify(renamed, key: bench.key.verifier)
    }
  }

  @Test(arguments: ["tiny", "mlp"])
  func `any byte of a key changed makes another key or none`(name: String) throws {
    let bench = try Bench.named(name)
    let proof = try bench.proof()
    let bytes = bench.key.verifier.encoded
    var accepted = 0
    for index in bytes.indices {
      for pattern: UInt8 in [0x01, 0x80, 0xff] {
        var altered = bytes
        altered[index] ^= pattern
        var reader = ByteReader(altered)
        guard let key = try? VerifierKey(decoding: &reader), reader.remaining == 0 else { continue }
        accepted += 1
        #expect(key.modelID != bench.key.verifier.modelID)
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
