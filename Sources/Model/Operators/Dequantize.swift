package import ConstraintSystem

/// ONNX DequantizeLinear, TFLite DEQUANTIZE at the network's output: a public step after the proof.
package struct Dequantize: Operator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("DequantizeLinear", 10...Operators.latestOpset)
  ]
  package static let tflite = ["DEQUANTIZE"]

  package init() {}

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    try attributes.require("block_size", 0)
    attributes.ignore("axis", "output_dtype")
    try attributes.finish()
  }

  package var label: String { "Dequantize" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try SourceShapes.first(inputs)
  }

  package func finalStep(_ tensors: NodeTensors) throws(ModelError) -> FinalStep? {
    _ = try tensors.input(0, "input").affine(tensors.node)
    return .dequantize
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { throw refusal(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(shape: tensors.output.shape, elements: x.elements)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    throw refusal(tensors)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire {
    throw refusal(tensors)
  }

  private func refusal(_ tensors: NodeTensors) -> ModelError { .notLast(label, tensors) }
}

extension ModelError {
  /// An operator that is supported at the end of a network only.
  static func notLast(_ label: String, _ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "\(label) in the middle of the network",
      remedy: "it is supported as a last step, on the network's only output")
  }
}
