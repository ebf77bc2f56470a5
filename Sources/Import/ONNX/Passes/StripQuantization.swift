import ConstraintSystem
import Model

extension ONNXReader {
  /// QuantizeLinear and DequantizeLinear become properties of tensors: an operator between them
  /// reads and writes integers whose scale and zero point the tensors carry.
  ///
  /// What is left of them: a QuantizeLinear at a float input of the network, one that changes a
  /// scale, and a DequantizeLinear at a float output, each with its data operand alone.
  static func stripQuantization(_ draft: inout ONNXGraph) {
    stripDequantize(&draft)
    stripQuantize(&draft)
  }

  private static func stripDequantize(_ draft: inout ONNXGraph) {
    var removed: Set<Int> = []
    draft.forEachNode { (draft, index) throws(ModelError) in
      let node = draft.nodes[index]
      guard node.type == "DequantizeLinear" else { return }
      try refuseBlocks(node)
      let (input, output) = (try node.input(0, "input"), try node.output())
      let isConstant = draft.tensors[input].constant != nil
      let type: ElementType
      if isConstant || draft.inputs.contains(input) {
        type = draft.tensors[input].type
      } else {
        type = try draft.integerType(node, zeroPoint: 2)
      }
      guard type == .int8 || type == .uint8 || (isConstant && type == .int32) else {
        throw .unsupported(
          node: node.name, what: "DequantizeLinear of \(type) \"\(draft.tensors[input].name)\"",
          remedy: "activations and weights are int8 or uint8, biases int32")
      }
      let quantization = try draft.quantization(
        node, scale: 1, zeroPoint: 2, type: type, axis: draft.axis(node, of: input))
      try draft.annotate(input, type, quantization, node)
      if draft.outputs.contains(output) {
        draft.become(node.type, [input], at: index)
        let outputs = draft.outputs
        draft.outputs = []
        draft.replace(output, with: input)
        draft.outputs = outputs
      } else {
        draft.replace(output, with: input)
        removed.insert(index)
      }
    }
    draft.nodes.remove(removed)
  }

  private static func stripQuantize(_ draft: inout ONNXGraph) {
    var removed: Set<Int> = []
    draft.forEachNode { (draft, index) throws(ModelError) in
      let node = draft.nodes[index]
      guard node.type == "QuantizeLinear" else { return }
      try refuseBlocks(node)
      let (input, output) = (try node.input(0, "input"), try node.output())
      let type = try draft.integerType(node, zeroPoint: 2)
      let quantization = try draft.quantization(
        node, scale: 1, zeroPoint: 2, type: type, axis: draft.axis(node, of: input))
      if case .real(let values)? = draft.tensors[input].constant {
        draft.tensors[output].shape = draft.tensors[input].shape
        draft.tensors[output].constant = .integer([])
        try draft.annotate(output, type, quantization, node)
        draft.tensors[output].constant = .integer(
          try quantized(values, draft.tensors[output], node))
        removed.insert(index)
        return
      }
      try draft.annotate(output, type, quantization, node)
      if draft.inputs.contains(input), draft.tensors[input].quantization == nil {
        draft.become(node.type, [input], at: index)
        return
      }
      if let known = draft.tensors[input].quantization {
        // Integers become integers: the same ones, or those of another scale.
        if known == quantization, draft.tensors[input].type == type,
          !(draft.outputs.contains(output) && draft.inputs.contains(input))
        {
          draft.replace(output, with: input)
          removed.insert(index)
        } else {
          draft.become(node.type, [input], at: index)
        }
        return
      }
      guard let producer = draft.producer(input) else { return }
      try moveOutput(producer, from: input, to: output, node, in: &draft)
      removed.insert(index)
    }
    draft.nodes.remove(removed)
  }

  /// The node that made `real` makes `integer` instead; other readers of the reals must be
  /// quantizers to the same integers.
  private static func moveOutput(
    _ producer: Int, from real: Int, to integer: Int, _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) {
    draft.nodes[producer].outputs = draft.nodes[producer].outputs.map {
      $0 == real ? integer : $0
    }
    if draft.declaredShapes[integer] == nil {
      draft.declaredShapes[integer] = draft.declaredShapes[real]
    }
    // A twin that comes later finds a quantized tensor of the same scale and dissolves.
    var twins = 0
    for other in draft.nodes.readers(of: real).map({ draft.nodes[$0] })
    where other.type == "QuantizeLinear" && other.inputs.first == real {
      twins += draft.agree(other, node) ? 1 : 0
    }
    guard draft.readers(real) == twins else {
      throw .unsupported(
        node: node.name,
        what: "\"\(draft.tensors[real].name)\" is used both before and after it is quantized",
        remedy: "let every reader take the quantized tensor")
    }
    draft.replace(real, with: integer)
  }

  private static func refuseBlocks(_ node: DraftNode) throws(ModelError) {
    let size = try node.integer("block_size", default: 0)
    guard size == 0 else {
      throw .unsupportedAttribute(
        node: node.name, type: node.type, attribute: "block_size", value: "\(size)")
    }
  }

  /// ONNX QuantizeLinear on a constant.
  static func quantized(
    _ values: [Float], _ tensor: Tensor, _ node: DraftNode
  ) throws(ModelError) -> [Int64] {
    guard let quantization = tensor.quantization, let range = tensor.type.range else { return [] }
    var result: [Int64] = []
    result.reserveCapacity(values.count)
    let channels = quantization.scales.count
    let inner = quantization.axis.map { tensor.shape[($0 + 1)...].reduce(1, *) } ?? 1
    for (index, value) in values.enumerated() {
      let channel = channels == 1 ? 0 : (index / inner) % channels
      let affine = AffineQuantization(
        scale: quantization.scales[channel], zeroPoint: quantization.zeroPoints[channel],
        range: range)
      guard value.isFinite, let integer = affine.quantize(value) else {
        throw .invalid(node: node.name, what: "a weight of \"\(tensor.name)\" is NaN or infinite")
      }
      result.append(integer)
    }
    return result
  }
}

extension ONNXGraph {
  /// Whether two QuantizeLinear nodes have the same scale and zero point.
  fileprivate func agree(_ first: DraftNode, _ second: DraftNode) -> Bool {
    (1...2).allSatisfy { position in
      let (a, b) = (operand(first, position), operand(second, position))
      return a?.constant == b?.constant && a?.type == b?.type
    }
  }
}
