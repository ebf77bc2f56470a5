import ConstraintSystem

/// ONNX Add, QLinearAdd and Sub, TFLite ADD and SUB: y = clamp(a ± b), extents broadcast as in ONNX.
///
/// Integers: both operands, zero points removed, times an integer multiplier, summed or subtracted, one
/// rounding shift. Source: XNNPACK's `qs8-vadd` (minmax scalar), multipliers of at most 21 bits; onnxruntime's
/// `MlasQLinearAdd`, of 23.
package struct Add: ActivatedOperator {
  package static let onnx: [(name: String, opsets: ClosedRange<Int>)] = [
    ("Add", 7...Operators.latestOpset), ("QLinearAdd", 1...1),
    ("Sub", 7...Operators.latestOpset),
  ]
  package static let tflite = ["ADD", "SUB"]

  /// Whether the second operand is taken away.
  package var isDifference: Bool
  package var activation: RealRange
  /// Bits of the largest multiplier but one, in the runtime whose file it is.
  private var multiplierBits = 20

  package init(isDifference: Bool = false, activation: RealRange = .unbounded) {
    self.isDifference = isDifference
    self.activation = activation
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    isDifference = node.type.uppercased() == "SUB"
    activation = node.isTFLite ? try attributes.fusedActivation() : .unbounded
    multiplierBits = node.isTFLite ? 20 : 22
    attributes.ignore("pot_scale_int16")
    try attributes.finish()
  }

  package var label: String { isDifference ? "Subtract" : "Add" }

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
    return Values(
      shape: shape,
      elements: zip(first, second).map { activation.clamp(isDifference ? $0 - $1 : $0 + $1) })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let a: Values<Int64> = try inputs.operand(0, tensors)
    let b: Values<Int64> = try inputs.operand(1, tensors)
    let shape = tensors.output.shape
    let (first, second) = (Broadcast.expand(a, to: shape), Broadcast.expand(b, to: shape))
    let result = zip(first, second).map { (a, b) in
      let acc =
        (a &- plan.operands[0].zeroPoint) &* plan.multipliers[0]
        &+ (b &- plan.operands[1].zeroPoint) &* plan.multipliers[1]
      return plan.output.zeroPoint.saturatingAdd(plan.rescale(acc)).clamped(to: plan.clamp)
    }
    return Values(shape: shape, elements: result)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire {
    let plan = try plan(tensors)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: plan.operands.map(\.zeroPoint), named: name)
    var relation: [Term] = []
    for (multiplier, reading) in zip(plan.multipliers, readings) {
      relation += builder.terms(multiplier, over: shape, reading, named: name)
    }
    let zero = plan.output.zeroPoint
    return builder.block(
      name, shape: shape, relation: relation, scaling: Scaling(plan.rescale),
      activation: .clamp((plan.clamp.lowerBound - zero)...(plan.clamp.upperBound - zero)))
  }

  private struct Plan {
    var operands: [Affine]
    var output: Affine
    var multipliers: [Int64]
    var rescale: Rescale
    var clamp: ClosedRange<Int64>
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    let output = try tensors.output.affine(tensors.node)
    var operands: [Affine] = []
    for index in 0..<2 {
      operands.append(try tensors.input(index, "operand").affine(tensors.node))
    }
    let ratios = operands.map { $0.scale / output.scale }
    guard ratios.allSatisfy({ $0 >= 0x1p-10 && $0 < 0x1p8 }), let largest = ratios.max() else {
      throw .unsupported(
        node: tensors.node, what: "the ratios of its scales are \(ratios)",
        remedy: "input scale over output scale must lie between 2^-10 and 2^8")
    }
    // A network that was quantized here needs no more than the shorter ones.
    let bits = tensors.arithmetic == .float32 ? multiplierBits : 20
    let shift = bits - Int(largest.exponent)
    var multipliers = ratios.map {
      Int64(Float(sign: .plus, exponent: shift, significand: $0).rounded(.toNearestOrEven))
    }
    if isDifference { multipliers[1] = -multipliers[1] }
    return Plan(
      operands: operands, output: output, multipliers: multipliers,
      rescale: Rescale(mantissa: 1, shift: shift), clamp: try tensors.outputClamp(activation))
  }
}
