import ConstraintSystem
package import Transcript

/// Why bytes are no proof for a key.
public enum ProofFault: Hashable, Sendable {
  /// They are no proof file, or not a whole one.
  case file(FileFault)
  /// They say that they are made by another scheme than the key's.
  case otherScheme
  /// They claim to be of a number of inferences that no proof of the model holds.
  case inferences(Int)
  /// They are `actual` bytes where a proof of so many inferences takes `least` or more.
  case tooShort(inferences: Int, least: Int, actual: Int)
  /// The public values do not fit the model, or the context is too long.
  case statement
  /// An integer of an input, which says where the network reads, is no place that is there: those are 0 to
  /// `extent` less one. Inferences are counted from 0, the position is in the input's shape.
  case index(input: String, inference: Int, position: [Int], value: Int64, extent: Int)
  /// The commitment to a committed tensor, counted from 0 with inputs first, is no point of the
  /// curve.
  case commitment(tensor: Int)
}

extension ProofFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String {
    switch self {
    case .file(let fault): "the proof cannot be read: \(fault)"
    case .otherScheme: "the proof is made by another scheme than this key"
    case .inferences(let count):
      "the proof claims to be of \(count) inferences, which no proof of this model holds"
    case .tooShort(let inferences, let least, let actual):
      "the proof claims to be of \(inferences) inferences, which take \(least) bytes or more; "
        + "it has \(actual)"
    case .statement: "the proof's public values do not fit this model"
    case .index(let input, let inference, let position, let value, let extent):
      "the proof states \(value) at \(position.listed) of input \(input.quoted), inference \(inference), where this "
        + "model reads places 0 to \(extent - 1)"
    case .commitment(let tensor): "the commitment to tensor \(tensor) is no point of the curve"
    }
  }
}

/// Why an argument does not prove what its proof states.
public enum ProofRefusal: Hashable, Sendable {
  /// The argument is `actual` bytes long where the key calls for `expected`.
  case length(expected: Int, actual: Int)
  /// An element of a message of the protocol, counted from 0, is no canonical field element.
  case scalar(message: String, element: Int)
  /// An element of a message of the protocol, counted from 0, is no point of the curve.
  case point(message: String, element: Int)
  /// What is opened is not what was committed to.
  case commitments
  /// The equations that all claims fold into do not hold.
  case equation

  /// nil for the error of a prover.
  package init?(_ error: ProofError) {
    switch error {
    case .cancelled: return nil
    case .length(let expected, let actual): self = .length(expected: expected, actual: actual)
    case .scalar(let label, let at): self = .scalar(message: "\(label)", element: at)
    case .point(let label, let at): self = .point(message: "\(label)", element: at)
    case .rejected(.commitments): self = .commitments
    case .rejected(.equation): self = .equation
    }
  }
}

extension ProofRefusal: CustomStringConvertible {
  /// The refusal in plain words, on one line that is harmless to print.
  public var description: String {
    switch self {
    case .length(let expected, let actual):
      "the proof has \(actual) bytes where this key calls for \(expected)"
    case .scalar(let message, let element):
      "the proof holds no canonical field element at \(message), element \(element)"
    case .point(let message, let element):
      "the proof holds no point of the curve at \(message), element \(element)"
    case .commitments:
      "the proof does not open its commitments: it does not prove what it states"
    case .equation: "the proof's equations do not hold: it does not prove what it states"
    }
  }
}
