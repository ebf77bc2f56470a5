import Model

extension Pad: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (Tensor.activation([1, 2, 3]), Tensor.activation([1, 4, 4]))
    let pairs = Tensor.list([0, 0, 1, 1, 1, 0], [3, 2])
    return [
      .tflite("PAD", [x, pairs], y) { $0.ranks = 3...3 },
      .tflite("PADV2", [x, pairs, .list([0], [])], y) { ($0.optional, $0.ranks) = ([2], 3...3) },
      .onnx("Pad", [x, .list([0, 1, 1, 0, 1, 0])], y) { $0.ranks = 3...3 },
      .onnx("Pad", [x, .list([1, -1]), nil, .list([2])], .activation([1, 2, 3])) {
        ($0.ranks, $0.detail) = (3...8, "of one axis, one negative")
        $0.optional = [2]
      },
    ]
  }
}
