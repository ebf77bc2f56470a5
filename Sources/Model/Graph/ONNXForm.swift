/// A name under which ONNX files have an operator, and the opsets whose text was read.
package struct ONNXForm: Sendable {
  package var name: String
  /// Empty for ONNX's own.
  package var domain: String
  /// The versions of the domain whose text the operator follows.
  package var opsets: ClosedRange<Int>
  /// Where scales and zero points stand among the operands of a quantized form; nil where the
  /// operands are tensors of the network alone.
  package var quantized: QuantizedOperands?

  /// A form of ONNX's own domain.
  package init(
    _ name: String, opsets: ClosedRange<Int>, _ quantized: QuantizedOperands? = nil
  ) {
    (self.name, domain, self.opsets) = (name, "", opsets)
    self.quantized = quantized
  }

  /// A form of ONNX's own domain, from an opset up to the newest that was read.
  package init(_ name: String, since opset: Int, _ quantized: QuantizedOperands? = nil) {
    self.init(name, opsets: opset...Operators.latestOpset, quantized)
  }

  /// A form of onnxruntime's own domain, whose only opset is 1 (ContribOperators.md).
  package static func microsoft(
    _ name: String, _ quantized: QuantizedOperands? = nil
  ) -> ONNXForm {
    var form = ONNXForm(name, opsets: 1...1, quantized)
    form.domain = microsoftDomain
    return form
  }

  package static let microsoftDomain = "com.microsoft"
}

/// The operands of a quantized form such as QLinearConv: x, its scale, its zero point, …, the scale
/// and the zero point of the output. The reader lifts them into the tensors, so that what is left are
/// the operands of the float operator.
package struct QuantizedOperands: Sendable {
  /// A tensor of the network, followed by its scale and its zero point.
  package struct Data: Sendable {
    package var position: Int
    package var axis: ScaleAxis

    package init(_ position: Int, axis: ScaleAxis = .none) {
      self.position = position
      self.axis = axis
    }
  }

  /// Along which axis a constant may have several scales.
  package enum ScaleAxis: Sendable {
    case none
    case at(Int)
    /// The first axis where an attribute is an integer other than 0, else the second.
    case firstWhere(attribute: String)
  }

  package enum Layout: Sendable {
    case fixed([Data])
    /// As many tensors as there are, from a position on.
    case repeating(from: Int)
  }

  package var data: Layout
  /// Of the output's scale; its zero point comes next.
  package var output: Int
  /// A tensor without a scale of its own that comes last among the float operator's: a bias.
  package var bias: Int?
  /// The float operator that the node becomes; nil where it keeps its name and domain.
  package var becomes: String?
  /// Attributes that may have one value only, and what to do where they have another.
  package var required: [(attribute: String, value: Int64, remedy: String)] = []

  package init(_ data: Layout, output: Int, bias: Int? = nil, becomes: String? = nil) {
    self.data = data
    self.output = output
    self.bias = bias
    self.becomes = becomes
  }

  /// x, then what the float operator of this name makes of it.
  package static func unary(_ name: String) -> QuantizedOperands {
    QuantizedOperands(.fixed([Data(0)]), output: 3, becomes: name)
  }

  /// Two tensors, as the float operator of this name takes them.
  package static func binary(_ name: String) -> QuantizedOperands {
    QuantizedOperands(.fixed([Data(0), Data(3)]), output: 6, becomes: name)
  }

  /// A pooling, whose axes are in ONNX's own order: onnxruntime's other order is refused.
  package static func pooling(_ name: String) -> QuantizedOperands {
    var operands = unary(name)
    operands.required = [
      ("channels_last", 0, "quantize the model in its own layout, channels first")
    ]
    return operands
  }

  /// Where the tensors of a node with so many operands stand; nil where their number does not fit.
  package func positions(among count: Int) -> [Data]? {
    switch data {
    case .fixed(let list): return list
    case .repeating(let first):
      guard count > first, (count - first) % 3 == 0 else { return nil }
      return stride(from: first, to: count, by: 3).map { Data($0) }
    }
  }
}

extension QuantizedOperands.ScaleAxis {
  /// The axis for a node of these attributes.
  package func axis(_ attributes: [String: SourceNode.Attribute]) -> Int? {
    switch self {
    case .none: nil
    case .at(let axis): axis
    case .firstWhere(let name):
      switch attributes[name] {
      case nil, .integer(0)?: 1
      default: 0
      }
    }
  }
}
