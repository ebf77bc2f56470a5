/// A node as a file states it, before any operator has understood it.
package struct SourceNode: Sendable {
  package enum Format: Sendable, Hashable {
    case onnx(opset: Int)
    case tflite(version: Int)
  }
  package enum Attribute: Sendable, Hashable {
    case integer(Int64)
    case real(Float)
    case text(String)
    case integers([Int64])
    case reals([Float])
  }
  package var format: Format
  /// `Gemm`, `FULLY_CONNECTED`, …
  package var type: String
  package var name: String
  package var attributes: [String: Attribute]
  /// The tensors it reads and writes, so that an operator can read constants and check types.
  package var inputs: [Tensor?]
  package var outputs: [Tensor]
  /// Which output the operator is to make: a node of several becomes several nodes.
  package var piece = 0

  package init(
    format: Format, type: String, name: String, attributes: [String: Attribute],
    inputs: [Tensor?], outputs: [Tensor]
  ) {
    self.format = format
    self.type = type
    self.name = name
    self.attributes = attributes
    self.inputs = inputs
    self.outputs = outputs
  }
}
