import Model

extension Add: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (
      Tensor.activation([1, 2, 3]), Tensor.activation([1, 2, 3], scale: 0.0717, zero: -5)
    )
    let y = Tensor.activation([1, 2, 3], scale: 0.1043, zero: 1)
    return [
      .tflite("ADD", [a, b], y),
      .tflite("ADD", ["fused_activation_function": .text("RELU")], [a, .constant([3])], y) {
        $0.detail = "a constant, broadcast"
      },
      .tflite("SUB", ["fused_activation_function": .text("RELU6")], [a, b], y),
      .onnx("Add", [a, .activation([2, 1], scale: 0.0211)], y),
      .onnx("Sub", [.constant([1]), b], y),
    ]
  }
}
