import ConstraintSystem

/// Who makes and who reads each tensor of a graph, kept while a pass puts nodes in the place of others.
struct GraphUses {
  /// By tensor of the graph as it was: how many operands read it, and the first node that makes it. What a
  /// pass adds is read by what it adds alone.
  private var readers: [Int]
  private var makers: [Int?]
  private let outputs: Set<Int>

  init(_ graph: Graph) {
    outputs = Set(graph.outputs)
    readers = [Int](repeating: 0, count: graph.tensors.count)
    makers = [Int?](repeating: nil, count: graph.tensors.count)
    for index in graph.nodes.indices {
      for input in graph.nodes[index].inputs.compactMap(\.self) { readers[input] += 1 }
      for output in graph.nodes[index].outputs where makers[output] == nil {
        makers[output] = index
      }
    }
  }

  /// The node that writes a tensor, when exactly one node reads it and no output of the network is.
  func onlyProducer(of tensor: Int) -> Int? {
    guard readers.indices.contains(tensor), readers[tensor] == 1, !outputs.contains(tensor) else {
      return nil
    }
    return makers[tensor]
  }

  /// Notes that a node of the same outputs stands in the place of another.
  mutating func note(_ new: Node, for old: Node) {
    count(old, -1)
    count(new, 1)
  }

  /// Whether one operand alone is a tensor, and no output of the network.
  func isReadOnce(_ tensor: Int) -> Bool {
    !readers.indices.contains(tensor) || (readers[tensor] == 1 && !outputs.contains(tensor))
  }

  /// Notes that a node is read by nobody any more.
  mutating func drop(_ node: Node) { count(node, -1) }

  private mutating func count(_ node: Node, _ change: Int) {
    for input in node.inputs.compactMap(\.self) where readers.indices.contains(input) {
      readers[input] += change
    }
  }
}
