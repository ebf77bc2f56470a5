import Model

extension Pad: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (Tensor.activation([1, 2, 3]), Tensor.activation([1, 4, 4]))
    let pairs = Tensor.list([0, 0, 1, 1, 1, 0], [3, 2])
    func of(_ mode: String, _ pads: [Int64], _ shape: [Int]) -> OperatorSample {
      .onnx("Pad", ["mode": .text(mode)], [x, .list(pads)], .activation(shape)) {
        ($0.ranks, $0.detail) = (3...3, mode)
      }
    }
    return [
      .tflite("PAD", [x, pairs], y) { $0.ranks = 3...3 },
      .tflite("PADV2", [x, pairs, .list([0], [])], y) { ($0.optional, $0.ranks) = ([2], 3...3) },
      .onnx("Pad", [x, .list([0, 1, 1, 0, 1, 0])], y) { $0.ranks = 3...3 },
      .onnx("Pad", [x, .list([1, -1]), nil, .list([2])], .activation([1, 2, 3])) {
        ($0.ranks, $0.detail) = (3...8, "of one axis, one negative")
        $0.optional = [2]
      },
      .onnx("Pad", [x, .list([0, 1, -1, 0, 1, 2]), .reals([], [0.31])], y) {
        ($0.ranks, $0.detail, $0.optional) = (3...3, "with a number", [2])
      },
      .tflite("MIRROR_PAD", ["mode": .text("symmetric")], [x, pairs], y) { $0.ranks = 3...3 },
      .tflite("MIRROR_PAD", ["mode": .text("reflect")], [x, pairs], y) {
        ($0.ranks, $0.detail) = (3...3, "without the edge")
      },
      of("reflect", [0, 1, 2, 0, 0, 1], [1, 3, 6]),
      of("edge", [0, 0, 3, 0, 1, 1], [1, 3, 7]),
      of("wrap", [0, 0, 4, 0, 1, 1], [1, 3, 8]),
      .onnx(
        "CenterCropPad", ["axes": .integers([2, 1])], [x, .list([2, 5])], .activation([1, 5, 2])
      ) { $0.ranks = 3...8 },
    ]
  }
}
