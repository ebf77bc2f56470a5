import Model

extension CumulativeSum: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 2, 3, 2])
    let y = Tensor.activation([1, 2, 3, 2], scale: 0.0911, zero: -9)
    return [
      .onnx("CumSum", [x, .list([-2], [])], y),
      .onnx("CumSum", ["exclusive": .integer(1)], [x, .list([1], [])], y) {
        $0.detail = "without itself"
      },
      .onnx("CumSum", ["reverse": .integer(1)], [x, .list([2], [])], y) { $0.detail = "reversed" },
      .tflite(
        "CUMSUM", ["exclusive": .integer(1), "reverse": .integer(1)], [x, .list([3], [])], y
      ) { $0.arithmetic = .integer(bits: 31) },
    ]
  }
}
