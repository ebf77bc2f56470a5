import Model

extension Quantize: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (
      Tensor.activation([1, 32]), Tensor.activation([1, 32], scale: 0.0331, zero: -20)
    )
    return [
      .tflite("QUANTIZE", [x], y) { $0.hasFloatForm = false },
      .onnx("QuantizeLinear", [x], y) { $0.hasFloatForm = false },
    ]
  }
}
