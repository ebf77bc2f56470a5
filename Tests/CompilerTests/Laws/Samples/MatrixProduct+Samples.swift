import Model

extension MatrixProduct: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (
      Tensor.activation([2, 3]), Tensor.activation([3, 2], scale: 0.0717, zero: -5)
    )
    return [
      .onnx("FusedMatMul", [a, b], .activation([2, 2], scale: 0.1043)),
      .onnx(
        "FusedMatMul", ["transB": .integer(1)],
        [.activation([2, 1, 2, 3]), .activation([2, 2, 3], scale: 0.0717, zero: -5)],
        .activation([2, 2, 2, 2], scale: 0.1043)
      ) { $0.detail = "axes broadcast, the right side transposed" },
      .onnx(
        "FusedMatMul", ["transA": .integer(1)],
        [.activation([2, 3, 2]), .activation([3], scale: 0.0717, zero: -5)],
        .activation([2, 2], scale: 0.1043)
      ) { $0.detail = "the left side transposed, a column" },
      .onnx(
        "FusedMatMul", ["alpha": .real(0.125)],
        [.activation([3]), .activation([3, 2], scale: 0.0717, zero: -5)],
        .activation([2], scale: 0.1043)
      ) {
        $0.detail = "a row, with a factor"
        $0.arithmetic = .integer(bits: 31)
      },
      .tflite(
        "BATCH_MATMUL", ["adj_y": .integer(1)],
        [a, .activation([2, 3], scale: 0.0717, zero: -5)], .activation([2, 2], scale: 0.1043)
      ) { $0.arithmetic = .integer(bits: 31) },
    ]
  }
}
