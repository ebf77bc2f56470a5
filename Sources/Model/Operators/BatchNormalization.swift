import ConstraintSystem

/// ONNX BatchNormalization in inference: y = scale · (x − mean) / √(variance + epsilon) + bias per channel,
/// `[N, C, …]` → the same shape.
///
/// Only in float graphs: `FuseBatchNorm` turns it into part of a layer, or into a convolution of its own.
package struct BatchNormalization: UnprovenOperator {
  package static let onnx = [ONNXForm("BatchNormalization", since: 7)]

  package var epsilon: Float

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

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try SourceShapes.first(inputs)
    guard shape.count >= 2, inputs.count == 5 else {
      throw .invalid(
        node: "", what: "\(inputs.count) operands, the first of shape \(shape)")
    }
    for operand in inputs.dropFirst() where operand?.shape != [shape[1]] {
      throw .invalid(
        node: "",
        what: "an operand of shape \(operand?.shape ?? []) for \(shape[1]) channels")
    }
    return shape
  }

  package func channelwise(_ operands: [Tensor?]) -> ChannelwiseStep? {
    let values = operands.dropFirst().compactMap { $0?.constant == nil ? nil : $0?.reals }
    guard values.count == 4 else { return nil }
    let (scale, bias, mean, variance) = (values[0], values[1], values[2], values[3])
    guard [bias, mean, variance].allSatisfy({ $0.count == scale.count }) else { return nil }
    let factors = scale.indices.map {
      Double(scale[$0]) / (Double(variance[$0]) + Double(epsilon)).squareRoot()
    }
    let terms = scale.indices.map { Double(bias[$0]) - factors[$0] * Double(mean[$0]) }
    return ChannelwiseStep(axis: 1, factors: factors, terms: terms)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    guard let step = channelwise(tensors.inputs) else { throw refusal(tensors) }
    let inner = x.shape.dropFirst(2).reduce(1, *)
    let elements = x.elements.enumerated().map { index, value in
      let channel = index / inner % step.factors.count
      return Float(step.factors[channel] * Double(value) + step.terms[channel])
    }
    return Values(shape: x.shape, elements: elements)
  }

  package func refusal(_ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "batch normalization that could not be folded into a layer",
      remedy: "its operands have to be constants; fold it before the model is quantized")
  }
}
