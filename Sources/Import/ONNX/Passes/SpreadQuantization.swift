import ConstraintSystem
import Model

extension ONNXReader {
  /// Gives both sides of operators that only move or choose integers the same quantization, where a file
  /// states it on one side, and closes the network with QuantizeLinear and DequantizeLinear where
  /// that turns a float input or output into integers.
  static func spreadQuantization(_ draft: inout ONNXGraph) {
    countIntegers(&draft)
    for index in draft.nodes.indices.reversed() { moveClamp(index, in: &draft) }
    for index in draft.nodes.indices { spread(index, forwards: true, in: &draft) }
    for index in draft.nodes.indices.reversed() { spread(index, forwards: false, in: &draft) }
    quantizeChosen(&draft)
    moveQuantizersToInputs(&draft)
    closeOutputs(&draft)
  }

  /// An input of bytes that no DequantizeLinear gives a scale is the integers themselves where operators choose among
  /// them or move them, and so is what they make of it.
  private static func countIntegers(_ draft: inout ONNXGraph) {
    let plain = Quantization(scales: [1], zeroPoints: [0])
    var counted: Set<Int> = []
    func choices(_ node: DraftNode) -> [Int] {
      guard let type = draft.type(of: node), node.outputs.count == 1,
        type.keepsIntegers == type.keepsIntegers(node.attributes)
      else { return [] }
      return node.inputs.indices.filter { type.sharesScale(operand: $0) }
        .compactMap { node.inputs[$0] }.filter { draft.tensors[$0].constant == nil }
    }
    for input in draft.inputs {
      let tensor = draft.tensors[input]
      guard tensor.quantization == nil, tensor.type == .int8 || tensor.type == .uint8,
        draft.nodes.readers(of: input).allSatisfy({ choices(draft.nodes[$0]).contains(input) })
      else { continue }
      draft.tensors[input].quantization = plain
      counted.insert(input)
    }
    for node in draft.nodes {
      let operands = choices(node)
      guard let first = operands.first, operands.allSatisfy(counted.contains),
        Set(operands.map { draft.tensors[$0].type }).count == 1,
        draft.tensors[node.outputs[0]].quantization == nil
      else { continue }
      draft.tensors[node.outputs[0]].type = draft.tensors[first].type
      draft.tensors[node.outputs[0]].quantization = plain
      counted.insert(node.outputs[0])
    }
  }

  /// A clamp between an operator that moves reals and a quantizer changes places with it, so that what makes the reals
  /// makes the quantizer's integers.
  private static func moveClamp(_ index: Int, in draft: inout ONNXGraph) {
    let clamp = draft.nodes[index]
    guard draft.clamps(clamp), let moved = clamp.inputs.first ?? nil,
      let quantization = draft.tensors[clamp.outputs[0]].quantization,
      draft.tensors[moved].quantization == nil, draft.readers(moved) == 1,
      let maker = draft.producer(moved), maker < index, draft.moves(draft.nodes[maker]),
      let source = draft.nodes[maker].inputs.first ?? nil,
      draft.tensors[source].quantization == nil, draft.tensors[source].constant == nil,
      !draft.inputs.contains(source)
    else { return }
    var (first, second) = (clamp, draft.nodes[maker])
    first.inputs[0] = source
    first.outputs = [moved]
    second.inputs[0] = moved
    second.outputs = clamp.outputs
    draft.tensors[moved].type = draft.tensors[clamp.outputs[0]].type
    draft.tensors[moved].quantization = quantization
    draft.tensors[moved].shape = draft.tensors[source].shape
    draft.declaredShapes[moved] = draft.declaredShapes[source]
    if !draft.shaped.contains(source) { draft.shaped.remove(moved) }
    draft.nodes[maker] = first
    draft.nodes[index] = second
  }

  private static func spread(_ index: Int, forwards: Bool, in draft: inout ONNXGraph) {
    let node = draft.nodes[index]
    guard draft.keepsIntegers(node), let input = node.inputs.first ?? nil else { return }
    let (source, target) = forwards ? (input, node.outputs[0]) : (node.outputs[0], input)
    guard let quantization = draft.tensors[source].quantization,
      draft.tensors[target].quantization == nil, draft.tensors[target].constant == nil
    else { return }
    // Backwards only where nobody else reads the reals; an input of the network stays as it is.
    if !forwards, draft.readers(target) > 1 || draft.inputs.contains(target) { return }
    draft.tensors[target].quantization = quantization
    draft.tensors[target].type = draft.tensors[source].type
  }

