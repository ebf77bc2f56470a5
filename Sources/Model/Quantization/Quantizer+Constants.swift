import ConstraintSystem

extension Quantizer {
  /// Weights and biases of a proven node.
  static func quantizeConstants(_ index: Int, in graph: inout Graph) throws(ModelError) {
    let node = graph.nodes[index]
    let own = type(of: node.operator).constants
    switch own {
    case .unchanged: return
    case .weightAndBias: return try quantizeLayer(index, in: &graph)
    case .likeActivations, .likeOutput: break
    }
    let output = node.outputs.first.flatMap { graph.tensors[$0].quantization }
    for operand in node.inputs.indices {
      guard let tensor = node.inputs[operand],
        case .real(let values)? = graph.tensors[tensor].constant
      else { continue }
      var constant = graph.tensors[tensor]
      let quantization =
        (own == .likeOutput ? output : nil)
        ?? affine(min(0, values.min() ?? 0)...max(0, values.max() ?? 0))
      let map = AffineQuantization(
        scale: quantization.scales[0], zeroPoint: quantization.zeroPoints[0], range: -128...127)
      constant.type = .int8
      constant.quantization = quantization
      constant.constant = .integer(values.map { map.quantize($0) ?? 0 })
      graph.replaceOperand(operand, of: index, with: constant)
    }
  }

  private static func quantizeLayer(_ index: Int, in graph: inout Graph) throws(ModelError) {
    let node = graph.nodes[index]
    let tensors = graph.tensors(of: node)
    guard let layer = LinearLayer(node, in: graph), case .real(let values)? = layer.weight.constant,
      let inputScale = try tensors.input(0, "input").quantization?.scales.first
    else {
      throw .unsupported(
        node: node.name, what: "its weight is not a constant tensor of reals",
        remedy: "a product of two activations is not supported")
    }
    let channels = layer.channels
    var biases = [Float](repeating: 0, count: channels)
    if case .real(let values)? = tensors.optionalInput(2)?.constant {
      biases = (0..<channels).map { values[values.count == 1 ? 0 : $0] }
    }
    var largest = [Float](repeating: 0, count: channels)
    for (cell, value) in values.enumerated() {
      let channel = layer.channel(of: cell)
      largest[channel] = max(largest[channel], abs(value))
    }
    let scales = (0..<channels).map { channel in
      weightScale(
        largest[channel], bias: biases[channel], input: inputScale,
        output: tensors.output.quantization?.scales.first ?? 1)
    }
    let integers = values.enumerated().map { cell, value in
      let step = (value / scales[layer.channel(of: cell)]).rounded(.toNearestOrEven)
      return Int64(min(max(step, -127), 127))
    }
    let sums = zip(biases, scales).map { bias, scale in
      let unit = Double(inputScale) * Double(scale)
      // `weightScale` keeps this well inside int32.
      let steps = (Double(bias) / unit).rounded(.toNearestOrEven)
      return Int64(min(max(steps, -0x1p30), 0x1p30))
    }
    var weight = layer.weight
    weight.type = .int8
    weight.constant = .integer(integers)
    weight.quantization = Quantization(
      scales: scales, zeroPoints: [Int64](repeating: 0, count: channels), axis: layer.axis)
    graph.replaceOperand(1, of: index, with: weight)
    guard var bias = tensors.optionalInput(2) else { return }
    bias.shape = [channels]
    bias.type = .int32
    bias.constant = .integer(sums)
    bias.quantization = Quantization(
      scales: scales.map { inputScale * $0 }, zeroPoints: [Int64](repeating: 0, count: channels),
      axis: 0)
    graph.replaceOperand(2, of: index, with: bias)
  }

  /// max|w| / 127, but not so small that the unit's bias leaves 2^24 steps or that its products
  /// all round away: a unit that training let die has weights near zero and a bias that is not.
  private static func weightScale(
    _ largest: Float, bias: Float, input: Float, output: Float
  ) -> Float {
    let forBias = Double(abs(bias)) / Double(input) / 0x1p24
    // Below this ratio a step of the accumulator is 2^-31 steps of the output.
    let forOutput = Double(output) / Double(input) * 0x1p-31
    let scale = max(Double(largest) / 127, forBias, forOutput)
    return Float(min(max(scale, 0x1p-60), 0x1p60))
  }
}

extension Graph {
  /// Gives a node a constant of its own; other readers keep theirs.
  fileprivate mutating func replaceOperand(_ operand: Int, of node: Int, with tensor: Tensor) {
    tensors.append(tensor)
    nodes[node].inputs[operand] = tensors.count - 1
  }
}
