import Model

/// Which nodes of a file can be read: those that an operator understands, and those that the
/// reader's own passes dissolve.
enum KnownNodes {
  static let microsoft = "com.microsoft"

  /// Dissolved by `ONNXReader.foldConstants`.
  private static let folded: [(name: String, opsets: ClosedRange<Int>)] = [
    ("Constant", 1...25), ("Identity", 1...25), ("Dropout", 7...25), ("Transpose", 1...25),
  ]
  /// Dissolved by `ONNXReader.stripQuantization` and `ONNXReader.liftOperands`.
  private static let stripped: [(name: String, opsets: ClosedRange<Int>)] = [
    ("QuantizeLinear", 10...25), ("DequantizeLinear", 10...25), ("QLinearMatMul", 10...25),
  ]
  private static let contributed: [(name: String, opsets: ClosedRange<Int>)] = [
    ("QuantizeLinear", 1...1), ("DequantizeLinear", 1...1), ("QGemm", 1...1), ("QLinearAdd", 1...1),
  ]

  static func contains(_ type: String, domain: String, opset: Int) -> Bool {
    func holds(_ list: [(name: String, opsets: ClosedRange<Int>)]) -> Bool {
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

  /// Names with their opsets, sorted.
  static let supported: [String] = {
    let own = (folded + stripped).map { name, opsets in
      "\(name) (opsets \(opsets.lowerBound) to \(opsets.upperBound))"
    }
    let others = contributed.map { "\(microsoft).\($0.name)" }
    return Set(Operators.supported(.onnx(opset: 0)) + own + others).sorted()
  }()
}
