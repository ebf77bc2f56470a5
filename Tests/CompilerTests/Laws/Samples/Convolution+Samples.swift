import Model

extension Convolution: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 3, 3, 2])
    let strides: [String: SourceNode.Attribute] = [
      "stride_h": .integer(1), "stride_w": .integer(1), "padding": .text("VALID"),
    ]
    let bias = Tensor.list([300, -50])
    return [
      .tflite(
        "CONV_2D", strides,
        [x, .weight([2, 2, 2, 2], axis: 0, scales: [0.5, 0.0107]), bias],
        .activation([1, 2, 2, 2], scale: 1.0317)
      ) { ($0.optional, $0.ranks) = ([2], 4...4) },
      .tflite(
        "DEPTHWISE_CONV_2D",
        strides.merging([
          "padding": .text("SAME"), "fused_activation_function": .text("RELU"),
        ]) { $1 }, [x, .weight([1, 2, 2, 4], axis: 3, scales: [0.0211])],
        .activation([1, 3, 3, 4], scale: 0.1043)
      ) { $0.ranks = 4...4 },
      .onnx(
        "Conv", ["group": .integer(2), "pads": .integers([0, 0, 1, 1])],
        [
          .activation([1, 2, 3, 3]), .weight([2, 1, 2, 2], axis: 0, scales: [0.0211]), bias,
        ], .activation([1, 2, 3, 3], scale: 0.1043)
      ) { ($0.optional, $0.ranks) = ([2], 4...4) },
      .onnx(
        "Conv", ["dilations": .integers([2])],
        [.activation([1, 2, 5]), .weight([2, 2, 2], axis: 0, scales: [0.0211])],
        .activation([1, 2, 3], scale: 0.1043)
      ) { ($0.ranks, $0.detail) = (3...3, "one spatial axis") },
    ]
  }
}
