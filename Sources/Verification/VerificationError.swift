package import ConstraintSystem
package import Transcript

/// Why a verifier says no.
package enum VerificationError: Error, Equatable, Sendable {
  /// The bytes could not be read.
  case malformed(FormatError)
  /// The proof says that it is of another scheme than the key.
  case otherScheme
  /// The proof is for another model's key.
  case otherModel(expected: [UInt8], actual: [UInt8])
  /// A number of inferences that no proof under this key has.
  case inferences(Int, KeyError)
  /// Too few bytes for the number of inferences.
  case tooShort(inferences: Int, least: Int, actual: Int)
  /// Public values that do not fit the key's ports, or a context that is too long.
  case statement
  /// An integer of an input that says where the network reads, and says a place that is not there.
  case index(input: String, inference: Int, position: [Int], value: Int64, extent: Int)
  /// A commitment to a tensor that is no point of the curve.
  case commitment(port: Int)
  /// A reveal is of another commitment than the proof's.
  case otherCommitment
  /// No key proof holds the model, as it is too large.
  case modelRanges(KeyError)
  /// The argument is not a proof of the statement.
  case refused(ProofError)
  /// Nobody waits for the verdict any more.
  case cancelled
}
