import Model

extension LogSumExp: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 2, 3, 2])
    return [
      .onnx("ReduceLogSumExp", [x, .list([-2])], .activation([1, 2, 1, 2], scale: 0.0611)) {
        $0.optional = [1]
      },
      .onnx(
        "ReduceLogSumExp", opset: 13, ["axes": .integers([1, 2]), "keepdims": .integer(0)], [x],
        .activation([1, 2], scale: 0.0611)
      ) { $0.detail = "axes as an attribute" },
    ]
  }
}
