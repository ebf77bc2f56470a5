import Model

extension Split: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 3, 4])
    let (half, first, last) = (
      Tensor.activation([2, 3, 2]), Tensor.activation([2, 1, 4]), Tensor.activation([2, 2, 4])
    )
    let piece = Tensor.activation([2, 4])
    return [
      .tflite(
        "SPLIT", ["num_splits": .integer(2)], [.list([2], []), x], half, half, piece: 1),
      .tflite(
        "SPLIT_V", ["num_splits": .integer(2)], [x, .list([1, -1]), .list([1], [])], first, last,
        piece: 1),
      .tflite(
        "UNPACK", ["num": .integer(3), "axis": .integer(1)], [x], piece, piece, piece, piece: 2),
      .onnx(
        "Split", ["axis": .integer(-1), "num_outputs": .integer(2)], [x], half, half, piece: 0),
      .onnx("Split", ["axis": .integer(1)], [x, .list([1, 2])], first, last, piece: 1) {
        $0.detail = "of given sizes"
      },
    ]
  }
}
