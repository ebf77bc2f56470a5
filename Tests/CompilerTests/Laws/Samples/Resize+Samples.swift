import Model

extension Resize: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, first) = (Tensor.activation([1, 2, 2, 2]), Tensor.activation([1, 2, 2, 4]))
    return [
      .tflite(
        "RESIZE_NEAREST_NEIGHBOR", ["half_pixel_centers": .integer(1)], [x, .list([4, 1])],
        .activation([1, 4, 1, 2])
      ) { $0.ranks = 4...4 },
      .onnx(
        "Resize",
        [
          "coordinate_transformation_mode": .text("asymmetric"), "nearest_mode": .text("floor"),
        ], [first, nil, .reals([4], [1, 1, 2, 0.5])], .activation([1, 2, 4, 2])
      ) { ($0.optional, $0.ranks) = ([1], 4...4) },
      .onnx("Resize", [first, nil, nil, .list([1, 2, 4, 4])], .activation([1, 2, 4, 4])) {
        ($0.optional, $0.ranks, $0.detail) = ([1, 2], 4...4, "to sizes")
      },
      .onnx("Upsample", [first, .reals([4], [1, 1, 2, 3])], .activation([1, 2, 4, 12])) {
        $0.ranks = 4...4
      },
    ]
  }
}
