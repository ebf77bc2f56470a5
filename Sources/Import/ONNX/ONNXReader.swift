import ConstraintSystem
package import Model
import ONNXSchema
import SwiftProtobuf

/// Reads an ONNX model: float, QDQ (QuantizeLinear/DequantizeLinear around float operators) and
/// QOperator (QGemm, QLinearMatMul) forms become the same `Graph`.
///
/// Bytes are not trusted: whatever they are, the result is a graph or an error. Weights have to be
/// in the file, shapes static; an unknown first extent of an input is a batch and read as 1.
/// Source: onnx/onnx.proto and docs/Operators.md of ONNX, opsets 7 to 25; ContribOperators.md of
/// onnxruntime for the domain `com.microsoft`.
package enum ONNXReader {
  /// - Returns: the graph, and in plain words what was decided on the way.
  package static func read(
    _ bytes: [UInt8]
  ) throws(ModelError) -> (graph: Graph, notes: [String]) {
    let proto: Onnx_ModelProto
    do {
      proto = try Onnx_ModelProto(serializedBytes: bytes)
    } catch {
      throw .invalid(node: "", what: "not an ONNX model, or cut off: \(error)")
    }
    guard proto.hasGraph, !proto.graph.node.isEmpty else {
      throw .invalid(node: "", what: "not an ONNX model: it holds no graph")
    }
    var draft = try DraftReader(proto).read()
    try simplify(&draft)
    var graph = try makeGraph(draft)
    FoldBias.run(&graph)
    FuseActivations.run(&graph)
    try graph.verify()
    return (graph, draft.notes)
  }

  /// The passes in order; each leaves a valid draft.
  static func simplify(_ draft: inout DraftGraph) throws(ModelError) {
    try foldConstants(&draft)
    try liftOperands(&draft)
    try stripQuantization(&draft)
    // Constants that were behind a DequantizeLinear.
    try foldConstants(&draft)
    try spreadQuantization(&draft)
    try normalizeWeights(&draft)
  }
}
