import Model

extension FullyConnected: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 3])
    let bias = Tensor.list([120, -4000])
    return [
      .tflite(
        "FULLY_CONNECTED", ["fused_activation_function": .text("RELU")],
        [x, .weight([2, 3], axis: 0, scales: [0.5, 0.0107]), bias],
        .activation([2, 2], scale: 1.0317)
      ) { $0.optional = [2] },
      .tflite(
        "FULLY_CONNECTED", ["keep_num_dims": .integer(1)],
        [.activation([1, 2, 3]), .weight([2, 3], axis: 0, scales: [0.0307])],
        .activation([1, 2, 2], scale: 0.2039)
      ) { $0.detail = "axes kept" },
      .onnx(
        "Gemm", ["transB": .integer(1)], [x, .weight([2, 3], axis: 0, scales: [0.0211]), bias],
        .activation([2, 2], scale: 0.1043)
      ) { $0.optional = [2] },
      .onnx(
        "MatMul", [x, .weight([3, 2], axis: 1, scales: [0.0211])],
        .activation([2, 2], scale: 0.1043)),
      // Where a file has them with their scales as operands, the reader has lifted these.
      .onnx(
        "QLinearMatMul", [x, .weight([3, 2], axis: 1, scales: [0.0211, 0.0307])],
        .activation([2, 2], scale: 0.1043)),
      .onnx(
        "QGemm", ["transB": .integer(1)], [x, .weight([2, 3], axis: 0, scales: [0.0211]), bias],
        .activation([2, 2], scale: 0.1043)
      ) { $0.optional = [2] },
    ]
  }
}
