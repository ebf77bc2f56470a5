import ConstraintSystem
import Model

/// Nodes of the file become nodes of the draft, in the graph itself, in the branches of an If, and in place of
/// a call of a function.
extension ONNXGraph {
  /// Functions that call functions, and so on.
  private static let deepest = 32

  static func domain(_ name: String) -> String { name == "ai.onnx" ? "" : name }

  /// What a name means in a scope.
  ///
  /// - Returns: nil where it is not known; nil inside for a parameter that was left out.
  func meaning(of name: String, in scope: Int) -> Int?? {
    var place: Int? = scope
    while let own = place {
      if let known = scopes[own].tensors[name] { return known }
      place = scopes[own].parent
    }
    return nil
  }

  mutating func define(_ tensor: Tensor, in scope: Int) throws(ModelError) -> Int {
    guard !tensor.name.isEmpty else { throw .invalid(node: "", what: "a tensor without a name") }
    guard scopes[scope].tensors.updateValue(tensors.count, forKey: tensor.name) == nil else {
      throw .invalid(node: "", what: "tensor \"\(tensor.name)\" is defined twice")
    }
    tensors.append(tensor)
    return tensors.count - 1
  }

  /// A constant of the file. One that cannot be read matters to the nodes that read it.
  mutating func define(
    _ constant: TensorProto, named name: String, in scope: Int
  ) throws(ModelError) {
    let index = try define(Tensor(name: name, shape: [], type: .float32), in: scope)
    do throws(ModelError) {
      let tensor = try external.resolved(constant, named: name)
      settle(index, try TensorReader.value(tensor, named: name))
    } catch {
      tensors[index].constant = .real([0])
      unreadable[index] = error
    }
  }

  /// Adds a node of the file, or what it stands for.
  ///
  /// - Parameter place: a number that no other node has.
  mutating func read(_ node: NodeProto, _ place: Int, in scope: Int) throws(ModelError) {
    let name = unique(
      scopes[scope].prefix + (node.name.isEmpty ? "\(node.opType)_\(place)" : node.name), place)
    guard nodes.count < ModelLimits.nodes else {
      throw .unsupported(
        node: "",
        what: "a model of more than \(ModelLimits.nodes) nodes, those of its functions and "
          + "branches counted where they stand", remedy: "use a smaller network")
    }
    guard max(node.input.count, node.output.count) <= ModelLimits.operands else {
      throw .unsupported(
        node: name, what: "\(node.input.count) operands and \(node.output.count) outputs",
        remedy: "at most \(ModelLimits.operands) are read")
    }
    var inputs: [Int?] = []
    for input in node.input {
      guard !input.isEmpty else {
        inputs.append(nil)
        continue
      }
      guard let known = meaning(of: input, in: scope) else {
        throw .invalid(node: name, what: "reads \"\(input)\", which nothing before it makes")
      }
      inputs.append(known)
    }
    if let function = functions(node) { return try call(function, node, name, inputs, scope) }
    if node.opType == "Constant", Self.domain(node.domain).isEmpty, node.output.count == 1,
      let value = node.attribute.first, node.attribute.count == 1, value.name == "value",
      let constant = value.t, value.refAttrName.isEmpty
    {
      return try define(constant, named: node.output[0], in: scope)
    }
    var outputs: [Int] = []
    let type = Operators.outputType(onnx: node.opType)
    let last = node.output.lastIndex { !$0.isEmpty } ?? -1
    for output in node.output.prefix(last + 1) {
      if output.isEmpty {
        // Left out between others, which keep their places.
        tensors.append(Tensor(name: "\(name).\(outputs.count)", shape: [], type: type))
        outputs.append(tensors.count - 1)
      } else {
        outputs.append(try define(Tensor(name: output, shape: [], type: type), in: scope))
      }
    }
    append(
      DraftNode(
        type: node.opType, domain: Self.domain(node.domain), name: name, inputs: inputs,
        outputs: outputs), in: scope)
    do throws(ModelError) {
      try readContents(of: node)
    } catch {
      refuse(nodes.count - 1, error)
    }
  }

  /// Reports tell nodes apart by their names.
  private mutating func unique(_ name: String, _ place: Int) -> String {
    if nodeNames.insert(name).inserted { return name }
    nodeNames.insert("\(name)#\(place)")
    return "\(name)#\(place)"
  }

  private mutating func append(_ node: DraftNode, in scope: Int) {
    var node = node
    node.scope = scope
    nodes.append(node)
    isQuantized =
      isQuantized || node.type.hasSuffix("QuantizeLinear") || node.type == "DequantizeLinear"
      || Operators.quantizedOperands(onnx: node.type) != nil
  }

  /// Whether the last node's operator is known, its attributes, and whether its constants were read.
  private mutating func readContents(of node: NodeProto) throws(ModelError) {
    let place = nodes.count - 1
    let made = nodes[place]
    // Exporters leave the domains of QONNX's quantizers out of their lists.
    let opset = opset(of: made) ?? (QuantNode.isOne(made.type, domain: made.domain) ? 1 : nil)
    guard let opset, KnownNodes.contains(made.type, domain: made.domain, opset: opset) else {
      throw .unsupportedOperator(
        node: made.name, type: made.label, opset: opset, supported: KnownNodes.supported)
    }
    var attributes: [String: SourceNode.Attribute] = [:]
    for attribute in node.attribute {
      guard let attribute = try resolved(attribute, in: made.scope) else { continue }
      do throws(ModelError) {
        attributes[attribute.name] = try value(attribute, place)
      } catch {
        throw error.at(made.name)
      }
    }
    nodes[place].attributes = attributes
    for input in made.inputs {
      if let input, let error = unreadable[input] { throw error.at(made.name) }
    }
  }

