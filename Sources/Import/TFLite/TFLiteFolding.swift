import ConstraintSystem
import Model

/// What converters leave of shapes, and of weights that they store in another form, computed once: a node that
/// no input of the network has a part in is no node of the network.
enum TFLiteFolding {
  /// Operators that are read only where they can be computed, by what ONNX calls them.
  private static let onnxNames = [
    "ADD": "Add", "BROADCAST_TO": "Expand", "CAST": "Cast", "CONCATENATION": "Concat",
    "DIV": "Div", "FILL": "Expand", "FLOOR_DIV": "Div", "GATHER": "Gather",
    "MAXIMUM": "Max", "MINIMUM": "Min", "MUL": "Mul", "PACK": "Concat", "RANGE": "Range",
    "REDUCE_PROD": "ReduceProd", "SELECT": "Where", "SELECT_V2": "Where", "SUB": "Sub",
  ]

  /// Those that no operator of the network has: with what their options are.
  private static let forms = Dictionary(
    uniqueKeysWithValues: [
      TFLiteForm("CAST", options: 37, [("in_data_type", .type), ("out_data_type", .type)]),
      TFLiteForm("FILL", options: 68),
      TFLiteForm("FLOOR_DIV", options: 65),
      TFLiteForm("RANGE", options: 73), TFLiteForm("RANK", options: 86),
      TFLiteForm("SHAPE", options: 55, [("out_type", .type)]),
    ].map { ($0.name, $0) })

  /// The table of options of an operator that is known, or that is read where it can be computed.
  static func form(_ type: String) -> TFLiteForm? {
    Operators.form(tflite: type) ?? TFLiteReals.forms[type] ?? forms[type]
  }

  /// Integers by `ConstantEvaluation`, or nil where it has no such operator.
  ///
  /// - Parameter output: as the file declares it.
  static func integers(
    _ node: TFLiteDraft.Draft, _ operands: [Tensor], _ output: Tensor
  ) throws(ModelError) -> (work: Int, evaluate: () throws(ModelError) -> FoldedValue?)? {
    guard let name = onnxNames[node.type],
      node.attributes["fused_activation_function"] ?? .text("NONE") == .text("NONE"),
      node.attributes["batch_dims"] ?? .integer(0) == .integer(0)
    else { return nil }
    var (operands, attributes) = (operands, node.attributes)
    switch node.type {
    case "CAST": attributes = ["to": .integer(Int64(DataType(output.type).rawValue))]
    case "FILL": operands.reverse()
    case "PACK":
      for place in operands.indices {
        operands[place].shape = try unsqueezed(operands[place].shape, node)
      }
    case "REDUCE_PROD": attributes = ["keepdims": attributes["keep_dims"] ?? .integer(0)]
    default: break
    }
    let draft = DraftNode(
      type: name, name: node.name, attributes: attributes, inputs: [], outputs: [])
    let constants = operands.map { operand in
      operand.constant.map { FoldedValue(DataType(operand.type), operand.shape, $0) }
    }
    return (
      ConstantEvaluation.work(draft, constants),
      { () throws(ModelError) in
        // The same as that of ONNX, which cuts off towards zero.
        guard node.type != "FLOOR_DIV" || operands.allSatisfy(\.isNatural) else { return nil }
        return try ConstantEvaluation.evaluate(draft, constants)
      }
    )
  }

  /// With an axis of extent 1 where a node puts one value beside another.
  private static func unsqueezed(
    _ shape: [Int], _ node: TFLiteDraft.Draft
  ) throws(ModelError) -> [Int] {
    guard case .integer(let given)? = node.attributes["axis"] ?? .integer(0) else { return shape }
    let axis = given < 0 ? given + Int64(shape.count) + 1 : given
    guard axis >= 0, axis <= Int64(shape.count) else {
      throw .invalid(node: node.name, what: "\(node.type) along axis \(given) of \(shape)")
    }
    var shape = shape
    shape.insert(1, at: Int(axis))
    return shape
  }
}

