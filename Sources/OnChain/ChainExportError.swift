/// Why a key or a proof has no form for the contract.
package enum ChainExportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Its scheme is not the one of chains.
  case otherScheme
  /// A number of inferences that the key has no circuit for.
  case inferences(Int)
  /// Something that the contract does not know, in words that follow "the contract does not read".
  case unsupported(String)
  /// A blob of so many bytes, above what a contract's code may have.
  case tooLarge(Int)
  /// A context of another length than 32 bytes.
  case context(Int)
  /// A proof whose bytes are no points where points should be.
  case proof

  package var description: String {
    switch self {
    case .otherScheme:
      "no contract verifies proofs of this key; compile the model with --for chain --srs FILE"
    case .inferences(let count): "the key has no proofs of \(count) inferences"
    case .unsupported(let what): "the contract does not read \(what)"
    case .tooLarge(let bytes):
      "the model takes \(bytes) bytes of code, and a contract has at most \(ChainBlob.mostBytes)"
    case .context(let bytes):
      "the context has \(bytes) bytes; a contract takes one of 32: prove with --context 0x and 64 digits"
    case .proof: "the proof's body is malformed"
    }
  }
}
