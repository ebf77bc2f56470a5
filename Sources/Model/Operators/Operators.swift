/// The operators that Tacit knows.
package enum Operators {
  package static let all: [any Operator.Type] = [
    FullyConnected.self,
    Convolution.self,
    BatchNormalization.self,
    Clamp.self,
    Add.self,
    Multiply.self,
    MaxPool.self,
    AveragePool.self,
    Mean.self,
    Extremum.self,
    Lookup.self,
    Elementwise.self,
    PRelu.self,
    Reshape.self,
    Transpose.self,
    Slice.self,
    Split.self,
    Pad.self,
    Concatenation.self,
    Resize.self,
    BlockShuffle.self,
    Quantize.self,
    Dequantize.self,
    Softmax.self,
    ArgMax.self,
  ]

  /// The newest opset of ONNX's own domain whose operator texts were read. Those of 26 to 28 add element types
  /// and attributes that are refused by name.
  package static let latestOpset = 28

  /// The operator that a node of a file names.
  package static func make(_ node: SourceNode) throws(ModelError) -> any Operator {
    guard let type = type(of: node) else {
      throw .unsupportedOperator(
        node: node.name, type: node.type, opset: node.version, supported: supported(node.format))
    }
    guard node.outputs.count <= 1 || type.hasSeveralOutputs else {
      throw .unsupported(
        node: node.name, what: "\(node.type) with \(node.outputs.count) outputs",
        remedy: "its first output alone is read: leave the others unused")
    }
    return try type.init(node)
  }

  /// Whether the name and the opset are known; what `make` then says of attributes is its matter.
  package static func knows(_ node: SourceNode) -> Bool { type(of: node) != nil }

  /// Names as files of that format have them, sorted.
  package static func supported(_ format: SourceNode.Format) -> [String] {
    switch format {
    case .onnx: onnxNames
    case .tflite: tfliteNames
    }
  }

  private static let onnxNames =
    all.flatMap { $0.onnx.map { "\($0.name) (\(text($0.opsets)))" } }.sorted()
  private static let tfliteNames = all.flatMap { $0.tflite }.sorted()

  private static func type(of node: SourceNode) -> (any Operator.Type)? {
    all.first { type in
      switch node.format {
      case .onnx(let opset):
        type.onnx.contains { $0.name == node.type && $0.opsets.contains(opset) }
      case .tflite: type.tflite.contains(node.type)
      }
    }
  }

  private static func text(_ opsets: ClosedRange<Int>) -> String {
    opsets.count == 1
      ? "opset \(opsets.lowerBound)" : "opsets \(opsets.lowerBound) to \(opsets.upperBound)"
  }
}
