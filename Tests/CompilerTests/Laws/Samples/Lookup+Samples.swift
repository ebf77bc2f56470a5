import Model

extension Lookup: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (
      Tensor.activation([1, 32]), Tensor.activation([1, 32], scale: 0.0437, zero: -30)
    )
    let alpha: [String: SourceNode.Attribute] = ["alpha": .real(0.3)]
    return [
      .tflite("LOGISTIC", [x], y), .tflite("TANH", [x], y), .tflite("HARD_SWISH", [x], y),
      .tflite("GELU", [x], y), .tflite("GELU", ["approximate": .integer(1)], [x], y),
      .tflite("ELU", [x], y), .tflite("LEAKY_RELU", alpha, [x], y),
      .onnx("Sigmoid", [x], y), .onnx("Tanh", [x], y), .onnx("HardSwish", [x], y),
      .onnx("HardSigmoid", ["alpha": .real(0.2), "beta": .real(0.4)], [x], y),
      .onnx("Gelu", ["approximate": .text("tanh")], [x], y), .onnx("Elu", alpha, [x], y),
      .onnx("LeakyRelu", alpha, [x], y),
    ]
  }
}
