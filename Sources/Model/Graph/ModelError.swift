import ConstraintSystem

/// Why a model cannot be read or compiled, in terms of the user's file.
package enum ModelError: Error, Equatable, Sendable {
  /// No operator of that name is known.
  case unsupportedOperator(node: String, type: String, opset: Int?, supported: [String])
  case unsupportedAttribute(
    node: String, type: String, attribute: String, value: String, remedy: String = "")
  case unsupported(node: String, what: String, remedy: String)
  case invalid(node: String, what: String)
  /// Every node of a model that stands in the way, in the file's order; `supported` are the names of
  /// all operators where an unknown one is among the nodes.
  case nodes([NodeProblem], supported: [String])
  /// Nobody waits for the model any more.
  case cancelled
}

/// What stands in the way of proving one node.
package struct NodeProblem: Error, Equatable, Sendable {
  /// As in the file, or made up where it has no name there; empty for the model as a whole.
  package var node: String
  /// The operator's name in the file.
  package var type: String
  package var what: String
  /// What would make it work.
  package var remedy: String
  /// Whether no operator of that name is known.
  package var isUnknownOperator: Bool

  package init(
    node: String, type: String, what: String, remedy: String, isUnknownOperator: Bool = false
  ) {
    self.node = node
    self.type = type
    self.what = what
    self.remedy = remedy
    self.isUnknownOperator = isUnknownOperator
  }
}

extension ModelError {
  /// What to do about an operator that is not supported, by its name in the file.
  package static func replacement(for type: String) -> String { Remedies.replacement(for: type) }

  /// What to do about a TFLite model that is quantized in part.
  package static var fullQuantization: String { Remedies.fullQuantization }

  /// The same error with the node named, where an operator that does not know its name left it out.
  package func at(_ name: String) -> ModelError {
    switch self {
    case .unsupported("", let what, let remedy):
      .unsupported(node: name, what: what, remedy: remedy)
    case .invalid("", let what): .invalid(node: name, what: what)
    case .unsupportedAttribute("", let type, let attribute, let value, let remedy):
      .unsupportedAttribute(
        node: name, type: type, attribute: attribute, value: value, remedy: remedy)
    default: self
    }
  }

  /// The error as one about a node.
  ///
  /// - Parameters:
  ///   - node: its name, where the error has none.
  ///   - type: the operator's name in the file.
  package func problem(node: String, type: String) -> NodeProblem {
    func made(_ own: String, _ what: String, _ remedy: String) -> NodeProblem {
      NodeProblem(node: own.isEmpty ? node : own, type: type, what: what, remedy: remedy)
    }
    switch self {
    case .unsupportedOperator(let own, let type, let opset, let supported):
      let (what, remedy) = Remedies.unknown(type, opset: opset, supported: supported)
      var problem = made(own, what, remedy)
      problem.isUnknownOperator = true
      return problem
    case .unsupportedAttribute(let own, _, let attribute, let value, let remedy):
      return made(
        own, "its attribute \(attribute) = \(value) is not supported",
        remedy.isEmpty ? Remedies.attribute(attribute) : remedy)
    case .unsupported(let own, let what, let remedy): return made(own, what, remedy)
    case .invalid(let own, let what): return made(own, what, Remedies.exportAgain)
    case .nodes(let problems, _): return problems.first ?? made("", "it is not supported", "")
    case .cancelled: return made("", "it was not looked at", "")
    }
  }
}

extension ModelError: CustomStringConvertible {
  package var description: String { lines.map(\.printable).joined(separator: "\n") }

  private var lines: [String] {
    switch self {
    case .unsupportedOperator(let node, let type, _, let supported):
      return ModelError.nodes([problem(node: node, type: type)], supported: supported).lines
    case .unsupportedAttribute(let node, let type, let attribute, let value, let remedy):
      let text = "\(type) at \(node.quoted): attribute \(attribute) = \(value) is not supported"
      return [remedy.isEmpty ? text : "\(text); \(remedy)"]
    case .unsupported(let node, let what, let remedy):
      let place = node.isEmpty ? "" : "\(node.quoted): "
      return [remedy.isEmpty ? place + what : "\(place)\(what); \(remedy)"]
    case .invalid(let node, let what):
      return [node.isEmpty ? what : "\(node.quoted): \(what)"]
    case .nodes(let problems, let supported):
      let lines = problems.map { "  \($0)" }
      let head =
        problems.count == 1
        ? "1 node is not supported" : "\(problems.count) nodes are not supported"
      let known =
        supported.isEmpty ? [] : ["supported operators: " + supported.joined(separator: ", ")]
      return ["\(head):"] + lines + known
    case .cancelled: return ["the compilation was cancelled"]
    }
  }
}

extension NodeProblem: CustomStringConvertible {
  package var description: String {
    let place = "\(type) \(node.quoted): \(what)"
    return (remedy.isEmpty ? place : "\(place); \(remedy)").printable
  }
}
