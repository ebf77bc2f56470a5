import Model

extension ReverseSequence: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([4, 3])
    return [
      .onnx(
        "ReverseSequence", ["time_axis": .integer(0), "batch_axis": .integer(1)],
        [x, .list([3, 0, 4])], x
      ) { $0.ranks = 2...8 },
      .onnx("ReverseSequence", [x, .list([3, 3, 3])], x) {
        ($0.ranks, $0.detail) = (2...8, "of one length")
      },
    ]
  }
}
