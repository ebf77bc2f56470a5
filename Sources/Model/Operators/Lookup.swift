import ConstraintSystem
import Platform

/// Functions of one value that have no simpler rows: a table of every integer's image.
///
/// ONNX Sigmoid, Tanh, HardSwish, HardSigmoid, Gelu, Elu, LeakyRelu and their QLinear forms: in single
/// precision, then QuantizeLinear. TFLite LOGISTIC, TANH, HARD_SWISH, GELU, ELU, LEAKY_RELU: by LiteRT's own
/// arithmetic, which differs from one to the next (`LookupTables`).
package struct Lookup: TableOperator {
  package static let onnx = [
    ONNXForm("Sigmoid", since: 6), ONNXForm("Tanh", since: 6), ONNXForm("HardSwish", since: 14),
    ONNXForm("HardSigmoid", since: 6), ONNXForm("Gelu", since: 20), ONNXForm("Elu", since: 6),
    ONNXForm("LeakyRelu", since: 6), .microsoft("QLinearSigmoid", .unary("Sigmoid")),
    .microsoft("QLinearLeakyRelu", .unary("LeakyRelu")), .microsoft("Gelu"),
  ]
  package static let tflite = [
    TFLiteForm("LOGISTIC"), TFLiteForm("TANH"), TFLiteForm("HARD_SWISH", options: 91),
    TFLiteForm("GELU", options: 116, [("approximate", .flag(false))]), TFLiteForm("ELU"),
    TFLiteForm("LEAKY_RELU", options: 75, [("alpha", .real)]),
  ]

  package enum Function: Sendable, Hashable {
    case logistic
    case tanh
    case hardSwish
    case hardSigmoid(alpha: Float, beta: Float)
    case gelu(isApproximate: Bool)
    case elu(alpha: Float)
    case leakyRelu(alpha: Float)
  }
  package var function: Function
  /// Whether the integers are LiteRT's; else ONNX's.
  package var isTFLite: Bool

  package init(_ function: Function, isTFLite: Bool) {
    self.function = function
    self.isTFLite = isTFLite
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    isTFLite = node.hasLiteRTIntegers
    switch node.type {
    case "LOGISTIC", "Sigmoid": function = .logistic
    case "TANH", "Tanh": function = .tanh
    case "HARD_SWISH", "HardSwish": function = .hardSwish
    case "HardSigmoid":
      function = .hardSigmoid(
        alpha: try attributes.real("alpha", default: 0.2),
        beta: try attributes.real("beta", default: 0.5))
    case "GELU":
      function = .gelu(
        isApproximate: try attributes.integer("approximate", default: 0) != 0)
    case "Gelu":
      switch try attributes.text("approximate", default: "none") {
      case "none": function = .gelu(isApproximate: false)
      case "tanh": function = .gelu(isApproximate: true)
      case let other: throw attributes.refusal("approximate", .text(other))
      }
    case "ELU": function = .elu(alpha: 1)
    case "Elu": function = .elu(alpha: try attributes.real("alpha", default: 1))
    default:
      let alpha = try attributes.real("alpha", default: node.isTFLite ? 0 : 0.01)
      function = .leakyRelu(alpha: alpha)
    }
    try attributes.finish()
  }

  package var label: String {
    switch function {
    case .logistic: "Sigmoid"
    case .tanh: "Tanh"
    case .hardSwish: "HardSwish"
    case .hardSigmoid: "HardSigmoid"
    case .gelu: "Gelu"
    case .elu: "Elu"
    case .leakyRelu: "LeakyRelu"
    }
  }

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.first.map { .lookup(function, $0) }
  }

  package func real(_ x: Float) -> Float { function(x) }

  func images(
    _ input: AffineQuantization, _ output: AffineQuantization, at node: String
  ) throws(ModelError) -> [Int64?] {
    guard let images = LookupTables.images(function, input, output, isTFLite: isTFLite) else {
      throw .unsupported(
        node: node, what: "\(label) from scale \(input.scale) to \(output.scale)",
        remedy: "quantize again with scales that are nearer to each other")
    }
    return images
  }
}

extension Lookup.Function {
  /// In single precision throughout, as the runtimes have it.
  package func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .logistic: 1 / (1 + exp(-x))
    case .tanh: Platform.tanh(x)
    case .hardSwish: x * min(max(x + 3, 0), 6) / 6
    case .hardSigmoid(let alpha, let beta): min(max(alpha * x + beta, 0), 1)
    case .gelu(isApproximate: false): 0.5 * x * erfc(x * -Float(0.5).squareRoot())
    case .gelu(isApproximate: true):
      0.5 * x * (1 + Platform.tanh(0.797_884_56 * (x + 0.044715 * x * x * x)))
    case .elu(let alpha): x < 0 ? alpha * expm1(x) : x
    case .leakyRelu(let alpha): x < 0 ? alpha * x : x
    }
  }
}
