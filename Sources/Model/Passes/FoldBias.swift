import ConstraintSystem

/// `MatMul` and then `Add` of a constant becomes one fully connected layer with a bias.
///
/// The product's tensor must be unquantized (float, or the inside of a QDQ pattern) and read by the
/// sum alone; a sum of quantized tensors has a rounding of its own and stays.
package enum FoldBias {
  package static func run(_ graph: inout Graph) {
    for index in graph.nodes.indices {
      guard graph.nodes[index].operator is Add, graph.nodes[index].inputs.count == 2,
        let add = graph.nodes[index].operator as? Add, !add.isDifference
      else { continue }
      for side in 0..<2 {
        guard let product = graph.nodes[index].inputs[side],
          let bias = graph.nodes[index].inputs[1 - side],
          graph.tensors[bias].constant != nil, graph.tensors[product].quantization == nil,
          let maker = graph.onlyProducer(of: product),
          var layer = graph.nodes[maker].operator as? FullyConnected,
          layer.activation == .unbounded, layer.beta == 1,
          graph.nodes[maker].inputs.count == 2 || graph.nodes[maker].inputs[2] == nil,
          graph.tensors[bias].shape.last == graph.tensors[product].shape.last,
          graph.tensors[bias].count == graph.tensors[product].shape.last
        else { continue }
        layer.activation = add.activation
        let inputs = Array(graph.nodes[maker].inputs.prefix(2)) + [bias]
        graph.nodes[index] = Node(
          name: graph.nodes[maker].name, operator: layer, inputs: inputs,
          outputs: graph.nodes[index].outputs)
        break
      }
    }
    graph.removeDeadNodes()
  }
}

extension Graph {
  /// The node that writes a tensor, when exactly one node reads it and no output of the network is.
  func onlyProducer(of tensor: Int) -> Int? {
    guard !outputs.contains(tensor),
      nodes.reduce(0, { $0 + $1.inputs.filter { $0 == tensor }.count }) == 1
    else { return nil }
    return nodes.firstIndex { $0.outputs.contains(tensor) }
  }
}
