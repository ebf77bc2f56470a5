import ConstraintSystem
import Model

extension ONNXReader {
  /// Moves the scales and zero points that QGemm and the QLinear operators take as operands into their
  /// tensors, so that operands are those of the float operator, whose name the node then has. Which
  /// forms there are, and where they have what, is with the operators (`QuantizedOperands`).
  static func liftOperands(_ draft: inout ONNXGraph) {
    draft.forEachNode { (draft, index) throws(ModelError) in
      guard let operands = Operators.quantizedOperands(onnx: draft.nodes[index].type) else {
        return
      }
      try lift(index, operands, in: &draft)
    }
  }

  private static func lift(
    _ index: Int, _ operands: QuantizedOperands, in draft: inout ONNXGraph
  ) throws(ModelError) {
    let node = draft.nodes[index]
    for (attribute, value, remedy) in operands.required {
      let actual = try node.integer(attribute, default: value)
      guard actual == value else {
        throw .unsupportedAttribute(
          node: node.name, type: node.type, attribute: attribute, value: "\(actual)",
          remedy: remedy)
      }
      draft.nodes[index].attributes[attribute] = nil
    }
    guard let data = operands.positions(among: node.inputs.count) else {
      throw .invalid(node: node.name, what: "\(node.type) with \(node.inputs.count) operands")
    }
    for tensor in data {
      try draft.lift(node, tensor.position, axis: tensor.axis.axis(node.attributes))
    }
    guard node.inputs.count > operands.output, node.inputs[operands.output] != nil else {
      throw .unsupported(
        node: node.name, what: "\(node.type) with a float output",
        remedy: "give it an output scale and zero point")
    }
    try draft.liftOutput(node, operands.output)
    let bias = operands.bias.flatMap { node.inputs.count > $0 ? node.inputs[$0] : nil }
    let inputs = data.map { node.inputs[$0.position] } + (operands.bias == nil ? [] : [bias])
    if let type = operands.becomes {
      draft.become(type, inputs, at: index)
    } else {
      draft.nodes[index].inputs = inputs
      draft.nodes[index].dropMissing()
    }
  }
}

extension ONNXGraph {
  /// Operand `position`, whose scale and zero point follow it.
  fileprivate mutating func lift(
    _ node: DraftNode, _ position: Int, axis: Int? = nil
  ) throws(ModelError) {
    let tensor = try node.input(position, "operand \(position)")
    // A constant has its own type; an activation's is that of its zero point.
    let isConstant = tensors[tensor].constant != nil
    let type =
      isConstant ? tensors[tensor].type : try integerType(node, zeroPoint: position + 2)
    guard type == .int8 || type == .uint8 else {
      throw .invalid(node: node.name, what: "operand \"\(tensors[tensor].name)\" holds \(type)")
    }
    let quantization = try quantization(
      node, scale: position + 1, zeroPoint: position + 2, type: type,
      axis: isConstant ? axis : nil)
    try annotate(tensor, type, quantization, node)
  }

  fileprivate mutating func liftOutput(_ node: DraftNode, _ scale: Int) throws(ModelError) {
    let type = try integerType(node, zeroPoint: scale + 1)
    let quantization = try quantization(
      node, scale: scale, zeroPoint: scale + 1, type: type, axis: nil)
    try annotate(try node.output(), type, quantization, node)
  }

  /// Makes a node of another domain one of ONNX's own.
  mutating func become(_ type: String, _ inputs: [Int?], at index: Int) {
    nodes[index].type = type
    nodes[index].domain = ""
    nodes[index].inputs = inputs
    nodes[index].dropMissing()
  }
}

extension DraftNode {
  /// Optional operands at the end that were left out.
  mutating func dropMissing() {
    while let last = inputs.last, last == nil { inputs.removeLast() }
  }
}
