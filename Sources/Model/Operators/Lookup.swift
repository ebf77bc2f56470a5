import ConstraintSystem
import Platform

/// Functions of one value that have no simpler rows: a table of every integer's image.
///
/// ONNX Sigmoid, Tanh, HardSwish, HardSigmoid, Gelu, Elu, LeakyRelu and their QLinear forms: in single
/// precision, then QuantizeLinear. TFLite LOGISTIC, TANH, HARD_SWISH, GELU, ELU, LEAKY_RELU: by LiteRT's own
/// arithmetic, which differs from one to the next (`LookupTables`).
package struct Lookup: Operator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("Sigmoid", 6...Operators.latestOpset), ("Tanh", 6...Operators.latestOpset),
    ("HardSwish", 14...Operators.latestOpset), ("HardSigmoid", 6...Operators.latestOpset),
    ("Gelu", 20...Operators.latestOpset), ("Elu", 6...Operators.latestOpset),
    ("LeakyRelu", 6...Operators.latestOpset), ("QLinearSigmoid", 1...1),
    ("QLinearLeakyRelu", 1...1),
  ]
  package static let tflite = ["LOGISTIC", "TANH", "HARD_SWISH", "GELU", "ELU", "LEAKY_RELU"]

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
    isTFLite = node.isTFLite
    switch node.type {
    case "LOGISTIC", "Sigmoid", "QLinearSigmoid": function = .logistic
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
      let alpha = try attributes.real("alpha", default: isTFLite ? 0 : 0.01)
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

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try SourceShapes.first(inputs)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try table(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(shape: tensors.output.shape, elements: x.elements.map(function.callAsFunction))
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
      guard let images = LookupTables.images(function, input, output, isTFLite: isTFLite) else {
        throw .unsupported(
          node: tensors.node, what: "\(label) from scale \(input.scale) to \(output.scale)",
          remedy: "quantize again with scales that are nearer to each other")
      }
      return images
    }
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
