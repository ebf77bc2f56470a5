import ConstraintSystem

/// An operator of a float network that has no rows of its own becomes the operators that it is said with
/// (`Operator.expansion`), each with a range of its own when the network is quantized.
package enum ExpandNodes {
  package static func run(_ graph: inout Graph) {
    guard graph.tensors.allSatisfy({ $0.quantization == nil }) else { return }
    let old = graph.nodes
    graph.nodes = []
    for node in old { graph.nodes += expanded(node, in: &graph) ?? [node] }
  }

  /// - Returns: nil for a node that stays, or is refused in its own words.
  private static func expanded(_ node: Node, in graph: inout Graph) -> [Node]? {
    let inputs = node.inputs.compactMap(\.self)
    guard node.refused == nil, node.outputs.count == 1,
      (inputs + node.outputs).allSatisfy(graph.tensors.indices.contains),
      let expansion = try? node.operator.expansion(graph.tensors(of: node))
    else { return nil }
    var (nodes, tensors) = ([Node](), graph.tensors)
    for (place, step) in expansion.steps.enumerated() {
      let operands = step.operands.map { operand in
        switch operand {
        case .input(let index): node.inputs[index]
        case .step(let index): nodes[index].outputs.first
        }
      }
      guard let shape = try? step.operator.outputShape(operands.map { $0.map { tensors[$0] } })
      else { return nil }
      let isLast = place == expansion.steps.count - 1
      let name = isLast ? node.name : "\(node.name).\(place + 1)"
      if !isLast { tensors.append(Tensor(name: name, shape: shape, type: .float32)) }
      nodes.append(
        Node(
          name: name, operator: step.operator, inputs: operands,
          outputs: isLast ? node.outputs : [tensors.count - 1]))
    }
    guard nodes.count + graph.nodes.count <= ModelLimits.nodes else { return nil }
    graph.tensors = tensors
    return nodes
  }
}
