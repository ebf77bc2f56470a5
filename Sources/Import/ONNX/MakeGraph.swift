import ConstraintSystem
import Model

extension ONNXReader {
  /// Makes an operator of every node, and with it the shape of every tensor; drops tensors that
  /// nobody reads any more.
  static func makeGraph(_ draft: DraftGraph) throws(ModelError) -> Graph {
    var draft = draft
    var nodes: [Node] = []
    for node in draft.nodes {
      let source = draft.source(node)
      let output = try node.output()
      do throws(ModelError) {
        let made = try Operators.make(source)
        let shape = try made.outputShape(source.inputs)
        let name = draft.tensors[output].name
        draft.tensors[output].shape = try TensorReader.extents(shape.map { Int64($0) }, of: name)
        // Clip's bounds, which may be infinite, are read by now.
        let inputs = node.type == "Clip" ? Array(node.inputs.prefix(1)) : node.inputs
        nodes.append(Node(name: node.name, operator: made, inputs: inputs, outputs: node.outputs))
      } catch {
        throw error.at(node.name)
      }
    }
    return compacted(draft, nodes)
  }

  private static func compacted(_ draft: DraftGraph, _ nodes: [Node]) -> Graph {
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
