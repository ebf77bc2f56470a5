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
      .tflite(
        "RESIZE_NEAREST_NEIGHBOR", ["align_corners": .integer(1)], [x, .list([3, 5])],
        .activation([1, 3, 5, 2])
      ) { ($0.ranks, $0.detail) = (4...4, "by no whole factor") },
      .tflite(
        "RESIZE_BILINEAR", ["half_pixel_centers": .integer(1)], [x, .list([3, 4])],
        .activation([1, 3, 4, 2])
      ) { ($0.ranks, $0.keepsScale) = (4...4, true) },
      .tflite(
        "RESIZE_BILINEAR", ["align_corners": .integer(1)], [x, .list([5, 3])],
        .activation([1, 5, 3, 2])
      ) { ($0.ranks, $0.keepsScale, $0.detail) = (4...4, true, "by corners") },
      .onnx(
        "Resize", ["mode": .text("linear")], [first, nil, .reals([4], [1, 1, 2, 0.75])],
        .activation([1, 2, 4, 3], scale: 0.0437, zero: -9)
      ) { ($0.optional, $0.ranks, $0.detail) = ([1], 4...4, "linear") },
      .onnx(
        "Resize", ["mode": .text("cubic"), "axes": .integers([2])],
        [first, nil, nil, .list([5])], .activation([1, 2, 5, 4], scale: 0.0737, zero: 9)
      ) { ($0.optional, $0.ranks, $0.detail) = ([1, 2], 3...8, "cubic") },
      .onnx(
        "Resize",
        [
          "mode": .text("linear"), "coordinate_transformation_mode": .text("tf_crop_and_resize"),
          "extrapolation_value": .real(1.5), "axes": .integers([2, 3]),
        ],
        [first, .reals([4], [-0.5, 0.25, 1, 1.5]), nil, .list([3, 3])],
        .activation([1, 2, 3, 3], scale: 0.0437, zero: -9)
      ) { ($0.optional, $0.ranks, $0.detail) = ([2], 4...8, "a crop") },
    ]
  }
}
