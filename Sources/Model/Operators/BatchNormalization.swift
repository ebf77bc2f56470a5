import ConstraintSystem

/// ONNX BatchNormalization in inference: y = scale · (x − mean) / √(variance + epsilon) + bias per channel,
/// `[N, C, …]` → the same shape.
///
/// In float graphs `FuseBatchNorm` turns it into part of a layer, or into a convolution of its own. Between a
/// DequantizeLinear and a QuantizeLinear it stays, as onnxruntime's quantizer leaves it behind an activation:
/// f32(f32(x·a) + b) for each channel, with a = f32(f32(1/√(variance + epsilon))·scale) and
/// b = f32(bias − f32(mean·a)), then the clamp and QuantizeLinear. One row a value. So do factors and terms for
/// each channel that stand there as Mul and Add (`FuseChannelSteps`), with a mean of 0 and a variance of 1.
/// Source: onnxruntime's `BatchNorm`, `Add` and `Mul`, whose bytes it gives.
package struct BatchNormalization: ActivatedOperator {
  package static let onnx = [ONNXForm("BatchNormalization", since: 7)]

  package var epsilon: Float
  /// Of x, along which the channels stand; of a file's the second.
  package var axis = 1
  package var activation = RealRange.unbounded

  /// f32(f32(x·factor) + term) for each channel along an axis; the operands are x, the factors, the terms, zeros
  /// and ones.
  init(axis: Int, activation: RealRange) {
    (epsilon, self.axis, self.activation) = (0, axis, activation)
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    epsilon = try attributes.real("epsilon", default: 1e-5)
    guard epsilon >= 0 else { throw attributes.refusal("epsilon", .real(epsilon)) }
    try attributes.require("training_mode", 0)
    try attributes.require("spatial", 1)
    attributes.ignore("momentum")
    try attributes.finish()
  }

  package var label: String { "BatchNormalization" }
  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try SourceShapes.first(inputs)
    guard shape.count > axis, inputs.count == 5 else {
      throw .invalid(
        node: "", what: "\(inputs.count) operands, the first of shape \(shape)")
    }
    for operand in inputs.dropFirst() where operand?.shape != [shape[axis]] {
      throw .invalid(
        node: "",
        what: "an operand of shape \(operand?.shape ?? []) for \(shape[axis]) channels")
    }
    return shape
  }

  /// Scale, bias, mean and variance, one for each channel.
  private func parameters(_ operands: [Tensor?]) -> [[Float]]? {
    let values = operands.dropFirst().compactMap { $0?.constant == nil ? nil : $0?.reals }
    guard values.count == 4, values.allSatisfy({ $0.count == values[0].count }) else { return nil }
    return values
  }

  package func channelwise(_ operands: [Tensor?]) -> ChannelwiseStep? {
    guard let values = parameters(operands) else { return nil }
    let (scale, bias, mean, variance) = (values[0], values[1], values[2], values[3])
    let factors = scale.indices.map {
      Double(scale[$0]) / (Double(variance[$0]) + Double(epsilon)).squareRoot()
    }
    let terms = scale.indices.map { Double(bias[$0]) - factors[$0] * Double(mean[$0]) }
    return ChannelwiseStep(axis: axis, factors: factors, terms: terms, activation: activation)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    guard let step = channelwise(tensors.inputs) else { throw refusal(tensors) }
    let inner = x.shape.dropFirst(axis + 1).reduce(1, *)
    let elements = x.elements.enumerated().map { index, value in
      let channel = index / inner % step.factors.count
      return activation.clamp(Float(step.factors[channel] * Double(value) + step.terms[channel]))
    }
    return Values(shape: x.shape, elements: elements)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let plan = try plan(tensors)
    let inner = x.shape.dropFirst(axis + 1).reduce(1, *)
    return Values(
      shape: x.shape,
      elements: x.elements.enumerated().map { index, value in
        let channel = index / inner % plan.signs.count
        let acc = plan.signs[channel] * (value - plan.requantization.input.zeroPoint)
        return plan.requantization.finish(acc, by: plan.rescales[channel])
      })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    let x = try builder.aligned(
      inputs.operand(0, tensors), to: tensors.input(0, "input"), at: tensors.node)
    // How values are stored must not tell of their signs.
    let signs = builder.tensor(
      name, as: .weight, shape: [plan.signs.count], type: .int8, values: plan.signs)
    return builder.block(
      name, shape: x.shape,
      relation: builder.terms(
        over: x.shape, .inPlace(x), Reading(signs, [.label(axis)]), named: name),
      scaling: Scaling(plan.rescales, axes: [axis]), activation: plan.requantization.activation)
  }

  private struct Plan {
    /// Of each channel's factor.
    var signs: [Int64]
    /// From a multiple of the input, counted in the direction of its channel, to the output.
    var rescales: [Rescale]
    /// The ends and the clamp.
    var requantization: Requantization
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    guard let values = parameters(tensors.inputs), tensors.arithmetic == .float32,
      try tensors.input(0, "input").quantization != nil
    else { throw refusal(tensors) }
    let requantization = try Requantization(tensors, activation, rescale: .identity)
    let (scale, bias, mean, variance) = (values[0], values[1], values[2], values[3])
    var (signs, rescales) = ([Int64](), [Rescale]())
    for channel in scale.indices {
      let factor = 1 / (variance[channel] + epsilon).squareRoot() * scale[channel]
      let term = bias[channel] - mean[channel] * factor
      guard
        let step = FloatStep.affine(
          requantization.input.scale, factor: abs(factor), term: term,
          over: requantization.output.scale)
      else {
        throw .unsupported(
          node: tensors.node, what: "channel \(channel) is multiplied by \(factor)",
          remedy: "its factors and terms have to be finite, and not next to zero")
      }
      signs.append(factor < 0 ? -1 : factor > 0 ? 1 : 0)
      rescales.append(.float(step))
    }
    return Plan(signs: signs, rescales: rescales, requantization: requantization)
  }

  private func refusal(_ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "batch normalization that could not be folded into a layer",
      remedy: "its operands have to be constants, and its input and output quantized")
  }
}
