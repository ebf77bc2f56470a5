import ConstraintSystem

/// Stands where a node of a model cannot be proven, so that everything around it can still be judged:
/// a reader's last act is to refuse a graph that holds one.
package struct Refused: UnprovenOperator {
  /// Nil where nothing is wrong with the node itself: it reads what a refused one makes.
  package var problem: NodeProblem?

  package init(_ problem: NodeProblem?) { self.problem = problem }

  package init(_ node: SourceNode) throws(ModelError) {
    throw .invalid(node: node.name, what: "\(node.type) is no operator")
  }

  package var label: String { "Refused" }

  private var error: ModelError {
    .nodes(problem.map { [$0] } ?? [], supported: [])
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] { throw error }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> { throw error }

  package func refusal(_ tensors: NodeTensors) -> ModelError { error }
}

extension Node {
  /// What stands here in place of an operator; nil where there is one.
  package var refused: Refused? { self.operator as? Refused }
}
