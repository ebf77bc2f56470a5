import Model

extension Divide: SampledOperator {
  static var samples: [OperatorSample] {
    [
      .onnx("Div", [.reals([1, 2, 3]), .reals([2, 1])], .reals([1, 2, 3])) {
        $0.hasFloatForm = false
      }
    ]
  }
}
