import Model

extension LpPool: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 2, 3, 3])
    let window: [String: SourceNode.Attribute] = [
      "kernel_shape": .integers([2, 2]), "pads": .integers([1, 1, 0, 0]),
      "strides": .integers([2, 1]),
    ]
    return [
      .onnx(
        "LpPool", window.merging(["p": .integer(1)]) { $1 }, [x],
        .activation([1, 2, 2, 3], scale: 0.137, zero: -128)
      ) { ($0.ranks, $0.detail) = (4...4, "magnitudes") },
      .onnx("LpPool", window, [x], .activation([1, 2, 2, 3], scale: 0.0571, zero: -128)) {
        // As ReduceL2.
        ($0.arithmetic, $0.ranks, $0.slack) = (.integer(bits: 31), 4...4, 2)
      },
    ]
  }
}
