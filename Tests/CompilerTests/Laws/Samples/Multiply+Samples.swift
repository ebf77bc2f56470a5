import Model

extension Multiply: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (
      Tensor.activation([1, 2, 3]), Tensor.activation([1, 2, 3], scale: 0.0717, zero: -5)
    )
    let y = Tensor.activation([1, 2, 3], scale: 0.1043, zero: 1)
    return [
      .tflite("MUL", [a, b], y),
      .tflite("MUL", ["fused_activation_function": .text("RELU")], [a, .constant([3])], y) {
        $0.detail = "a constant, broadcast"
      },
      .onnx("Mul", [a, .activation([2, 1], scale: 0.0211)], y),
    ]
  }
}
