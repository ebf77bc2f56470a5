import Model

extension Extremum: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (Tensor.activation([1, 2, 3]), Tensor.activation([2, 1]))
    return [
      .tflite("MAXIMUM", [a, a], a), .tflite("MINIMUM", [a, b], a),
      .tflite("MAXIMUM", [a, .constant([3], scale: 0.0523, zero: 3)], a) {
        ($0.isFixed, $0.hasFloatForm, $0.detail) = (true, false, "a constant")
      },
      .onnx("Max", [a, b], a), .onnx("Min", [a, a], a),
    ]
  }
}
