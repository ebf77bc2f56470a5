import Model

extension Divide: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, y) = (Tensor.activation([1, 2, 3]), Tensor.activation([1, 2, 3], scale: 0.0413))
    // Zero among the integers of a denominator is a pole of the reals.
    let own: (inout OperatorSample) -> Void = {
      ($0.arithmetic, $0.hasFloatForm, $0.hasPoles) = (.integer(bits: 31), false, true)
    }
    return [
      .onnx("Div", [a, .activation([2, 1], scale: 0.0717, zero: -128)], y) { own(&$0) },
      .onnx("Div", [.constant([3]), .activation([1, 2, 3])], y) {
        own(&$0)
        $0.detail = "of a constant"
      },
      .onnx("Div", [a, .constant([3], scale: 0.5, [3, -4, 1])], y) {
        own(&$0)
        $0.detail = "by a constant"
      },
    ]
  }
}
