import ConstraintSystem
package import TacitVerifier
import Verification

extension ModelVerifier {
  /// The blob of this model, for proofs of so many inferences each.
  package func chainBlob(inferences: Int = 1) throws(ChainExportError) -> ChainBlob {
    try ChainBlob(key, inferences: inferences)
  }

  /// What the contract is called with for a proof of this model, and of how many inferences it is. The proof is read and
  /// not verified.
  ///
  /// - Parameter file: the bytes of a `.proof` file.
  package func chainCall(
    _ file: [UInt8]
  ) throws(ChainExportError) -> (call: ChainCall, inferences: Int) {
    let proof: Proof
    do {
      var reader = try FileFormat.open(.proof, file)
      proof = try Proof(decoding: &reader, for: key)
    } catch {
      throw .proof
    }
    return (try ChainCall(proof, of: key), proof.statement.inferences)
  }
}
