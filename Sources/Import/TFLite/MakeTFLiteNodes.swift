import ConstraintSystem
import Model

extension TFLiteReader {
  /// Makes an operator of every node, and with it the shapes that the file leaves open; what can be
  /// computed now becomes a constant. A node that was or is refused leaves `Refused` in its place.
  static func makeNodes(
    _ drafts: [TFLiteDraft.Draft], _ draft: inout TFLiteDraft
  ) -> (nodes: [Node], surveyed: [SurveyedNode]) {
    var (nodes, surveyed) = ([Node](), [SurveyedNode]())
    let isQuantized = draft.hasQuantizedActivation
    // Tensors of an open shape behind a node that was refused.
    var unclear: Set<Int> = []
    for node in drafts {
      var made: [any Operator] = []
      do throws(ModelError) {
        if let refusal = node.refusal { throw refusal }
        if !node.inputs.contains(where: { $0.map(unclear.contains) ?? false }) {
          if try draft.folds(node) { continue }
          // A node of several outputs is a node for each.
          for piece in 0..<max(node.outputs.count, 1) {
            made.append(try make(node, piece, isQuantized: isQuantized, in: &draft))
          }
        } else {
          made = [Refused(nil)]
        }
      } catch {
        made = [Refused(error.problem(node: node.name, type: node.type))]
      }
      let refused = made.lazy.compactMap { $0 as? Refused }.first
      if let refused {
        nodes.append(
          Node(name: node.name, operator: refused, inputs: node.inputs, outputs: node.outputs))
        unclear.formUnion(node.outputs.filter(draft.hasOpenShape))
      } else {
        for (made, output) in zip(made, node.outputs) {
          nodes.append(
            Node(name: node.name, operator: made, inputs: node.inputs, outputs: [output]))
        }
      }
      let output = node.outputs.first.flatMap { output in
        draft.unreadable[output] == nil && !unclear.contains(output) ? output : nil
      }
      surveyed.append(
        SurveyedNode(
          name: node.name, type: node.type,
          standing: refused.map { $0.problem == nil } ?? false ? .unclear : .judged,
          outputShape: output.map { draft.tensors[$0].shape },
          outputType: output.map { draft.tensors[$0].type }))
    }
    // Of reals; where a layer has other weights, it was refused.
    if !isQuantized { draft.dropQuantization() }
    return (nodes, surveyed)
  }

  private static func make(
    _ node: TFLiteDraft.Draft, _ piece: Int, isQuantized: Bool, in draft: inout TFLiteDraft
  ) throws(ModelError) -> any Operator {
    var source = draft.source(node)
    guard source.outputs.indices.contains(piece) else {
      throw .invalid(node: node.name, what: "it has no output")
    }
    source.piece = piece
    let output = node.outputs[piece]
    do throws(ModelError) {
      let made = try Operators.make(source)
      if type(of: made).end == nil { try refuseReals(source, isQuantized: isQuantized) }
      let shape = try made.outputShape(source.inputs)
      let declared = source.outputs[piece].shape
      guard shape == declared || draft.hasOpenShape(output) else {
        throw .invalid(
          node: node.name, what: "its output has shape \(shape), and the model says \(declared)")
      }
      try draft.settle(output, shape)
      return made
    } catch { throw error.at(node.name) }
  }

  /// Refuses nodes of reals that calibration cannot quantize: beside others that are quantized.
  private static func refuseReals(
    _ node: SourceNode, isQuantized: Bool
  ) throws(ModelError) {
    let isReal = node.inputs.first.flatMap(\.self)?.type == .float32
    guard isReal || node.outputs.first?.type == .float32 else { return }
    // The kernels find scales of the activations while they run.
    let weights = node.inputs.compactMap(\.self).filter { $0.constant != nil && $0.type != .int32 }
    guard !isReal || weights.allSatisfy({ $0.quantization == nil }) else {
      throw .unsupported(
        node: node.name, what: "a hybrid layer: float activations, quantized weights",
        remedy: ModelError.fullQuantization)
    }
    guard !isQuantized else {
      throw .unsupported(
        node: node.name, what: "\(node.type) on floats in a model that is quantized elsewhere",
        remedy: ModelError.fullQuantization)
    }
  }
}

extension TFLiteDraft {
  /// Whether the file quantizes what the network computes, and not weights alone.
  fileprivate var hasQuantizedActivation: Bool {
    tensors.contains { $0.constant == nil && $0.quantization != nil }
  }

  fileprivate mutating func dropQuantization() {
    for index in tensors.indices { tensors[index].quantization = nil }
  }

  /// A node as operators read it.
  func source(_ node: Draft) -> SourceNode {
    SourceNode(
      format: .tflite(version: node.version), type: node.type, name: node.name,
      attributes: node.attributes, inputs: node.inputs.map { $0.map { tensors[$0] } },
      outputs: node.outputs.map { tensors[$0] })
  }

  /// Gives a tensor the extents that were worked out for it.
  mutating func settle(_ index: Int, _ shape: [Int]) throws(ModelError) {
    tensors[index].shape = shape
    try tensors[index].verify()
    openAxes[index] = nil
  }

  /// Empties tensors that nothing reads any more: what was folded is no part of the network.
  mutating func dropUnread(_ graph: Graph) {
    var used = Set(graph.inputs + graph.outputs)
    for node in graph.nodes {
      used.formUnion(node.inputs.compactMap(\.self))
      used.formUnion(node.outputs)
    }
    for index in tensors.indices where !used.contains(index) {
      tensors[index] = Tensor(name: "", shape: [1], type: .int8)
    }
  }
}
