import Model

extension Gather: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 5])
    func gather(
      _ indices: [Int64], _ shape: [Int], _ output: [Int], _ detail: String
    ) -> OperatorSample {
      .onnx(
        "Gather", ["axis": .integer(1)], [x, .list(indices, shape)], .activation(output)
      ) { ($0.ranks, $0.detail) = (2...8, detail) }
    }
    let truth = Tensor.list([1, 0, 1, 1, 0])
    return [
      gather([-2], [], [2], "one place"),
      gather([4, 2, 0], [3], [2, 3], "backwards"),
      gather([0, 1, 2, 1, 2, 3], [2, 3], [2, 2, 3], "overlapping"),
      gather([0, 1, 2, 4, 3, 3, 3], [7], [2, 7], "in any order"),
      .tflite(
        "GATHER", ["axis": .integer(1)], [x, .list([3, 0, 4])], .activation([2, 3])
      ) { $0.ranks = 2...8 },
      .tflite(
        "EMBEDDING_LOOKUP", [x, .list([1, 0, 1])], .activation([3, 5])
      ) { $0.ranks = 1...8 },
      .onnx("Compress", ["axis": .integer(-1)], [x, truth], .activation([2, 3])) {
        $0.ranks = 1...8
      },
      .onnx("Compress", [x, .list([0, 1, 1, 0, 0, 0, 1, 1, 1, 1])], .activation([6])) {
        $0.detail = "of all axes"
      },
    ]
  }
}
