import ConstraintSystem
import Model

/// From the protocol buffer to a draft: names become indices, constants are read, order is checked.
struct ONNXGraphReader {
  private let graph: GraphProto
  private let opsets: [OperatorSetIdProto]
  private var draft: ONNXGraph
  private var indices: [String: Int] = [:]
  /// Why a constant cannot be read, by tensor; it matters to the nodes that read it.
  private var unreadable: [Int: ModelError] = [:]
  private var nodeNames: Set<String> = []
  private var empty: Set<String> = []

  init(_ graph: GraphProto, _ opsets: [OperatorSetIdProto], bytes: Int) {
    self.graph = graph
    self.opsets = opsets
    draft = ONNXGraph(name: graph.name, bytes: bytes)
  }

  consuming func read() throws(ModelError) -> ONNXGraph {
    try Self.limit(graph.node.count, "nodes", ModelLimits.nodes)
    try Self.limit(graph.output.count, "outputs", ModelLimits.ends)
    try readOpsets()
    guard graph.sparseInitializers == 0 else {
      throw .unsupported(node: "", what: "sparse weights", remedy: "export dense ones")
    }
    for initializer in graph.initializer {
      // Exporters write an operand that is left out as a list of nothing.
      if initializer.dims == [0] {
        empty.insert(initializer.name)
        continue
      }
      do throws(ModelError) {
        _ = try define(try TensorReader.tensor(initializer, named: initializer.name))
      } catch {
        let stand = Tensor(name: initializer.name, shape: [], type: .float32, constant: .real([0]))
        unreadable[try define(stand)] = error
      }
    }
    // Before IR version 4 every initializer was listed as an input as well.
    for input in graph.input where indices[input.name] == nil {
      draft.inputs.append(try define(readInput(input)))
    }
    try Self.limit(draft.inputs.count, "inputs", ModelLimits.ends)
    guard !draft.inputs.isEmpty else { throw .invalid(node: "", what: "the model has no input") }
    for (index, node) in graph.node.enumerated() { try readNode(node, index) }
    try readOutputs()
    readDeclaredShapes()
    return draft
  }

  /// Refuses more of something than a key could hold, before any work is done by it.
  private static func limit(_ count: Int, _ what: String, _ most: Int) throws(ModelError) {
    guard count <= most else {
      throw .unsupported(
        node: "", what: "a model of \(count) \(what)", remedy: "at most \(most) are read")
    }
  }

  private mutating func readOpsets() throws(ModelError) {
    for opset in opsets {
      draft.opsets[Self.domain(opset.domain)] = Int(clamping: opset.version)
    }
    guard !draft.opsets.isEmpty else {
      throw .invalid(node: "", what: "not an ONNX model: it names no opset")
    }
  }

  private mutating func readInput(_ input: ValueInfoProto) throws(ModelError) -> Tensor {
    guard let tensor = input.type?.tensorType, let shape = tensor.shape else {
      throw .unsupported(
        node: "", what: "input \"\(input.name)\" is not a tensor of known shape",
        remedy: "export the model with static shapes")
    }
    let type = TensorReader.DataType(rawValue: tensor.elemType)
    guard let element = type?.element else {
      throw .unsupported(
        node: "", what: "input \"\(input.name)\" holds \(type.map(\.label) ?? "an unknown type")",
        remedy: "inputs are float32, int8 or uint8")
    }
    return Tensor(
      name: input.name, shape: try draftShape(shape, of: input.name), type: element)
  }

  private mutating func draftShape(
    _ shape: TensorShapeProto, of name: String
  ) throws(ModelError) -> [Int] {
    var dims: [Int64] = []
    for (axis, dimension) in shape.dim.enumerated() {
      switch dimension.value {
      case .dimValue(let extent)?: dims.append(extent)
      case .dimParam?, nil:
        guard axis == 0, shape.dim.count > 1 else {
          var label = "unnamed"
          if case .dimParam(let parameter)? = dimension.value { label = "\"\(parameter)\"" }
          throw .unsupported(
            node: "", what: "input \"\(name)\": dimension \(axis) (\(label)) has no fixed extent",
            remedy: "export the model with static shapes; only the first dimension, the batch, may "
              + "be open and is read as 1")
        }
        dims.append(1)
        draft.notes.append("input \"\(name)\": its open first dimension, the batch, is read as 1")
      }
    }
    return try TensorReader.extents(dims, of: name)
  }

