import ConstraintSystem
import Platform

/// ONNX Abs, Celu, Erf, Exp, Log, Mish, Pow with a constant exponent, Reciprocal, Selu, Softplus, Softsign, Sqrt,
/// Swish and ThresholdedRelu, and what `FuseElementwise` puts together: any function of one value, as a table of
/// every integer's image, in single precision and then QuantizeLinear.
package struct Elementwise: Operator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("Abs", 6...Operators.latestOpset), ("Celu", 12...Operators.latestOpset),
    ("Erf", 9...Operators.latestOpset), ("Exp", 6...Operators.latestOpset),
    ("Log", 6...Operators.latestOpset), ("Mish", 18...Operators.latestOpset),
    ("Pow", 7...Operators.latestOpset), ("Reciprocal", 6...Operators.latestOpset),
    ("Selu", 6...Operators.latestOpset), ("Softplus", 1...Operators.latestOpset),
    ("Softsign", 1...Operators.latestOpset), ("Sqrt", 6...Operators.latestOpset),
    ("Swish", 24...Operators.latestOpset), ("ThresholdedRelu", 10...Operators.latestOpset),
  ]
  package static let tflite: [String] = []

  package enum Function: Sendable, Hashable {
    case absolute
    case celu(alpha: Float)
    case erf
    case exponential
    case logarithm
    case mish
    case power(Float)
    case reciprocal
    case selu(alpha: Float, gamma: Float)
    case softplus
    case softsign
    case squareRoot
    case swish(alpha: Float)
    case thresholdedRelu(alpha: Float)

    package func callAsFunction(_ x: Float) -> Float {
      switch self {
      case .absolute: abs(x)
      case .celu(let alpha): max(0, x) + min(0, alpha * (Platform.exp(x / alpha) - 1))
      case .erf: Platform.erf(x)
      case .exponential: Platform.exp(x)
      case .logarithm: Platform.log(x)
      case .mish: x * Platform.tanh(Self.softplus(x))
      case .power(let exponent): Platform.pow(x, exponent)
      case .reciprocal: 1 / x
      case .selu(let alpha, let gamma):
        x > 0 ? gamma * x : gamma * (alpha * Platform.exp(x) - alpha)
      case .softplus: max(x, 0) + Platform.log1p(Platform.exp(-abs(x)))
      case .softsign: x / (1 + abs(x))
      case .squareRoot: x.squareRoot()
      case .swish(let alpha): x / (1 + Platform.exp(-alpha * x))
      case .thresholdedRelu(let alpha): x > alpha ? x : 0
      }
    }
  }
  package var expression: Expression

  package init(_ expression: Expression) { self.expression = expression }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let function: Function
    switch node.type {
    case "Abs": function = .absolute
    case "Celu":
      let alpha = try attributes.real("alpha", default: 1)
      guard alpha != 0 else { throw attributes.refusal("alpha", .real(alpha)) }
      function = .celu(alpha: alpha)
    case "Erf": function = .erf
    case "Exp": function = .exponential
    case "Log": function = .logarithm
    case "Mish": function = .mish
    case "Pow":
      guard let exponent = try node.input(1, "exponent").reals, exponent.count == 1,
        exponent[0].isFinite
      else {
        throw .unsupported(
          node: node.name, what: "Pow whose exponent is not one constant number",
          remedy: "multiply instead, or use one exponent for all values")
      }
      function = .power(exponent[0])
    case "Reciprocal": function = .reciprocal
    case "Selu":
      function = .selu(
        alpha: try attributes.real("alpha", default: 1.67326319217681884765625),
        gamma: try attributes.real("gamma", default: 1.05070102214813232421875))
    case "Softplus": function = .softplus
    case "Softsign": function = .softsign
    case "Sqrt": function = .squareRoot
    case "Swish": function = .swish(alpha: try attributes.real("alpha", default: 1))
    default: function = .thresholdedRelu(alpha: try attributes.real("alpha", default: 1))
    }
    expression = .function(function, .x)
    try attributes.finish()
  }

  package var label: String { "Elementwise" }

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try SourceShapes.first(inputs)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try table(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(shape: tensors.output.shape, elements: x.elements.map { expression($0) })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    try table(tensors).integer(inputs, tensors)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire {
    try table(tensors).lower(inputs, tensors, label: label, named: name, into: &builder)
  }

  private func table(_ tensors: NodeTensors) throws(ModelError) -> ImageTable {
    try ImageTable(tensors) { (input, output) throws(ModelError) in
      var images: [Int64] = []
      for value in input.range {
        guard let image = output.quantize(expression(input.dequantize(value))) else {
          throw .unsupported(
            node: tensors.node, what: "a function that has no value at \(input.dequantize(value))",
            remedy: "clip its input to where it has one")
        }
        images.append(image)
      }
      return images
    }
  }
}
