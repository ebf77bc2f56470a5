import Model

extension Softmax: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 4])
    return [
      .tflite("SOFTMAX", ["beta": .real(1)], [x], .activation([2, 4], scale: 1 / 256, zero: -128)),
      .tflite("LOG_SOFTMAX", [x], .activation([2, 4], scale: 16 / 256, zero: 127)),
      .onnx("Softmax", [x], .reals([2, 4])),
      .onnx("Softmax", opset: 11, ["axis": .integer(1)], [x], .reals([2, 4])),
      .onnx("LogSoftmax", ["axis": .integer(-1)], [x], .reals([2, 4])),
      .onnx("Softmax", ["axis": .integer(0)], [x], .reals([2, 4])),
      .onnx("Softmax", opset: 11, ["axis": .integer(0)], [x], .reals([2, 4])),
      .onnx("Softmax", [x], .activation([2, 4], scale: 1 / 256, zero: -128)),
      .onnx("LogSoftmax", [x], .activation([2, 4], scale: 16 / 256, zero: 127)),
    ]
  }
}
