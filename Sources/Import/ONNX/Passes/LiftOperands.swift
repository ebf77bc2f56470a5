import ConstraintSystem
import Model

extension ONNXReader {
  /// Moves the scales and zero points that QGemm and the QLinear operators take as operands into their
  /// tensors, so that operands are those of the float operator, whose name the node then has.
  ///
  /// Operands: x, its scale, its zero point, …, the output's scale and zero point (docs/Operators.md of
  /// ONNX, ContribOperators.md of onnxruntime).
  static func liftOperands(_ draft: inout DraftGraph) {
    draft.forEachNode { (draft, index) throws(ModelError) in
      let node = draft.nodes[index]
      switch node.type {
      case "QGemm": try liftGemm(index, in: &draft)
      case "QLinearMatMul":
        try draft.lift(node, 0)
        try draft.lift(node, 3, axis: 1)
        try draft.liftOutput(node, 6)
        draft.nodes[index].inputs = [node.inputs[0], node.inputs[3]]
      case "QLinearConv":
        try draft.lift(node, 0)
        try draft.lift(node, 3, axis: 0)
        try draft.liftOutput(node, 6)
        let bias = node.inputs.count > 8 ? node.inputs[8] : nil
        draft.become("Conv", [node.inputs[0], node.inputs[3], bias], at: index)
      case "QLinearAdd", "QLinearMul":
        try draft.lift(node, 0)
        try draft.lift(node, 3)
        try draft.liftOutput(node, 6)
        draft.become(
          String(node.type.dropFirst(7)), [node.inputs[0], node.inputs[3]], at: index)
      case "QLinearAveragePool", "QLinearGlobalAveragePool":
        guard try node.integer("channels_last", default: 0) == 0 else {
          throw .unsupportedAttribute(
            node: node.name, type: node.type, attribute: "channels_last", value: "1",
            remedy: "quantize the model in its own layout, channels first")
        }
        draft.nodes[index].attributes["channels_last"] = nil
        try draft.liftUnary(String(node.type.dropFirst(7)), at: index)
      case "QLinearLeakyRelu", "QLinearSigmoid", "QLinearReduceMean":
        try draft.liftUnary(String(node.type.dropFirst(7)), at: index)
      case "QLinearConcat": try liftConcat(index, in: &draft)
      default: break
      }
    }
  }

  private static func liftGemm(
    _ index: Int, in draft: inout DraftGraph
  ) throws(ModelError) {
    let node = draft.nodes[index]
    // A, scale, zero, B, scale, zero, C, scale, zero.
    try draft.lift(node, 0)
    let transposed = try node.integer("transB", default: 0) != 0
    try draft.lift(node, 3, axis: transposed ? 0 : 1)
    guard node.inputs.count > 7, node.inputs[7] != nil else {
      throw .unsupported(
        node: node.name, what: "QGemm with a float output",
        remedy: "give it an output scale and zero point")
    }
    try draft.liftOutput(node, 7)
    draft.nodes[index].inputs = [node.inputs[0], node.inputs[3], node.inputs[6]]
    draft.nodes[index].dropMissing()
  }

  /// The output's scale and zero point, then triples.
  private static func liftConcat(
    _ index: Int, in draft: inout DraftGraph
  ) throws(ModelError) {
    let node = draft.nodes[index]
    let places = Array(stride(from: 2, to: node.inputs.count, by: 3))
    guard !places.isEmpty, (node.inputs.count - 2) % 3 == 0 else {
      throw .invalid(
        node: node.name, what: "QLinearConcat with \(node.inputs.count) operands")
    }
    for place in places { try draft.lift(node, place) }
    try draft.liftOutput(node, 0)
    draft.become("Concat", places.map { node.inputs[$0] }, at: index)
  }
}

extension DraftGraph {
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

  /// x, its scale and zero point, the output's.
  fileprivate mutating func liftUnary(_ type: String, at index: Int) throws(ModelError) {
    let node = nodes[index]
    try lift(node, 0)
    try liftOutput(node, 3)
    become(type, [node.inputs[0]], at: index)
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
