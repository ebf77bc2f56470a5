/// Why a model cannot be read or compiled, in terms of the user's file.
package enum ModelError: Error, Equatable, Sendable {
  /// No operator of that name is known.
  case unsupportedOperator(node: String, type: String, opset: Int?, supported: [String])
  /// All nodes of a model whose operators are unknown.
  case unsupportedOperators([UnsupportedNode], supported: [String])
  case unsupportedAttribute(node: String, type: String, attribute: String, value: String)
  case unsupported(node: String, what: String, remedy: String)
  case invalid(node: String, what: String)
}

/// A node of a model that no operator here understands.
package struct UnsupportedNode: Equatable, Sendable {
  package var node: String
  package var type: String
  /// The opset of the model (ONNX) or the operator's version (TFLite).
  package var opset: Int?

  package init(node: String, type: String, opset: Int?) {
    self.node = node
    self.type = type
    self.opset = opset
  }
}

extension ModelError {
  /// The same error with the node named, where an operator that does not know its name left it out.
  package func at(_ name: String) -> ModelError {
    switch self {
    case .unsupported("", let what, let remedy):
      .unsupported(node: name, what: what, remedy: remedy)
    case .invalid("", let what): .invalid(node: name, what: what)
    case .unsupportedAttribute("", let type, let attribute, let value):
      .unsupportedAttribute(node: name, type: type, attribute: attribute, value: value)
    default: self
    }
  }
}

extension ModelError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unsupportedOperator(let node, let type, let opset, let supported):
      return ModelError.unsupportedOperators(
        [UnsupportedNode(node: node, type: type, opset: opset)], supported: supported
      ).description
    case .unsupportedOperators(let nodes, let supported):
      let listed = nodes.prefix(20).map { node in
        "\(node.type)\(node.opset.map { " (version \($0))" } ?? "") at \"\(node.node)\""
      }
      let more = nodes.count > 20 ? " and \(nodes.count - 20) more" : ""
      return "unsupported operators: \(listed.joined(separator: ", "))\(more); "
        + "supported are \(supported.joined(separator: ", "))"
    case .unsupportedAttribute(let node, let type, let attribute, let value):
      return "\(type) at \"\(node)\": attribute \(attribute) = \(value) is not supported"
    case .unsupported(let node, let what, let remedy):
      let place = node.isEmpty ? "" : "\"\(node)\": "
      return remedy.isEmpty ? place + what : "\(place)\(what); \(remedy)"
    case .invalid(let node, let what):
      return node.isEmpty ? what : "\"\(node)\": \(what)"
    }
  }
}
