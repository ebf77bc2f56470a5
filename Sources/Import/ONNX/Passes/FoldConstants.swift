import ConstraintSystem
import Model

extension ONNXReader {
  /// Replaces what can be computed now by its value: Constant, Identity, Dropout (inference), Reshape,
  /// Flatten, Squeeze, Unsqueeze and Transpose of constants, quantized or not, shapes of activations and
  /// what exporters compute of them (`ConstantEvaluation`), and an If whose condition is known by the
  /// branch that it takes. Works out shapes on the way.
  static func foldConstants(_ draft: inout ONNXGraph) {
    var kept: [Int] = []
    var pending = Array(draft.nodes.indices.reversed())
    while let index = pending.popLast() {
      let count = draft.nodes.count
      do throws(ModelError) {
        draft.dropUnreadOutputs(of: index)
        let isDone = try fold(draft.nodes[index], in: &draft)
        // The nodes of a branch stand where the If was.
        pending += (count..<draft.nodes.count).reversed()
        if isDone { continue }
        draft.dropEmptyOperands(of: index)
        // Between an input and an output of the network, where its tensors keep their names.
        if draft.nodes[index].type == "Dropout" {
          draft.become("Identity", Array(draft.nodes[index].inputs.prefix(1)), at: index)
          draft.nodes[index].attributes = [:]
        }
        try draft.replaceScatter(index)
        draft.inferShape(of: index)
      } catch {
        draft.refuse(index, error)
      }
      kept.append(index)
    }
    draft.nodes.keep(kept)
  }

  /// - Returns: whether the node is done with.
  private static func fold(
    _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    guard node.domain.isEmpty else { return false }
    switch node.type {
    case "Constant":
      draft.settle(try node.output(), try constant(node))
      return true
    case "If": return try takeBranch(node, in: &draft)
    case "Identity", "Dropout":
      if node.type == "Dropout" { try refuseTraining(node, in: draft) }
      guard let output = node.outputs.first else {
        throw .invalid(node: node.name, what: "\(node.type) without an output")
      }
      for mask in node.outputs.dropFirst() where draft.readers(mask) > 0 {
        throw .unsupported(node: node.name, what: "the mask of Dropout", remedy: "remove it")
      }
      let input = try node.input(0, "input")
      guard draft.mayReplace(output, with: input) else { return false }
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
      let (tensor, doubles) = try transposed(draft.tensors[input], draft.doubles[input], node)
      draft.tensors[output] = tensor
      draft.tensors[output].name = name
      draft.types[output] = draft.types[input]
      draft.doubles[output] = doubles
      return true
    case "Shape", "Size":
      guard let extents = draft.shape(try node.input(0, "input")) else { return false }
      draft.settle(try node.output(), try ConstantEvaluation.shape(node, of: extents))
      return true
    case let type where ConstantEvaluation.operators.contains(type):
      let isDone = try evaluate(node, in: &draft)
      return isDone ? true : try compute(node, in: &draft)
    default: return try compute(node, in: &draft)
    }
  }

  /// A node whose operands are all constants without scales; Cast to the type that a tensor has.
  private static func evaluate(
    _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    if let inputs = draft.values(node) {
      try draft.spend(ConstantEvaluation.work(node, inputs), at: node)
      guard let value = try ConstantEvaluation.evaluate(node, inputs) else { return false }
      try draft.spend(value.count, at: node)
      draft.settle(try node.output(), value)
      return true
    }
    if node.type == "CastLike", let value = draft.value(try node.input(0, "input")),
      let target = try castType(node, in: draft)
    {
      try draft.spend(2 * value.count, at: node)
      draft.settle(try node.output(), try ConstantEvaluation.cast(node, value, to: target))
      return true
    }
    if node.type == "Where" { return try dissolveChoice(node, in: &draft) }
    return try dissolveCast(node, in: &draft)
  }

