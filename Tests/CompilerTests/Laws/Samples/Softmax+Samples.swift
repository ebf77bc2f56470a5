import Model

extension Softmax: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 4])
    let y = Tensor.activation([2, 4], scale: 1 / 256, zero: -128)
    func middle(_ name: String) -> (inout OperatorSample) -> Void {
      { sample in
        sample.detail = "in the middle, \(name)"
        sample.arithmetic = .integer(bits: 31)
        // Of a network of it alone it is the last step.
        sample.hasFloatForm = false
      }
    }
    return [
      .onnx("Softmax", [x], y, change: middle("last axis")),
      .onnx(
        "Softmax", ["axis": .integer(1)], [.activation([2, 3, 2])], .activation([2, 3, 2]),
        change: middle("another axis")),
      .onnx(
        "Softmax", opset: 11, ["axis": .integer(1)], [.activation([2, 3, 2])],
        .activation([2, 3, 2], scale: 1 / 255, zero: -128), change: middle("axes as one")),
      .tflite("SOFTMAX", ["beta": .real(0.5)], [x], y, change: middle("beta")),
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
