import Model

extension Sum: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (
      Tensor.activation([1, 2, 3]), Tensor.activation([2, 1], scale: 0.0717, zero: -5)
    )
    let y = Tensor.activation([1, 2, 3], scale: 0.1043, zero: 1)
    return [
      .onnx("Sum", [a, b, a], y), .onnx("Mean", [a, b, .constant([3])], y),
      .onnx("Mean", [a, .activation([2, 1])], y) { $0.detail = "of one scale" },
    ]
  }
}
