import ConstraintSystem

/// Batch normalization, or a product with a factor for each channel, goes into the float layer before it; batch
/// normalization where there is none becomes a convolution of kernel 1, a group for each channel.
///
/// Only in float: an integer layer has its weights rounded already.
package enum FuseBatchNorm {
  package static func run(_ graph: inout Graph) {
    var uses = GraphUses(graph)
    // What stands for a node that becomes several, by index.
    var expanded: [Int: [Node]] = [:]
    for index in graph.nodes.indices where !fuse(index, &uses, in: &graph) {
      guard let nodes = replacement(of: index, in: &graph) else { continue }
      if nodes.count == 1 {
        uses.note(nodes[0], for: graph.nodes[index])
        graph.nodes[index] = nodes[0]
      } else {
        expanded[index] = nodes
      }
    }
    graph.nodes = graph.nodes.enumerated().flatMap { expanded[$0] ?? [$1] }
    graph.removeDeadNodes()
  }

  /// y = factor · layer(x) + term: factors go into the weight's channels, terms into the bias.
  private static func fuse(
    _ index: Int, _ uses: inout GraphUses, in graph: inout Graph
  ) -> Bool {
    let node = graph.nodes[index]
    guard
      let step = node.operator.channelwise(node.inputs.map { $0.map { graph.tensors[$0] } }),
      let input = node.inputs[step.operand], let maker = uses.onlyProducer(of: input),
      var made = graph.nodes[maker].operator as? any ActivatedOperator,
      made.activation == .unbounded,
      let layer = LinearLayer(graph.nodes[maker], in: graph),
      let axis = layer.channelAxis(of: graph.tensors[input].shape), axis == step.axis ?? axis,
      case .real(let values)? = layer.weight.constant
    else { return false }
    func spread(_ values: [Double]) -> [Double] {
      values.count == 1 ? [Double](repeating: values[0], count: layer.channels) : values
    }
    let (factors, terms) = (spread(step.factors), spread(step.terms))
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
    made.activation = step.activation
    graph.tensors.append(weight)
    graph.tensors.append(bias(node.name, sums))
    let joined = Node(
      name: graph.nodes[maker].name, operator: made,
      inputs: [graph.nodes[maker].inputs[0], graph.tensors.count - 2, graph.tensors.count - 1],
      outputs: node.outputs)
    uses.note(joined, for: node)
    graph.nodes[index] = joined
    return true
  }

  /// What stands for a batch normalization by itself.
  private static func replacement(of index: Int, in graph: inout Graph) -> [Node]? {
    let node = graph.nodes[index]
    // A product has integers for its factors, and stays.
    guard type(of: node.operator).constants == .unchanged,
      let step = node.operator.channelwise(node.inputs.map { $0.map { graph.tensors[$0] } }),
      step.activation == .unbounded, let input = node.inputs[step.operand],
      let output = node.outputs.first, graph.tensors[input].quantization == nil,
      graph.tensors[input].constant == nil
    else { return nil }
    let shape = graph.tensors[input].shape
    let channels = step.factors.count
    // A convolution has one to three spatial axes.
    let spatial = (3...5).contains(shape.count) ? shape.count - 2 : 1
    graph.tensors.append(
      Tensor(
        name: node.name + ".factor", shape: [channels, 1] + [Int](repeating: 1, count: spatial),
        type: .float32, constant: .real(step.factors.map { Float($0) })))
    graph.tensors.append(bias(node.name, step.terms.map { Float($0) }))
    let constants = [graph.tensors.count - 2, graph.tensors.count - 1]
    let product = Convolution(
      .channelsFirst, Sliding(kernel: [Int](repeating: 1, count: spatial)), groups: channels)
    guard shape.count != spatial + 2 else {
      return [
        Node(
          name: node.name, operator: product, inputs: [input] + constants, outputs: node.outputs)
      ]
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
    return [
      renamed("axes", to: cut, input, places[0]),
      Node(
        name: node.name, operator: product, inputs: [places[0]] + constants, outputs: [places[1]]),
      renamed("back", to: shape, places[1], output),
    ]
  }

  private static func bias(_ name: String, _ values: [Float]) -> Tensor {
    Tensor(
      name: name + ".bias", shape: [values.count], type: .float32, constant: .real(values))
  }
}
