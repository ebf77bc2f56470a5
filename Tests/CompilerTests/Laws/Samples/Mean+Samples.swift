import Model

extension Mean: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 2, 3, 2])
    return [
      .tflite("MEAN", [x, .list([1, 2])], .activation([1, 2], scale: 0.0437, zero: -9)),
      .tflite("MEAN", ["keep_dims": .integer(1)], [x, .list([1, 2])], .activation([1, 1, 1, 2])) {
        ($0.keepsScale, $0.detail) = (true, "one scale")
      },
      .onnx("ReduceMean", [x, .list([-1])], .activation([1, 2, 3, 1], scale: 0.0437)) {
        $0.optional = [1]
      },
      .onnx(
        "ReduceMean", opset: 13, ["axes": .integers([0, 2]), "keepdims": .integer(0)], [x],
        .activation([2, 2], scale: 0.0437)
      ) { $0.detail = "axes as an attribute" },
      .onnx("GlobalAveragePool", [x], .activation([1, 2, 1, 1], scale: 0.0437, zero: -9)) {
        $0.ranks = 3...8
      },
    ]
  }
}
