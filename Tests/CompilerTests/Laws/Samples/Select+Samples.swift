import Model

extension Select: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (
      Tensor.activation([1, 2, 3]), Tensor.activation([1, 2, 3], scale: 0.0717, zero: -5)
    )
    let y = Tensor.activation([1, 2, 3], scale: 0.0643, zero: 11)
    let mask = Tensor.list([1, 0, 0, 1, 1, 0], [2, 3])
    return [
      .onnx("Where", [.truth([1, 2, 3]), a, b], y),
      .onnx("Where", [.truth([3]), a, a], a) {
        ($0.keepsScale, $0.detail) = (true, "one scale, broadcast")
      },
      .onnx("Where", [.truth([2, 1]), .constant([1]), b], y) { $0.detail = "a constant" },
      .onnx("Where", [mask, a, b], y) { $0.detail = "by a mask" },
      .onnx("Where", [mask, .activation([3]), .constant([1])], .activation([2, 3])) {
        $0.detail = "by a mask, a constant"
      },
    ]
  }
}
