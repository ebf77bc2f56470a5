import ConstraintSystem

/// ONNX Where, TFLite SELECT and SELECT_V2 with a constant condition: a where the condition is true, else b,
/// extents broadcast as in ONNX; any of the three may be a constant. TFLite's have one quantization.
///
/// Integers: a and b at the output's scale first, as QuantizeLinear would have them, then one of them.
/// Rows: b + c·(a − b), one a value, and one for each branch of another scale. Where true is k and not 1, c is
/// divided by it.
package struct Select: Operator {
  package static let onnx = [ONNXForm("Where", since: 9)]
  package static let tflite = [
    TFLiteForm("SELECT", options: 47), TFLiteForm("SELECT_V2", options: 98),
  ]
  package static let constants = ConstantOperands.likeOutput
  package static func sharesScale(operand index: Int) -> Bool { index > 0 }

  private var isTFLite: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    isTFLite = node.isTFLite
    if node.type == "SELECT", let condition = node.optionalInput(0), condition.count > 1,
      condition.shape != node.optionalInput(1)?.shape
    {
      throw .unsupported(
        node: node.name, what: "a condition of shape \(condition.shape), one for each row",
        remedy: "give it the shape of what is chosen from")
    }
    try attributes.finish()
  }

  package var label: String { "Select" }
  package var takesRows: Bool { true }

  package func expression(_ operands: [Expression]) -> Expression? {
    operands.count == 3 ? .choice(operands[0], operands[1], operands[2]) : nil
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try Broadcast.outputShape(inputs, of: "Where", count: 3...3)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let operands: [[Float]] = try Broadcast.expand(inputs, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: operands[0].indices.map {
        operands[0][$0] != 0 ? operands[1][$0] : operands[2][$0]
      })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let operands: [[Int64]] = try Broadcast.expand(inputs, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: operands[0].indices.map { cell in
        let (a, b) = (plan.steps[0](operands[1][cell]), plan.steps[1](operands[2][cell]))
        switch plan.condition {
        case .constant: return operands[0][cell] != 0 ? a : b
        case .truth(let truth):
          // What no operator makes, neither true nor false, is a part of the way.
          return plan.finish(
            (operands[0][cell] - truth.no) * (a - b) + truth.step * (b - plan.zero))
        }
      })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    let (shape, relation) =
      switch plan.condition {
      case .constant(let mask):
        try masked(mask, plan, inputs, tensors, named: name, into: &builder)
      case .truth(let truth):
        try chosen(truth, plan, inputs, tensors, named: name, into: &builder)
      }
    guard relation.count <= Limits.viewsPerLayer else {
      throw .unsupported(
        node: tensors.node, what: "a choice between tensors that are concatenations of many views",
        remedy: "at most \(Limits.viewsPerLayer) products of views; concatenate fewer tensors")
    }
    return builder.block(
      name, shape: shape, relation: relation, scaling: Scaling(plan.rescale),
      activation: .clamp(plan.bounds))
  }

  /// k·b + c·(a − b).
  private func chosen<Builder: CircuitBuilder>(
    _ truth: Truth, _ plan: Plan, _ inputs: [TensorView?], _ tensors: NodeTensors,
    named name: String, into builder: inout Builder
  ) throws(ModelError) -> (shape: [Int], relation: [Term]) {
    let condition = try tensors.input(0, "condition")
    let asItStands = try Requantization(
      NodeTensors(node: tensors.node, inputs: [condition], output: condition), .unbounded,
      rescale: .identity)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, to: [asItStands] + plan.steps, named: name)
    return (
      shape,
      builder.terms(over: shape, readings[0], readings[1], named: name)
        + builder.terms(-1, over: shape, readings[0], readings[2], named: name)
        + builder.terms(truth.step, over: shape, readings[2], named: name)
    )
  }

  /// mask·a + (1 − mask)·b; what is known of it is one constant.
  private func masked<Builder: CircuitBuilder>(
    _ mask: [Int64], _ plan: Plan, _ inputs: [TensorView?], _ tensors: NodeTensors,
    named name: String, into builder: inout Builder
  ) throws(ModelError) -> (shape: [Int], relation: [Term]) {
    var own = tensors
    own.inputs.removeFirst()
    // The mask stands over the tensors' own axes.
    var wires: [TensorView?] = []
    for (wire, index) in zip(inputs.dropFirst(), 1...) {
      let tensor = try tensors.input(index, "branch")
      wires.append(
        try wire.map { wire throws(ModelError) in
          try builder.aligned(wire, to: tensor, at: tensors.node)
        })
    }
    let (shape, branches) = try builder.elementwise(wires, own, to: plan.steps, named: name)
    var relation: [Term] = []
    for (branch, isTrue) in [true, false].enumerated() {
      var tensor = try tensors.input(0, "condition")
      tensor.type = .int8
      var values = mask.map { Int64(($0 != 0) == isTrue ? 1 : 0) }
      let constant = try tensors.input(1 + branch, "branch").constant
      if case .integer(let integers)? = constant {
        let shape = tensors.output.shape
        let own = Values(shape: tensors.inputs[1 + branch]?.shape ?? [], elements: integers)
        values = zip(
          Broadcast.expand(Values(shape: tensor.shape, elements: values), to: shape),
          Broadcast.expand(own, to: shape)
        )
        .map { $0 * (plan.steps[branch]($1) - plan.zero) }
        (tensor.shape, tensor.type) = (shape, .int16)
      }
      tensor.constant = .integer(values)
      own.inputs = [tensor]
      let factor = try builder.elementwise([nil], own, zeroPoints: [0], named: name).readings[0]
      relation +=
        constant == nil
        ? builder.terms(over: shape, factor, branches[branch], named: name)
        : builder.terms(over: shape, factor, named: name)
    }
    return (shape, relation)
  }

  private enum Condition {
    case truth(Truth)
    /// A mask.
    case constant([Int64])
  }

  private struct Plan {
    var condition: Condition
    /// Of both branches, to the output's scale.
    var steps: [Requantization]
    var rescale: Rescale
    var zero: Int64
    /// Zero point removed.
    var bounds: ClosedRange<Int64>

    func finish(_ acc: Int64) -> Int64 { rescale(acc).clamped(to: bounds) + zero }
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    let output = try tensors.output.affine(tensors.node)
    if isTFLite {
      for index in 1...2 { try tensors.requireEqualQuantization(label, input: index) }
    }
    var branches = tensors
    branches.inputs = Array(tensors.inputs.dropFirst())
    let steps = try branches.stepsToOutput(by: .onnxruntime)
    let bounds = output.withoutZeroPoint(output.range)
    let condition = try tensors.input(0, "condition")
    if case .integer(let mask)? = condition.constant, condition.quantization == nil {
      return Plan(
        condition: .constant(mask), steps: steps, rescale: .identity, zero: output.zeroPoint,
        bounds: bounds)
    }
    let truth = try Truth(condition.affine(tensors.node), at: tensors.node)
    return Plan(
      condition: .truth(truth), steps: steps,
      rescale: truth.step == 1 ? .identity : try tensors.rescale(ratio: 1 / Double(truth.step)),
      zero: output.zeroPoint, bounds: bounds)
  }
}
