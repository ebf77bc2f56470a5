import Model

extension ReduceExtremum: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 3, 5, 2])
    return [
      .onnx("ReduceMax", [x, .list([2, -3])], .activation([1, 1, 1, 2])) { $0.optional = [1] },
      .onnx(
        "ReduceMin", opset: 13, ["axes": .integers([2]), "keepdims": .integer(0)], [x],
        .activation([1, 3, 2])
      ) { $0.detail = "axes as an attribute" },
      .tflite("REDUCE_MAX", [x, .list([1, 2])], .activation([1, 2])),
      .tflite(
        "REDUCE_MIN", ["keep_dims": .integer(1)], [x, .list([-1])], .activation([1, 3, 5, 1])),
    ]
  }
}