  /// A choice that falls on one of its branches everywhere.
  private static func dissolveChoice(
    _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    let shapes = node.inputs.compactMap { $0.flatMap { draft.shape($0) } }
    guard shapes.count == 3, let condition = draft.value(try node.input(0, "condition"))?.integers,
      let first = condition.first
    else { return false }
    try draft.spend(condition.count, at: node)
    let chosen = first != 0 ? 1 : 2
    guard condition.allSatisfy({ ($0 != 0) == (first != 0) }),
      let both = Broadcast.shape(shapes[0], shapes[3 - chosen]),
      Broadcast.shape(both, shapes[chosen]) == shapes[chosen]
    else { return false }
    let (input, output) = (try node.input(chosen, "branch"), try node.output())
    guard draft.mayReplace(output, with: input) else { return false }
    draft.replace(output, with: input)
    return true
  }

  /// A Cast that changes nothing: to the type that an activation has or, in a model of reals alone, to reals of
  /// another precision.
  private static func dissolveCast(
    _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    guard node.type == "Cast" || node.type == "CastLike", let input = node.inputs.first ?? nil,
      draft.shape(input) != nil, draft.tensors[input].quantization == nil,
      draft.tensors[input].constant == nil, let target = try castType(node, in: draft)
    else { return false }
    let output = try node.output()
    guard draft.mayReplace(output, with: input) else { return false }
    if target.element == draft.tensors[input].type {
      draft.replace(output, with: input)
      return true
    }
    guard target.isReal, draft.tensors[input].type == .float32, !draft.isQuantized else {
      return false
    }
    let note = "what the model computes in \(target.label) is read as float32"
    if !draft.notes.contains(note) { draft.notes.append(note) }
    draft.replace(output, with: input)
    return true
  }

  private static func castType(
    _ node: DraftNode, in draft: ONNXGraph
  ) throws(ModelError) -> DataType? {
    guard node.type == "CastLike" else {
      return DataType(rawValue: Int32(clamping: try node.integer("to", default: 0)))
    }
    let like = try node.input(1, "type")
    return draft.types[like] ?? DataType(draft.tensors[like].type)
  }

  /// An operator that moves values, or one of each real by itself, on constants.
  private static func compute(
    _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    guard let type = draft.type(of: node), type.end == nil, let inputs = draft.values(node),
      let first = inputs.first ?? nil
    else { return false }
    var source = draft.source(node)
    var results: [FoldedValue] = []
    for piece in node.outputs.indices {
      source.piece = piece
      let made = try Operators.make(source)
      let operands = source.inputs.enumerated().map { place, tensor in
        type.isAttribute(operand: place) ? nil : tensor
      }
      do throws(ModelError) {
        let shape = try made.outputShape(operands)
        let count = try ConstantEvaluation.count(node, shape, allowing: first.count)
        try draft.spend(2 * count, at: node)
        if let moving = made as? any MovingOperator {
          guard let places = try moving.places(first.shape) else { return false }
          results.append(first.picked(shape, places))
        } else if first.type == .float, made is any UnaryOperator {
          let tensors = NodeTensors(
            node: node.name, inputs: operands, output: source.outputs[piece])
          let values = operands.map { tensor in
            tensor.flatMap { tensor in
              tensor.reals.map { Values(shape: tensor.shape, elements: $0) }
            }
          }
          let result = try made.real(values, tensors)
          results.append(FoldedValue(.float, shape, .real(result.elements)))
        } else {
          return false
        }
      } catch { throw error.at(node.name) }
    }
    for (output, value) in zip(node.outputs, results) { draft.settle(output, value) }
    return !results.isEmpty
  }

  /// In training Dropout leaves values out by chance.
  private static func refuseTraining(_ node: DraftNode, in draft: ONNXGraph) throws(ModelError) {
    guard node.inputs.count > 2, let mode = node.inputs[2] else { return }
    guard let training = draft.value(mode)?.integers?.first else {
      throw .unsupported(
        node: node.name, what: "Dropout whose training mode is not a constant",
        remedy: "export the model for inference")
    }
    let ratio = node.inputs[1].flatMap { draft.value($0)?.reals?.first }
    guard training == 0 || (node.inputs[1] != nil && ratio == 0) else {
      throw .unsupported(
        node: node.name, what: "Dropout in training mode", remedy: "export the model for inference")
    }
  }

