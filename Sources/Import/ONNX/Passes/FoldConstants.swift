import ConstraintSystem
import Model

extension ONNXReader {
  /// Replaces what can be computed now by its value: Constant, Identity, Dropout (inference), Reshape,
  /// Flatten, Squeeze, Unsqueeze and Transpose of constants, quantized or not, shapes of activations and
  /// what exporters compute of them (`ConstantEvaluation`). Works out shapes on the way.
  static func foldConstants(_ draft: inout ONNXGraph) {
    var folded: Set<Int> = []
    draft.forEachNode { (draft, index) throws(ModelError) in
      draft.dropUnreadOutputs(of: index)
      if try fold(draft.nodes[index], in: &draft) {
        folded.insert(index)
        return
      }
      // Between an input and an output of the network, where its tensors keep their names.
      if draft.nodes[index].type == "Dropout" {
        draft.become("Identity", Array(draft.nodes[index].inputs.prefix(1)), at: index)
        draft.nodes[index].attributes = [:]
      }
      draft.inferShape(of: index)
    }
    draft.nodes.remove(folded)
  }

  /// - Returns: whether the node is done with.
  private static func fold(
    _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    guard node.domain.isEmpty else { return false }
    switch node.type {
    case "Constant":
      let output = try node.output()
      let value = try constant(node)
      draft.tensors[output].shape = value.shape
      draft.tensors[output].type = value.type
      draft.tensors[output].constant = value.constant
      return true
    case "Identity", "Dropout":
      guard let output = node.outputs.first else {
        throw .invalid(node: node.name, what: "\(node.type) without an output")
      }
      for mask in node.outputs.dropFirst() where draft.readers(mask) > 0 {
        throw .unsupported(node: node.name, what: "the mask of Dropout", remedy: "remove it")
      }
      let input = try node.input(0, "input")
      // An input that is an output as well keeps its node, so that both keep their names.
      if draft.outputs.contains(output),
        draft.inputs.contains(input) || draft.outputs.contains(input)
      {
        return false
      }
      draft.replace(output, with: input)
      return true
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
      let input = try node.input(0, "input")
      guard draft.tensors[input].constant != nil else { return false }
      return try foldReshape(node, input, in: &draft)
    case "Transpose":
      let input = try node.input(0, "input")
      guard draft.tensors[input].constant != nil else { return false }
      let output = try node.output()
      let name = draft.tensors[output].name
      try draft.spend(2 * draft.tensors[input].count, at: node)
      draft.tensors[output] = try transposed(draft.tensors[input], node)
      draft.tensors[output].name = name
      return true
    case "Shape", "Size":
      guard let extents = draft.shape(try node.input(0, "input")) else { return false }
      draft.settle(try node.output(), try ConstantEvaluation.shape(node, of: extents))
      return true
    case let type where ConstantEvaluation.operators.contains(type):
      return try evaluate(node, in: &draft)
    default: return false
    }
  }

  /// A node whose operands are all constants without scales; Cast to the type that a tensor has.
  private static func evaluate(
    _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    let inputs = node.inputs.map { index in index.map { draft.tensors[$0] } }
    if inputs.allSatisfy({ $0 == nil || ($0?.constant != nil && $0?.quantization == nil) }),
      inputs.contains(where: { $0 != nil })
    {
      try draft.spend(ConstantEvaluation.work(node, inputs), at: node)
      guard let value = try ConstantEvaluation.evaluate(node, inputs) else { return false }
      try draft.spend(value.count, at: node)
      draft.settle(try node.output(), value)
      return true
    }
    guard node.type == "Cast", let input = node.inputs.first ?? nil,
      draft.shape(input) != nil, draft.tensors[input].quantization == nil,
      let target = TensorReader.DataType(
        rawValue: Int32(clamping: try node.integer("to", default: 0))),
      target.element == draft.tensors[input].type
    else { return false }
    let output = try node.output()
    guard !draft.outputs.contains(output) || !draft.inputs.contains(input) else { return false }
    draft.replace(output, with: input)
    return true
  }

  private static func constant(_ node: DraftNode) throws(ModelError) -> Tensor {
    guard node.attributes.count == 1, let (name, value) = node.attributes.first else {
      throw .invalid(node: node.name, what: "a Constant needs exactly one value")
    }
    func made(_ shape: [Int], _ type: ElementType, _ constant: Constant) -> Tensor {
      Tensor(name: "", shape: shape, type: type, constant: constant)
    }
    switch (name, value) {
    case ("value", .tensor(let tensor)): return tensor
    case ("value_float", .real(let real)): return made([], .float32, .real([real]))
    case ("value_int", .integer(let integer)): return made([], .int64, .integer([integer]))
    case ("value_floats", .reals(let reals)) where !reals.isEmpty:
      return made([reals.count], .float32, .real(reals))
    case ("value_ints", .integers(let integers)) where !integers.isEmpty:
      return made([integers.count], .int64, .integer(integers))
    default:
      throw .unsupportedAttribute(
        node: node.name, type: "Constant", attribute: name, value: "this kind of value")
    }
  }

