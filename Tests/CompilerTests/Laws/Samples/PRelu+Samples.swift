import Model

extension PRelu: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (
      Tensor.activation([1, 2, 4]), Tensor.activation([1, 2, 4], scale: 0.0437, zero: -9)
    )
    return [
      .tflite("PRELU", [x, .constant([4], scale: 0.0107)], y),
      .onnx("PRelu", [x, .constant([2, 1], scale: 0.0107)], y),
    ]
  }
}
