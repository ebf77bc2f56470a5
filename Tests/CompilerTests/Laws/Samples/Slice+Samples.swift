import Model

extension Slice: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 3, 4])
    return [
      .tflite("SLICE", [x, .list([0, 1, 0]), .list([2, 2, -1])], .activation([2, 2, 4])) {
        $0.ranks = 3...3
      },
      .tflite(
        "STRIDED_SLICE", ["shrink_axis_mask": .integer(1), "end_mask": .integer(4)],
        [x, .list([1, -1, 0]), .list([2, -4, 9]), .list([1, -2, 2])], .activation([2, 2])
      ) { $0.ranks = 3...8 },
      .tflite(
        "STRIDED_SLICE", ["ellipsis_mask": .integer(2), "new_axis_mask": .integer(5)],
        [x, .list([0, 0, 0, 1]), .list([0, 0, 0, 4]), .list([1, 1, 1, 2])],
        .activation([1, 2, 3, 1, 2])
      ) { ($0.ranks, $0.detail) = (1...8, "new axes, and those that are left out") },
      .onnx(
        "Slice", [x, .list([-1]), .list([-5]), .list([2]), .list([-3])], .activation([2, 3, 2])
      ) {
        ($0.optional, $0.ranks) = ([3], 3...8)
      },
      .onnx(
        "Slice", opset: 9, ["starts": .integers([1]), "ends": .integers([2])], [x],
        .activation([1, 3, 4])
      ) { $0.detail = "bounds as attributes" },
    ]
  }
}
