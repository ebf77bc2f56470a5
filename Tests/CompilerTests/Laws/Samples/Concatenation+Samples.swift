import Model

extension Concatenation: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (
      Tensor.activation([1, 2, 3]), Tensor.activation([1, 1, 3], scale: 0.0717, zero: -5)
    )
    return [
      .tflite(
        "CONCATENATION", ["axis": .integer(1)], [a, b], .activation([1, 3, 3], scale: 0.1043)),
      .tflite("CONCATENATION", ["axis": .integer(-1)], [a, a], .activation([1, 2, 6])) {
        ($0.keepsScale, $0.detail) = (true, "one scale")
      },
      .onnx(
        "Concat", ["axis": .integer(1)], [a, .constant([1, 1, 3])],
        .activation([1, 3, 3], scale: 0.1043)),
    ]
  }
}
