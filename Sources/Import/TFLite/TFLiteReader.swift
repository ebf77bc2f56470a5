import ConstraintSystem
package import Model

/// Reads a TFLite model with one subgraph of quantized operators.
///
/// Bytes are not trusted: whatever they are, the result is a graph or an error, in time and memory
/// proportional to the file.
package enum TFLiteReader {
  /// - Returns: the graph, and in plain words what was decided on the way.
  package static func read(
    _ bytes: [UInt8]
  ) throws(ModelError) -> (graph: Graph, notes: [String]) {
    try survey(bytes).accepted()
  }

  /// - Throws: for what is no TFLite model; what is wrong with single nodes stands in the survey.
  package static func survey(_ bytes: [UInt8]) throws(ModelError) -> ModelSurvey {
    guard bytes.count >= 8, Array(bytes[4..<8]) == TFLiteSchema.identifier else {
      throw .invalid(node: "", what: "not a TFLite model: its identifier TFL3 is missing")
    }
    // Offsets have 32 bits.
    guard bytes.count <= Int32.max else {
      throw .unsupported(node: "", what: "a TFLite file of more than 2 GB", remedy: "")
    }
    let model = try FlatBuffer(bytes: bytes).root()
    let version = try model.int32(0)
    guard version == TFLiteSchema.version else {
      throw .unsupported(
        node: "", what: "TFLite schema version \(version)",
        remedy: "version \(TFLiteSchema.version) is read")
    }
    let subgraphs = try model.vector(2, size: 4)
    guard let subgraphs, subgraphs.count == 1 else {
      throw .unsupported(
        node: "", what: "a TFLite model of \(subgraphs?.count ?? 0) subgraphs",
        remedy: "export a model without control flow: one subgraph")
    }
    var draft = try TFLiteDraft(model, subgraphs.table(0))
    let nodes = try draft.nodes()
    // A file holds each name once; tables that many nodes share would make it many times as long.
    let named = nodes.reduce(0) { $0 + $1.name.utf8.count }
    guard named <= bytes.count + 1 << 16 else {
      throw .invalid(
        node: "", what: "its nodes' names have \(named) bytes, more than the file of \(bytes.count)"
      )
    }
    var graph = Graph(name: try subgraphs.table(0).string(4) ?? "")
    graph.inputs = try draft.ends(1, "inputs")
    graph.outputs = try draft.ends(2, "outputs")
    for node in nodes {
      // A node of several outputs is a node for each.
      let pieces = Swift.max(node.outputs.count, 1)
      for piece in 0..<pieces {
        let made: any Operator
        do throws(ModelError) {
          made = try make(node, piece, in: draft)
        } catch {
          let refused = Refused(error.problem(node: node.name, type: node.type))
          graph.nodes.append(
            Node(name: node.name, operator: refused, inputs: node.inputs, outputs: node.outputs))
          break
        }
        graph.nodes.append(
          Node(
            name: node.name, operator: made, inputs: node.inputs, outputs: [node.outputs[piece]]))
      }
    }
    graph.tensors = draft.tensors
    try graph.limitReads(bytes: bytes.count)
    // Where a node reads it, that node says so.
    if graph.nodes.allSatisfy({ $0.refused == nil }) {
      for end in graph.inputs + graph.outputs {
        if let error = draft.unreadable[end] { throw error }
      }
    }
    return ModelSurvey(
      graph: graph, notes: draft.notes,
      nodes: nodes.map { node in
        let output = node.outputs.first.flatMap { draft.unreadable[$0] == nil ? $0 : nil }
        return SurveyedNode(
          name: node.name, type: node.type, standing: .judged,
          outputShape: output.map { draft.tensors[$0].shape },
          outputType: output.map { draft.tensors[$0].type })
      }, supported: TFLiteDraft.supported)
  }

  private static func make(
    _ node: TFLiteDraft.Draft, _ piece: Int, in draft: TFLiteDraft
  ) throws(ModelError) -> any Operator {
    if let refusal = node.refusal { throw refusal }
    var source = SourceNode(
      format: .tflite(version: node.version), type: node.type, name: node.name,
      attributes: node.attributes, inputs: node.inputs.map { $0.map { draft.tensors[$0] } },
      outputs: node.outputs.map { draft.tensors[$0] })
    guard source.outputs.indices.contains(piece) else {
      throw .invalid(node: node.name, what: "it has no output")
    }
    source.piece = piece
    do throws(ModelError) {
      let made = try Operators.make(source)
      try refuseReals(source, made)
      let shape = try made.outputShape(source.inputs)
      let declared = source.outputs[piece].shape
      guard shape == declared else {
        throw .invalid(
          node: node.name, what: "its output has shape \(shape), and the model says \(declared)")
      }
      return made
    } catch { throw error.at(node.name) }
  }

  /// Everything between the ends has to be quantized.
  private static func refuseReals(
    _ node: SourceNode, _ made: any Operator
  ) throws(ModelError) {
    let first = node.inputs.first.flatMap(\.self)
    guard
      type(of: made).end != nil
        || (first?.type != .float32 && node.outputs.first?.type != .float32)
    else {
      throw .unsupported(
        node: node.name, what: "\(node.type) on floats: the TFLite model is not quantized",
        remedy: "convert it with full integer quantization (int8), or give the float model as "
          + "ONNX with calibration inputs")
    }
  }
}
