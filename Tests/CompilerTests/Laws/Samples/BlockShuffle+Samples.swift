import Model

extension BlockShuffle: SampledOperator {
  static var samples: [OperatorSample] {
    [
      .tflite(
        "DEPTH_TO_SPACE", ["block_size": .integer(2)], [.activation([1, 2, 1, 8])],
        .activation([1, 4, 2, 2])
      ) { $0.ranks = 4...4 },
      .tflite(
        "SPACE_TO_DEPTH", ["block_size": .integer(2)], [.activation([1, 4, 2, 2])],
        .activation([1, 2, 1, 8])
      ) { $0.ranks = 4...4 },
      .onnx(
        "DepthToSpace", ["blocksize": .integer(2), "mode": .text("CRD")],
        [.activation([1, 8, 2, 1])], .activation([1, 2, 4, 2])
      ) { $0.ranks = 4...4 },
      .onnx(
        "SpaceToDepth", ["blocksize": .integer(2)], [.activation([1, 2, 4, 2])],
        .activation([1, 8, 2, 1])
      ) { $0.ranks = 4...4 },
    ]
  }
}
