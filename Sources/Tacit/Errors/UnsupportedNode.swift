import ConstraintSystem
import Model

/// What stands in the way of proving one node of a model.
public struct UnsupportedNode: Hashable, Sendable {
  /// As in the file, or made up where it has no name there; empty for the model as a whole.
  public let name: String
  /// The operator's name in the file.
  public let type: String
  /// What cannot be proven, for people.
  public let what: String
  /// What would make it work, for people; empty where nothing is known to.
  public let remedy: String
  /// Whether no operator of that name is known.
  public let isUnknownOperator: Bool

  init(_ problem: NodeProblem) {
    name = problem.node
    type = problem.type
    what = problem.what.printable
    remedy = problem.remedy.printable
    isUnknownOperator = problem.isUnknownOperator
  }
}

extension UnsupportedNode: CustomStringConvertible {
  /// Node, fault and remedy on one line that is harmless to print.
  public var description: String {
    let place = name.isEmpty ? "" : "\(type) \(name.quoted): "
    return (remedy.isEmpty ? place + what : "\(place)\(what); \(remedy)").printable
  }
}
