import ConstraintSystem

/// A clamp that alone reads the unquantized output of a layer becomes the layer's own.
///
/// A clamp of a quantized tensor stays: it is a second rounding, or a clamp of its own.
package enum FuseActivations {
  package static func run(_ graph: inout Graph) {
    for index in graph.nodes.indices {
      guard let clamp = graph.nodes[index].operator as? Clamp,
        let input = graph.nodes[index].inputs.first, let input,
        graph.tensors[input].quantization == nil,
        let maker = graph.onlyProducer(of: input)
      else { continue }
      let fused: any Operator
      switch graph.nodes[maker].operator {
      case var layer as FullyConnected:
        guard let range = layer.activation.followed(by: clamp.range) else { continue }
        layer.activation = range
        fused = layer
      case var sum as Add:
        guard let range = sum.activation.followed(by: clamp.range) else { continue }
        sum.activation = range
        fused = sum
      default: continue
      }
      graph.nodes[index] = Node(
        name: graph.nodes[maker].name, operator: fused, inputs: graph.nodes[maker].inputs,
        outputs: graph.nodes[index].outputs)
    }
    graph.removeDeadNodes()
  }
}