  private static func foldReshape(
    _ node: DraftNode, _ input: Int, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    let output = try node.output()
    var tensor = draft.tensors[input]
    let made = try Operators.make(draft.source(node))
    do throws(ModelError) {
      tensor.shape = try made.outputShape(
        node.inputs.map { index in index.map { draft.tensors[$0] } })
    } catch {
      throw error.at(node.name)
    }
    _ = try TensorReader.extents(tensor.shape.map { Int64($0) }, of: tensor.name)
    if let axis = tensor.quantization?.axis {
      // Per-channel scales follow their axis where extents before it keep their product.
      let before = draft.tensors[input].shape
      let outer = before[..<axis].reduce(1, *)
      var product = 1
      let place = tensor.shape.firstIndex { extent in
        defer { product *= extent }
        return product == outer && extent == before[axis]
      }
      guard let place else {
        throw .unsupported(
          node: node.name, what: "a reshape that cuts across the axis of a tensor's scales",
          remedy: "reshape weights before they are quantized")
      }
      tensor.quantization?.axis = place
    }
    tensor.name = draft.tensors[output].name
    draft.tensors[output] = tensor
    return true
  }

  private static func transposed(_ tensor: Tensor, _ node: DraftNode) throws(ModelError) -> Tensor {
    let rank = tensor.shape.count
    var order = Array((0..<rank).reversed())
    switch node.attributes["perm"] {
    case nil: break
    case .integers(let axes)?: order = axes.map { Int(clamping: $0) }
    default: throw .invalid(node: node.name, what: "perm of Transpose is not a list of axes")
    }
    guard order.sorted() == Array(0..<rank) else {
      throw .invalid(node: node.name, what: "perm of Transpose is not an order of the axes")
    }
    var strides = [Int](repeating: 1, count: rank)
    for axis in (0..<max(0, rank - 1)).reversed() {
      strides[axis] = strides[axis + 1] * tensor.shape[axis + 1]
    }
    let shape = order.map { tensor.shape[$0] }
    let steps = order.map { strides[$0] }
    let places = tensor.constant == nil ? [] : Broadcast.places(shape, strides: steps)
    var result = tensor
    result.shape = shape
    switch tensor.constant {
    case .real(let values)?: result.constant = .real(places.map { values[$0] })
    case .integer(let values)?: result.constant = .integer(places.map { values[$0] })
    case nil: break
    }
    result.quantization?.axis = tensor.quantization?.axis.flatMap(order.firstIndex(of:))
    return result
  }
}

extension ONNXGraph {
  /// Makes a tensor the constant that its node computes.
  mutating func settle(_ index: Int, _ value: Tensor) {
    tensors[index].shape = value.shape
    tensors[index].type = value.type
    tensors[index].constant = value.constant
  }

  /// Optional outputs that nobody reads, such as the mask of Dropout.
  fileprivate mutating func dropUnreadOutputs(of index: Int) {
    guard nodes[index].outputs.count > 1, type(of: nodes[index])?.hasSeveralOutputs != true
    else { return }
    while nodes[index].outputs.count > 1, let last = nodes[index].outputs.last, readers(last) == 0 {
      nodes[index].outputs.removeLast()
    }
  }

  /// Notes the shapes of a node's outputs, where those of its inputs are known and say it.
  fileprivate mutating func inferShape(of index: Int) {
    let node = nodes[index]
    guard node.refusal == nil, let output = node.outputs.first, shape(output) == nil,
      node.inputs.allSatisfy({ $0.map { shape($0) != nil } ?? true }),
      let first = node.inputs.first ?? nil
    else { return }
    if ["QuantizeLinear", "DequantizeLinear", "Cast"].contains(node.type) {
      return note(tensors[first].shape, of: output)
    }
    for (piece, output) in node.outputs.enumerated() {
      var source = source(node)
      source.piece = piece
      guard Operators.knows(source), let made = try? Operators.make(source),
        let shape = try? made.outputShape(source.inputs),
        let extents = try? TensorReader.extents(shape.map { Int64($0) }, of: node.name)
      else { return }
      note(extents, of: output)
    }
  }

  private mutating func note(_ shape: [Int], of index: Int) {
    tensors[index].shape = shape
    shaped.insert(index)
  }
}
