import Model

extension AveragePool: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 3, 3, 2])
    let pool: [String: SourceNode.Attribute] = [
      "filter_height": .integer(2), "filter_width": .integer(2), "stride_h": .integer(2),
      "stride_w": .integer(2), "padding": .text("SAME"),
    ]
    let (first, y) = (
      Tensor.activation([1, 2, 3, 3]), Tensor.activation([1, 2, 3, 3], scale: 0.0437, zero: -9)
    )
    let window: [String: SourceNode.Attribute] = [
      "kernel_shape": .integers([2, 2]), "pads": .integers([1, 1, 0, 0]),
    ]
    return [
      .tflite("AVERAGE_POOL_2D", pool, [x], .activation([1, 2, 2, 2])) {
        ($0.keepsScale, $0.ranks) = (true, 4...4)
      },
      .tflite(
        "AVERAGE_POOL_2D", pool.merging(["fused_activation_function": .text("RELU")]) { $1 }, [x],
        .activation([1, 2, 2, 2])
      ) { ($0.keepsScale, $0.detail) = (true, "clamped") },
      .onnx("AveragePool", window, [first], y) { $0.ranks = 4...4 },
      .onnx(
        "AveragePool", window.merging(["count_include_pad": .integer(1)]) { $1 }, [first], y
      ) { $0.detail = "pads count" },
    ]
  }
}
