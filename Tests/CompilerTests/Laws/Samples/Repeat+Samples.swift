import Model

extension Repeat: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 1, 3])
    return [
      .onnx("Tile", [x, .list([1, 2, 3])], .activation([2, 2, 9])) { $0.ranks = 3...3 },
      .onnx("Tile", [x, .list([2, 1, 1])], .activation([4, 1, 3])) {
        ($0.ranks, $0.detail) = (3...3, "along the first axis")
      },
      .tflite("TILE", [x, .list([2, 2, 1])], .activation([4, 2, 3])) { $0.ranks = 3...3 },
      .tflite("BROADCAST_TO", [x, .list([2, 4, 3])], .activation([2, 4, 3])) {
        ($0.ranks, $0.optional) = (0...8, [1])
      },
      .onnx("Expand", [x, .list([3, 2, 2, 1])], .activation([3, 2, 2, 3])) {
        ($0.ranks, $0.optional) = (0...8, [1])
      },
    ]
  }
}
