import ConstraintSystem

/// Factors and terms for each channel that stand as products and sums with constants of reals between a
/// DequantizeLinear and a QuantizeLinear, a clamp behind them, become one step of integers: a product, a sum, or the
/// sum of a product and a constant.
///
/// onnxruntime computes each in single precision, as its batch normalization does, which is the operator that has
/// this step. What has one factor and term for all values is a table by then.
package enum FuseChannelSteps {
  package static func run(_ graph: inout Graph) {
    let uses = GraphUses(graph)
    for index in graph.nodes.indices {
      guard let found = graph.channelSteps(endingIn: graph.nodes[index], uses),
        let axis = found.step.axis
      else { continue }
      let name = graph.nodes[index].name
      let channels = graph.tensors[found.input].shape[axis]
      func constant(_ role: String, _ values: [Double]) -> Int {
        let spread = values.count == 1 ? [Double](repeating: values[0], count: channels) : values
        graph.tensors.append(
          Tensor(
            name: "\(name).\(role)", shape: [channels], type: .float32,
            constant: .real(spread.map { Float($0) })))
        return graph.tensors.count - 1
      }
      graph.nodes[index].inputs = [
        found.input, constant("factor", found.step.factors), constant("term", found.step.terms),
        constant("mean", [0]), constant("variance", [1]),
      ]
      graph.nodes[index].operator = BatchNormalization(
        axis: axis, activation: found.step.activation)
    }
    graph.removeDeadNodes()
  }
}

extension Graph {
  /// What a node is as a factor and a term of one tensor, by the place along one axis of it at most; nil for others.
  func channelwiseStep(of node: Node) -> ChannelwiseStep? {
    if let step = node.operator.channelwise(node.inputs.map { $0.map { tensors[$0] } }) {
      return step
    }
    guard let sum = node.operator.addition, node.inputs.count == 2 else { return nil }
    for side in 0..<2 {
      guard let input = node.inputs[side], let constant = node.inputs[1 - side],
        tensors[input].constant == nil, let output = node.outputs.first,
        tensors[input].shape == tensors[output].shape,
        let (axis, values) = tensors[constant].alongOneAxis(of: tensors[input].shape)
      else { continue }
      let (sign, own): (Double, Double) =
        !sum.isDifference ? (1, 1) : side == 0 ? (-1, 1) : (1, -1)
      return ChannelwiseStep(
        operand: side, axis: axis, factors: [own], terms: values.map { sign * $0 },
        activation: sum.activation)
    }
    return nil
  }

  /// The steps of one node, or of two, from a quantized tensor to a quantized one.
  fileprivate func channelSteps(
    endingIn node: Node, _ uses: GraphUses
  ) -> (input: Int, step: ChannelwiseStep)? {
    guard let output = node.outputs.first, tensors[output].quantization != nil,
      let last = realStep(of: node), let input = node.inputs[last.operand]
    else { return nil }
    if tensors[input].quantization != nil { return (input, last) }
    // A sum behind a product; a product behind a sum is rounded in another place.
    guard let maker = uses.onlyProducer(of: input).map({ nodes[$0] }),
      let first = realStep(of: maker), let source = maker.inputs[first.operand],
      tensors[source].quantization != nil, first.activation == .unbounded,
      first.terms.allSatisfy({ $0 == 0 }), last.factors.count == 1, abs(last.factors[0]) == 1,
      let axis = first.axis ?? last.axis, axis == last.axis ?? axis
    else { return nil }
    var joined = last
    joined.axis = axis
    joined.factors = first.factors.map { $0 * last.factors[0] }
    return (source, joined)
  }

  /// A sum or a product with constants of reals.
  private func realStep(of node: Node) -> ChannelwiseStep? {
    guard node.inputs.count == 2,
      node.inputs.allSatisfy({ input in
        input.map { tensors[$0].constant == nil || tensors[$0].quantization == nil } ?? false
      })
    else { return nil }
    return channelwiseStep(of: node)
  }
}

extension Tensor {
  /// A constant that broadcasts over a shape along one axis at most, and that axis.
  fileprivate func alongOneAxis(of shape: [Int]) -> (axis: Int?, values: [Double])? {
    guard let reals, self.shape.count <= shape.count else { return nil }
    if reals.count == 1 { return (nil, [Double(reals[0])]) }
    let own = [Int](repeating: 1, count: shape.count - self.shape.count) + self.shape
    guard let axis = own.firstIndex(of: reals.count), shape[axis] == reals.count else { return nil }
    return (axis, reals.map { Double($0) })
  }
}
