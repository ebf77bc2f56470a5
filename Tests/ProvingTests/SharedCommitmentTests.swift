import ConstraintSystem
import Curve
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification

/// Two committed tensors on one block: the opening would bind the sum of their commitments alone.
struct SharedCommitmentTests {
  /// An output that repeats another's block; `second` is what the repeated one is.
  private func circuit(second: Visibility) -> Circuit {
    var circuit = Circuits.mlp([8, 8, 8], output: .committed)
    var again = circuit.system.outputs[0]
    again.name = "again"
    again.visibility = second
    circuit.system.outputs.append(again)
    return circuit
  }

  @Test func `a key whose committed tensors share a block is refused`() throws {
    let circuit = circuit(second: .committed)
    let block = circuit.system.outputs[0].blocks[0]
    #expect(throws: KeyError.committedTwice(.output(0), .output(1), block: block)) {
      try VerifierKey(circuit.system, modelRows: [])
    }
    // Nor may an output be an input that is committed to.
    var input = Circuits.mlp([8, 8, 8], input: .committed).system
    input.outputs = [input.inputs[0]]
    #expect(throws: KeyError.committedTwice(.input(0), .output(0), block: 0)) {
      try input.validate()
    }
    // One of them committed, the other public or private, is one commitment.
    for visibility in [Visibility.public, .private] {
      try self.circuit(second: visibility).system.validate()
    }
  }

  /// The prover commits to anything at all as the first output and takes the difference from the second.
  @Test func `a commitment to anything is refused though the two add up`() throws {
    let honest = try Fixture(circuit(second: .private))
    // What a verifier would have laid out for the key that is refused.
    let shape = ProofLayout(circuit(second: .committed).system)
    #expect(shape.rows.repeatsCommitted)

    var prover = honest.prover()
    let whole = prover.statement.commitments[0]
    let anything = [AffinePoint](repeating: .generator, count: whole.count)
    let rest = whole.map { (G1($0) + (-G1(.generator))).affine }
    var statement = prover.statement
    statement.commitments = [anything, rest]
    let transcript = statement.transcript(key: honest.key.verifier)
    prover.channel = ProverChannel(
      transcript: transcript, plan: honest.shape.plan,
      pads: Array(prover.pads[..<honest.shape.plan.messages]))
    let body = try prover.run().body
    #expect(throws: ProofError.rejected(.commitments)) {
      try Verifier.verify(
        body, statement: statement, as: shape, key: honest.key.verifier, transcript: transcript)
    }
  }
}
