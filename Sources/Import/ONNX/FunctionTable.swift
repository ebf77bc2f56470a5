import Model

/// What names of tensors mean in a graph, a branch, or a function that a node calls.
struct Scope {
  /// Nil for a parameter of a function that the call leaves out.
  var tensors: [String: Int?] = [:]
  /// The scope whose names are known here as well.
  var parent: Int?
  /// Before the names of nodes that are made here.
  var prefix = ""
  /// Of a function: what its attributes are in this call.
  var attributes: [String: AttributeProto]?
  /// Of a function that states them.
  var opsets: [String: Int]?
  /// Functions in each other.
  var depth = 0
}

/// Functions that a model brings along.
struct FunctionTable {
  private var functions: [String: FunctionProto] = [:]

  init(_ list: [FunctionProto]) throws(ModelError) {
    for function in list {
      let key = Self.key(function.domain, function.name, function.overload)
      guard functions.updateValue(function, forKey: key) == nil else {
        throw .invalid(node: "", what: "the function \"\(function.name)\" is defined twice")
      }
    }
  }

  /// The function that a node calls; nil where it calls none.
  func callAsFunction(_ node: NodeProto) -> FunctionProto? {
    functions.isEmpty ? nil : functions[Self.key(node.domain, node.opType, node.overload)]
  }

  private static func key(_ domain: String, _ name: String, _ overload: String) -> String {
    // No text of a file holds a lone zero between others by chance.
    "\(ONNXGraph.domain(domain))\0\(name)\0\(overload)"
  }
}
