import ConstraintSystem

/// ONNX Mul and QLinearMul, TFLite MUL: y = clamp(a · b), extents broadcast as in ONNX; either may be a
/// constant.
///
/// Integers: (a − z_a)(b − z_b), one rescaling by s_a·s_b/s_y, the zero point, the clamp.
/// Source: XNNPACK's `qs8-vmul`, onnxruntime's `MlasQLinearMul`; both rescale in single precision.
package struct Multiply: ActivatedOperator, BinaryOperator {
  package static let onnx = [
    ONNXForm("Mul", since: 7), .microsoft("QLinearMul", .binary("Mul")),
  ]
  package static let tflite = [
    TFLiteForm("MUL", options: 21, [("fused_activation_function", .activation)])
  ]
  package static let constants = ConstantOperands.likeActivations

  package var activation: RealRange

  package init(activation: RealRange = .unbounded) { self.activation = activation }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    activation = node.isTFLite ? try attributes.fusedActivation() : .unbounded
    try attributes.finish()
  }

  package var label: String { "Multiply" }

  package func expression(_ operands: [Expression]) -> Expression? {
    guard operands.count == 2 else { return nil }
    let product = Expression.product(operands[0], operands[1])
    return activation == .unbounded ? product : .clamp(activation, product)
  }

  package func channelwise(_ operands: [Tensor?]) -> ChannelwiseStep? {
    guard operands.count == 2, let place = operands.firstIndex(where: { $0?.constant == nil }),
      let x = operands[place], let factor = operands[1 - place],
      case .real(let values)? = factor.constant,
      Broadcast.shape(x.shape, factor.shape) == x.shape
    else { return nil }
    let axes = factor.shape.indices.filter { factor.shape[$0] != 1 }
    guard axes.count <= 1 else { return nil }
    return ChannelwiseStep(
      operand: place, axis: axes.first.map { $0 + x.shape.count - factor.shape.count },
      factors: values.map(Double.init), terms: values.map { _ in 0 }, activation: activation)
  }

  package func real(_ a: Float, _ b: Float) -> Float { activation.clamp(a * b) }

  struct Step: BinaryStep {
    /// The operands' zero points.
    var zeroPoints: [Int64]
    /// From the product to the output.
    var requantization: Requantization

    func callAsFunction(_ a: Int64, _ b: Int64) -> Int64 {
      requantization.finish((a - zeroPoints[0]) * (b - zeroPoints[1]))
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let step = try step(tensors)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: step.zeroPoints, named: name)
    let products = readings[0].wire.parts.count * readings[1].wire.parts.count
    guard products <= Limits.viewsPerLayer else {
      throw .unsupported(
        node: tensors.node,
        what: "a product of two tensors that are concatenations of "
          + "\(readings[0].wire.parts.count) and \(readings[1].wire.parts.count) views",
        remedy: "at most \(Limits.viewsPerLayer) products of views; concatenate fewer tensors")
    }
    return builder.block(
      name, shape: shape,
      relation: builder.terms(over: shape, readings[0], readings[1], named: name),
      scaling: Scaling(step.requantization.rescale), activation: step.requantization.activation)
  }

  func step(_ tensors: NodeTensors) throws(ModelError) -> Step {
    let a = try tensors.input(0, "first operand").affine(tensors.node)
    let b = try tensors.input(1, "second operand").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    return Step(
      zeroPoints: [a.zeroPoint, b.zeroPoint],
      requantization: try Requantization(
        tensors, activation, rescale: try tensors.rescale(a.scale, b.scale, over: output.scale)))
  }
}
