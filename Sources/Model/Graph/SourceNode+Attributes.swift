import ConstraintSystem

/// Reads the attributes of a node and knows at the end which ones nobody asked for.
struct AttributeReader {
  let node: SourceNode
  private var unread: Set<String>

  init(_ node: SourceNode) {
    self.node = node
    unread = Set(node.attributes.keys)
  }

  mutating func integer(_ name: String, default standard: Int64) throws(ModelError) -> Int64 {
    switch take(name) {
    case nil: return standard
    case .integer(let value): return value
    case let other?: throw refusal(name, other)
    }
  }

  mutating func real(_ name: String, default standard: Float) throws(ModelError) -> Float {
    switch take(name) {
    case nil: return standard
    case .real(let value) where value.isFinite: return value
    case let other?: throw refusal(name, other)
    }
  }

  mutating func optionalReal(_ name: String) throws(ModelError) -> Float? {
    guard node.attributes[name] != nil else { return nil }
    return try real(name, default: 0)
  }

  mutating func text(_ name: String, default standard: String) throws(ModelError) -> String {
    switch take(name) {
    case nil: return standard
    case .text(let value): return value
    case let other?: throw refusal(name, other)
    }
  }

  mutating func integers(_ name: String) throws(ModelError) -> [Int64]? {
    switch take(name) {
    case nil: return nil
    case .integers(let values): return values
    case let other?: throw refusal(name, other)
    }
  }

  /// A list of integers that is an attribute in older opsets and a constant operand in newer ones; nil where
  /// the node has neither.
  mutating func integers(_ name: String, operand index: Int) throws(ModelError) -> [Int64]? {
    if let values = try integers(name) { return values }
    return node.optionalInput(index) == nil ? nil : try node.integers(index, name)
  }

  /// An integer attribute that may hold one value only.
  mutating func require(_ name: String, _ value: Int64) throws(ModelError) {
    let actual = try integer(name, default: value)
    if actual != value { throw refusal(name, .integer(actual)) }
  }

  mutating func ignore(_ names: String...) { unread.subtract(names) }

  /// An attribute that was never read is one whose meaning is not known here.
  func finish() throws(ModelError) {
    if let name = unread.min(), let value = node.attributes[name] { throw refusal(name, value) }
  }

  private mutating func take(_ name: String) -> SourceNode.Attribute? {
    unread.remove(name)
    return node.attributes[name]
  }

  func refusal(_ name: String, _ value: SourceNode.Attribute) -> ModelError {
    .unsupportedAttribute(
      node: node.name, type: node.type, attribute: name, value: value.brief)
  }
}

extension SourceNode.Attribute {
  /// As an error message shows it.
  fileprivate var brief: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): "\"\(value.prefix(64))\""
    case .integers(let values): "\(Array(values.prefix(8)))"
    case .reals(let values): "\(Array(values.prefix(8)))"
    }
  }
}

extension SourceNode {
  /// The opset or version, as errors name it.
  package var version: Int {
    switch format {
    case .onnx(let opset): opset
    case .tflite(let version): version
    }
  }

  var isTFLite: Bool {
    if case .tflite = format { true } else { false }
  }

  /// Whether its integers are those of LiteRT's kernels. A node of reals has none before it is quantized here.
  var hasLiteRTIntegers: Bool { isTFLite && optionalInput(0)?.type != .float32 }

  func input(_ index: Int, _ role: String) throws(ModelError) -> Tensor {
    guard inputs.indices.contains(index), let tensor = inputs[index] else {
      throw .invalid(node: name, what: "\(type) without its \(role)")
    }
    return tensor
  }

  func optionalInput(_ index: Int) -> Tensor? {
    inputs.indices.contains(index) ? inputs[index] : nil
  }

  /// A constant of integers, such as a target shape.
  func integers(_ index: Int, _ role: String) throws(ModelError) -> [Int64] {
    guard case .integer(let values)? = try input(index, role).constant else {
      throw .unsupported(
        node: name, what: "the \(role) of \(type) is not a constant",
        remedy: "export the model with static shapes")
    }
    return values
  }
}

extension RealRange {
  /// TFLite's `fused_activation_function`.
  init?(tflite name: String) {
    switch name {
    case "NONE": self = .unbounded
    case "RELU": self = .relu
    case "RELU6": self = .relu6
    case "RELU_N1_TO_1": self = .reluN1To1
    default: return nil
    }
  }
}

extension AttributeReader {
  mutating func fusedActivation() throws(ModelError) -> RealRange {
    let name = try text("fused_activation_function", default: "NONE")
    guard let range = RealRange(tflite: name) else {
      throw refusal("fused_activation_function", .text(name))
    }
    return range
  }
}
