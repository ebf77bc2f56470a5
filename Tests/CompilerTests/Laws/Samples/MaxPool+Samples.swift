import Model

extension MaxPool: SampledOperator {
  static var samples: [OperatorSample] {
    let pool: [String: SourceNode.Attribute] = [
      "filter_height": .integer(2), "filter_width": .integer(2), "stride_h": .integer(1),
      "stride_w": .integer(1), "padding": .text("VALID"),
    ]
    return [
      .tflite("MAX_POOL_2D", pool, [.activation([1, 3, 3, 1])], .activation([1, 2, 2, 1])) {
        $0.ranks = 4...4
      },
      .tflite(
        "MAX_POOL_2D", pool.merging(["fused_activation_function": .text("RELU6")]) { $1 },
        [.activation([1, 3, 3, 1])], .activation([1, 2, 2, 1])
      ) { $0.detail = "clamped" },
      .onnx(
        "MaxPool",
        [
          "kernel_shape": .integers([3, 3]), "strides": .integers([2, 2]),
          "pads": .integers([1, 1, 1, 1]),
        ], [.activation([1, 1, 4, 4])], .activation([1, 1, 2, 2])
      ) { $0.ranks = 4...4 },
      .onnx("GlobalMaxPool", [.activation([1, 2, 2, 2])], .activation([1, 2, 1, 1])) {
        $0.ranks = 3...5
      },
    ]
  }
}
