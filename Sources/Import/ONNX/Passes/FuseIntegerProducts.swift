import ConstraintSystem
import Model

extension ONNXReader {
  /// `QuantizeLinear → ConvInteger or MatMulInteger → Cast → Mul`, its factor a constant, becomes the
  /// float operator between quantized tensors: the factor is s_x·s_w, so that the weight's scale is the
  /// factor over the input's.
  ///
  /// Left as they are: those whose input's scale is not a constant, which no operator then reads.
  static func fuseIntegerProducts(_ draft: inout ONNXGraph) {
    draft.forEachNode { (draft, index) throws(ModelError) in
      let node = draft.nodes[index]
      guard node.type == "ConvInteger" || node.type == "MatMulInteger" else { return }
      let input = try node.input(0, "input")
      guard let maker = draft.producer(input), draft.nodes[maker].refusal == nil else {
        guard draft.inputs.contains(input) else { return }
        throw refusal(node, "the scale of its input stands nowhere")
      }
      guard draft.nodes[maker].type == "QuantizeLinear" else {
        throw refusal(node, "its input is not made by QuantizeLinear")
      }
      guard let scale = draft.operand(draft.nodes[maker], 1), scale.count == 1,
        case .real(let inputScale)? = scale.constant,
        draft.operand(draft.nodes[maker], 2)?.constant == draft.operand(node, 2)?.constant
      else {
        throw refusal(node, "its zero point is not that of the QuantizeLinear before it")
      }
      let (cast, product, factor) = try chain(node, in: draft)
      guard case .real(let factors)? = draft.tensors[factor].constant else {
        throw refusal(node, "the factor after it is not a constant")
      }
      let weight = try node.input(1, "weight")
      let scales = factors.map { $0 / inputScale[0] }
      let zeroPoint = node.inputs.count > 3 ? node.inputs[3] : nil
      let scaleTensor = draft.tensors.count
      draft.tensors.append(
        Tensor(
          name: node.name + ".scale", shape: scales.count == 1 ? [] : [scales.count],
          type: .float32,
          constant: .real(scales)))
      let real = draft.tensors.count
      draft.tensors.append(Tensor(name: node.name + ".weight", shape: [], type: .float32))
      let back = draft.tensors.count
      draft.tensors.append(Tensor(name: node.name + ".input", shape: [], type: .float32))
      // As QDQ writes it, which the passes after this one read.
      let quantizer = draft.nodes[maker]
      let output = try draft.nodes[product].output()
      let axis: Int64 = node.type == "ConvInteger" ? 0 : 1
      draft.nodes[index] = DraftNode(
        type: "DequantizeLinear", name: node.name + ".input",
        inputs: [input] + quantizer.inputs.dropFirst(), outputs: [back], label: node.label)
      draft.nodes[cast] = DraftNode(
        type: "DequantizeLinear", name: node.name + ".weight", attributes: ["axis": .integer(axis)],
        inputs: [weight, scaleTensor, zeroPoint], outputs: [real], label: node.label)
      draft.nodes[product] = DraftNode(
        type: node.type == "ConvInteger" ? "Conv" : "MatMul", name: node.name,
        attributes: node.attributes, inputs: [back, real], outputs: [output], label: node.label)
    }
  }

  /// The Cast and the Mul after a node, and the other operand of the Mul.
  private static func chain(
    _ node: DraftNode, in draft: ONNXGraph
  ) throws(ModelError) -> (cast: Int, product: Int, factor: Int) {
    let sums = try node.output()
    guard draft.readers(sums) == 1,
      let cast = draft.nodes.readers(of: sums).first(where: { draft.nodes[$0].type == "Cast" }),
      try draft.nodes[cast].integer("to", default: 0) == 1
    else { throw refusal(node, "its sums are not cast to float32") }
    let reals = try draft.nodes[cast].output()
    guard draft.readers(reals) == 1,
      let product = draft.nodes.readers(of: reals).first(where: {
        draft.nodes[$0].type == "Mul" && draft.nodes[$0].inputs.count == 2
      }), let factor = draft.nodes[product].inputs.first(where: { $0 != reals }) ?? nil
    else { throw refusal(node, "its sums are not multiplied by their scale") }
    return (cast, product, factor)
  }

  private static func refusal(_ node: DraftNode, _ what: String) -> ModelError {
    .unsupported(
      node: node.name, what: what,
      remedy: "quantize with static ranges (onnxruntime's quantize_static)")
  }
}
