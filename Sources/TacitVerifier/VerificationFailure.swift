import ConstraintSystem
import Verification

/// Why a proof is not accepted.
///
/// `key` and `noProofs` are faults of who asks, and `cancelled` is what they wished; every other
/// case says that this is no proof of what was asked for. `description` is one line in plain words,
/// harmless to print.
public enum VerificationFailure: Error, Hashable, Sendable {
  /// The key's bytes are no verifier key, or one of a circuit that no verifier accepts.
  case key(KeyFault)
  /// The key is not of the model that was asked for.
  case pinnedModel(expected: ModelID, key: ModelID)
  /// The proof's bytes are no proof for this key.
  case proof(ProofFault)
  /// The proof was made with another model's key.
  case otherModel(proof: ModelID, key: ModelID)
  /// The proof is bound to another context.
  case otherContext(expected: [UInt8], proof: [UInt8])
  /// The argument does not prove what the proof states.
  case refused(ProofRefusal)
  /// A reveal is of another tensor than the proof's.
  case otherCommitment
  /// A list of proofs that has none.
  case noProofs
  /// The task that waited for the check was cancelled; nothing is known of the proof.
  case cancelled

  init(_ error: VerificationError) {
    switch error {
    case .otherModel(let expected, let actual):
      self = .otherModel(proof: ModelID(bytes: actual), key: ModelID(bytes: expected))
    case .otherScheme: self = .proof(.otherScheme)
    case .malformed(let error): self = .proof(.file(FileFault(error)))
    case .inferences(let count, _): self = .proof(.inferences(count))
    case .tooShort(let inferences, let least, let actual):
      self = .proof(.tooShort(inferences: inferences, least: least, actual: actual))
    case .statement: self = .proof(.statement)
    case .index(let input, let inference, let position, let value, let extent):
      self = .proof(
        .index(
          input: input, inference: inference, position: position, value: value, extent: extent))
    case .modelRanges(let error): self = .key(KeyFault(.refused(error) as KeyFileError))
    case .commitment(let port): self = .proof(.commitment(tensor: port))
    case .otherCommitment: self = .otherCommitment
    case .refused(let error): self = ProofRefusal(error).map { .refused($0) } ?? .cancelled
    case .cancelled: self = .cancelled
    }
  }
}

extension VerificationFailure: CustomStringConvertible {
  /// The failure in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .key(let fault): "the verifier key is refused: \(fault)"
    case .pinnedModel(let expected, let key):
      "the key is of model \(key), not of the model asked for, \(expected)"
    case .proof(let fault): "\(fault)"
    case .otherModel(let proof, let key):
      "the proof is for model \(proof), this key is model \(key)"
    case .otherContext(let expected, let proof):
      "the proof is bound to \(Self.text(proof)), not to \(Self.text(expected))"
    case .refused(let refusal): "\(refusal)"
    case .otherCommitment:
      "the reveal is of a tensor with another commitment than the proof's: of another proof, or of none"
    case .noProofs: "there is no proof to verify"
    case .cancelled: "the check was cancelled"
    }
  }

  private static func text(_ context: [UInt8]) -> String {
    context.isEmpty ? "no context" : "context \(ContextText.text(context))"
  }
}

/// A context as people write it: text where it is printable, else hexadecimal digits after `0x`.
package enum ContextText {
  package static func text(_ context: [UInt8]) -> String {
    if context.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      return String(decoding: context, as: UTF8.self).quoted
    }
    return "0x\(Hex.text(context))"
  }

  /// nil for digits after `0x` that are not hexadecimal bytes.
  package static func bytes(_ text: String) -> [UInt8]? {
    text.hasPrefix("0x") ? Hex.bytes(text.dropFirst(2)) : Array(text.utf8)
  }
}
