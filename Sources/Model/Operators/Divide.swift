import ConstraintSystem

/// ONNX Div: a quotient, extents broadcast as in ONNX.
///
/// A float network's quotients by constants are products, and those with one activation functions of one value;
/// what is left has no rows.
package struct Divide: UnprovenOperator {
  package static let onnx = [ONNXForm("Div", since: 7)]

  package init() {}

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    try attributes.finish()
  }

  package var label: String { "Divide" }

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.count == 2 ? .pair(.quotient, operands[0], operands[1]) : nil
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try Broadcast.outputShape(inputs, of: label)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let operands: [[Float]] = try Broadcast.expand(inputs, tensors)
    return Values(shape: tensors.output.shape, elements: zip(operands[0], operands[1]).map(/))
  }

  package func refusal(_ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "a quotient of two activations",
      remedy: "divide by a constant, or do it after the network, on its proven outputs")
  }
}
