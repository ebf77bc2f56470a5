import Model

extension ReduceProduct: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 2, 3, 2])
    return [
      .onnx("ReduceProd", [x, .list([-2])], .activation([1, 2, 1, 2], scale: 3)) {
        $0.optional = [1]
      },
      .onnx(
        "ReduceProd", opset: 13, ["axes": .integers([3, 0]), "keepdims": .integer(0)], [x],
        .activation([2, 3], scale: 0.4)
      ) { $0.detail = "axes as an attribute" },
      .tflite("REDUCE_PROD", [x, .list([1])], .activation([1, 3, 2], scale: 0.4)),
    ]
  }
}
