import ConstraintSystem

/// ONNX PRelu, TFLite PRELU: y = x where x ≥ 0, else slope · x, with a constant slope that broadcasts, as one
/// per channel does.
///
/// TFLite's integers: (x − z_x) by s_x/s_y, or (x − z_x)·(slope − z_s) by s_x·s_s/s_y, each rounded twice (LiteRT's
/// own kernel, TFLite's `reference_ops::BroadcastPrelu4DSlow`). Each is one line of a row on its side of zero: rows
/// hold the values above zero, and those below, and y is a view of both. A third row where slopes of both signs
/// are there, which each need a clamp of their own.
///
/// Otherwise: slopes in steps of 2^−16, (x − z_x)·slope or (x − z_x)·1, one rescaling by s_x/s_y. Rows: the
/// positive part, then the sum of both, each part times its slope.
package struct PRelu: Operator {
  package static let onnx = [ONNXForm("PRelu", since: 7)]
  package static let tflite = [TFLiteForm("PRELU")]
  package static let constants = ConstantOperands.likeActivations

  private var isTFLite = false

  package init() {}

  package init(_ node: SourceNode) throws(ModelError) {
    isTFLite = node.isTFLite
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

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    if takesSides(tensors) { _ = try sides(tensors) } else { _ = try plan(tensors) }
  }

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
    let x: Values<Int64> = try inputs.operand(0, tensors)
    if takesSides(tensors) {
      let sides = try sides(tensors)
      let slopes = Broadcast.expand(
        Values(shape: try tensors.input(1, "slope").shape, elements: sides.slopes), to: x.shape)
      return Values(
        shape: x.shape,
        elements: zip(x.elements, slopes).map { x, slope in
          let value = x - sides.above.input.zeroPoint
          return value < 0
            ? sides.above.finish(value * slope, by: sides.below) : sides.above.finish(value)
        })
    }
    let plan = try plan(tensors)
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
    if takesSides(tensors) {
      return try sides(tensors).lower(inputs, tensors, named: name, into: &builder)
    }
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

  // MARK: - TFLite

  /// What a value above zero goes through, and what one below.
  private struct Sides {
    var above: Requantization
    var below: Rescale
    /// Zero point removed.
    var slopes: [Int64]

    func lower<Builder: CircuitBuilder>(
      _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String,
      into builder: inout Builder
    ) throws(ModelError) -> TensorView {
      let (lowest, highest) = (min(above.bounds.lowerBound, 0), max(above.bounds.upperBound, 0))
      let x: TensorView = try inputs.operand(0, tensors)
      let first = try readings(x, slopes, tensors, name, &builder)
      let positive = builder.block(
        name, as: .positive, shape: first.shape,
        relation: builder.terms(over: first.shape, first.x, named: name),
        scaling: Scaling(above.rescale), activation: .clamp(0...highest))
      var parts = positive.parts
      // A slope that is not negative leaves nothing below zero of a value above it, and the other way round.
      let (rising, falling) = (slopes.contains { $0 > 0 }, slopes.contains { $0 < 0 })
      if rising, falling {
        let up = try readings(x, slopes.map { max($0, 0) }, tensors, name, &builder)
        parts += block(up, lowest...0, name, &builder).parts
        let down = try readings(x, slopes.map { min($0, 0) }, tensors, name, &builder)
        parts += block(down, 0...highest, name, &builder).parts
      } else {
        parts += block(first, falling ? 0...highest : lowest...0, name, &builder).parts
      }
      return TensorView(shape: first.shape, parts: parts)
    }

    private typealias Operands = (shape: [Int], x: Reading, slopes: Reading)

    private func readings<Builder: CircuitBuilder>(
      _ x: TensorView, _ slopes: [Int64], _ tensors: NodeTensors, _ name: String,
      _ builder: inout Builder
    ) throws(ModelError) -> Operands {
      var tensor = try tensors.input(1, "slope")
      tensor.type = .int16
      tensor.constant = .integer(slopes)
      var own = tensors
      own.inputs = [try tensors.input(0, "input"), tensor]
      let (shape, readings) = try builder.elementwise(
        [x, nil], own, zeroPoints: [0, 0], named: name)
      return (shape, readings[0], readings[1])
    }

    private func block<Builder: CircuitBuilder>(
      _ operands: Operands, _ range: ClosedRange<Int64>, _ name: String,
      _ builder: inout Builder
    ) -> TensorView {
      builder.block(
        name, as: .negative, shape: operands.shape,
        relation: builder.terms(over: operands.shape, operands.x, operands.slopes, named: name),
        scaling: Scaling(below), activation: .clamp(range))
    }
  }

  private func takesSides(_ tensors: NodeTensors) -> Bool {
    isTFLite && tensors.arithmetic == .float32
  }

  private func sides(_ tensors: NodeTensors) throws(ModelError) -> Sides {
    let (slope, values) = try slopes(tensors)
    let input = try tensors.input(0, "input").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    let exact = try tensors.rescale(ratio: Double(input.scale * slope.scale / output.scale))
    let above = try tensors.rescale(input.scale, to: output.scale, by: .litert)
    let below = FloatStep.roundedTwice(Double(input.scale * slope.scale / output.scale))
    return Sides(
      above: try Requantization(tensors, .unbounded, rescale: above),
      below: below.map(Rescale.float) ?? exact, slopes: values.map { $0 - slope.zeroPoint })
  }

  /// - Returns: their quantization, and their integers as they stand.
  private func slopes(
    _ tensors: NodeTensors
  ) throws(ModelError) -> (quantization: AffineQuantization, values: [Int64]) {
    let slope = try tensors.input(1, "slope")
    guard case .integer(let values)? = slope.constant else {
      throw .unsupported(
        node: tensors.node, what: "its slope is not a constant",
        remedy: "export the model with constant slopes")
    }
    return (try slope.affine(tensors.node), values)
  }

  // MARK: - Others

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
    guard tensors.arithmetic != .exact else {
      throw .unsupported(
        node: tensors.node, what: "PRelu between QONNX's quantizers",
        remedy: "use LeakyRelu, which is a table")
    }
    let (own, values) = try slopes(tensors)
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
