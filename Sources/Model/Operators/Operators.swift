package import ConstraintSystem

/// The operators that Tacit knows: readers, error messages, tests and the table in docs/models.md have them
/// from here.
package enum Operators {
  package static let all: [any Operator.Type] = [
    FullyConnected.self,
    Convolution.self,
    TransposedConvolution.self,
    BatchNormalization.self,
    Normalization.self,
    Clamp.self,
    Add.self,
    Multiply.self,
    MatrixProduct.self,
    MaxPool.self,
    AveragePool.self,
    Mean.self,
    ReduceSum.self,
    LogSumExp.self,
    ReduceProduct.self,
    LpPool.self,
    CumulativeSum.self,
    Sum.self,
    Extremum.self,
    ReduceExtremum.self,
    Comparison.self,
    Logic.self,
    Select.self,
    Divide.self,
    SquaredDifference.self,
    Lookup.self,
    Elementwise.self,
    PRelu.self,
    Reshape.self,
    Transpose.self,
    Slice.self,
    Split.self,
    Reverse.self,
    Pad.self,
    Repeat.self,
    Gather.self,
    GatherCells.self,
    ReverseSequence.self,
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

  /// The operator that ONNX files have under this name at this opset of its domain.
  package static func type(onnx name: String, opset: Int) -> (any Operator.Type)? {
    byONNXName[name]?.first { $0.form.opsets.contains(opset) }?.type
  }

  /// What an output holds that a node of this name makes of reals.
  package static func outputType(onnx name: String) -> ElementType {
    byONNXName[name]?.first?.type.outputType ?? .float32
  }

  /// Where a node of this name has its scales and zero points; nil where it has none as operands.
  package static func quantizedOperands(onnx name: String) -> QuantizedOperands? {
    byONNXName[name]?.lazy.compactMap(\.form.quantized).first
  }

  package static func form(tflite name: String) -> TFLiteForm? { byTFLiteName[name]?.form }

  /// Every form that ONNX files may have, in the order of `all`.
  package static let onnxForms = all.flatMap { $0.onnx }

  private static let byONNXName = Dictionary(
    grouping: all.flatMap { type in type.onnx.map { (type: type, form: $0) } }, by: \.form.name)
  private static let byTFLiteName = Dictionary(
    all.flatMap { type in type.tflite.map { ($0.name, (type: type, form: $0)) } },
    uniquingKeysWith: { first, _ in first })

  /// Names as files of that format have them, of ONNX's own domain alone, sorted.
  package static func supported(_ format: SourceNode.Format) -> [String] {
    switch format {
    case .onnx: onnxNames
    case .tflite: tfliteNames
    }
  }

  private static let onnxNames =
    onnxForms.filter(\.domain.isEmpty).map { "\($0.name) (\(text($0.opsets)))" }.sorted()
  private static let tfliteNames = byTFLiteName.keys.sorted()

  private static func type(of node: SourceNode) -> (any Operator.Type)? {
    switch node.format {
    case .onnx(let opset): type(onnx: node.type, opset: opset)
    case .tflite: byTFLiteName[node.type]?.type
    }
  }

  private static func text(_ opsets: ClosedRange<Int>) -> String {
    opsets.count == 1
      ? "opset \(opsets.lowerBound)" : "opsets \(opsets.lowerBound) to \(opsets.upperBound)"
  }
}
