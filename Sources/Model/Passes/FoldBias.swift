import ConstraintSystem

/// A product or a convolution, then the sum with or the difference from a constant: one layer with a bias.
///
/// The layer's tensor must be unquantized (float, or the inside of a QDQ pattern) and read by the
/// sum alone; a sum of quantized tensors has a rounding of its own and stays. A float layer that has a
/// bias already adds the constant to it.
package enum FoldBias {
  package static func run(_ graph: inout Graph) {
    var uses = GraphUses(graph)
    for index in graph.nodes.indices {
      guard let sum = graph.nodes[index].operator.addition, graph.nodes[index].inputs.count == 2
      else { continue }
      for side in 0..<2 {
        guard let product = graph.nodes[index].inputs[side],
          let constant = graph.nodes[index].inputs[1 - side],
          graph.tensors[product].quantization == nil,
          let maker = uses.onlyProducer(of: product),
          var layer = graph.nodes[maker].operator as? any ActivatedOperator,
          layer.activation == .unbounded,
          !sum.isDifference || side == 0,
          let bias = graph.bias(
            of: graph.nodes[maker], plus: constant, isNegative: sum.isDifference)
        else { continue }
        layer.activation = sum.activation
        let inputs = Array(graph.nodes[maker].inputs.prefix(2)) + [graph.tensors.count]
        graph.tensors.append(bias)
        let joined = Node(
          name: graph.nodes[maker].name, operator: layer, inputs: inputs,
          outputs: graph.nodes[index].outputs)
        uses.note(joined, for: graph.nodes[index])
        graph.nodes[index] = joined
        break
      }
    }
    graph.removeDeadNodes()
  }
}

extension Graph {
  /// What a dense or convolutional layer adds to its sums when `constant` is added to its output as well;
  /// nil for other nodes, and where the constant is not one value per output channel.
  fileprivate func bias(of node: Node, plus constant: Int, isNegative: Bool) -> Tensor? {
    guard let layer = LinearLayer(node, in: self), let output = node.outputs.first,
      let channel = layer.channelAxis(of: tensors[output].shape),
      var added = tensors[constant].perChannel(
        axis: channel, of: tensors[output].shape, channels: layer.channels)
    else { return nil }
    if isNegative { added = added.map { -$0 } }
    var bias = tensors[constant]
    bias.shape = [layer.channels]
    let own = node.inputs.count > 2 ? node.inputs[2].map { tensors[$0] } : nil
    if let scales = layer.accumulatorScales {
      // The runtimes' form: int32 at s_x·s_w.
      guard own == nil else { return nil }
      let steps = zip(added, scales).map { (Double($0) / $1).rounded(.toNearestOrEven) }
      guard steps.allSatisfy({ abs($0) < 0x1p31 }) else { return nil }
      bias.type = .int32
      bias.constant = .integer(steps.map { Int64($0) })
      bias.quantization = Quantization(
        scales: scales.map { Float($0) }, zeroPoints: scales.map { _ in 0 }, axis: 0)
      return bias
    }
    var sums = added
    if let own {
      guard case .real(let values)? = own.constant, values.count == 1 || values.count == sums.count
      else { return nil }
      sums = sums.indices.map { sums[$0] + values[values.count == 1 ? 0 : $0] }
    }
    bias.type = .float32
    bias.quantization = nil
    bias.constant = .real(sums)
    return bias
  }
}
