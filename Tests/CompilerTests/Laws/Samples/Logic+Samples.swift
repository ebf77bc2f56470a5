import Model

extension Logic: SampledOperator {
  static var samples: [OperatorSample] {
    let (a, b) = (Tensor.truth([1, 2, 3]), Tensor.truth([2, 1]))
    return [
      .onnx("And", [a, a], a), .onnx("Or", [a, b], a),
      .onnx("Xor", [a, a], .activation([1, 2, 3], scale: 0.0211)),
    ]
  }
}
