import ConstraintSystem

/// Relu and Clip (ONNX), RELU, RELU6, RELU_N1_TO_1 and RELU_0_TO_1 (TFLite): elementwise, shape unchanged.
///
/// Between tensors of one scale it is a clamp of integers; between others it rescales and clamps, as the
/// runtime's kernel does: LiteRT's with two roundings, onnxruntime's through a real.
package struct Clamp: RequantizingOperator {
  package static let onnx = [ONNXForm("Relu", since: 6), ONNXForm("Clip", since: 6)]
  package static let tflite = [
    "RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1",
  ].map { TFLiteForm($0) }

  package var range: RealRange
  private var runtime = UnaryRuntime.onnxruntime

  /// Clip's bounds, which may be infinite.
  package static func isAttribute(operand index: Int) -> Bool { index > 0 }

  package init(_ range: RealRange) { self.range = range }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    runtime = UnaryRuntime(node)
    switch node.type {
    case "RELU6": range = .relu6
    case "RELU_N1_TO_1": range = .reluN1To1
    case "RELU_0_TO_1": range = RealRange(lower: 0, upper: 1)
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

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.first.map { .clamp(range, $0) }
  }

  package func real(_ x: Float) -> Float { range.clamp(x) }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    let input = try tensors.input(0, "input").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    return try Requantization(
      tensors, range, rescale: try tensors.rescale(input.scale, to: output.scale, by: runtime))
  }
}
