import ConstraintSystem
package import Model

/// Reads a TFLite model with one subgraph: a quantized one, or one of reals, whose weights may be
/// stored in fewer bits behind a DEQUANTIZE.
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
    graph.inputs = try draft.inputs()
    graph.outputs = try draft.outputs()
    let surveyed: [SurveyedNode]
    (graph.nodes, surveyed) = makeNodes(nodes, &draft)
    draft.dropUnread(graph)
    graph.tensors = draft.tensors
    try graph.limitReads(bytes: bytes.count)
    // Where a node reads it, that node says so.
    if graph.nodes.allSatisfy({ $0.refused == nil }) {
      for end in graph.inputs + graph.outputs {
        if let error = draft.unreadable[end] { throw error }
      }
    }
    if graph.isFloat { graph.simplify() }
    return ModelSurvey(
      graph: graph, notes: draft.notes, nodes: surveyed, supported: TFLiteDraft.supported)
  }
}
