import Model

extension BatchNormalization: SampledOperator {
  static var samples: [OperatorSample] {
    let operands = [
      [0.5, -2], [1, -1], [0.1, 0.2], [0.7, 1.5],
    ].map { Tensor.reals([2], $0) }
    let y = Tensor.activation([1, 2, 2, 2], scale: 0.0437, zero: -9)
    return [
      .onnx("BatchNormalization", [.activation([1, 2, 2, 2])] + operands, y) { $0.ranks = 2...8 },
      .onnx(
        "BatchNormalization", [.activation([1, 2])] + operands,
        .activation([1, 2], scale: 0.0437, zero: -9)
      ) { ($0.ranks, $0.detail) = (2...8, "of vectors") },
    ]
  }
}
