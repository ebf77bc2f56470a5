package import ConstraintSystem
package import Model

/// A model file as it was read, whether or not all of it can be proven.
package struct ModelSurvey: Sendable {
  /// Nodes that cannot be read stand in it as `Refused`.
  package var graph: Graph
  /// In plain words, what the reader decided on the way.
  package var notes: [String]
  /// As in the file, but for those that a reader dissolves (constants, quantization).
  package var nodes: [SurveyedNode]

  /// Names of the operators that a file of its format may have.
  package var supported: [String]

  /// Everything that stands in the way of proving the model, in the file's order: what the reader
  /// refused, and what operators say of the tensors of those that it could read; or, where every
  /// node is well, what is wrong with the whole.
  package var problems: [NodeProblem] {
    let problems = nodeProblems
    guard problems.isEmpty, let error = IntegerNetwork.obstacle(to: graph) else { return problems }
    return [error.problem(node: "", type: "")]
  }

  private var nodeProblems: [NodeProblem] {
    let order = Dictionary(
      nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    return named(IntegerNetwork.problems(of: graph)).enumerated().sorted { first, second in
      let places = [first, second].map { order[$0.element.node] ?? nodes.count }
      return (places[0], first.offset) < (places[1], second.offset)
    }
    .map(\.element)
  }

  /// What is said of the model behind the reader, about nodes as the file names them.
  package func problems(_ error: ModelError) -> [NodeProblem] {
    if case .nodes(let problems, _) = error { return named(problems) }
    return named([error.problem(node: "", type: "")])
  }

  /// With the operators' names in the file.
  private func named(_ problems: [NodeProblem]) -> [NodeProblem] {
    let types = Dictionary(
      nodes.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    return problems.map { problem in
      var problem = problem
      problem.type = types[problem.node] ?? problem.type
      return problem
    }
  }

  /// The verified graph of a model whose every node was read.
  ///
  /// - Throws: `ModelError.nodes` with every problem, `ModelError` for a graph that is not valid.
  package func accepted() throws(ModelError) -> (graph: Graph, notes: [String]) {
    guard graph.nodes.contains(where: { $0.refused != nil }) else {
      try graph.verify()
      return (graph, notes)
    }
    let problems = nodeProblems
    guard !problems.isEmpty else {
      throw .invalid(node: "", what: "a node reads a tensor that nothing before it writes")
    }
    throw .nodes(
      problems, supported: problems.contains(where: \.isUnknownOperator) ? supported : [])
  }
}

/// A node of a model file and what it makes.
package struct SurveyedNode: Sendable {
  package enum Standing: Sendable {
    /// Where no problem names it, it can be proven.
    case judged
    /// It depends on what a refused node makes.
    case unclear
    /// No output of the network depends on it.
    case unused
  }

  package var name: String
  /// The operator's name in the file.
  package var type: String
  package var standing: Standing
  /// Of the first output; nil where it depends on a refused node.
  package var outputShape: [Int]?
  package var outputType: ElementType?
}
