import Model

/// Which nodes of a file can be read: those that an operator understands, and those that the
/// reader's own passes dissolve.
enum KnownNodes {
  typealias Names = [(name: String, opsets: ClosedRange<Int>)]
  static let microsoft = "com.microsoft"

  /// Dissolved by `ONNXReader.foldConstants`, `rewriteNodes` and `fuseIntegerProducts`.
  private static let folded: Names =
    [
      ("Constant", 1...Operators.latestOpset), ("Identity", 1...Operators.latestOpset),
      ("Dropout", 7...Operators.latestOpset), ("Transpose", 1...Operators.latestOpset),
      ("ConvInteger", 10...Operators.latestOpset), ("MatMulInteger", 10...Operators.latestOpset),
      ("GlobalMaxPool", 1...Operators.latestOpset), ("Sum", 8...Operators.latestOpset),
    ] + ConstantEvaluation.operators.sorted().map { ($0, 1...Operators.latestOpset) }
  /// Dissolved by `ONNXReader.stripQuantization` and `ONNXReader.liftOperands`.
  private static let stripped: Names = [
    ("QuantizeLinear", 10...Operators.latestOpset),
    ("DequantizeLinear", 10...Operators.latestOpset), ("QLinearMatMul", 10...Operators.latestOpset),
    ("QLinearConv", 10...Operators.latestOpset),
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
