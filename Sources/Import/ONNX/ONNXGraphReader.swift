import ConstraintSystem
import Model

/// From the protocol buffer to a draft: names become indices, constants are read, order is checked.
struct ONNXGraphReader {
  private let graph: GraphProto
  private let opsets: [OperatorSetIdProto]
  private let shapes: [String: [Int]]
  private var draft: ONNXGraph

  init(_ model: ModelProto, _ options: ReaderOptions, bytes: Int) throws(ModelError) {
    graph = model.graph ?? GraphProto()
    opsets = model.opsetImport
    shapes = options.shapes
    draft = try ONNXGraph(model, options, bytes: bytes)
    draft.scopes = [Scope()]
  }

  consuming func read() throws(ModelError) -> ONNXGraph {
    try Self.limit(graph.node.count, "nodes", ModelLimits.nodes)
    try Self.limit(graph.output.count, "outputs", ModelLimits.ends)
    try readOpsets()
    guard graph.sparseInitializers == 0 else {
      throw .unsupported(node: "", what: "sparse weights", remedy: "export dense ones")
    }
    for constant in graph.initializer { try draft.define(constant, named: constant.name, in: 0) }
    // Before IR version 4 every initializer was listed as an input as well.
    let inputs = graph.input.filter { draft.scopes[0].tensors[$0.name] == nil }
    try Self.limit(inputs.count, "inputs", ModelLimits.ends)
    let extents = try InputShapes(inputs, given: shapes)
    for input in inputs {
      draft.inputs.append(try draft.define(try readInput(input, extents), in: 0))
    }
    guard !draft.inputs.isEmpty else { throw .invalid(node: "", what: "the model has no input") }
    for (place, node) in graph.node.enumerated() { try draft.read(node, place, in: 0) }
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
      draft.opsets[ONNXGraph.domain(opset.domain)] = Int(clamping: opset.version)
    }
    guard !draft.opsets.isEmpty else {
      throw .invalid(node: "", what: "not an ONNX model: it names no opset")
    }
  }

  private mutating func readInput(
    _ input: ValueInfoProto, _ shapes: InputShapes
  ) throws(ModelError) -> Tensor {
    guard let tensor = input.type?.tensorType else {
      throw .unsupported(
        node: "", what: "input \"\(input.name)\" is no tensor", remedy: "export one that is")
    }
    let type = DataType(rawValue: tensor.elemType)
    guard let element = type?.element else {
      throw .unsupported(
        node: "", what: "input \"\(input.name)\" holds \(type.map(\.label) ?? "an unknown type")",
        remedy: type?.isReal == true
          ? "export the model in float32; its weights may be of any type"
          : "inputs are float32, int8 or uint8")
    }
    let (extents, isOpenBatch) = try shapes.extents(of: input.name, tensor.shape)
    if isOpenBatch {
      draft.notes.append(
        "input \"\(input.name)\": its open first dimension, the batch, is read as 1")
    }
    return Tensor(
      name: input.name, shape: try TensorReader.extents(extents, of: input.name), type: element)
  }

  /// Of activations, where every extent is known; a first extent that is not is a batch.
  private mutating func readDeclaredShapes() {
    for value in graph.valueInfo + graph.output {
      guard let known = draft.scopes[0].tensors[value.name], let index = known,
        let shape = value.type?.tensorType?.shape
      else {
        continue
      }
      var extents: [Int64] = []
      for (axis, dimension) in shape.dim.enumerated() {
        if case .fixed(let extent) = dimension.extent {
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
      guard let known = draft.scopes[0].tensors[output.name], let index = known else {
        throw .invalid(node: "", what: "nothing makes the output \"\(output.name)\"")
      }
      draft.outputs.append(index)
      if output.type?.tensorType?.elemType == DataType.float.rawValue {
        draft.declaredReal.insert(index)
      }
    }
    guard !draft.outputs.isEmpty else { throw .invalid(node: "", what: "the model has no output") }
    guard Set(draft.outputs).count == draft.outputs.count else {
      throw .invalid(node: "", what: "the model names an output twice")
    }
  }
}
