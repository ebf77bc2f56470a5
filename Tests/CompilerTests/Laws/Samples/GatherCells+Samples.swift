import Model

extension GatherCells: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 5])
    func elements(
      _ axis: Int64, _ indices: [Int64], _ shape: [Int], _ detail: String
    ) -> OperatorSample {
      .onnx(
        "GatherElements", ["axis": .integer(axis)], [x, .list(indices, shape)], .activation(shape)
      ) { ($0.ranks, $0.detail) = (2...2, detail) }
    }
    func blocks(
      _ indices: [Int64], _ shape: [Int], _ output: [Int], _ detail: String
    ) -> OperatorSample {
      .onnx("GatherND", [x, .list(indices, shape)], .activation(output)) {
        ($0.ranks, $0.detail) = (max(1, shape[shape.count - 1])...8, detail)
      }
    }
    return [
      elements(1, [1, 0, 2, 3, 4, -1, -2, -3, -4, -5], [2, 5], "rows of their own"),
      elements(-1, [4, 2, 0, 4, 2, 0], [2, 3], "by equal steps"),
      elements(0, [1, 1, 1], [1, 3], "along the first axis"),
      blocks([0, 1, 1, 3, -1, -1], [3, 2], [3], "values"),
      blocks([1, 4], [2], [], "one value"),
      blocks([1, 0, 0, 1], [2, 2, 1], [2, 2, 5], "blocks"),
      .onnx(
        "GatherND", ["batch_dims": .integer(1)], [x, .list([3, 2, 0, -1], [2, 2, 1])],
        .activation([2, 2])
      ) { ($0.ranks, $0.detail) = (2...8, "of each batch") },
    ]
  }
}
