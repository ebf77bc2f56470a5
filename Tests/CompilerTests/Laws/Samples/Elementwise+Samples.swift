import Model

extension Elementwise: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (
      Tensor.activation([1, 32]), Tensor.activation([1, 32], scale: 0.0437, zero: -30)
    )
    // Values from 0 on.
    let positive = Tensor.activation([1, 32], zero: -128)
    let names: [(String, [String: SourceNode.Attribute])] = [
      ("Abs", [:]), ("Celu", ["alpha": .real(0.5)]), ("Erf", [:]), ("Exp", [:]), ("Mish", [:]),
      ("Selu", ["alpha": .real(1.2), "gamma": .real(1.1)]), ("Softplus", [:]), ("Softsign", [:]),
      ("Swish", ["alpha": .real(1.5)]), ("ThresholdedRelu", ["alpha": .real(0.4)]),
    ]
    return names.map { name, attributes in .onnx(name, attributes, [x], y) } + [
      .onnx("Pow", [x, .reals([], [2])], y),
      .onnx("Sqrt", [positive], y) { $0.isFixed = true },
      // Without a value at 0 there is no range to quantize a float network by.
      .onnx("Log", [positive], y) { ($0.isFixed, $0.hasFloatForm) = (true, false) },
      .onnx("Reciprocal", [positive], y) { ($0.isFixed, $0.hasFloatForm) = (true, false) },
    ]
  }
}
