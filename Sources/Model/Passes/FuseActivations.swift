import ConstraintSystem

/// A clamp that alone reads the unquantized output of a layer becomes the layer's own.
///
/// A clamp of a quantized tensor stays: it is a second rounding, or a clamp of its own.
package enum FuseActivations {
  package static func run(_ graph: inout Graph) {
    var uses = GraphUses(graph)
    for index in graph.nodes.indices {
      guard let clamp = graph.nodes[index].operator.clamp,
        let input = graph.nodes[index].inputs.first, let input,
        graph.tensors[input].quantization == nil,
        let maker = uses.onlyProducer(of: input),
        var made = graph.nodes[maker].operator as? any ActivatedOperator,
        let range = made.activation.followed(by: clamp)
      else { continue }
      made.activation = range
      let joined = Node(
        name: graph.nodes[maker].name, operator: made, inputs: graph.nodes[maker].inputs,
        outputs: graph.nodes[index].outputs)
      uses.note(joined, for: graph.nodes[index])
      graph.nodes[index] = joined
    }
    graph.removeDeadNodes()
  }
}
