import ConstraintSystem

/// What stands between a layer's sums and the quantizer behind them in a network of QONNX's (a bias, batch
/// normalization, products and sums with constants) goes into the layer: factors into the scales of its
/// weights, channel by channel, and terms into its bias, which stays real.
///
/// A factor below zero changes the sign of a channel's weights. What is there by itself, for each channel, becomes a
/// layer of weights 1 and −1; before a layer, one factor and term for all values go into the layer as well.
///
/// Each step makes a layer's weights anew: so many of them that no network of use has as many stay what they are.
package enum FoldRealSteps {
  package static func run(_ graph: inout Graph) {
    var uses = GraphUses(graph)
    // Numbers that may still be made.
    var budget = 1 << 22
    for tensor in graph.tensors { budget += 16 * (tensor.constant?.count ?? 0) }
    for index in graph.nodes.indices {
      if let step = graph.realStep(of: graph.nodes[index]) {
        let maker = uses.onlyProducer(of: step.input)
        if let joined = graph.layer(
          maker.map { graph.nodes[$0] }, followedBy: step, uses, &budget)
        {
          put(joined, at: index, inPlaceOf: maker, &uses, in: &graph)
        } else if let layer = graph.layer(of: step, at: index) {
          put(layer, at: index, &uses, in: &graph)
        }
        continue
      }
      while let input = graph.nodes[index].inputs.first ?? nil,
        let maker = uses.onlyProducer(of: input),
        let joined = graph.layer(index, after: maker, uses, &budget)
      {
        put(joined, at: index, inPlaceOf: maker, &uses, in: &graph)
      }
    }
    graph.removeDeadNodes()
  }

  private static func put(
    _ node: Node, at index: Int, inPlaceOf other: Int? = nil, _ uses: inout GraphUses,
    in graph: inout Graph
  ) {
    if let other { uses.drop(graph.nodes[other]) }
    var node = node
    node.outputs = graph.nodes[index].outputs
    uses.note(node, for: graph.nodes[index])
    graph.nodes[index] = node
  }
}

/// y = factor·x + term, for each channel along an axis of x or for all values.
private struct RealStep {
  var input: Int
  var axis: Int?
  /// One for each channel, or one.
  var factors: [Double]
  var terms: [Double]

  func factor(_ channel: Int) -> Double { factors[factors.count == 1 ? 0 : channel] }
  func term(_ channel: Int) -> Double { terms[terms.count == 1 ? 0 : channel] }
}

extension Graph {
  /// What a node is as a factor and a term of one real tensor; nil for others, and for one of integers that a
  /// sum or a product with one number of them is a table of.
  fileprivate func realStep(of node: Node) -> RealStep? {
    guard let step = channelwiseStep(of: node), step.activation == .unbounded,
      let input = node.inputs[step.operand]
    else { return nil }
    return RealStep(input: input, axis: step.axis, factors: step.factors, terms: step.terms)
  }

  /// A layer of integer weights whose real output is read by a step alone, with the step in it.
  fileprivate mutating func layer(
    _ maker: Node?, followedBy step: RealStep, _ uses: GraphUses, _ budget: inout Int
  ) -> Node? {
    guard let maker, let output = maker.outputs.first, tensors[output].quantization == nil,
      var made = maker.operator as? any ActivatedOperator, made.activation == .unbounded,
      let layer = LinearLayer(maker, in: self), layer.weight.quantization != nil,
      let axis = layer.channelAxis(of: tensors[output].shape), step.axis ?? axis == axis,
      layer.isWithin(&budget),
      let weight = layer.weight.multiplied(step.factor, channels: layer.channels, axis: layer.axis),
      let biases = bias(of: maker, channels: layer.channels)
    else { return nil }
    made.activation = .unbounded
    let sums = biases.indices.map { Float(biases[$0] * step.factor($0) + step.term($0)) }
    return add(made, maker, weight, sums, uses)
  }

  /// A layer that reads what a step by one number makes of a tensor, as one that reads the tensor.
  fileprivate mutating func layer(
    _ index: Int, after before: Int, _ uses: GraphUses, _ budget: inout Int
  ) -> Node? {
    let node = nodes[index]
    guard let made = node.operator as? any ActivatedOperator, let input = node.inputs.first ?? nil,
      tensors[input].quantization == nil,
      let step = realStep(of: nodes[before]), step.factors.count == 1, step.terms.count == 1,
      let layer = LinearLayer(node, in: self), let quantization = layer.weight.quantization,
      // Zeros beyond the ends would have the term as well.
      step.terms[0] == 0 || made.readsWithin(tensors[input].shape), layer.isWithin(&budget),
      let weight = layer.weight.multiplied(
        { _ in step.factors[0] }, channels: layer.channels, axis: layer.axis),
      var biases = bias(of: node, channels: layer.channels)
    else { return nil }
    if step.terms[0] != 0, case .integer(let values)? = layer.weight.constant {
      for (cell, value) in values.enumerated() {
        let channel = layer.channel(of: cell)
        let place = quantization.scales.count == 1 ? 0 : channel
        let zero = quantization.zeroPoints[quantization.zeroPoints.count == 1 ? 0 : place]
        biases[channel] +=
          step.terms[0] * Double(quantization.scales[place]) * Double(value - zero)
      }
    }
    var joined = add(made, node, weight, biases.map { Float($0) }, uses)
    joined.inputs[0] = step.input
    return joined
  }

