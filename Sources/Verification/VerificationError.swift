package import ConstraintSystem
package import Transcript

/// Why a verifier says no.
package enum VerificationError: Error, Equatable, Sendable {
  /// The bytes could not be read.
  case malformed(FormatError)
  /// The proof is for another model's key.
  case otherModel(expected: [UInt8], actual: [UInt8])
  /// A number of inferences that no proof under this key has.
  case inferences(Int, KeyError)
  /// Too few bytes for the number of inferences.
  case tooShort(inferences: Int, least: Int, actual: Int)
  /// Public values that do not fit the key's ports, or a context that is too long.
  case statement
  /// A commitment to a tensor that is no point of the curve.
  case commitment(port: Int)
  /// The argument is not a proof of the statement.
  case refused(ProofError)
}

extension VerificationError: CustomStringConvertible {
  package var description: String {
    func hex(_ bytes: [UInt8]) -> String {
      bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    switch self {
    case .malformed(let error): return "the proof cannot be read: \(error)"
    case .otherModel(let expected, let actual):
      return "the proof is for model \(hex(actual)), this key is model \(hex(expected))"
    case .inferences(let count, _):
      return "the proof claims to be of \(count) inferences, which no proof of this model holds"
    case .tooShort(let inferences, let least, let actual):
      return
        "the proof claims to be of \(inferences) inferences, which take \(least) bytes or more; "
        + "it has \(actual)"
    case .statement: return "the proof's public values do not fit this model"
    case .commitment(let port): return "the commitment to tensor \(port) is no point of the curve"
    case .refused(let error):
      switch error {
      case .length(let expected, let actual):
        return "the proof has \(actual) bytes where this key calls for \(expected)"
      case .scalar(let label, let at):
        return "the proof holds no canonical field element at \(label), element \(at)"
      case .point(let label, let at):
        return "the proof holds no point of the curve at \(label), element \(at)"
      case .rejected(.commitments):
        return "the proof does not open its commitments: it does not prove what it states"
      case .rejected(.equation):
        return "the proof's equations do not hold: it does not prove what it states"
      }
    }
  }
}
