import ConstraintSystem
import Model

/// What stands in the way of proving one node of a model.
public struct UnsupportedNode: Equatable, Sendable {
  /// As in the file, or made up where it has no name there; empty for the model as a whole.
  public let name: String
  /// The operator's name in the file.
  public let type: String
  public let what: String
  /// What would make it work.
  public let remedy: String

  init(_ problem: NodeProblem) {
    name = problem.node
    type = problem.type
    what = problem.what.printable
    remedy = problem.remedy.printable
  }
}

extension UnsupportedNode: CustomStringConvertible {
  public var description: String {
    let place = name.isEmpty ? "" : "\(type) \(name.quoted): "
    return (remedy.isEmpty ? place + what : "\(place)\(what); \(remedy)").printable
  }
}

extension TacitError {
  init(_ error: ModelError) {
    if case .nodes(let problems, let supported) = error {
      self = .unsupported(problems.map(UnsupportedNode.init), operators: supported)
    } else {
      self = .model("\(error)", node: error.node)
    }
  }
}
