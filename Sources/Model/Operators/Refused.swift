import ConstraintSystem

/// Stands where a node of a model cannot be proven, so that everything around it can still be judged:
/// a reader's last act is to refuse a graph that holds one.
package struct Refused: Operator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = []
  package static let tflite: [String] = []

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

  package func check(_ tensors: NodeTensors) throws(ModelError) { throw error }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> { throw error }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> { throw error }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire { throw error }
}
