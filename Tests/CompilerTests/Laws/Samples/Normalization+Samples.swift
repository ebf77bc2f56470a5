import Model

extension Normalization: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (Tensor.activation([2, 6]), Tensor.activation([2, 6], scale: 0.0311, zero: 5))
    let (factors, terms): ([Float], [Float]) = (
      [1, 0.5, -0.75, 0.01, 1.5, 0], [0, 0.5, -0.25, 1, 0, 0.75]
    )
    let image = Tensor.activation([1, 4, 2, 2])
    let own: (inout OperatorSample) -> Void = { $0.arithmetic = .integer(bits: 31) }
    return [
      .onnx("LayerNormalization", [x, .reals([6], factors), .reals([6], terms)], y) {
        own(&$0)
        $0.optional = [2]
      },
      .onnx(
        "LayerNormalization", ["axis": .integer(1), "epsilon": .real(0.25)],
        [.activation([2, 3, 2]), .reals([3, 2], factors.map(abs))], .activation([2, 3, 2])
      ) {
        own(&$0)
        $0.detail = "over two axes"
      },
      .onnx(
        "LayerNormalization",
        [.activation([1, 70]), .reals([70], [Float](repeating: -1, count: 70))],
        .activation([1, 70], scale: 0.071)
      ) {
        own(&$0)
        $0.detail = "its sum in limbs"
      },
      .onnx("RMSNormalization", [x, .reals([6], factors)], y) { own(&$0) },
      .onnx("SimplifiedLayerNormalization", [x, .reals([6], factors)], y) { own(&$0) },
      .onnx("LpNormalization", ["axis": .integer(0)], [x], .activation([2, 6], scale: 0.0079)) {
        own(&$0)
      },
      .onnx(
        "InstanceNormalization",
        [image, .reals([4], [1, 2, 0.5, 1]), .reals([4], [0, 1, -1, 2])],
        .activation([1, 4, 2, 2], scale: 0.0411)
      ) {
        own(&$0)
        $0.ranks = 3...8
      },
      .onnx(
        "GroupNormalization", ["num_groups": .integer(2)],
        [image, .reals([4], [1, 2, 0.5, 1]), .reals([4], [0, 1, -1, 2])],
        .activation([1, 4, 2, 2], scale: 0.0411)
      ) {
        own(&$0)
        $0.ranks = 3...8
      },
    ]
  }
}
