import ConstraintSystem

/// TFLite MAXIMUM and MINIMUM, ONNX Max and Min of two: elementwise, extents broadcast as in ONNX; either may
/// be a constant. All three tensors have one quantization.
///
/// Rows: max(a, b) = b + relu(a − b), min(a, b) = b − relu(b − a), and one that holds the sum, whose range is
/// theirs again.
package struct Extremum: Operator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("Max", 8...Operators.latestOpset), ("Min", 8...Operators.latestOpset),
  ]
  package static let tflite = ["MAXIMUM", "MINIMUM"]

  package var isMaximum: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    isMaximum = node.type == "MAXIMUM" || node.type == "Max"
    guard node.inputs.count == 2 else {
      throw .unsupported(
        node: node.name, what: "\(node.type) of \(node.inputs.count) tensors",
        remedy: "take them two at a time")
    }
    try attributes.finish()
  }

  package var keepsIntegers: Bool { true }
  package var label: String { isMaximum ? "Maximum" : "Minimum" }

  private func pick<Value: Comparable>(_ a: Value, _ b: Value) -> Value {
    isMaximum ? Swift.max(a, b) : Swift.min(a, b)
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try Broadcast.outputShape(inputs, of: label)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    for index in 0..<2 { try tensors.requireEqualQuantization(label, input: index) }
    _ = try tensors.output.affine(tensors.node)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    try combine(inputs, tensors)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    try combine(inputs, tensors)
  }

  private func combine<Value: Comparable>(
    _ inputs: [Values<Value>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Value> {
    let a: Values<Value> = try inputs.operand(0, tensors)
    let b: Values<Value> = try inputs.operand(1, tensors)
    let shape = tensors.output.shape
    let (first, second) = (Broadcast.expand(a, to: shape), Broadcast.expand(b, to: shape))
    return Values(shape: shape, elements: zip(first, second).map { pick($0, $1) })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire {
    let affine = try tensors.output.affine(tensors.node)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: [affine.zeroPoint, affine.zeroPoint], named: name)
    let sign: Int64 = isMaximum ? 1 : -1
    let excess = builder.block(
      name + ".excess", shape: shape,
      relation: builder.terms(sign, over: shape, readings[0], named: name)
        + builder.terms(-sign, over: shape, readings[1], named: name),
      multiplier: .identity,
      activation: .clamp(0...(affine.range.upperBound - affine.range.lowerBound)))
    let zero = affine.zeroPoint
    return builder.block(
      name, shape: shape,
      relation: builder.terms(over: shape, readings[1], named: name)
        + builder.terms(sign, over: shape, .inPlace(excess), named: name),
      multiplier: .identity,
      activation: .clamp((affine.range.lowerBound - zero)...(affine.range.upperBound - zero)))
  }
}
