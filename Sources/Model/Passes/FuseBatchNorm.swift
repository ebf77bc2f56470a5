import ConstraintSystem

/// Batch normalization goes into the float layer before it; where there is none, it becomes a convolution of
/// kernel 1, a group for each channel.
///
/// Only in float: an integer layer has its weights rounded already.
package enum FuseBatchNorm {
  package static func run(_ graph: inout Graph) {
    var index = 0
    while index < graph.nodes.count {
      if !fuse(index, in: &graph) { replace(&index, in: &graph) }
      index += 1
    }
    graph.removeDeadNodes()
  }

  /// y = factor · layer(x) + term: factors go into the weight's channels, terms into the bias.
  private static func fuse(_ index: Int, in graph: inout Graph) -> Bool {
    let node = graph.nodes[index]
    guard let input = node.inputs.first ?? nil, let maker = graph.onlyProducer(of: input),
      var made = graph.nodes[maker].operator as? any ActivatedOperator,
      made.activation == .unbounded,
      let layer = LinearLayer(graph.nodes[maker], in: graph),
      layer.channelAxis(of: graph.tensors[input].shape) == 1,
      case .real(let values)? = layer.weight.constant,
      let normalization = node.operator as? BatchNormalization,
      let (factors, terms) = normalization.affine(node.inputs.map { $0.map { graph.tensors[$0] } })
    else { return false }
    var biases = [Double](repeating: 0, count: layer.channels)
    if graph.nodes[maker].inputs.count > 2, let own = graph.nodes[maker].inputs[2] {
      guard let reals = graph.tensors[own].reals,
        reals.count == 1 || reals.count == layer.channels
      else { return false }
      biases = biases.indices.map { Double(reals[reals.count == 1 ? 0 : $0]) }
    }
    var weight = layer.weight
    weight.constant = .real(
      values.enumerated().map { cell, value in
        Float(Double(value) * factors[layer.channel(of: cell)])
      })
    let sums = biases.indices.map { Float(biases[$0] * factors[$0] + terms[$0]) }
    made.activation = .unbounded
    graph.tensors.append(weight)
    graph.tensors.append(bias(node.name, sums))
    graph.nodes[index] = Node(
      name: graph.nodes[maker].name, operator: made,
      inputs: [graph.nodes[maker].inputs[0], graph.tensors.count - 2, graph.tensors.count - 1],
      outputs: node.outputs)
    return true
  }

  /// - Parameter index: of the node; afterwards that of the last one in its place.
  private static func replace(_ index: inout Int, in graph: inout Graph) {
    let node = graph.nodes[index]
    guard let normalization = node.operator as? BatchNormalization,
      let (factors, terms) = normalization.affine(node.inputs.map { $0.map { graph.tensors[$0] } }),
      let input = node.inputs.first ?? nil, let output = node.outputs.first,
      graph.tensors[input].quantization == nil, graph.tensors[input].constant == nil
    else { return }
    let shape = graph.tensors[input].shape
    let channels = factors.count
    // A convolution has one to three spatial axes.
    let spatial = (3...5).contains(shape.count) ? shape.count - 2 : 1
    graph.tensors.append(
      Tensor(
        name: node.name + ".factor", shape: [channels, 1] + [Int](repeating: 1, count: spatial),
        type: .float32, constant: .real(factors.map { Float($0) })))
    graph.tensors.append(bias(node.name, terms.map { Float($0) }))
    let constants = [graph.tensors.count - 2, graph.tensors.count - 1]
    let product = Convolution(
      .channelsFirst, Sliding(kernel: [Int](repeating: 1, count: spatial)), groups: channels)
    guard shape.count != spatial + 2 else {
      graph.nodes[index] = Node(
        name: node.name, operator: product, inputs: [input] + constants, outputs: node.outputs)
      return
    }
    let cut = [shape[0], channels, shape[2...].reduce(1, *)]
    let places = [0, 1].map { place in
      graph.tensors.append(
        Tensor(name: "\(node.name).\(place)", shape: cut, type: .float32))
      return graph.tensors.count - 1
    }
    func renamed(_ name: String, to shape: [Int], _ from: Int, _ to: Int) -> Node {
      Node(
        name: "\(node.name).\(name)",
        operator: Reshape(.target(shape.map { Int64($0) }, zeroCopies: false)), inputs: [from],
        outputs: [to])
    }
    graph.nodes.replaceSubrange(
      index...index,
      with: [
        renamed("axes", to: cut, input, places[0]),
        Node(
          name: node.name, operator: product, inputs: [places[0]] + constants, outputs: [places[1]]),
        renamed("back", to: shape, places[1], output),
      ])
    index += 2
  }

  private static func bias(_ name: String, _ values: [Float]) -> Tensor {
    Tensor(
      name: name + ".bias", shape: [values.count], type: .float32, constant: .real(values))
  }
}