  /// An attribute that nobody here can hold becomes a text that operators refuse by name.
  private mutating func value(
    _ attribute: AttributeProto, _ place: Int
  ) throws(ModelError) -> SourceNode.Attribute {
    switch attribute.type {
    case 1: return .real(attribute.f)
    case 2: return .integer(attribute.i)
    case 3: return .text(String(decoding: attribute.s, as: UTF8.self))
    case 4:
      let tensor = try external.resolved(attribute.t ?? TensorProto(), named: attribute.name)
      let value = try TensorReader.value(tensor, named: attribute.name)
      nodes[place].values[attribute.name] = value
      return .text("a constant")
    case 5:
      nodes[place].branches[attribute.name] = attribute.g ?? GraphProto()
      return .text("a graph")
    case 6: return .reals(attribute.floats)
    case 7: return .integers(attribute.ints)
    case 11: return .text("a sparse constant")
    default: return .text("of ONNX attribute type \(attribute.type)")
    }
  }

  /// An attribute as it stands, or as the call of the function around it has it.
  ///
  /// - Returns: nil where the call leaves it out.
  private func resolved(
    _ attribute: AttributeProto, in scope: Int
  ) throws(ModelError) -> AttributeProto? {
    guard !attribute.refAttrName.isEmpty else { return attribute }
    var place: Int? = scope
    while let own = place, scopes[own].attributes == nil { place = scopes[own].parent }
    guard let place, let attributes = scopes[place].attributes else {
      throw .invalid(
        node: "", what: "attribute \(attribute.name) is that of a function, outside of one")
    }
    guard var value = attributes[attribute.refAttrName] else { return nil }
    value.name = attribute.name
    return value
  }

  // MARK: - Functions and branches

  /// The nodes of a function in place of a node that calls it.
  private mutating func call(
    _ function: FunctionProto, _ node: NodeProto, _ name: String, _ inputs: [Int?], _ scope: Int
  ) throws(ModelError) {
    guard inputs.count <= function.input.count, node.output.count <= function.output.count else {
      throw .invalid(
        node: name,
        what: "calls \"\(function.name)\" with operands or outputs that it does not have")
    }
    guard scopes[scope].depth < Self.deepest else {
      throw .unsupported(
        node: name, what: "functions that call each other more than \(Self.deepest) deep",
        remedy: "export the model with its functions inlined")
    }
    var own = Scope(prefix: name + "/", attributes: [:], depth: scopes[scope].depth + 1)
    for attribute in function.attributeProto { own.attributes?[attribute.name] = attribute }
    for attribute in node.attribute {
      guard let attribute = try resolved(attribute, in: scope) else { continue }
      own.attributes?[attribute.name] = attribute
    }
    var opsets: [String: Int] = [:]
    for opset in function.opsetImport {
      opsets[Self.domain(opset.domain)] = Int(clamping: opset.version)
    }
    own.opsets = opsets.isEmpty ? nil : opsets
    for (place, parameter) in function.input.enumerated() {
      own.tensors[parameter] = .some(place < inputs.count ? inputs[place] : nil)
    }
    scopes.append(own)
    let inside = scopes.count - 1
    try expand(function.node, in: inside, of: name)
    for (result, output) in zip(function.output, node.output) where !output.isEmpty {
      let made = try define(Tensor(name: output, shape: [], type: .float32), in: scope)
      try pass(result, in: inside, to: made, of: name)
    }
  }

  /// The nodes of a branch of an If, whose condition is known, at the end of all nodes.
  mutating func choose(_ branch: GraphProto, of node: DraftNode) throws(ModelError) {
    guard branch.output.count >= node.outputs.count, branch.sparseInitializers == 0 else {
      throw .invalid(node: node.name, what: "a branch that does not make its outputs")
    }
    scopes.append(
      Scope(
        parent: node.scope, prefix: node.name + "/", opsets: scopes[node.scope].opsets,
        depth: scopes[node.scope].depth))
    let inside = scopes.count - 1
    for constant in branch.initializer {
      try define(constant, named: constant.name, in: inside)
    }
    try expand(branch.node, in: inside, of: node.name)
    for (result, output) in zip(branch.output, node.outputs) {
      try pass(result.name, in: inside, to: output, of: node.name)
    }
  }

  /// Reads nodes that may be read more than once: what they hold is counted first.
  private mutating func expand(
    _ list: [NodeProto], in scope: Int, of name: String
  ) throws(ModelError) {
    let place = DraftNode(type: "", name: name, inputs: [], outputs: [])
    for node in list {
      try spend(node.weight + scopes[scope].prefix.utf8.count, at: place)
      try read(node, nodes.count, in: scope)
    }
  }

  /// What a function or a branch makes, under the name that it has outside.
  private mutating func pass(
    _ result: String, in scope: Int, to output: Int, of name: String
  ) throws(ModelError) {
    guard let known = meaning(of: result, in: scope), let inner = known else {
      throw .invalid(node: name, what: "nothing makes its output \"\(result)\"")
    }
    let name = unique(scopes[scope].prefix + result, nodes.count)
    append(
      DraftNode(type: "Identity", name: name, inputs: [inner], outputs: [output]), in: scope)
  }
}

extension NodeProto {
  /// About as many numbers as it holds.
  fileprivate var weight: Int {
    var result = 8 + input.count + output.count + name.utf8.count
    for text in input + output { result += text.utf8.count }
    for attribute in attribute {
      result += 1 + attribute.name.utf8.count + attribute.s.count
      result += attribute.floats.count + attribute.ints.count
      guard let tensor = attribute.t else { continue }
      result += tensor.floatData.count + tensor.int32Data.count + tensor.int64Data.count
      result += tensor.doubleData.count + tensor.uint64Data.count + (tensor.rawData?.count ?? 0)
    }
    return result
  }
}
