import ConstraintSystem

/// Who makes and who reads each tensor of a graph, kept while a pass puts nodes in the place of others.
struct GraphUses {
  private var readers: [Int: Int] = [:]
  private var makers: [Int: Int] = [:]
  private let outputs: Set<Int>

  init(_ graph: Graph) {
    outputs = Set(graph.outputs)
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs.compactMap(\.self) { readers[input, default: 0] += 1 }
      for output in node.outputs where makers[output] == nil { makers[output] = index }
    }
  }

  /// The node that writes a tensor, when exactly one node reads it and no output of the network is.
  func onlyProducer(of tensor: Int) -> Int? {
    guard !outputs.contains(tensor), readers[tensor] == 1 else { return nil }
    return makers[tensor]
  }

  /// Notes that a node of the same outputs stands in the place of another.
  mutating func note(_ new: Node, for old: Node) {
    for input in old.inputs.compactMap(\.self) { readers[input, default: 0] -= 1 }
    for input in new.inputs.compactMap(\.self) { readers[input, default: 0] += 1 }
  }
}
