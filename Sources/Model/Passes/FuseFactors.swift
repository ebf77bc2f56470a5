import ConstraintSystem

/// A product with one number behind or before a product of two activations goes into that: 1/√d of an attention's
/// scores, wherever exporters put it, takes no rows of its own.
///
/// Only in float: integers have been rounded by then. What stands before may be moved on the way.
package enum FuseFactors {
  package static func run(_ graph: inout Graph) {
    guard graph.isFloat else { return }
    var uses = GraphUses(graph)
    for index in graph.nodes.indices {
      // Behind it: the product takes the place of the factor's node.
      if let (factor, input) = factor(of: graph.nodes[index], in: graph),
        let maker = uses.onlyProducer(of: input),
        let scaled = graph.nodes[maker].operator.scaled(by: factor)
      {
        let joined = Node(
          name: graph.nodes[maker].name, operator: scaled, inputs: graph.nodes[maker].inputs,
          outputs: graph.nodes[index].outputs)
        uses.note(joined, for: graph.nodes[index])
        graph.nodes[index] = joined
        continue
      }
      guard graph.nodes[index].operator.scaled(by: 1) != nil else { continue }
      for operand in graph.nodes[index].inputs.indices {
        takeIn(operand, of: index, &uses, in: &graph)
      }
    }
    graph.removeDeadNodes()
  }

  /// Takes in factors before an operand, through what moves values and is read once.
  private static func takeIn(
    _ operand: Int, of index: Int, _ uses: inout GraphUses, in graph: inout Graph
  ) {
    // Who reads what is looked at.
    var reader = (node: index, operand: operand)
    while let tensor = graph.nodes[reader.node].inputs[reader.operand],
      let maker = uses.onlyProducer(of: tensor)
    {
      let node = graph.nodes[maker]
      if let (factor, input) = factor(of: node, in: graph) {
        guard let scaled = graph.nodes[index].operator.scaled(by: factor) else { return }
        graph.nodes[index].operator = scaled
        let old = graph.nodes[reader.node]
        graph.nodes[reader.node].inputs[reader.operand] = input
        uses.note(graph.nodes[reader.node], for: old)
        uses.drop(node)
      } else {
        guard node.operator is any Rearranging || node.operator is Reshape, node.inputs.count == 1
        else { return }
        reader = (maker, 0)
      }
    }
  }

  /// One positive number that a node multiplies a tensor with.
  private static func factor(of node: Node, in graph: Graph) -> (factor: Float, input: Int)? {
    guard node.outputs.count == 1, let output = node.outputs.first,
      let step = node.operator.channelwise(node.inputs.map { $0.map { graph.tensors[$0] } }),
      step.axis == nil, step.factors.count == 1, step.factors[0] > 0,
      step.terms.allSatisfy({ $0 == 0 }), step.activation == .unbounded,
      let input = node.inputs[step.operand],
      graph.tensors[input].shape == graph.tensors[output].shape
    else { return nil }
    return (Float(step.factors[0]), input)
  }
}
