import Model

extension Transpose: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 3, 4])
    return [
      .tflite("TRANSPOSE", [x, .list([2, 0, 1])], .activation([4, 2, 3])) { $0.ranks = 3...3 },
      .onnx("Transpose", ["perm": .integers([1, 0, 2])], [x], .activation([3, 2, 4])) {
        $0.ranks = 3...3
      },
      .onnx("Transpose", [x], .activation([4, 3, 2])) { $0.detail = "backwards" },
    ]
  }
}