  private mutating func readNode(_ node: NodeProto, _ index: Int) throws(ModelError) {
    var name = node.name.isEmpty ? "\(node.opType)_\(index)" : node.name
    // Reports tell nodes apart by their names.
    if !nodeNames.insert(name).inserted {
      name += "#\(index)"
      nodeNames.insert(name)
    }
    guard max(node.input.count, node.output.count) <= ModelLimits.operands else {
      throw .unsupported(
        node: name, what: "\(node.input.count) operands and \(node.output.count) outputs",
        remedy: "at most \(ModelLimits.operands) are read")
    }
    var inputs: [Int?] = []
    for input in node.input {
      guard !input.isEmpty, !empty.contains(input) else {
        inputs.append(nil)
        continue
      }
      guard let known = indices[input] else {
        throw .invalid(node: name, what: "reads \"\(input)\", which nothing before it makes")
      }
      inputs.append(known)
    }
    var outputs: [Int] = []
    for output in node.output where !output.isEmpty {
      let type = Operators.outputType(onnx: node.opType)
      outputs.append(try define(Tensor(name: output, shape: [], type: type)))
    }
    draft.nodes.append(
      DraftNode(
        type: node.opType, domain: Self.domain(node.domain), name: name, attributes: [:],
        inputs: inputs, outputs: outputs))
    do throws(ModelError) {
      try readContents(of: node)
    } catch {
      draft.refuse(draft.nodes.count - 1, error)
    }
  }

  /// Whether the last node's operator is known, its attributes, and whether its constants were read.
  private mutating func readContents(of node: NodeProto) throws(ModelError) {
    let place = draft.nodes.count - 1
    let made = draft.nodes[place]
    let opset = draft.opsets[made.domain]
    guard let opset, KnownNodes.contains(made.type, domain: made.domain, opset: opset) else {
      throw .unsupportedOperator(
        node: made.name, type: made.label, opset: opset, supported: KnownNodes.supported)
    }
    var attributes: [String: SourceNode.Attribute] = [:]
    for attribute in node.attribute {
      do throws(ModelError) {
        attributes[attribute.name] = try Self.value(attribute)
      } catch {
        throw error.at(made.name)
      }
    }
    draft.nodes[place].attributes = attributes
    for input in made.inputs {
      if let input, let error = unreadable[input] { throw error.at(made.name) }
    }
  }

  /// Of activations, where every extent is known; a first extent that is not is a batch.
  private mutating func readDeclaredShapes() {
    for value in graph.valueInfo + graph.output {
      guard let index = indices[value.name], let shape = value.type?.tensorType?.shape else {
        continue
      }
      var extents: [Int64] = []
      for (axis, dimension) in shape.dim.enumerated() {
        if case .dimValue(let extent)? = dimension.value {
          extents.append(extent)
        } else {
          extents.append(axis == 0 ? 1 : 0)
        }
      }
      draft.declaredShapes[index] = try? TensorReader.extents(extents, of: value.name)
    }
  }

  private mutating func readOutputs() throws(ModelError) {
    for output in graph.output {
      guard let index = indices[output.name] else {
        throw .invalid(node: "", what: "nothing makes the output \"\(output.name)\"")
      }
      draft.outputs.append(index)
      if output.type?.tensorType?.elemType == TensorReader.DataType.float.rawValue {
        draft.declaredReal.insert(index)
      }
    }
    guard !draft.outputs.isEmpty else { throw .invalid(node: "", what: "the model has no output") }
    guard Set(draft.outputs).count == draft.outputs.count else {
      throw .invalid(node: "", what: "the model names an output twice")
    }
  }

  private mutating func define(_ tensor: Tensor) throws(ModelError) -> Int {
    guard !tensor.name.isEmpty else { throw .invalid(node: "", what: "a tensor without a name") }
    guard indices.updateValue(draft.tensors.count, forKey: tensor.name) == nil else {
      throw .invalid(node: "", what: "tensor \"\(tensor.name)\" is defined twice")
    }
    draft.tensors.append(tensor)
    return draft.tensors.count - 1
  }

  /// An attribute that nobody here can hold becomes a text that operators refuse by name.
  private static func value(
    _ attribute: AttributeProto
  ) throws(ModelError) -> SourceNode.Attribute {
    switch attribute.type {
    case 1: return .real(attribute.f)
    case 2: return .integer(attribute.i)
    case 3: return .text(String(decoding: attribute.s, as: UTF8.self))
    case 4:
      return .tensor(try TensorReader.tensor(attribute.t ?? TensorProto(), named: attribute.name))
    case 6: return .reals(attribute.floats)
    case 7: return .integers(attribute.ints)
    default: return .text("of ONNX attribute type \(attribute.type)")
    }
  }

  private static func domain(_ name: String) -> String { name == "ai.onnx" ? "" : name }
}
