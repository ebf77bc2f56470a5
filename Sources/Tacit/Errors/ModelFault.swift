import ConstraintSystem
import Model
public import TacitVerifier

/// Why a model file cannot be compiled, where it is not that nodes of it cannot be proven. A node
/// is named as in the file.
public enum ModelFault: Hashable, Sendable {
  /// The file is damaged, no model, or one that contradicts itself; `node` is nil where it is no
  /// single node that does.
  case invalid(node: String?, what: String)
  /// The file holds something that cannot be proven, and `remedy` says what would make it work.
  case unsupported(node: String?, what: String, remedy: String)
  /// An attribute of a node has a value that cannot be proven.
  case unsupportedAttribute(
    node: String, operator: String, attribute: String, value: String, remedy: String)
  /// The circuit of the model is not one that a verifier accepts, in most cases for its size.
  case circuit(CircuitFault)

  /// The node that is at fault; nil where no single one is.
  public var node: String? {
    switch self {
    case .invalid(let node, _), .unsupported(let node, _, _): node
    case .unsupportedAttribute(let node, _, _, _, _): node
    case .circuit: nil
    }
  }
}

extension ModelFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String {
    // What the compiler says of a model is worded where it is thrown.
    let error: ModelError
    switch self {
    case .circuit(let fault): return "its circuit is refused: \(fault)"
    case .invalid(let node, let what): error = .invalid(node: node ?? "", what: what)
    case .unsupported(let node, let what, let remedy):
      error = .unsupported(node: node ?? "", what: what, remedy: remedy)
    case .unsupportedAttribute(let node, let type, let attribute, let value, let remedy):
      error = .unsupportedAttribute(
        node: node, type: type, attribute: attribute, value: value, remedy: remedy)
    }
    return "\(error)"
  }
}

extension TacitError {
  init(_ error: ModelError) {
    func named(_ node: String) -> String? { node.isEmpty ? nil : node }
    switch error {
    case .nodes(let problems, let supported):
      self = .unsupported(problems.map(UnsupportedNode.init), operators: supported)
    case .unsupportedOperator(let node, let type, _, let supported):
      self = .unsupported(
        [UnsupportedNode(error.problem(node: node, type: type))], operators: supported)
    case .unsupportedAttribute(let node, let type, let attribute, let value, let remedy):
      self = .model(
        .unsupportedAttribute(
          node: node, operator: type, attribute: attribute, value: value, remedy: remedy))
    case .unsupported(let node, let what, let remedy):
      self = .model(.unsupported(node: named(node), what: what, remedy: remedy))
    case .invalid(let node, let what):
      self = .model(.invalid(node: named(node), what: what))
    case .cancelled: self = .cancelled
    }
  }
}
