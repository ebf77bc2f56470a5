import ConstraintSystem

/// ONNX PRelu, TFLite PRELU: y = x where x ≥ 0, else slope · x, with a constant slope that broadcasts, as one
/// per channel does.
///
/// Integers: slopes in steps of 2^−16, (x − z_x)·slope or (x − z_x)·1, one rescaling by s_x/s_y. LiteRT
/// rounds twice on the way, so that one in some thousand of its values differs by one. Rows: the
/// positive part, then the sum of both, each part times its slope.
package struct PRelu: Operator {
  package static let onnx = [ONNXForm("PRelu", since: 7)]
  package static let tflite = [TFLiteForm("PRELU")]
  package static let constants = ConstantOperands.likeActivations

  package init() {}

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    try attributes.finish()
  }

  package var label: String { "PRelu" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try SourceShapes.first(inputs)
    guard inputs.count == 2, let slope = inputs[1], Broadcast.shape(shape, slope.shape) == shape
    else {
      throw .invalid(node: "", what: "its slope does not broadcast to \(shape)")
    }
    return shape
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let slope: Values<Float> = try inputs.operand(1, tensors)
    let slopes = Broadcast.expand(slope, to: x.shape)
    return Values(
      shape: x.shape, elements: zip(x.elements, slopes).map { $0 < 0 ? $0 * $1 : $0 })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let slopes = Broadcast.expand(
      Values(shape: try tensors.input(1, "slope").shape, elements: plan.slopes), to: x.shape)
    return Values(
      shape: x.shape,
      elements: zip(x.elements, slopes).map { x, slope in
        let value = x - plan.step.input.zeroPoint
        return plan.step.finish(value * (value < 0 ? slope : plan.unit))
      })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    var own = tensors
    own.inputs = [try tensors.input(0, "input"), try plan.tensor(tensors)]
    let (shape, readings) = try builder.elementwise(
      [inputs.operand(0, tensors), nil], own, zeroPoints: [0, 0], named: name)
    let positive = builder.block(
      name, as: .positive, shape: shape,
      relation: builder.terms(over: shape, readings[0], named: name), multiplier: .identity,
      activation: .clamp(0...plan.step.input.span))
    // x·slope + relu(x)·(1 − slope), in steps of the slope.
    let relation =
      builder.terms(over: shape, readings[0], readings[1], named: name)
      + builder.terms(-1, over: shape, .inPlace(positive), readings[1], named: name)
      + builder.terms(plan.unit, over: shape, .inPlace(positive), named: name)
    return builder.block(
      name, shape: shape, relation: relation, scaling: Scaling(plan.step.rescale),
      activation: plan.step.activation)
  }

  private struct Plan {
    /// From x times slope to y.
    var step: Requantization
    /// The slope's integers, zero point removed, in steps of 1/unit.
    var slopes: [Int64]
    /// What stands for a slope of one.
    var unit: Int64

    /// The slopes as a constant without zero point.
    func tensor(_ tensors: NodeTensors) throws(ModelError) -> Tensor {
      var tensor = try tensors.input(1, "slope")
      tensor.type = .int32
      tensor.constant = .integer(slopes)
      return tensor
    }
  }

  /// Bits of the fraction in which slopes are counted.
  private static let fraction = 16

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    let slope = try tensors.input(1, "slope")
    guard case .integer(let values)? = slope.constant else {
      throw .unsupported(
        node: tensors.node, what: "its slope is not a constant",
        remedy: "export the model with constant slopes")
    }
    let own = try slope.affine(tensors.node)
    let unit = Int64(1) << Int64(Self.fraction)
    var slopes: [Int64] = []
    for value in values {
      let real = Double(own.scale) * Double(value - own.zeroPoint)
      guard abs(real) <= 256 else {
        throw .unsupported(
          node: tensors.node, what: "a slope of \(real)", remedy: "slopes reach from -256 to 256")
      }
      slopes.append(Int64((real * Double(unit)).rounded()))
    }
    let input = try tensors.input(0, "input").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    let ratio = Double(input.scale) / Double(output.scale) / Double(unit)
    let step = try Requantization(
      tensors, .unbounded, rescale: try tensors.rescale(ratio: ratio))
    return Plan(step: step, slopes: slopes, unit: unit)
  }
}
