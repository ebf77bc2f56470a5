import ConstraintSystem

/// TFLite MAXIMUM and MINIMUM, ONNX Max and Min of two: elementwise, extents broadcast as in ONNX; either may
/// be a constant. All three tensors have one quantization.
///
/// Rows: one that compares them (`PairwiseExtremum`), and one that holds the result, whose range is theirs again.
package struct Extremum: BinaryOperator {
  package static let onnx = [ONNXForm("Max", since: 8), ONNXForm("Min", since: 8)]
  package static let tflite = [
    TFLiteForm("MAXIMUM", options: 39), TFLiteForm("MINIMUM", options: 39),
  ]
  package static let keepsIntegers = true

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

  package var label: String { isMaximum ? "Maximum" : "Minimum" }

  package func real(_ a: Float, _ b: Float) -> Float { isMaximum ? max(a, b) : min(a, b) }

  struct Step: BinaryStep {
    var isMaximum: Bool

    func callAsFunction(_ a: Int64, _ b: Int64) -> Int64 { isMaximum ? max(a, b) : min(a, b) }
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Step {
    for index in 0..<2 { try tensors.requireEqualQuantization(label, input: index) }
    _ = try tensors.output.affine(tensors.node)
    return Step(isMaximum: isMaximum)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let affine = try tensors.output.affine(tensors.node)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: [affine.zeroPoint, affine.zeroPoint], named: name)
    let wires = readings.map {
      builder.view($0.wire, through: $0.windows, shape: shape, named: name)
    }
    let result = PairwiseExtremum(isMaximum: isMaximum, span: affine.span, name: name)
      .of(wires, into: &builder)
    return builder.block(
      name, shape: shape, relation: builder.terms(over: shape, .inPlace(result), named: name),
      multiplier: .identity, activation: .clamp(affine.withoutZeroPoint(affine.range)))
  }
}
