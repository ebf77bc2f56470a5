import Model

extension TransposedConvolution: SampledOperator {
  static var samples: [OperatorSample] {
    [
      .tflite(
        "TRANSPOSE_CONV",
        ["stride_h": .integer(2), "stride_w": .integer(1), "padding": .text("SAME")],
        [
          .activation([1, 2, 2, 2]), .weight([2, 3, 2, 2], axis: 0, scales: [0.5, 0.0107]),
          .list([300, -50]), .list([1, 4, 2, 2]),
        ], .activation([1, 4, 2, 2], scale: 1.0317)
      ) { ($0.optional, $0.ranks) = ([2], 4...4) },
      .onnx(
        "ConvTranspose",
        ["strides": .integers([2, 2]), "pads": .integers([1, 0, 0, 1])],
        [
          .activation([1, 2, 2, 2]), .weight([2, 2, 3, 2], axis: 1, scales: [0.0211]),
          .list([300, -50]),
        ], .activation([1, 2, 4, 3], scale: 0.1043)
      ) { ($0.optional, $0.ranks) = ([2], 4...4) },
      .onnx(
        "ConvTranspose",
        ["strides": .integers([3]), "dilations": .integers([2]), "output_padding": .integers([1])],
        [.activation([1, 2, 3]), .weight([2, 1, 2], axis: 1, scales: [0.0211])],
        .activation([1, 1, 10], scale: 0.1043)
      ) { ($0.ranks, $0.detail) = (3...3, "one spatial axis") },
      .onnx(
        "ConvTranspose",
        ["strides": .integers([2, 1]), "pads": .integers([0, 1, 1, 0]), "group": .integer(2)],
        [
          .activation([1, 4, 2, 2]),
          .weight([2, 4, 2, 2], axis: 1, scales: [0.0211, 0.05, 0.0107, 0.03]),
          .list([300, -50, 20, 7]),
        ], .activation([1, 4, 3, 2], scale: 0.1043)
      ) { ($0.optional, $0.ranks, $0.detail) = ([2], 4...4, "in groups") },
      .onnx(
        "ConvTranspose", ["strides": .integers([2]), "group": .integer(3)],
        [.activation([1, 3, 3]), .weight([1, 3, 3], axis: 1, scales: [0.0211])],
        .activation([1, 3, 7], scale: 0.1043)
      ) { ($0.ranks, $0.detail) = (3...3, "depthwise") },
      .onnx(
        "ConvTranspose", ["strides": .integers([2]), "group": .integer(2)],
        [.activation([1, 2, 3]), .weight([1, 4, 2], axis: 1, scales: [0.0211])],
        .activation([1, 4, 6], scale: 0.1043)
      ) { ($0.ranks, $0.detail) = (3...3, "several channels of one") },
    ]
  }
}
