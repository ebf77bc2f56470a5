import ConstraintSystem
import Platform

/// ONNX's functions of one value that are not in `Lookup`, Pow with a constant exponent, Mod with a constant
/// divisor, and what `FuseElementwise` puts together: any function of one value, as a table of every integer's
/// image, in single precision and then QuantizeLinear.
///
/// Sources: ONNX's texts, which onnxruntime's kernels follow in this order of operations; Round takes ties to
/// even, Mod of reals is C's fmod.
package struct Elementwise: TableOperator {
  package static let onnx = [
    ONNXForm("Abs", since: 6), ONNXForm("Acos", since: 7), ONNXForm("Acosh", since: 9),
    ONNXForm("Asin", since: 7), ONNXForm("Asinh", since: 9), ONNXForm("Atan", since: 7),
    ONNXForm("Atanh", since: 9), ONNXForm("Ceil", since: 6), ONNXForm("Celu", since: 12),
    ONNXForm("Cos", since: 7), ONNXForm("Cosh", since: 9), ONNXForm("Erf", since: 9),
    ONNXForm("Exp", since: 6), ONNXForm("Floor", since: 6), ONNXForm("Log", since: 6),
    ONNXForm("Mish", since: 18), ONNXForm("Mod", since: 10), ONNXForm("Not", since: 1),
    ONNXForm("Pow", since: 7), ONNXForm("Reciprocal", since: 6), ONNXForm("Round", since: 11),
    ONNXForm("Selu", since: 6), ONNXForm("Shrink", since: 9), ONNXForm("Sign", since: 9),
    ONNXForm("Sin", since: 7), ONNXForm("Sinh", since: 9), ONNXForm("Softplus", since: 1),
    ONNXForm("Softsign", since: 1), ONNXForm("Sqrt", since: 6), ONNXForm("Swish", since: 24),
    ONNXForm("Tan", since: 7), ONNXForm("ThresholdedRelu", since: 10),
  ]

  package enum Function: Sendable, Hashable {
    case absolute
    case arcCosine, arcSine, arcTangent
    case areaCosine, areaSine, areaTangent
    case ceiling, floor
    case celu(alpha: Float)
    case cosine, sine, tangent
    case erf
    case exponential
    case hyperbolicCosine, hyperbolicSine
    case logarithm
    case mish
    /// 0 for 0, else 1; and the other way round.
    case isNotZero, not
    case power(Float)
    case reciprocal
    /// With the dividend's sign; else with the divisor's.
    case remainder(of: Float, isFMod: Bool)
    /// To the nearest integer, ties to even.
    case round
    case selu(alpha: Float, gamma: Float)
    case shrink(lambda: Float, bias: Float)
    case sign
    case softplus
    case softsign
    case squareRoot
    case swish(alpha: Float)
    case thresholdedRelu(alpha: Float)

    package func callAsFunction(_ x: Float) -> Float {
      switch self {
      case .absolute: abs(x)
      case .arcCosine: Platform.acos(x)
      case .arcSine: Platform.asin(x)
      case .arcTangent: Platform.atan(x)
      case .areaCosine: Platform.acosh(x)
      case .areaSine: Platform.asinh(x)
      case .areaTangent: Platform.atanh(x)
      case .ceiling: x.rounded(.up)
      case .celu(let alpha): max(0, x) + min(0, alpha * (Platform.exp(x / alpha) - 1))
      case .cosine: Platform.cos(x)
      case .erf: Platform.erf(x)
      case .exponential: Platform.exp(x)
      case .floor: x.rounded(.down)
      case .hyperbolicCosine: Platform.cosh(x)
      case .hyperbolicSine: Platform.sinh(x)
      case .isNotZero: x == 0 ? 0 : 1
      case .logarithm: Platform.log(x)
      case .mish: x * Platform.tanh(Self.softplus(x))
      case .not: x == 0 ? 1 : 0
      case .power(let exponent): Platform.pow(x, exponent)
      case .reciprocal: 1 / x
      case .remainder(let divisor, let isFMod):
        Self.remainder(Platform.fmod(x, divisor), of: divisor, isFMod: isFMod)
      case .round: x.rounded(.toNearestOrEven)
      case .selu(let alpha, let gamma):
        x > 0 ? gamma * x : gamma * (alpha * Platform.exp(x) - alpha)
      case .shrink(let lambda, let bias): x < -lambda ? x + bias : x > lambda ? x - bias : 0
      case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
      case .sine: Platform.sin(x)
      case .softplus: max(x, 0) + Platform.log1p(Platform.exp(-abs(x)))
      case .softsign: x / (1 + abs(x))
      case .squareRoot: x.squareRoot()
      case .swish(let alpha): x / (1 + Platform.exp(-alpha * x))
      case .tangent: Platform.tan(x)
      case .thresholdedRelu(let alpha): x > alpha ? x : 0
      }
    }

    private static func remainder(_ rest: Float, of divisor: Float, isFMod: Bool) -> Float {
      isFMod || rest == 0 || (rest < 0) == (divisor < 0) ? rest : rest + divisor
    }
  }
  package var expression: Expression

  /// The exponent of Pow, the divisor of Mod.
  package static func isAttribute(operand index: Int) -> Bool { index > 0 }

  package init(_ expression: Expression) { self.expression = expression }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let function: Function
    switch node.type {
    case "Celu":
      let alpha = try attributes.real("alpha", default: 1)
      guard alpha != 0 else { throw attributes.refusal("alpha", .real(alpha)) }
      function = .celu(alpha: alpha)
    case "Mod":
      let divisor = try Self.number(node, "divisor", remedy: "use one divisor for all values")
      guard divisor != 0 else { throw .invalid(node: node.name, what: "a remainder of zero") }
      function = .remainder(
        of: divisor, isFMod: try attributes.integer("fmod", default: 0) != 0)
    case "Pow":
      let exponent = try Self.number(
        node, "exponent", remedy: "multiply instead, or use one exponent for all values")
      function = .power(exponent)
    case "Selu":
      function = .selu(
        alpha: try attributes.real("alpha", default: 1.67326319217681884765625),
        gamma: try attributes.real("gamma", default: 1.05070102214813232421875))
    case "Shrink":
      function = .shrink(
        lambda: try attributes.real("lambd", default: 0.5),
        bias: try attributes.real("bias", default: 0))
    case "Swish": function = .swish(alpha: try attributes.real("alpha", default: 1))
    case "ThresholdedRelu":
      function = .thresholdedRelu(alpha: try attributes.real("alpha", default: 1))
    case let name:
      guard let plain = Self.plain[name] else {
        throw .invalid(node: node.name, what: "\(name) is no function of one value")
      }
      function = plain
    }
    expression = .function(function, .x)
    try attributes.finish()
  }

  /// Functions without attributes.
  private static let plain: [String: Function] = [
    "Abs": .absolute, "Acos": .arcCosine, "Acosh": .areaCosine, "Asin": .arcSine,
    "Asinh": .areaSine, "Atan": .arcTangent, "Atanh": .areaTangent, "Ceil": .ceiling,
    "Cos": .cosine, "Cosh": .hyperbolicCosine, "Erf": .erf, "Exp": .exponential, "Floor": .floor,
    "Log": .logarithm, "Mish": .mish, "Not": .not, "Reciprocal": .reciprocal, "Round": .round,
    "Sign": .sign, "Sin": .sine, "Sinh": .hyperbolicSine, "Softplus": .softplus,
    "Softsign": .softsign, "Sqrt": .squareRoot, "Tan": .tangent,
  ]

  /// The second operand, which is one number.
  private static func number(
    _ node: SourceNode, _ role: String, remedy: String
  ) throws(ModelError) -> Float {
    guard let values = try node.input(1, role).reals, values.count == 1, values[0].isFinite else {
      throw .unsupported(
        node: node.name, what: "\(node.type) whose \(role) is not one constant number",
        remedy: remedy)
    }
    return values[0]
  }

  package var label: String { "Elementwise" }

  package var makesTruth: Bool { expression.isTruth }

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.first.map { expression.substituting($0) }
  }

  package func real(_ x: Float) -> Float { expression(x) }

  func images(
    _ input: AffineQuantization, _ output: AffineQuantization, at node: String
  ) throws(ModelError) -> [Int64?] {
    input.range.map { output.quantize(expression(input.dequantize($0))) }
  }
}
