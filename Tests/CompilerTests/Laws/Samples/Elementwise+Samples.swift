import Model

extension Elementwise: SampledOperator {
  static var samples: [OperatorSample] {
    let (x, y) = (
      Tensor.activation([1, 32]), Tensor.activation([1, 32], scale: 0.0437, zero: -30)
    )
    // Values from 0 on, and from −1 to 1.
    let positive = Tensor.activation([1, 32], zero: -128)
    let unit = Tensor.activation([1, 32], scale: 0.0078, zero: 0)
    let names: [(String, [String: SourceNode.Attribute])] = [
      ("Abs", [:]), ("Asinh", [:]), ("Atan", [:]), ("Ceil", [:]), ("Celu", ["alpha": .real(0.5)]),
      ("Cos", [:]), ("Cosh", [:]), ("Erf", [:]), ("Exp", [:]), ("Floor", [:]), ("Mish", [:]),
      ("Not", [:]), ("Round", [:]), ("Selu", ["alpha": .real(1.2), "gamma": .real(1.1)]),
      ("Shrink", ["lambd": .real(1.5), "bias": .real(0.5)]), ("Sign", [:]), ("Sin", [:]),
      ("Sinh", [:]), ("Softplus", [:]), ("Softsign", [:]), ("Swish", ["alpha": .real(1.5)]),
      ("ThresholdedRelu", ["alpha": .real(0.4)]),
    ]
    // Functions that jump: what is next to a jump may be on its other side at another scale.
    let jumping = ["Ceil", "Floor", "Not", "Round", "Shrink", "Sign", "ThresholdedRelu"]
    return names.map { name, attributes in
      .onnx(name, attributes, [x], y) { $0.hasFloatForm = !jumping.contains(name) }
    } + [
      .onnx("Pow", [x, .reals([], [2])], y),
      .onnx("Mod", ["fmod": .integer(1)], [x, .reals([], [1.5])], y) { $0.hasFloatForm = false },
      .onnx("Mod", [x, .reals([], [1.5])], y) {
        ($0.hasFloatForm, $0.detail) = (false, "with the divisor's sign")
      },
      .onnx("Acos", [unit], y) { $0.isFixed = true },
      .onnx("Asin", [unit], y) { $0.isFixed = true },
      .onnx("Tan", [unit], y) { $0.isFixed = true },
      .onnx("Sqrt", [positive], y) { $0.isFixed = true },
      // Without a value at 0 there is no range to quantize a float network by.
      .onnx("Acosh", [positive], y) { ($0.isFixed, $0.hasFloatForm) = (true, false) },
      .onnx("Atanh", [unit], y) { ($0.isFixed, $0.hasFloatForm) = (true, false) },
      .onnx("Log", [positive], y) { ($0.isFixed, $0.hasFloatForm) = (true, false) },
      .onnx("Reciprocal", [positive], y) { ($0.isFixed, $0.hasFloatForm) = (true, false) },
    ]
  }
}
