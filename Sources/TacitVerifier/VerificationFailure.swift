import ConstraintSystem
import Verification

/// Why a proof is not accepted, in plain words.
public enum VerificationFailure: Error, Equatable, Sendable {
  /// The key's bytes are no verifier key, or one of a circuit that no verifier accepts.
  case key(String)
  /// The key is not of the model that was asked for.
  case pinnedModel(expected: ModelID, key: ModelID)
  /// The proof's bytes are no proof for this key.
  case proof(String)
  /// The proof was made with another model's key.
  case otherModel(proof: ModelID, key: ModelID)
  /// The proof is bound to another context.
  case otherContext(expected: [UInt8], proof: [UInt8])
  /// The argument does not prove what the proof states.
  case refused(String)
  /// A list of proofs that has none.
  case noProofs

  init(_ error: VerificationError) {
    switch error {
    case .otherModel(let expected, let actual):
      self = .otherModel(proof: ModelID(bytes: actual), key: ModelID(bytes: expected))
    case .malformed, .statement, .commitment, .inferences, .tooShort: self = .proof("\(error)")
    case .refused: self = .refused("\(error)")
    }
  }
}

extension VerificationFailure: CustomStringConvertible {
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .key(let reason): "the verifier key is refused: \(reason)"
    case .pinnedModel(let expected, let key):
      "the key is of model \(key), not of the model asked for, \(expected)"
    case .proof(let reason): reason
    case .otherModel(let proof, let key):
      "the proof is for model \(proof), this key is model \(key)"
    case .otherContext(let expected, let proof):
      "the proof is bound to \(Self.text(proof)), not to \(Self.text(expected))"
    case .refused(let reason): reason
    case .noProofs: "there is no proof to verify"
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
