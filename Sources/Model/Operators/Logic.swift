import ConstraintSystem

/// ONNX And, Or and Xor of what is true or false, extents broadcast as in ONNX.
///
/// Integers: a number of trues, 0 to 2, and its image: one row a value. Where true is k and not 1, each operand
/// times the other's k, divided by both. A table of its own for what is neither true nor false, which no operator
/// makes: it is counted by how much of a true it is.
package struct Logic: BinaryOperator {
  package static let onnx = [
    ONNXForm("And", since: 7), ONNXForm("Or", since: 7), ONNXForm("Xor", since: 7),
  ]

  private let function: Expression.Pair

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    switch node.type {
    case "And": function = .and
    case "Or": function = .or
    default: function = .exclusiveOr
    }
    try attributes.finish()
  }

  package var label: String { "Logic" }
  package var makesTruth: Bool { true }

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.count == 2 ? .pair(function, operands[0], operands[1]) : nil
  }

  package func real(_ a: Float, _ b: Float) -> Float { function(a, b) }

  struct Step: BinaryStep {
    var operands: [Truth]
    /// From the sum to a number of trues.
    var rescale: Rescale
    /// The output for 0, 1 and 2 of them, zero point included.
    var images: [Int64]

    func callAsFunction(_ a: Int64, _ b: Int64) -> Int64 {
      let sum =
        (a - operands[0].no) * operands[1].step + (b - operands[1].no) * operands[0].step
      return images[Int(rescale(sum).clamped(to: 0...2))]
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let step = try step(tensors)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: step.operands.map(\.no), named: name)
    let zero = try tensors.output.affine(tensors.node).zeroPoint
    return builder.block(
      name, shape: shape,
      relation: builder.terms(step.operands[1].step, over: shape, readings[0], named: name)
        + builder.terms(step.operands[0].step, over: shape, readings[1], named: name),
      scaling: Scaling(step.rescale),
      activation: .lookup(
        name: label, lowest: 0, values: step.images.map { Int16(clamping: $0 - zero) }))
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Step {
    var operands: [Truth] = []
    for index in 0..<2 {
      let affine = try tensors.input(index, "operand").affine(tensors.node)
      operands.append(try Truth(affine, at: tensors.node))
    }
    let product = operands[0].step * operands[1].step
    let truth = try Truth(tensors.output.affine(tensors.node), at: tensors.node)
    return Step(
      operands: operands,
      rescale: product == 1 ? .identity : try tensors.rescale(ratio: 1 / Double(product)),
      images: (0...2).map { truth.integer(function($0 > 0 ? 1 : 0, $0 > 1 ? 1 : 0) != 0) })
  }
}