extension TFLiteDraft {
  /// Computes a node whose operands are constants, or that asks for extents.
  ///
  /// - Returns: whether the node is done with.
  /// - Throws: for one that can be no more than computed, and cannot be.
  mutating func folds(_ node: Draft) throws(ModelError) -> Bool {
    guard let first = node.inputs.first ?? nil, let output = node.outputs.first else {
      return false
    }
    switch node.type {
    case "SHAPE":
      let extents = tensors[first].shape.map { Int64($0) }
      try settle(output, [extents.count], .integer(extents))
      return true
    case "RANK":
      try settle(output, [], .integer([Int64(tensors[first].shape.count)]))
      return true
    case "DEQUANTIZE":
      guard let count = tensors[first].constant?.count else { return false }
      try spend(2 * count, at: node)
      guard let reals = tensors[first].reals else { return false }
      try settle(output, tensors[first].shape, .real(reals))
      return true
    default: break
    }
    let operands = node.inputs.compactMap { $0.map { tensors[$0] } }
    if operands.allSatisfy({ $0.constant != nil }), try computes(node, operands) { return true }
    guard !Operators.knows(source(node)) else { return false }
    throw .unsupported(
      node: node.name, what: "\(node.type) of an activation",
      remedy: ModelError.replacement(for: node.type))
  }

  private mutating func computes(
    _ node: Draft, _ operands: [Tensor]
  ) throws(ModelError) -> Bool {
    if Operators.knows(source(node)), try appliesOperator(node) { return true }
    guard operands.allSatisfy({ $0.quantization == nil }), node.outputs.count == 1,
      let (work, evaluate) = try TFLiteFolding.integers(node, operands, tensors[node.outputs[0]])
    else { return false }
    try spend(work, at: node)
    guard let value = try evaluate() else { return false }
    try spend(value.count, at: node)
    try settle(node.outputs[0], value.shape, value.constant)
    return true
  }

  /// Operators that only move values, of constants of any type; functions of each value by itself, of reals.
  private mutating func appliesOperator(_ node: Draft) throws(ModelError) -> Bool {
    for (piece, output) in node.outputs.enumerated() {
      var source = source(node)
      source.piece = piece
      let made = try Operators.make(source)
      let moving = made as? any Rearranging
      let reals = source.inputs.compactMap { operand in
        operand.flatMap { tensor in
          tensor.isReal ? tensor.reals.map { Values(shape: tensor.shape, elements: $0) } : nil
        }
      }
      guard
        moving != nil || made is Reshape
          || (reals.count == source.inputs.count
            && made.expression(source.inputs.map { _ in .x }) != nil)
      else { return false }
      try settle(output, made.outputShape(source.inputs))
      let read = source.inputs.reduce(0) { $0 + ($1?.count ?? 0) }
      try spend(read + 2 * tensors[output].count, at: node)
      let result: Constant
      if moving != nil || made is Reshape {
        guard let x = source.inputs[moving?.source ?? 0] else { return false }
        let from = try moving?.rearrangement(x.shape).from
        switch x.constant {
        case .real(let values)?:
          result = .real(from?(Values(shape: x.shape, elements: values), fill: 0) ?? values)
        case .integer(let values)?:
          let zero = x.quantization?.zeroPoints.first ?? 0
          result = .integer(from?(Values(shape: x.shape, elements: values), fill: zero) ?? values)
        case nil: return false
        }
      } else {
        let own = NodeTensors(node: node.name, inputs: source.inputs, output: tensors[output])
        result = .real(try made.real(reals, own).elements)
      }
      try settle(output, tensors[output].shape, result)
    }
    return true
  }

  /// Makes a tensor the constant that its node computes.
  private mutating func settle(
    _ index: Int, _ shape: [Int], _ constant: Constant
  ) throws(ModelError) {
    if case .real = constant { tensors[index].type = .float32 }
    tensors[index].constant = constant
    try settle(index, shape)
  }

  /// Counts numbers before they are read or made.
  mutating func spend(_ count: Int, at node: Draft) throws(ModelError) {
    guard count <= budget else {
      // Whatever comes next is refused before it is computed.
      budget = 0
      throw .unsupported(
        node: node.name, what: "the constants that are computed hold too many numbers",
        remedy: "store results as constants")
    }
    budget -= count
  }
}

extension Tensor {
  /// Whether it is a constant of reals.
  fileprivate var isReal: Bool { if case .real? = constant { true } else { false } }

  /// Whether it is a constant of integers, none of which is below zero.
  fileprivate var isNatural: Bool {
    if case .integer(let values)? = constant { values.allSatisfy { $0 >= 0 } } else { false }
  }
}
