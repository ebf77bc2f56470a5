import Model

extension Extremum: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (Tensor.activation([1, 2, 3]), Tensor.activation([2, 1]))
    let (c, y) = (
      Tensor.activation([1, 2, 3], scale: 0.0717, zero: -5),
      Tensor.activation([1, 2, 3], scale: 0.0643, zero: 11)
    )
    return [
      .tflite("MAXIMUM", [a, a], a) { $0.keepsScale = true },
      .tflite("MINIMUM", [a, b], a) { $0.keepsScale = true },
      .tflite("MAXIMUM", [a, .constant([3], scale: 0.0523, zero: 3)], a) {
        ($0.isFixed, $0.hasFloatForm, $0.detail) = (true, false, "a constant")
      },
      .onnx("Max", [a, b], a), .onnx("Min", [a, a], a),
      .onnx("Max", [a, c, b], y) { $0.detail = "three of several scales" },
      .onnx("Min", [a, .constant([3]), c], y) { $0.detail = "a constant among three" },
      .onnx("Min", [a], y) { $0.detail = "one" },
    ]
  }
}
