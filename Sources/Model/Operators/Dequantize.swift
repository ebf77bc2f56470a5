package import ConstraintSystem

/// ONNX DequantizeLinear, TFLite DEQUANTIZE at the network's output: a public step after the proof.
package struct Dequantize: UnaryOperator, FinalOperator {
  package static let onnx = [
    ONNXForm("DequantizeLinear", since: 10), .microsoft("DequantizeLinear"),
  ]
  package static let tflite = [TFLiteForm("DEQUANTIZE", options: 38)]

  package init() {}

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    try attributes.require("block_size", 0)
    attributes.ignore("axis", "output_dtype")
    try attributes.finish()
  }

  package var label: String { "Dequantize" }

  package func real(_ x: Float) -> Float { x }

  package func steps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep] {
    _ = try tensors.input(0, "input").affine(tensors.node)
    return [.dequantize]
  }
}