  /// Reals that an operator chooses among with activations become integers of its output, which is what its
  /// QuantizeLinear makes of them.
  private static func quantizeChosen(_ draft: inout ONNXGraph) {
    draft.forEachNode { (draft, index) throws(ModelError) in
      let node = draft.nodes[index]
      guard draft.type(of: node)?.constants == .likeOutput, let output = node.outputs.first,
        draft.tensors[output].quantization != nil
      else { return }
      for place in node.inputs.indices {
        guard let operand = node.inputs[place],
          case .real(let values)? = draft.tensors[operand].constant
        else { continue }
        var tensor = draft.tensors[operand]
        tensor.type = draft.tensors[output].type
        tensor.quantization = draft.tensors[output].quantization
        tensor.constant = .integer(try quantized(values, tensor, node))
        draft.tensors.append(tensor)
        draft.nodes[index].inputs[place] = draft.tensors.count - 1
      }
    }
  }

  /// `input → Reshape → quantized` becomes `input → QuantizeLinear → Reshape`, and so does a clamp, which
  /// rounding does not change the order of.
  private static func moveQuantizersToInputs(_ draft: inout ONNXGraph) {
    var quantizers: [DraftNode] = []
    for input in draft.inputs where draft.tensors[input].quantization == nil {
      let readers = draft.nodes.readers(of: input)
      guard readers.count == 1, let reader = readers.first,
        draft.nodes[reader].inputs.first == .some(input),
        draft.keepsIntegers(draft.nodes[reader]) || draft.clamps(draft.nodes[reader]),
        let quantization = draft.tensors[draft.nodes[reader].outputs[0]].quantization
      else { continue }
      let type = draft.tensors[draft.nodes[reader].outputs[0]].type
      var tensor = draft.tensors[input]
      tensor.name += ".quantized"
      tensor.type = type
      tensor.quantization = quantization
      draft.tensors.append(tensor)
      let made = draft.tensors.count - 1
      draft.nodes[reader].inputs = draft.nodes[reader].inputs.map { $0 == input ? made : $0 }
      quantizers.append(
        DraftNode(
          type: "QuantizeLinear", domain: draft.quantizerDomain, name: tensor.name, attributes: [:],
          inputs: [input],
          outputs: [made]))
    }
    draft.nodes.prepend(quantizers.reversed())
  }

  /// A float output after a renaming operator: its reals are made at the very end.
  private static func closeOutputs(_ draft: inout ONNXGraph) {
    for (place, output) in draft.outputs.enumerated() {
      guard draft.tensors[output].quantization != nil, let producer = draft.producer(output),
        draft.keepsIntegers(draft.nodes[producer]),
        let first = draft.nodes[producer].inputs.first, let input = first,
        draft.declaredReal.contains(output), draft.tensors[input].quantization != nil
      else { continue }
      let tensor = Tensor(name: draft.tensors[output].name, shape: [], type: .float32)
      draft.tensors[output].name += ".quantized"
      draft.tensors.append(tensor)
      let made = draft.tensors.count - 1
      draft.outputs[place] = made
      draft.nodes.append(
        DraftNode(
          type: "DequantizeLinear", domain: draft.quantizerDomain, name: tensor.name,
          attributes: [:],
          inputs: [output], outputs: [made]))
    }
  }
}

extension ONNXGraph {
  /// Whether a node clamps the first of its operands, the others being bounds.
  fileprivate func clamps(_ node: DraftNode) -> Bool {
    ["Relu", "Clip"].contains(node.type) && node.domain.isEmpty && node.outputs.count == 1
      && node.inputs.dropFirst().allSatisfy { $0.map { tensors[$0].constant != nil } ?? true }
  }

  /// Whether a node only moves values, all of them.
  fileprivate func moves(_ node: DraftNode) -> Bool {
    [
      "DepthToSpace", "Flatten", "Identity", "Reshape", "SpaceToDepth", "Squeeze", "Transpose",
      "Unsqueeze",
    ].contains(node.type) && node.domain.isEmpty && keepsIntegers(node)
  }

  /// Whether a node's one output holds integers of the one activation that it reads.
  func keepsIntegers(_ node: DraftNode) -> Bool {
    type(of: node)?.keepsIntegers(node.attributes) == true && node.outputs.count == 1
      && node.inputs.count { input in input.map { tensors[$0].constant == nil } ?? false } == 1
  }
}
