import ConstraintSystem

/// Relu and Clip (ONNX), RELU, RELU6 and RELU_N1_TO_1 (TFLite): elementwise, shape unchanged.
///
/// Between tensors of one scale it is a clamp of integers; between others it rescales and clamps.
package struct Clamp: Operator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("Relu", 6...Operators.latestOpset), ("Clip", 6...Operators.latestOpset),
  ]
  package static let tflite = ["RELU", "RELU6", "RELU_N1_TO_1"]

  package var range: RealRange

  package init(_ range: RealRange) { self.range = range }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    switch node.type {
    case "RELU6": range = .relu6
    case "RELU_N1_TO_1": range = .reluN1To1
    case "Clip":
      range = RealRange(
        lower: try Self.bound(&attributes, "min", 1), upper: try Self.bound(&attributes, "max", 2))
      if let lower = range.lower, let upper = range.upper, lower > upper {
        throw .invalid(node: node.name, what: "Clip from \(lower) to \(upper) holds no value")
      }
    default: range = .relu
    }
    try attributes.finish()
  }

  /// From opset 11 the bounds are operands.
  private static func bound(
    _ attributes: inout AttributeReader, _ role: String, _ index: Int
  ) throws(ModelError) -> Float? {
    if let value = try attributes.optionalReal(role) { return value }
    let node = attributes.node
    guard let tensor = node.optionalInput(index) else { return nil }
    let values: [Float]
    switch tensor.constant {
    case .real(let reals)?: values = reals
    case .integer(let integers)?:
      guard let quantization = tensor.quantization, quantization.scales.count == 1,
        quantization.zeroPoints.count == 1
      else {
        values = []
        break
      }
      values = integers.map {
        quantization.scales[0] * Float($0 &- quantization.zeroPoints[0])
      }
    case nil:
      throw .unsupported(
        node: node.name, what: "the \(role) of Clip is not a constant",
        remedy: "export the model with constant bounds")
    }
    guard values.count == 1, !values[0].isNaN else {
      throw .invalid(node: node.name, what: "the \(role) of Clip is not one number")
    }
    // An infinite bound bounds nothing, or leaves nothing.
    if values[0].isInfinite {
      guard (values[0] < 0) == (index == 1) else {
        throw .invalid(node: node.name, what: "the \(role) of Clip is \(values[0])")
      }
      return nil
    }
    return values[0]
  }

  package var label: String { "Clamp" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try SourceShapes.first(inputs)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    _ = try Requantization(tensors, range)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(shape: tensors.output.shape, elements: x.elements.map(range.clamp))
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let step = try Requantization(tensors, range)
    return Values(shape: tensors.output.shape, elements: x.elements.map(step.callAsFunction))
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire {
    let x: Wire = try inputs.operand(0, tensors)
    return try Requantization(tensors, range).lower(x, named: name, into: &builder)
  }
}

/// Shapes that several operators share.
enum SourceShapes {
  static func first(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    guard let first = inputs.first, let first else {
      throw .invalid(node: "", what: "its input is missing")
    }
    return first.shape
  }

  /// Axes, negative ones counting from the end; nil are all.
  static func axes(_ list: [Int64]?, of shape: [Int]) throws(ModelError) -> Set<Int> {
    guard let list else { return Set(shape.indices) }
    var result: Set<Int> = []
    for axis in list { result.insert(try self.axis(axis, of: shape)) }
    return result
  }

  /// An axis, a negative one counting from the end.
  static func axis(_ axis: Int64, of shape: [Int]) throws(ModelError) -> Int {
    let rank = Int64(shape.count)
    guard axis >= -rank, axis < rank else {
      throw .invalid(node: "", what: "a shape of \(shape) has no axis \(axis)")
    }
    return Int(axis < 0 ? axis + rank : axis)
  }
}
