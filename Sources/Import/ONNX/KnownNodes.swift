import Model

/// Which nodes of a file can be read: those that an operator understands, and those that the
/// reader's own passes dissolve.
enum KnownNodes {
  typealias Names = [(name: String, opsets: ClosedRange<Int>)]

  /// Said with others by `ONNXReader.rewriteNodes` and `fuseIntegerProducts`.
  private static let rewritten: Names = [
    ("ConvInteger", 10...Operators.latestOpset), ("MatMulInteger", 10...Operators.latestOpset),
    ("Neg", 6...Operators.latestOpset),
  ]

  /// Dissolved by `ONNXReader.foldConstants`.
  private static let folded: Names =
    [
      ("Constant", 1...Operators.latestOpset), ("Identity", 1...Operators.latestOpset),
      ("If", 1...Operators.latestOpset),
      ("Dropout", 7...Operators.latestOpset), ("Transpose", 1...Operators.latestOpset),
    ] + ConstantEvaluation.operators.sorted().map { ($0, 1...Operators.latestOpset) }

  static func contains(_ type: String, domain: String, opset: Int) -> Bool {
    Operators.onnxForms.contains {
      $0.name == type && $0.domain == domain && $0.opsets.contains(opset)
    }
      || QuantNode.isOne(type, domain: domain)
      || (domain.isEmpty
        && (folded + rewritten).contains { $0.name == type && $0.opsets.contains(opset) })
  }

  /// Names with their opsets, sorted; what only constants can be computed with is left out.
  static let supported: [String] = {
    let own = (rewritten + folded.filter { !ConstantEvaluation.operators.contains($0.name) })
      .map { name, opsets in "\(name) (opsets \(opsets.lowerBound) to \(opsets.upperBound))" }
    let others = Operators.onnxForms.filter { !$0.domain.isEmpty }.map { "\($0.domain).\($0.name)" }
    let quantizers = QuantNode.types.map { "\($0) (QONNX)" }
    return Set(Operators.supported(.onnx(opset: 0)) + own + others + quantizers).sorted()
  }()
}
