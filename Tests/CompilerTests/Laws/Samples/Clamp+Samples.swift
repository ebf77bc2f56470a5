import Model

extension Clamp: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (
      Tensor.activation([1, 32]), Tensor.activation([1, 32], scale: 0.0331, zero: -20)
    )
    return [
      .tflite("RELU", [x], y),
      .tflite("RELU", [x], x) { ($0.keepsScale, $0.detail) = (true, "one scale") },
      .tflite("RELU6", [x], y), .tflite("RELU_N1_TO_1", [x], y),
      .tflite("RELU_0_TO_1", [x], y),
      .onnx("Relu", [x], y),
      .onnx("Clip", [x, .reals([], [-0.4]), .reals([], [1.3])], y) { $0.optional = [1, 2] },
      .onnx("Clip", [x, nil, .reals([], [.infinity])], y) {
        ($0.optional, $0.detail) = ([1, 2], "unbounded")
      },
      .onnx("Clip", opset: 6, ["min": .real(-1)], [x], y) { $0.detail = "bounds as attributes" },
    ]
  }
}