  /// A step by itself on integers, of which there are one for each channel: a layer of ones.
  fileprivate mutating func layer(of step: RealStep, at index: Int) -> Node? {
    let shape = tensors[step.input].shape
    guard tensors[step.input].quantization != nil, step.axis == 1, (3...5).contains(shape.count),
      step.factors.count > 1 || step.terms.count > 1
    else { return nil }
    let (channels, spatial) = (shape[1], shape.count - 2)
    let ones = Tensor(
      name: nodes[index].name + ".factor",
      shape: [channels, 1] + [Int](repeating: 1, count: spatial), type: .int8,
      quantization: Quantization(scales: [1], zeroPoints: [0], rule: .sign),
      constant: .integer([Int64](repeating: 1, count: channels)))
    guard let weight = ones.multiplied(step.factor, channels: channels, axis: 0) else { return nil }
    let product = Convolution(
      .channelsFirst, Sliding(kernel: [Int](repeating: 1, count: spatial)), groups: channels)
    let node = Node(
      name: nodes[index].name, operator: product, inputs: [step.input], outputs: [])
    return add(product, node, weight, (0..<channels).map { Float(step.term($0)) })
  }

  /// What a layer adds for each channel, as reals.
  private func bias(of node: Node, channels: Int) -> [Double]? {
    guard node.inputs.count > 2, let bias = node.inputs[2] else {
      return [Double](repeating: 0, count: channels)
    }
    guard let reals = tensors[bias].reals, reals.count == 1 || reals.count == channels else {
      return nil
    }
    return (0..<channels).map { Double(reals[reals.count == 1 ? 0 : $0]) }
  }

  /// - Parameter uses: of which the node is the only reader of its constants, their places are taken.
  private mutating func add(
    _ made: any Operator, _ node: Node, _ weight: Tensor, _ bias: [Float], _ uses: GraphUses? = nil
  ) -> Node {
    func place(_ operand: Int, _ tensor: Tensor) -> Int {
      if let uses, node.inputs.indices.contains(operand), let own = node.inputs[operand],
        uses.isReadOnce(own)
      {
        tensors[own] = tensor
        return own
      }
      tensors.append(tensor)
      return tensors.count - 1
    }
    var inputs = [node.inputs[0], place(1, weight)]
    if node.inputs.count > 2 || bias.contains(where: { $0 != 0 }) {
      inputs.append(
        place(
          2,
          Tensor(
            name: node.name + ".bias", shape: [bias.count], type: .float32, constant: .real(bias))))
    }
    return Node(name: node.name, operator: made, inputs: inputs, outputs: node.outputs)
  }
}

extension LinearLayer {
  /// Whether its weights and biases may be made once more.
  fileprivate func isWithin(_ budget: inout Int) -> Bool {
    budget -= (weight.constant?.count ?? 0) + channels
    return budget >= 0
  }
}

extension Tensor {
  /// Integer weights times a factor for each output channel: in their scales, and in the sign of the
  /// integers. Of a factor of zero, and of one that leaves no number of single precision (a channel that was pruned),
  /// the integers are zero, and so no matter in which steps: in the largest that there are.
  fileprivate func multiplied(
    _ factor: (Int) -> Double, channels: Int, axis: Int
  ) -> Tensor? {
    guard case .integer(let values)? = constant, let quantization else { return nil }
    let made = (0..<channels).map { channel -> Float in
      let own = quantization.scales[quantization.scales.count == 1 ? 0 : channel]
      return Float(Double(own) * abs(factor(channel)))
    }
    let isZero = made.map { $0 < .leastNormalMagnitude }
    let largest = zip(made, isZero).filter { !$1 }.map(\.0).max() ?? 1
    let scales = zip(made, isZero).map { $1 ? largest : $0 }
    guard scales.allSatisfy({ $0.isNormal }) else { return nil }
    let inner = shape[(axis + 1)...].reduce(1, *)
    let zeros = (0..<channels).map { channel -> Int64 in
      let own = quantization.zeroPoints[quantization.zeroPoints.count == 1 ? 0 : channel]
      return factor(channel) < 0 ? -own : own
    }
    var result = self
    let signed = values.enumerated().map { cell, value -> Int64 in
      let channel = cell / inner % channels
      return isZero[channel] ? zeros[channel] : factor(channel) < 0 ? -value : value
    }
    result.constant = .integer(signed)
    let all = signed + zeros
    result.type =
      [ElementType.int8, .uint8, .int16].first { type in
        type.range.map { range in all.allSatisfy(range.contains) } ?? false
      } ?? .int32
    let isOne = Set(scales).count == 1 && Set(zeros).count == 1
    result.quantization = Quantization(
      scales: isOne ? [scales[0]] : scales, zeroPoints: isOne ? [zeros[0]] : zeros,
      axis: isOne ? nil : axis,
      rule: QuantRule(
        (signed.min() ?? 0)...(signed.max() ?? 0), rounding: .halfEven))
    return result
  }
}
