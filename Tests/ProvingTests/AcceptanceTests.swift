import ConstraintSystem
import Proving
import Verification
import TestSupport
import Testing

/// Honest proofs of every toy circuit are accepted; another statement is not.
struct AcceptanceTests {
  @Test(arguments: Circuits.all.map(\.name))
  func `an honest proof is accepted and has the key's length`(name: String) throws {
    let circuit = try #require(Circuits.all.first { $0.name == name }?.circuit)
    let trace = try circuit.execute()
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    let proof = Prover.prove(trace, key: key, context: [1, 2, 3])
    try Verifier.verify(proof, key: key.verifier)
    #expect(proof.body.count == key.verifier.bodyBytes)
    var reader = ByteReader(proof.encoded(for: circuit.system))
    #expect(try Proof(decoding: &reader, for: key.verifier) == proof)
  }
}
