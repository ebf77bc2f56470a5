import Model

/// Which nodes of a file can be read: those that an operator understands, and those that the
/// reader's own passes dissolve.
enum KnownNodes {
  typealias Names = [(name: String, opsets: ClosedRange<Int>)]
  static let microsoft = "com.microsoft"

  /// Dissolved by `ONNXReader.foldConstants`, `rewriteNodes` and `fuseIntegerProducts`.
  private static let folded: Names =
    [
      ("Constant", 1...25), ("Identity", 1...25), ("Dropout", 7...25), ("Transpose", 1...25),
      ("ConvInteger", 10...25), ("MatMulInteger", 10...25),
      ("GlobalMaxPool", 1...25), ("Sum", 8...25),
    ] + ConstantEvaluation.operators.sorted().map { ($0, 1...25) }
  /// Dissolved by `ONNXReader.stripQuantization` and `ONNXReader.liftOperands`.
  private static let stripped: Names = [
    ("QuantizeLinear", 10...25), ("DequantizeLinear", 10...25), ("QLinearMatMul", 10...25),
    ("QLinearConv", 10...25),
  ]
  private static let contributed: Names = [
    "QuantizeLinear", "DequantizeLinear", "QGemm", "QLinearAdd", "QLinearMul", "QLinearConcat",
    "QLinearAveragePool", "QLinearGlobalAveragePool", "QLinearLeakyRelu", "QLinearSigmoid",
    "QLinearReduceMean",
  ].map { ($0, 1...1) }

  static func contains(_ type: String, domain: String, opset: Int) -> Bool {
    func holds(_ list: Names) -> Bool {
      list.contains { $0.name == type && $0.opsets.contains(opset) }
    }
    switch domain {
    case "":
      let node = SourceNode(
        format: .onnx(opset: opset), type: type, name: "", attributes: [:], inputs: [], outputs: [])
      return holds(folded) || holds(stripped) || Operators.knows(node)
    case microsoft: return holds(contributed)
    default: return false
    }
  }

  /// Names with their opsets, sorted; what only constants can be computed with is left out.
  static let supported: [String] = {
    let own = (folded + stripped).filter { !ConstantEvaluation.operators.contains($0.name) }
      .map { name, opsets in "\(name) (opsets \(opsets.lowerBound) to \(opsets.upperBound))" }
    let others = contributed.map { "\(microsoft).\($0.name)" }
    return Set(Operators.supported(.onnx(opset: 0)) + own + others).sorted()
  }()
}
