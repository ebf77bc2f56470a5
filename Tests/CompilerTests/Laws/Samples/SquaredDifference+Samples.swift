import Model

extension SquaredDifference: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (
      Tensor.activation([1, 2, 3]), Tensor.activation([1, 2, 1], scale: 0.0717, zero: -5)
    )
    let y = Tensor.activation([1, 2, 3], scale: 1.5043, zero: -120)
    return [
      .tflite("SQUARED_DIFFERENCE", [a, b], y) { ($0.isFixed, $0.hasFloatForm) = (true, false) },
      .tflite("SQUARED_DIFFERENCE", [a, .constant([3])], y) {
        ($0.isFixed, $0.hasFloatForm, $0.detail) = (true, false, "a constant")
      },
    ]
  }
}
