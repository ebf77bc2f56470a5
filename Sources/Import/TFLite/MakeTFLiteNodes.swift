import ConstraintSystem
import Model

extension TFLiteReader {
  /// Makes an operator of every node, and with it the shapes that the file leaves open; what can be
  /// computed now becomes a constant. A node that was or is refused leaves `Refused` in its place.
  ///
  /// - Parameter outputs: tensors that the network gives.
  static func makeNodes(
    _ drafts: [TFLiteDraft.Draft], _ draft: inout TFLiteDraft, outputs: [Int]
  ) -> (nodes: [Node], surveyed: [SurveyedNode]) {
    var (nodes, surveyed) = ([Node](), [SurveyedNode]())
    let isQuantized = draft.hasQuantizedActivation
    let tail = isQuantized ? realTail(drafts, draft, outputs) : []
    // Tensors of an open shape behind a node that was refused.
    var unclear: Set<Int> = []
    for (index, node) in drafts.enumerated() {
      var refused: Refused?
      var isFolded = true
      do throws(ModelError) {
        if let refusal = node.refusal { throw refusal }
        if node.inputs.contains(where: { $0.map(unclear.contains) ?? false }) {
          refused = Refused(nil)
        } else {
          for part in try draft.rewritten(node) where try !draft.folds(part) {
            isFolded = false
            nodes += try make(
              part, isQuantized: isQuantized, isTail: tail.contains(index), in: &draft)
          }
        }
      } catch {
        refused = Refused(error.problem(node: node.name, type: node.type))
      }
      if let refused {
        nodes.append(
          Node(name: node.name, operator: refused, inputs: node.inputs, outputs: node.outputs))
        unclear.formUnion(node.outputs.filter(draft.hasOpenShape))
      } else if isFolded {
        continue
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

  /// A node of several outputs is a node for each.
  private static func make(
    _ node: TFLiteDraft.Draft, isQuantized: Bool, isTail: Bool, in draft: inout TFLiteDraft
  ) throws(ModelError) -> [Node] {
    var source = draft.source(node)
    guard !node.outputs.isEmpty else { throw .invalid(node: node.name, what: "it has no output") }
    var nodes: [Node] = []
    for (piece, output) in node.outputs.enumerated() {
      source.piece = piece
      do throws(ModelError) {
        let made = try Operators.make(source)
        let shape = try made.outputShape(source.inputs)
        if type(of: made).end == nil {
          try refuseReals(source, isQuantized: isQuantized && !(isTail && made.canEnd(source)))
        }
        let declared = source.outputs[piece].shape
        guard shape == declared || draft.hasOpenShape(output) else {
          throw .invalid(
            node: node.name,
            what: "its output has shape \(shape), and the model says \(declared)")
        }
        try draft.settle(output, shape)
        // What is an attribute is read by now.
        let operands = node.inputs.enumerated()
          .filter { !type(of: made).isAttribute(operand: $0.offset) }.map(\.element)
        nodes.append(Node(name: node.name, operator: made, inputs: operands, outputs: [output]))
      } catch { throw error.at(node.name) }
    }
    return nodes
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

extension TFLiteReader {
  /// Nodes that make reals which no other nodes than such read: what they compute can follow the proof.
  private static func realTail(
    _ drafts: [TFLiteDraft.Draft], _ draft: TFLiteDraft, _ outputs: [Int]
  ) -> Set<Int> {
    var tail: Set<Int> = []
    var given = Set(outputs)
    // Read by a node that is not among them.
    var proven: Set<Int> = []
    for (index, node) in drafts.enumerated().reversed() {
      let isReal = node.outputs.allSatisfy {
        draft.tensors[$0].type == .float32 && given.contains($0) && !proven.contains($0)
      }
      if isReal, !node.outputs.isEmpty {
        tail.insert(index)
        given.formUnion(node.inputs.compactMap(\.self))
      } else {
        proven.formUnion(node.inputs.compactMap(\.self))
      }
    }
    return tail
  }
}

extension Operator {
  /// Whether it can be a public step behind the proof where it works on reals.
  fileprivate func canEnd(_ node: SourceNode) -> Bool {
    let tensors = NodeTensors(inputs: node.inputs, output: node.outputs[node.piece])
    return expression(node.inputs.map { _ in .x }) != nil
      || (try? followingSteps(tensors)) ?? nil != nil
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
      format: node.isONNX ? .onnx(opset: Operators.latestOpset) : .tflite(version: node.version),
      type: node.type, name: node.name,
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
