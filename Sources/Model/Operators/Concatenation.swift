import ConstraintSystem

/// ONNX Concat and QLinearConcat, TFLite CONCATENATION: the inputs one after another along an axis. TFLite PACK:
/// along a new one, inputs of one quantization.
///
/// No rows for inputs of the output's quantization: the result is a wire of one part for each; but a new axis, on
/// which an input has no place beside its own, is a copy of it. Others are rescaled first, one row a value: in ONNX
/// through a real (onnxruntime's `QLinearConcat`), in TFLite uint8 alone, in single precision.
package struct Concatenation: Operator {
  package static let onnx = [
    ONNXForm("Concat", since: 4),
    .microsoft(
      "QLinearConcat", QuantizedOperands(.repeating(from: 2), output: 0, becomes: "Concat")),
  ]
  package static let tflite = [
    TFLiteForm(
      "CONCATENATION", options: 10,
      [("axis", .integer(0)), ("fused_activation_function", .activation)]),
    TFLiteForm("PACK", options: 59, [("values_count", .integer(0)), ("axis", .integer(0))]),
  ]
  package static let constants = ConstantOperands.likeActivations

  package var axis: Int64
  /// Whether the axis is a new one, along which each input has an extent of 1.
  private var isNewAxis = false
  /// Nil where integers are rescaled by a ratio.
  private var runtime: UnaryRuntime?

  package init(axis: Int64) { self.axis = axis }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    guard node.isTFLite || node.attributes["axis"] != nil else {
      throw .invalid(node: node.name, what: "\(node.type) without its axis")
    }
    axis = try attributes.integer("axis", default: 0)
    isNewAxis = node.type == "PACK"
    if isNewAxis { try attributes.require("values_count", Int64(node.inputs.count)) }
    runtime = node.isTFLite ? nil : .onnxruntime
    // LiteRT runs a concatenation without the activation that it carries.
    let activation = try attributes.text("fused_activation_function", default: "NONE")
    guard activation == "NONE" else {
      throw attributes.refusal("fused_activation_function", .text(activation))
    }
    try attributes.finish()
  }

  package var label: String { "Concatenation" }

  /// An input's extents, the new axis included.
  private func extents(_ shape: [Int]) throws(ModelError) -> [Int] {
    guard isNewAxis else { return shape }
    var shape = shape
    shape.insert(1, at: try SourceShapes.axis(axis, of: shape + [1]))
    return shape
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    var result = try extents(SourceShapes.first(inputs))
    let axis = try SourceShapes.axis(axis, of: result)
    var sum = 0
    for input in inputs {
      guard let given = input?.shape, case let shape = try extents(given),
        shape.count == result.count,
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
    if isNewAxis, tensors.arithmetic == .float32 { try own.requireEqualQuantization(label) }
    let (input, output) = (try tensor.affine(own.node), try own.output.affine(own.node))
    guard let runtime else {
      guard own.arithmetic == .float32, input != output else {
        return try Requantization(own, .unbounded)
      }
      guard tensor.type == .uint8, own.output.type == .uint8,
        let step = FloatStep.concatenated(input, output)
      else {
        throw .unsupported(
          node: own.node, what: "tensors of int8 and unlike scales, which LiteRT does not join",
          remedy: "convert the model again, so that all of them have the output's scale")
      }
      return try Requantization(own, .unbounded, rescale: .float(step))
    }
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
    let runs = try parts.map { part throws(ModelError) in
      try extents(part.shape)[axis...].reduce(1, *)
    }
    for outer in 0..<shape[..<axis].reduce(1, *) {
      for (part, run) in zip(parts, runs) {
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
        let rescaled = step.lower(wire, named: name, into: &builder)
        let shape = try extents(tensor.shape)
        wires.append(builder.regrouped(rescaled, to: shape, named: name) ?? rescaled)
      } else {
        guard case .integer(let values)? = tensor.constant else {
          throw .invalid(node: tensors.node, what: "input \(index) is missing")
        }
        let shifted = values.map { step($0) - step.output.zeroPoint }
        wires.append(
          builder.tensor(
            name, as: .constant, shape: try extents(tensor.shape),
            type: .holding(tensors.output, zeroPoints: [step.output.zeroPoint]), values: shifted))
      }
    }
    // Whoever reads it has a term for each.
    while wires.reduce(0, { $0 + $1.parts.count }) > Limits.viewsPerLayer,
      let largest = wires.indices.max(by: { wires[$0].parts.count < wires[$1].parts.count }),
      wires[largest].parts.count > 1
    {
      wires[largest] = builder.materialized(wires[largest], named: name, as: .copy)
    }
    let parts = wires.reduce(0) { $0 + $1.parts.count }
    guard parts <= Limits.viewsPerLayer else {
      throw .unsupported(
        node: tensors.node, what: "a concatenation of \(parts) views",
        remedy: "at most \(Limits.viewsPerLayer); concatenate fewer tensors")
    }
    let axis = try SourceShapes.axis(axis, of: tensors.output.shape)
    return builder.concatenated(wires, axis: axis, named: name)
  }
}
