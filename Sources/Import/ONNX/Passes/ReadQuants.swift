import ConstraintSystem
import Model

extension ONNXReader {
  /// QONNX's quantizers become properties of tensors: a constant behind one holds its integers, and an
  /// activation is made as integers by the operator before it, of exact reals.
  ///
  /// What is left of them: a QuantizeLinear at a float input of the network and between two scales, and a
  /// DequantizeLinear at a float output.
  static func readQuants(_ draft: inout ONNXGraph) {
    guard draft.nodes.contains(where: { QuantNode.isOne($0.type, domain: $0.domain) }) else {
      return
    }
    draft.isExact = true
    // Older files may have quantizers of QONNX's, and no QuantizeLinear of ONNX's own.
    if draft.quantizerDomain != "", draft.opsets[draft.quantizerDomain] == nil {
      draft.opsets[draft.quantizerDomain] = 1
    }
    // Quantizers that are done with, and reals that are read otherwise too.
    var (removed, open): (Set<Int>, Set<Int>) = ([], [])
    draft.forEachNode { (draft, index) throws(ModelError) in
      guard !removed.contains(index) else { return }
      guard QuantNode.isOne(draft.nodes[index].type, domain: draft.nodes[index].domain) else {
        draft.passOn(index)
        return
      }
      if try draft.read(index, &removed, &open) { removed.insert(index) }
    }
    draft.nodes.remove(removed)
    draft.closeQuantized()
  }
}

extension ONNXGraph {
  /// Where QuantizeLinear and DequantizeLinear are known.
  var quantizerDomain: String { (opsets[""] ?? 0) >= 10 ? "" : ONNXForm.microsoftDomain }

  private mutating func quantizer(_ node: DraftNode) throws(ModelError) -> QuantNode {
    for operand in node.inputs.dropFirst().compactMap(\.self) {
      try spend(tensors[operand].constant?.count ?? 0, at: node)
    }
    return try QuantNode(source(node), shape: shape(node.input(0, "input")))
  }

  /// An operator that moves or chooses integers, or is the larger of them and zero, gives those of the scale
  /// that it reads.
  fileprivate mutating func passOn(_ index: Int) {
    let node = nodes[index]
    guard node.refusal == nil, node.outputs.count == 1, let input = node.inputs.first ?? nil,
      tensors[input].constant == nil, let quantization = tensors[input].quantization,
      keepsIntegers(node) || (node.type == "Relu" && node.domain.isEmpty)
    else { return }
    tensors[node.outputs[0]].quantization = quantization
    tensors[node.outputs[0]].type = tensors[input].type
  }

  /// - Returns: whether the node is done with.
  fileprivate mutating func read(
    _ index: Int, _ removed: inout Set<Int>, _ open: inout Set<Int>
  ) throws(ModelError) -> Bool {
    let node = nodes[index]
    let (real, integer) = (try node.input(0, "input"), try node.output())
    let quantizer = try quantizer(node)
    if case .real(let values)? = tensors[real].constant {
      try spend(values.count, at: node)
      guard let integers = quantizer.integers(values, shape: tensors[real].shape) else {
        throw .invalid(
          node: node.name, what: "a weight of \"\(tensors[real].name)\" is NaN or infinite")
      }
      guard quantizer.type != .int64 else {
        throw .unsupported(
          node: node.name, what: "integers of \(quantizer.rule.range)",
          remedy: "use 32 bits or fewer")
      }
      tensors[integer].shape = tensors[real].shape
      tensors[integer].type = quantizer.type
      tensors[integer].quantization = quantizer.quantization
      tensors[integer].constant = .integer(integers)
      return true
    }
    guard tensors[real].constant == nil else {
      throw .unsupported(
        node: node.name, what: "it quantizes constant integers", remedy: "store them as floats")
    }
    guard quantizer.scales.count == 1 else {
      throw .unsupported(
        node: node.name, what: "a scale per channel on an activation",
        remedy: "quantize activations with one scale per tensor")
    }
    let range = quantizer.rule.range
    guard range.lowerBound >= -0x8000, range.upperBound < 0x8000 else {
      throw .unsupported(
        node: node.name,
        what: "an activation of integers from \(range.lowerBound) to \(range.upperBound)",
        remedy: "use at most 16 bits with a sign, or 15 without")
    }
    tensors[integer].type = quantizer.type
    tensors[integer].quantization = quantizer.quantization
    if inputs.contains(real) || tensors[real].quantization != nil {
      return requantize(index, real, integer, quantizer)
    }
    guard let maker = producer(real), nodes[maker].refusal == nil else {
      nodes[index] = DraftNode(
        type: "QuantizeLinear", domain: quantizerDomain, name: node.name, inputs: [real],
        outputs: [integer], label: node.label)
      return false
    }
    let twins = open.contains(real) ? nil : try twins(of: index, real, quantizer)
    guard let twins else {
      open.insert(real)
      throw .unsupported(
        node: node.name,
        what: "\"\(tensors[real].name)\" is read both before and after it is quantized",
        remedy: "let every reader take the quantized tensor")
    }
    try move(maker, from: real, to: integer, twins, &removed)
    return true
  }

  /// A quantizer of the network's input, or of integers.
  private mutating func requantize(
    _ index: Int, _ real: Int, _ integer: Int, _ quantizer: QuantNode
  ) -> Bool {
    let node = nodes[index]
    if tensors[real].quantization == quantizer.quantization, quantizer.rule.cutBits == 0,
      tensors[real].type == quantizer.type, !outputs.contains(integer) || !inputs.contains(real)
    {
      replace(integer, with: real)
      return true
    }
    nodes[index] = DraftNode(
      type: "QuantizeLinear", domain: quantizerDomain, name: node.name, inputs: [real],
      outputs: [integer], label: node.label)
    return false
  }

  /// The other quantizers of what `index` quantizes; nil where it has readers that are none of the same rule.
  private mutating func twins(
    of index: Int, _ real: Int, _ quantizer: QuantNode
  ) throws(ModelError) -> [Int]? {
    let others = nodes.readers(of: real).filter { $0 != index }
    guard readers(real) == others.count + 1 else { return nil }
    for other in others {
      let reader = nodes[other]
      guard QuantNode.isOne(reader.type, domain: reader.domain), reader.inputs.first == real,
        try self.quantizer(reader) == quantizer
      else { return nil }
    }
    return others
  }

  /// The node that made `real` makes `integer` instead, and its twins are done with.
  private mutating func move(
    _ maker: Int, from real: Int, to integer: Int, _ twins: [Int], _ removed: inout Set<Int>
  ) throws(ModelError) {
    nodes[maker].outputs = nodes[maker].outputs.map { $0 == real ? integer : $0 }
    if declaredShapes[integer] == nil { declaredShapes[integer] = declaredShapes[real] }
    for twin in twins {
      replace(try nodes[twin].output(), with: integer)
      removed.insert(twin)
    }
  }

  /// Outputs that a quantizer made are reals to who uses the network.
  fileprivate mutating func closeQuantized() {
    for (place, output) in outputs.enumerated()
    where tensors[output].quantization != nil && declaredReal.contains(output) {
      let tensor = Tensor(name: tensors[output].name, shape: [], type: .float32)
      tensors[output].name += ".quantized"
      tensors.append(tensor)
      outputs[place] = tensors.count - 1
      nodes.append(
        DraftNode(
          type: "DequantizeLinear", domain: quantizerDomain, name: tensor.name, inputs: [output],
          outputs: [tensors.count - 1]))
    }
  }
}
