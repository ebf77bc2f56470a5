import ConstraintSystem

/// ONNX Mul and QLinearMul, TFLite MUL: y = clamp(a · b), extents broadcast as in ONNX; either may be a
/// constant.
///
/// Integers: (a − z_a)(b − z_b), one rescaling by s_a·s_b/s_y, the zero point, the clamp.
/// Source: XNNPACK's `qs8-vmul`, onnxruntime's `MlasQLinearMul`; both rescale in single precision.
package struct Multiply: ActivatedOperator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("Mul", 7...Operators.latestOpset), ("QLinearMul", 1...1),
  ]
  package static let tflite = ["MUL"]

  package var activation: RealRange

  package init(activation: RealRange = .unbounded) { self.activation = activation }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    activation = node.isTFLite ? try attributes.fusedActivation() : .unbounded
    try attributes.finish()
  }

  package var label: String { "Multiply" }

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try Broadcast.outputShape(inputs, of: label)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let a: Values<Float> = try inputs.operand(0, tensors)
    let b: Values<Float> = try inputs.operand(1, tensors)
    let shape = tensors.output.shape
    let (first, second) = (Broadcast.expand(a, to: shape), Broadcast.expand(b, to: shape))
    return Values(shape: shape, elements: zip(first, second).map { activation.clamp($0 * $1) })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let (zeros, step) = try plan(tensors)
    let a: Values<Int64> = try inputs.operand(0, tensors)
    let b: Values<Int64> = try inputs.operand(1, tensors)
    let shape = tensors.output.shape
    let (first, second) = (Broadcast.expand(a, to: shape), Broadcast.expand(b, to: shape))
    return Values(
      shape: shape,
      elements: zip(first, second).map { step.finish(($0 - zeros[0]) * ($1 - zeros[1])) })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire {
    let (zeros, step) = try plan(tensors)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: zeros, named: name)
    let products = readings[0].wire.parts.count * readings[1].wire.parts.count
    guard products <= Limits.termsPerBlock else {
      throw .unsupported(
        node: tensors.node,
        what: "a product of two tensors that are concatenations of "
          + "\(readings[0].wire.parts.count) and \(readings[1].wire.parts.count) views",
        remedy: "at most \(Limits.termsPerBlock) products of views; concatenate fewer tensors")
    }
    return builder.block(
      name, shape: shape,
      relation: builder.terms(over: shape, readings[0], readings[1], named: name),
      scaling: Scaling(step.rescale), activation: step.activation)
  }

  private func plan(
    _ tensors: NodeTensors
  ) throws(ModelError) -> (zeros: [Int64], step: Requantization) {
    let a = try tensors.input(0, "first operand").affine(tensors.node)
    let b = try tensors.input(1, "second operand").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    let step = try Requantization(
      tensors, activation, rescale: try tensors.rescale(a.scale, b.scale, over: output.scale))
    return ([a.zeroPoint, b.zeroPoint], step)
  }
}
