import ConstraintSystem
import Platform

/// ONNX Abs, Celu, Erf, Exp, Log, Mish, Pow with a constant exponent, Reciprocal, Selu, Softplus, Softsign, Sqrt,
/// Swish and ThresholdedRelu, and what `FuseElementwise` puts together: any function of one value, as a table of
/// every integer's image, in single precision and then QuantizeLinear.
package struct Elementwise: TableOperator {
  package static let onnx = [
    ONNXForm("Abs", since: 6), ONNXForm("Celu", since: 12), ONNXForm("Erf", since: 9),
    ONNXForm("Exp", since: 6), ONNXForm("Log", since: 6), ONNXForm("Mish", since: 18),
    ONNXForm("Pow", since: 7), ONNXForm("Reciprocal", since: 6), ONNXForm("Selu", since: 6),
    ONNXForm("Softplus", since: 1), ONNXForm("Softsign", since: 1), ONNXForm("Sqrt", since: 6),
    ONNXForm("Swish", since: 24), ONNXForm("ThresholdedRelu", since: 10),
  ]

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

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.first.map { expression.substituting($0) }
  }

  package func real(_ x: Float) -> Float { expression(x) }

  func images(
    _ input: AffineQuantization, _ output: AffineQuantization, at node: String
  ) throws(ModelError) -> [Int64] {
    var images: [Int64] = []
    for value in input.range {
      guard let image = output.quantize(expression(input.dequantize(value))) else {
        throw .unsupported(
          node: node, what: "a function that has no value at \(input.dequantize(value))",
          remedy: "clip its input to where it has one")
      }
      images.append(image)
    }
    return images
  }
}
