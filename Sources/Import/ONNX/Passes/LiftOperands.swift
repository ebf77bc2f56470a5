import ConstraintSystem
import Model

extension ONNXReader {
  /// Moves the scales and zero points that QGemm, QLinearMatMul and QLinearAdd take as operands
  /// into their tensors, so that operands are x, weight and bias, or the two summands.
  static func liftOperands(_ draft: inout DraftGraph) {
    draft.forEachNode { (draft, index) throws(ModelError) in
      let node = draft.nodes[index]
      switch node.type {
      case "QGemm":
        // A, scale, zero, B, scale, zero, C, scale, zero (onnxruntime ContribOperators.md).
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
      case "QLinearMatMul":
        try draft.lift(node, 0)
        try draft.lift(node, 3, axis: 1)
        try draft.liftOutput(node, 6)
        draft.nodes[index].inputs = [node.inputs[0], node.inputs[3]]
      case "QLinearAdd":
        try draft.lift(node, 0)
        try draft.lift(node, 3)
        try draft.liftOutput(node, 6)
        draft.nodes[index].inputs = [node.inputs[0], node.inputs[3]]
      default: break
      }
    }
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
}

extension DraftNode {
  /// Optional operands at the end that were left out.
  mutating func dropMissing() {
    while let last = inputs.last, last == nil { inputs.removeLast() }
  }
}
