import ConstraintSystem
package import Model

/// Reads an ONNX model: float, QDQ (QuantizeLinear/DequantizeLinear around float operators) and
/// QOperator (QGemm, QLinearMatMul) forms become the same `Graph`.
///
/// Bytes are not trusted: whatever they are, the result is a graph or an error. Shapes are static: an
/// unknown first extent of an input is a batch and read as 1, others are what `ReaderOptions` says.
/// Source: onnx/onnx.proto and docs/Operators.md of ONNX, opsets 7 to 28; ContribOperators.md of
/// onnxruntime for the domain `com.microsoft`.
package enum ONNXReader {
  /// - Throws: for what is no ONNX model; what is wrong with single nodes stands in the survey.
  package static func survey(
    _ bytes: [UInt8], _ options: ReaderOptions = ReaderOptions()
  ) throws(ModelError) -> ModelSurvey {
    try MessageCount.check(bytes)
    let proto: ModelProto
    do throws(WireError) {
      proto = try ModelProto(reading: bytes)
    } catch {
      throw .invalid(
        node: "",
        what: "not an ONNX model, or one that is cut off or damaged; \(bytes.count) bytes were read"
      )
    }
    guard let contents = proto.graph else {
      throw .invalid(node: "", what: "not an ONNX model: it holds no graph")
    }
    guard !contents.node.isEmpty else {
      throw .unsupported(
        node: "", what: "the graph has no nodes", remedy: "there is nothing to prove of it")
    }
    var draft = try ONNXGraphReader(proto, options, bytes: bytes.count).read()
    try simplify(&draft)
    var (graph, nodes) = makeGraph(draft)
    try graph.limitReads(bytes: draft.bytes)
    if draft.isExact { graph.arithmetic = .exact }
    graph.simplify()
    let notes =
      draft.notes
      + Quantizer.openInputs(of: graph).map { input in
        "input \"\(graph.tensors[input].name)\" has no quantizer: it becomes int8 by calibration inputs "
          + "(--calibrate)"
      }
    return ModelSurvey(
      graph: graph, notes: notes, nodes: nodes, supported: KnownNodes.supported)
  }

  /// - Returns: the graph, and in plain words what was decided on the way.
  package static func read(
    _ bytes: [UInt8], _ options: ReaderOptions = ReaderOptions()
  ) throws(ModelError) -> (graph: Graph, notes: [String]) {
    try survey(bytes, options).accepted()
  }

  /// The passes in order; each leaves a valid draft.
  static func simplify(_ draft: inout ONNXGraph) throws(ModelError) {
    try draft.limitReads()
    foldConstants(&draft)
    try draft.limitReads()
    liftOperands(&draft)
    foldConstants(&draft)
    rewriteNodes(&draft)
    fuseIntegerProducts(&draft)
    stripQuantization(&draft)
    readQuants(&draft)
    // Constants that were after a DequantizeLinear.
    foldConstants(&draft)
    spreadQuantization(&draft)
    try draft.limitReads()
    expandProducts(&draft)
    normalizeWeights(&draft)
  }
}
