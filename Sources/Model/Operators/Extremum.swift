import ConstraintSystem

/// TFLite MAXIMUM and MINIMUM, ONNX Max and Min: elementwise, extents broadcast as in ONNX; any of them may be
/// a constant. TFLite's three tensors have one quantization.
///
/// ONNX's integers: each operand at the output's scale first, as its QuantizeLinear would have it, since that is
/// monotone; then the largest or the smallest.
/// Rows: max(a, b) = b + relu(a − b), min(a, b) = b − relu(b − a), one for each operand but the first; one that
/// holds the sum, whose range is theirs again; and one for each operand of another scale.
package struct Extremum: Operator {
  package static let onnx = [ONNXForm("Max", since: 8), ONNXForm("Min", since: 8)]
  package static let tflite = [
    TFLiteForm("MAXIMUM", options: 39), TFLiteForm("MINIMUM", options: 39),
  ]
  package static let constants = ConstantOperands.likeOutput
  package static func sharesScale(operand index: Int) -> Bool { true }

  package var isMaximum: Bool
  private var isTFLite: Bool
  private var count: Int

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    isMaximum = node.type == "MAXIMUM" || node.type == "Max"
    isTFLite = node.isTFLite
    count = node.inputs.count
    try attributes.finish()
  }

  package var label: String { isMaximum ? "Maximum" : "Minimum" }
  package var takesRows: Bool { true }

  package func expression(_ operands: [Expression]) -> Expression? {
    guard operands.count == count, let first = operands.first else { return nil }
    return operands.dropFirst().reduce(first) { .pair(isMaximum ? .maximum : .minimum, $0, $1) }
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try Broadcast.outputShape(inputs, of: label, count: isTFLite ? 2...2 : nil)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try steps(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let operands: [[Float]] = try Broadcast.expand(inputs, tensors)
    return Values(shape: tensors.output.shape, elements: extremes(operands))
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let steps = try steps(tensors)
    let operands: [[Int64]] = try Broadcast.expand(inputs, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: extremes(zip(operands, steps).map { values, step in values.map { step($0) } }))
  }

  private func extremes<Value: Comparable>(_ operands: [[Value]]) -> [Value] {
    guard var result = operands.first else { return [] }
    for operand in operands.dropFirst() {
      for (cell, value) in operand.enumerated() {
        result[cell] = isMaximum ? max(result[cell], value) : min(result[cell], value)
      }
    }
    return result
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let steps = try steps(tensors)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, to: steps, named: name)
    let sign: Int64 = isMaximum ? 1 : -1
    let affine = try tensors.output.affine(tensors.node)
    func terms(_ coefficient: Int64, _ reading: Reading, _ builder: inout Builder) -> [Term] {
      builder.terms(coefficient, over: shape, reading, named: name)
    }
    // The extreme of the operands so far, as a sum.
    var (best, opposite) = (
      terms(1, readings[0], &builder), terms(-1, readings[0], &builder)
    )
    for reading in readings.dropFirst() {
      let (next, negative) = (terms(1, reading, &builder), terms(-1, reading, &builder))
      let difference = builder.block(
        name, as: .difference, shape: shape,
        relation: isMaximum ? best + negative : opposite + next, multiplier: .identity,
        activation: .clamp(0...affine.span))
      best = next + terms(sign, .inPlace(difference), &builder)
      opposite = negative + terms(-sign, .inPlace(difference), &builder)
    }
    return builder.block(
      name, shape: shape, relation: best, multiplier: .identity,
      activation: .clamp(affine.withoutZeroPoint(affine.range)))
  }

  private func steps(_ tensors: NodeTensors) throws(ModelError) -> [Requantization] {
    if isTFLite {
      for index in 0..<2 { try tensors.requireEqualQuantization(label, input: index) }
    }
    return try tensors.stepsToOutput(by: .onnxruntime)
  }
}
