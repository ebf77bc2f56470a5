import ConstraintSystem

/// What no quantizer of QONNX's stands behind in a network of exact reals: sums that a function of one value,
/// a pool or the user reads.
///
/// Where they are whole multiples of one unit and have 16 bits at most, they are integers as they are. An
/// output of the network that is not is rounded to 14 bits of its range, which weights and ranges bound.
extension Graph {
  /// Gives such tensors the integers that they hold.
  package mutating func annotateSums() {
    guard arithmetic == .exact else { return }
    var readers: [Int: [Node]] = [:]
    for node in nodes {
      for input in node.inputs.compactMap(\.self) { readers[input, default: []].append(node) }
    }
    for node in nodes {
      guard let output = node.outputs.first, tensors[output].quantization == nil else { continue }
      let activations = node.inputs.compactMap(\.self).filter { tensors[$0].constant == nil }
      if node.operator.passesIntegers, activations.count == 1 {
        tensors[output].type = tensors[activations[0]].type
        tensors[output].quantization = tensors[activations[0]].quantization
        continue
      }
      guard
        let sums = sums(of: node),
        let quantization = sums.quantization(rounds: isEnd(output, readers))
      else { continue }
      tensors[output].type = .int16
      tensors[output].quantization = quantization
    }
  }

  /// Ends a network whose output no quantizer and no last step makes with a DequantizeLinear.
  package mutating func closeReals() {
    guard arithmetic == .exact else { return }
    let makers = firstMakers
    for (place, output) in outputs.enumerated() where tensors[output].quantization == nil {
      guard tensors[output].type == .float32, let maker = makers[output],
        nodes[maker].refused == nil, type(of: nodes[maker].operator).end != .output
      else { continue }
      let real = tensors[output]
      tensors[output].name += ".sums"
      tensors.append(real)
      outputs[place] = tensors.count - 1
      nodes.append(
        Node(
          name: real.name + ".dequantize", operator: Dequantize(), inputs: [output],
          outputs: [tensors.count - 1]))
    }
  }

  /// Whether last steps alone read a tensor.
  private func isEnd(_ tensor: Int, _ readers: [Int: [Node]]) -> Bool {
    (readers[tensor] ?? []).allSatisfy { type(of: $0.operator).end == .output }
  }

  /// What is known of a node's real values, where its operands are integers.
  private func sums(of node: Node) -> Sums? {
    let operands = node.inputs.map { $0.map { tensors[$0] } }
    if let layer = LinearLayer(node, in: self), let x = operands[0] {
      return sums(of: layer, x, bias: operands.count > 2 ? operands[2] : nil)
    }
    if node.operator.addition?.activation == .unbounded, operands.count == 2,
      let a = operands[0]?.span, let b = operands[1]?.span
    {
      let isNegative = node.operator.addition?.isDifference == true
      return a.plus(isNegative ? b.negated : b)
    }
    if let count = node.operator.meanCount(operands), let x = operands[0]?.span {
      return Sums(
        unit: x.unit.map { $0 / Double(count) }, lowest: x.lowest, highest: x.highest)
    }
    return nil
  }

  private func sums(of layer: LinearLayer, _ x: Tensor, bias: Tensor?) -> Sums? {
    guard let span = x.span, let unit = span.unit, let weights = layer.weight.reals,
      let quantization = layer.weight.quantization, layer.weight.constant?.count == weights.count
    else { return nil }
    let reals = bias?.reals ?? [0]
    guard reals.count == 1 || reals.count == layer.channels else { return nil }
    var (low, high) = ([Double](), [Double]())
    for channel in 0..<layer.channels {
      let own = Double(reals[reals.count == 1 ? 0 : channel])
      low.append(own)
      high.append(own)
    }
    for (cell, weight) in weights.enumerated() {
      let (channel, weight) = (layer.channel(of: cell), Double(weight))
      // Beyond the input's ends there are zeros.
      low[channel] += min(weight * span.lowest, weight * span.highest, 0)
      high[channel] += max(weight * span.lowest, weight * span.highest, 0)
    }
    var sums = Sums(unit: nil, lowest: low.min() ?? 0, highest: high.max() ?? 0)
    if Set(quantization.scales).count == 1 {
      let step = unit * Double(quantization.scales[0])
      let isWhole = reals.allSatisfy {
        abs((Double($0) / step).rounded() * step - Double($0)) <= step * 1e-6
      }
      if isWhole { sums.unit = step }
    }
    return sums
  }
}

/// Reals of a tensor: what they are whole multiples of, if anything, and their bounds.
private struct Sums {
  var unit: Double?
  var lowest: Double
  var highest: Double

  var negated: Sums { Sums(unit: unit, lowest: -highest, highest: -lowest) }

  func plus(_ other: Sums) -> Sums {
    var sum = Sums(unit: nil, lowest: lowest + other.lowest, highest: highest + other.highest)
    guard let a = unit, let b = other.unit else { return sum }
    let (small, large) = (min(a, b), max(a, b))
    if (large / small).rounded() * small == large { sum.unit = small }
    return sum
  }

  /// - Parameter rounds: whether what is no multiple of a unit is rounded.
  func quantization(rounds: Bool) -> Quantization? {
    let most = max(abs(lowest), abs(highest))
    guard most.isFinite else { return nil }
    if let unit, most / unit < 0x7fff { return quantization(scale: unit) }
    guard rounds, most > 0 else { return nil }
    if let unit {
      // Some bits of them all.
      let bits = (most / unit / 0x7fff).exponent + 1
      return quantization(scale: unit * Double(sign: .plus, exponent: Int(bits), significand: 1))
    }
    return quantization(scale: most / 0x1fff)
  }

  private func quantization(scale: Double) -> Quantization? {
    guard Float(scale).isNormal else { return nil }
    let low = Int64((lowest / scale).rounded(.down)), high = Int64((highest / scale).rounded(.up))
    return Quantization(
      scales: [Float(scale)], zeroPoints: [0],
      rule: QuantRule(min(low, 0)...max(high, 0), rounding: .halfEven))
  }
}

extension Tensor {
  /// What its integers stand for; nil where there are none.
  fileprivate var span: Sums? {
    guard constant == nil, let quantization, quantization.scales.count == 1,
      let range = quantization.rule?.range ?? type.range
    else { return nil }
    let (scale, zero) = (Double(quantization.scales[0]), quantization.zeroPoints[0])
    return Sums(
      unit: scale, lowest: scale * Double(range.lowerBound - zero),
      highest: scale * Double(range.upperBound - zero))
  }
}
