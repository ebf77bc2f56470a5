import ConstraintSystem

/// ONNX Concat and QLinearConcat, TFLite CONCATENATION: the inputs one after another along an axis.
///
/// No rows for inputs of the output's quantization: the result is a wire of one part for each. Others
/// are rescaled first, one row a value, in ONNX through a real (onnxruntime's `QLinearConcat`).
package struct Concatenation: Operator {
  package static let onnx = [
    ONNXForm("Concat", since: 4),
    .microsoft(
      "QLinearConcat", QuantizedOperands(.repeating(from: 2), output: 0, becomes: "Concat")),
  ]
  package static let tflite = [
    TFLiteForm(
      "CONCATENATION", options: 10,
      [("axis", .integer(0)), ("fused_activation_function", .activation)])
  ]
  package static let constants = ConstantOperands.likeActivations

  package var axis: Int64
  /// Nil where integers are rescaled by a ratio.
  private var runtime: UnaryRuntime?

  package init(axis: Int64) { self.axis = axis }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    guard node.isTFLite || node.attributes["axis"] != nil else {
      throw .invalid(node: node.name, what: "\(node.type) without its axis")
    }
    axis = try attributes.integer("axis", default: 0)
    runtime = node.isTFLite ? nil : .onnxruntime
    // LiteRT runs a concatenation without the activation that it carries.
    let activation = try attributes.text("fused_activation_function", default: "NONE")
    guard activation == "NONE" else {
      throw attributes.refusal("fused_activation_function", .text(activation))
    }
    try attributes.finish()
  }

  package var label: String { "Concatenation" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    var result = try SourceShapes.first(inputs)
    let axis = try SourceShapes.axis(axis, of: result)
    var sum = 0
    for input in inputs {
      guard let shape = input?.shape, shape.count == result.count,
        shape.indices.allSatisfy({ $0 == axis || shape[$0] == result[$0] })
      else {
        throw .invalid(
          node: "",
          what: "shapes \(inputs.map { $0?.shape ?? [] }) do not agree beside axis \(axis)")
      }
      sum += shape[axis]
    }
    result[axis] = sum
    return result
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    for index in tensors.inputs.indices { _ = try step(index, tensors) }
  }

  /// What becomes of input `index`.
  private func step(_ index: Int, _ tensors: NodeTensors) throws(ModelError) -> Requantization {
    var own = tensors
    let tensor = try tensors.input(index, "input \(index)")
    own.inputs = [tensor]
    guard let runtime else { return try Requantization(own, .unbounded) }
    let (input, output) = (try tensor.affine(own.node), try own.output.affine(own.node))
    return try Requantization(
      own, .unbounded,
      rescale: try own.rescale(input.scale, to: output.scale, by: runtime))
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    var parts: [Values<Float>] = []
    for index in inputs.indices {
      parts.append(try inputs.operand(index, tensors))
    }
    return try joined(parts, tensors)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    var parts: [Values<Int64>] = []
    for index in inputs.indices {
      var part: Values<Int64> = try inputs.operand(index, tensors)
      part.elements = part.elements.map(try step(index, tensors).callAsFunction)
      parts.append(part)
    }
    return try joined(parts, tensors)
  }

  private func joined<Element>(
    _ parts: [Values<Element>], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Element> {
    let shape = tensors.output.shape
    let axis = try SourceShapes.axis(axis, of: shape)
    var elements: [Element] = []
    elements.reserveCapacity(shape.reduce(1, *))
    for outer in 0..<shape[..<axis].reduce(1, *) {
      for part in parts {
        let run = part.shape[axis...].reduce(1, *)
        elements += part.elements[outer * run..<(outer + 1) * run]
      }
    }
    return Values(shape: shape, elements: elements)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    var wires: [TensorView] = []
    for index in tensors.inputs.indices {
      let (tensor, step) = (
        try tensors.input(index, "input \(index)"), try step(index, tensors)
      )
      let given = inputs.indices.contains(index) ? inputs[index] : nil
      if let given {
        let wire = try builder.aligned(given, to: tensor, at: tensors.node)
        wires.append(step.lower(wire, named: name, into: &builder))
      } else {
        guard case .integer(let values)? = tensor.constant else {
          throw .invalid(node: tensors.node, what: "input \(index) is missing")
        }
        let shifted = values.map { step($0) - step.output.zeroPoint }
        wires.append(
          builder.tensor(
            name, as: .constant, shape: tensor.shape,
            type: .holding(tensors.output, zeroPoints: [step.output.zeroPoint]), values: shifted))
      }
    }
    // Whoever reads it has a term for each.
    let parts = wires.reduce(0) { $0 + $1.parts.count }
    guard parts <= Limits.termsPerBlock else {
      throw .unsupported(
        node: tensors.node, what: "a concatenation of \(parts) views",
        remedy: "at most \(Limits.termsPerBlock); concatenate fewer tensors")
    }
    let axis = try SourceShapes.axis(axis, of: tensors.output.shape)
    return builder.concatenated(wires, axis: axis, named: name)
  }
}
