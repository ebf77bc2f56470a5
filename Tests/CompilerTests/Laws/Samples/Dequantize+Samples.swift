import Model

extension Dequantize: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 16])
    return [
      .tflite("DEQUANTIZE", [x], .reals(x.shape)), .onnx("DequantizeLinear", [x], .reals(x.shape)),
    ]
  }
}