  /// An If of a constant: the nodes of one of its branches come last, and the If is done with.
  private static func takeBranch(
    _ node: DraftNode, in draft: inout ONNXGraph
  ) throws(ModelError) -> Bool {
    guard let condition = draft.value(try node.input(0, "condition"))?.integers?.first else {
      throw .unsupported(
        node: node.name, what: "an If whose condition depends on the input",
        remedy: "export the model without control flow")
    }
    let name = condition != 0 ? "then_branch" : "else_branch"
    guard let branch = node.branches[name] else {
      throw .invalid(node: node.name, what: "If without its \(name)")
    }
    try draft.choose(branch, of: node)
    return true
  }

  private static func constant(_ node: DraftNode) throws(ModelError) -> FoldedValue {
    guard node.attributes.count == 1, let (name, value) = node.attributes.first else {
      throw .invalid(node: node.name, what: "a Constant needs exactly one value")
    }
    if let value = node.values[name], name == "value" { return value }
    switch (name, value) {
    case ("value_float", .real(let real)): return FoldedValue(.float, [], .real([real]))
    case ("value_int", .integer(let integer)): return .list([], [integer])
    case ("value_floats", .reals(let reals)):
      return FoldedValue(.float, [reals.count], .real(reals))
    case ("value_ints", .integers(let integers)): return .list([integers.count], integers)
    default:
      throw .unsupportedAttribute(
        node: node.name, type: "Constant", attribute: name, value: "this kind of value",
        remedy: "export the model with dense constants of numbers")
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
    _ = try TensorReader.extents(
      tensor.shape.map { Int64($0) }, of: tensor.name, mayBeEmpty: true)
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
    draft.types[output] = draft.types[input]
    draft.doubles[output] = draft.doubles[input]
    return true
  }

  private static func transposed(
    _ tensor: Tensor, _ doubles: [Double]?, _ node: DraftNode
  ) throws(ModelError) -> (Tensor, [Double]?) {
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
    let places = tensor.constant == nil ? [] : Layout.places(shape, strides: steps)
    var result = tensor
    result.shape = shape
    switch tensor.constant {
    case .real(let values)?: result.constant = .real(places.map { values[$0] })
    case .integer(let values)?: result.constant = .integer(places.map { values[$0] })
    case nil: break
    }
    result.quantization?.axis = tensor.quantization?.axis.flatMap(order.firstIndex(of:))
    return (result, doubles.map { values in places.map { values[$0] } })
  }
}

extension ONNXGraph {
  /// A node's operands where all of them are constants without scales.
  fileprivate func values(_ node: DraftNode) -> [FoldedValue?]? {
    var result: [FoldedValue?] = []
    for input in node.inputs {
      guard let input else {
        result.append(nil)
        continue
      }
      guard let value = value(input) else { return nil }
      result.append(value)
    }
    return result.contains { $0 != nil } ? result : nil
  }

  /// Constants without values stand for operands that are left out; among those of Concat they are nothing.
  fileprivate mutating func dropEmptyOperands(of index: Int) {
    let inputs = nodes[index].inputs
    let isEmpty = inputs.map { $0.map { tensors[$0].constant?.count == 0 } ?? false }
    guard isEmpty.contains(true), nodes[index].refusal == nil else { return }
    if nodes[index].type == "Concat" {
      nodes[index].inputs = inputs.indices.filter { !isEmpty[$0] }.map { inputs[$0] }
    } else {
      nodes[index].inputs = inputs.indices.map { isEmpty[$0] ? nil : inputs[$0] }
    }
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
  mutating func inferShape(of index: Int) {
    let node = nodes[index]
    guard node.refusal == nil, let output = node.outputs.first, shape(output) == nil,
      node.inputs.allSatisfy({ $0.map { shape($0) != nil } ?? true }),
      let first = node.inputs.first ?? nil
    else { return }
    if ["QuantizeLinear", "DequantizeLinear", "Cast", "CastLike", "Dropout"].contains(node.type)
      || QuantNode.isOne(node.type, domain: node.domain)
    {
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
