import ConstraintSystem
import Proving
import Verification
public import TacitVerifier

extension ModelProver {
  /// Proves that every value of the model is an integer of the type that its verifier key declares.
  ///
  /// Made once for a key, to be published beside it. Without it a proof says that its maker knows what the
  /// key's commitments hold, and that every output is that of one function; with it that the function is the
  /// network's, on integers. It tells nothing of the values but their types, which the key tells already.
  ///
  /// - Returns: the bytes of a `.keyproof` file.
  /// - Throws: `TacitError.key` for a model that is too large for it; `TacitError.powers`; `TacitError.cancelled` in a job that is.
  /// - Complexity: about that of an inference with a row for each value of one byte, and one for every 12 bits of
  ///   wider values; on all processors.
  public func keyProof() throws(TacitError) -> [UInt8] {
    try checkPowers(for: key.verifier.single)
    do throws(KeyProofError) {
      let proof = try Prover.keyProof(key)
      return FileFormat.wrap(.keyProof, proof.encoded(for: key.system))
    } catch {
      switch error {
      case .key(let error): throw .key(.key(KeyFault(.refused(error) as KeyFileError)))
      case .cancelled: throw .cancelled
      }
    }
  }

  /// As `keyProof()`, on threads of its own.
  ///
  /// - Parameter job: threads to use, and whom to tell how far it is.
  /// - Returns: the bytes of a `.keyproof` file.
  /// - Throws: as the other; `TacitError.cancelled` when the task is cancelled first.
  public func keyProof(job: JobOptions) async throws(TacitError) -> [UInt8] {
    try await job.run(cancelled: TacitError.cancelled) { () throws(TacitError) in try keyProof() }
  }
}
