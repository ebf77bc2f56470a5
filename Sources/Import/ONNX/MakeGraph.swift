import ConstraintSystem
import Model

extension ONNXReader {
  /// Makes an operator of every node, and with it the shape of every tensor; drops tensors that
  /// nobody reads any more. A node that was or is refused leaves `Refused` in its place.
  static func makeGraph(_ draft: ONNXGraph) -> (graph: Graph, nodes: [SurveyedNode]) {
    var draft = draft
    var nodes: [Node] = []
    var surveyed: [SurveyedNode] = []
    let used = usedNodes(draft)
    // Activations of known shape; what else there is comes from a refused node.
    var isClear = draft.tensors.map { $0.constant != nil }
    for input in draft.inputs { isClear[input] = true }
    let unquantized = Set(
      draft.nodes.filter { node in
        node.refusal?.type == "QuantizeLinear"
          || (node.refusal?.type.split(separator: ".").last).map {
            QuantNode.types.contains(String($0))
          } ?? false
      }.flatMap(\.inputs))
    for (index, node) in draft.nodes.enumerated() {
      // One for each output.
      var made: [any Operator] = []
      var operands = node.inputs
      do throws(ModelError) {
        if let refusal = node.refusal { throw .nodes([refusal], supported: []) }
        let isJudged =
          node.inputs.allSatisfy { $0.map { isClear[$0] } ?? true }
          && !node.outputs.contains(where: unquantized.contains)
        for piece in 0..<max(node.outputs.count, 1) {
          made.append(try make(node, piece, isJudged: isJudged, in: &draft))
        }
        // What was an attribute is read by now, and may be infinite.
        if let made = made.first {
          operands = node.inputs.enumerated()
            .filter { !type(of: made).isAttribute(operand: $0.offset) }.map(\.element)
        }
      } catch {
        made = [Refused(error.problem(node: node.name, type: node.label))]
      }
      let isRefused = made.contains { $0 is Refused }
      for output in node.outputs {
        if isRefused {
          guard let shape = draft.declaredShapes[output] else { continue }
          draft.tensors[output].shape = shape
        }
        isClear[output] = true
      }
      for (piece, made) in made.enumerated() {
        let outputs = made is Refused ? node.outputs : [node.outputs[piece]]
        nodes.append(Node(name: node.name, operator: made, inputs: operands, outputs: outputs))
        if made is Refused { break }
      }
      guard !node.isAdded else { continue }
      let output = node.outputs.first.map { draft.tensors[$0] }
      let isUnclear = (made.first as? Refused).map { $0.problem == nil } ?? false
      surveyed.append(
        SurveyedNode(
          name: node.name, type: node.label,
          standing: !used.contains(index) ? .unused : isUnclear ? .unclear : .judged,
          outputShape: node.outputs.first.flatMap { isClear[$0] ? output?.shape : nil },
          outputType: output?.type))
    }
    return (compacted(draft, nodes), surveyed)
  }

  /// Nodes that outputs of the network depend on.
  private static func usedNodes(_ draft: ONNXGraph) -> Set<Int> {
    var isRead = Set(draft.outputs)
    var used: Set<Int> = []
    for (index, node) in draft.nodes.enumerated().reversed()
    where node.outputs.contains(where: isRead.contains) {
      used.insert(index)
      isRead.formUnion(node.inputs.compactMap(\.self))
    }
    return used
  }

  /// - Parameter isJudged: whether all that the node reads is known; else its attributes alone can be
  ///   judged.
  private static func make(
    _ node: DraftNode, _ piece: Int, isJudged: Bool, in draft: inout ONNXGraph
  ) throws(ModelError) -> any Operator {
    var source = draft.source(node)
    source.piece = piece
    guard isJudged else {
      do throws(ModelError) {
        _ = try Operators.make(source)
      } catch {
        if case .unsupportedAttribute = error { throw error }
      }
      return Refused(nil)
    }
    guard Operators.knows(source) else {
      throw .unsupported(
        node: node.name, what: "\(node.type) of an activation",
        remedy: ModelError.replacement(for: node.type))
    }
    let made = try Operators.make(source)
    guard node.outputs.indices.contains(piece) else {
      throw .invalid(node: node.name, what: "it has no output")
    }
    let output = node.outputs[piece]
    let shape = try made.outputShape(source.inputs)
    draft.tensors[output].shape = try TensorReader.extents(
      shape.map { Int64($0) }, of: draft.tensors[output].name)
    return made
  }

  private static func compacted(_ draft: ONNXGraph, _ nodes: [Node]) -> Graph {
    var graph = Graph(name: draft.name)
    var places: [Int: Int] = [:]
    func place(_ index: Int) -> Int {
      if let known = places[index] { return known }
      places[index] = graph.tensors.count
      graph.tensors.append(draft.tensors[index])
      return graph.tensors.count - 1
    }
    graph.inputs = draft.inputs.map(place)
    for node in nodes {
      var node = node
      node.inputs = node.inputs.map { $0.map(place) }
      node.outputs = node.outputs.map(place)
      graph.nodes.append(node)
    }
    graph.outputs = draft.outputs.map(place)
    return graph
  }
}
