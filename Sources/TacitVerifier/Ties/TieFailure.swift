import ConstraintSystem

/// Why two proofs are not known to be of one tensor. Names are those of the tensors, as in their model files.
public enum TieFailure: Error, Hashable, Sendable {
  /// The tensor is not committed to, so that nothing ties it.
  case notCommitted(String)
  /// The model commits to no tensor on this side.
  case none(TieSide)
  /// The model commits to several tensors on this side; one of them is to be named.
  case several(TieSide, [String])
  /// The model commits to no tensor of this name on this side.
  case unknown(TieSide, String, known: [String])
  /// The integers of the two mean different things, or stand in another order: each difference in plain words.
  case otherPort(String, other: String, differences: [String])
  /// The commitments are to different tensors, or to one under different blinders.
  case otherTensor(String, other: String)
  /// The tensor that was declared has another number of values, or one that the input cannot have.
  case declared(String, values: Int, expected: Int)
  /// The tensor that was declared is not zero everywhere, and its commitment takes powers of a ceremony, which
  /// a verifier does not have.
  case declaredByPowers(String)
}

/// An end of a network that a tie is at.
public enum TieSide: String, Sendable, CaseIterable {
  /// What the network is given.
  case input
  /// What it gives.
  case output
}

extension TieFailure: CustomStringConvertible {
  /// The failure in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .notCommitted(let name):
      "\(name.quoted) is not committed to; compile the model with committed inputs and outputs"
    case .none(let side):
      "the model has no committed \(side.rawValue); compile it with --\(side.rawValue) committed"
    case .several(let side, let names):
      "the model has several committed \(side.rawValue)s (\(Self.list(names))); name the one that "
        + "is meant"
    case .unknown(let side, let name, let known):
      "the model has no committed \(side.rawValue) \(name.quoted); it has \(Self.list(known))"
    case .otherPort(let name, let other, let differences):
      "\(name.quoted) is not the same kind of tensor as \(other.quoted): it has "
        + differences.joined(separator: "; ")
    case .otherTensor(let name, let other):
      "\(name.quoted) is committed to by other points than \(other.quoted): it is another tensor, or "
        + "was not committed to by the other proof's opening (--reuse)"
    case .declared(let name, let values, let expected):
      "\(name.quoted) takes \(expected) values that it can have, and \(values) were declared"
    case .declaredByPowers(let name):
      "the commitment to a first state of \(name.quoted) that is not zero everywhere takes powers of the "
        + "ceremony, which no verifier has; begin chains of this key with zeros"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "none" : names.map(\.quoted).joined(separator: ", ")
  }
}
