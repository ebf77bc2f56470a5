import ConstraintSystem

/// An operator that has no integers and no rows: a network that holds one where it would have to be proven is
/// refused.
package protocol UnprovenOperator: Operator {
  /// Why, and what to do about it.
  func refusal(_ tensors: NodeTensors) -> ModelError
}

extension UnprovenOperator {
  package func check(_ tensors: NodeTensors) throws(ModelError) { throw refusal(tensors) }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> { throw refusal(tensors) }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView { throw refusal(tensors) }
}
