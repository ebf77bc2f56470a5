import Model

extension Reshape: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 2, 1, 6])
    func y(_ shape: Int...) -> Tensor { .activation(shape) }
    return [
      .tflite("RESHAPE", [x, .list([3, -1])], y(3, 4)),
      .tflite("RESHAPE", ["new_shape": .integers([12])], [x], y(12)) {
        $0.detail = "shape as an attribute"
      },
      .tflite("SQUEEZE", ["squeeze_dims": .integers([0, 2])], [x], y(2, 6)),
      .tflite("EXPAND_DIMS", [x, .list([1], [])], y(1, 1, 2, 1, 6)),
      .onnx("Reshape", [x, .list([0, -1, 4])], y(1, 3, 4)),
      .onnx("Flatten", ["axis": .integer(2)], [x], y(2, 6)),
      .onnx("Squeeze", [x, .list([2])], y(1, 2, 6)) { $0.optional = [1] },
      .onnx("Unsqueeze", [x, .list([-1])], y(1, 2, 1, 6, 1)),
      .onnx("Identity", [x], x),
    ]
  }
}
