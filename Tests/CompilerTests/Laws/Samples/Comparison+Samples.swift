import Model

extension Comparison: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (
      Tensor.activation([1, 2, 3]), Tensor.activation([1, 2, 3], scale: 0.0717, zero: -5)
    )
    let y = Tensor.truth([1, 2, 3])
    // What is next to a jump may be on its other side at another scale.
    return ["Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal"].map { name in
      .onnx(name, [a, b], y) { $0.hasFloatForm = false }
    } + [
      .onnx("Greater", [a, .activation([2, 1])], y) {
        ($0.hasFloatForm, $0.detail) = (false, "one scale, broadcast")
      },
      .onnx("LessOrEqual", [a, .constant([3])], y) {
        ($0.hasFloatForm, $0.detail) = (false, "a constant")
      },
    ]
  }
}
