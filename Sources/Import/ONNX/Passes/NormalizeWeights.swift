import ConstraintSystem
import Model

extension ONNXReader {
  /// Gives dense and convolutional layers the form that operators take: constants finite, alpha and beta inside the
  /// constants, the bias one value per output, and, where weights are quantized, int32 at scale
  /// s_x·s_w as the runtimes add it.
  static func normalizeWeights(_ draft: inout ONNXGraph) {
    draft.forEachNode { (draft, position) throws(ModelError) in
      let node = draft.nodes[position]
      let type = draft.type(of: node)
      for (place, index) in node.inputs.enumerated() {
        guard let index, type?.isAttribute(operand: place) != true,
          case .real(let values)? = draft.tensors[index].constant
        else { continue }
        guard values.allSatisfy(\.isFinite) else {
          if type is Add.Type || type is Select.Type, values.allSatisfy({ $0 < .infinity }) {
            // A mask of a softmax, to which the least number is as little: for this node alone.
            var finite = draft.tensors[index]
            finite.constant = .real(values.map { max($0, -.greatestFiniteMagnitude) })
            draft.nodes[position].inputs[place] = draft.tensors.count
            draft.tensors.append(finite)
            continue
          }
          throw .invalid(
            node: node.name,
            what: "weights \"\(draft.tensors[index].name)\" hold NaN or infinite values")
        }
      }
    }
    draft.forEachNode { (draft, index) throws(ModelError) in
      guard draft.type(of: draft.nodes[index])?.constants == .weightAndBias else { return }
      try normalize(index, in: &draft)
    }
  }

  private static func normalize(
    _ index: Int, in draft: inout ONNXGraph
  ) throws(ModelError) {
    let node = draft.nodes[index]
    var weight = draft.tensors[try node.input(1, "weight")]
    guard weight.constant != nil else {
      throw .unsupported(
        node: node.name, what: "\(node.type) whose weight is not a constant",
        remedy: "a product of two activations is not supported")
    }
    let made = try Operators.make(draft.source(node))
    if let own = (made as? TransposedConvolution)?.regrouped(weight) {
      weight = own
      draft.tensors.append(own)
      draft.nodes[index].inputs[1] = draft.tensors.count - 1
    }
    // What has no channels in such a weight says so itself when it is made.
    guard let channels = made.channels(weight: weight.shape) else { return }
    if channels.weightFactor != 1 { try scale(index, 1, by: channels.weightFactor, in: &draft) }
    for attribute in channels.factorAttributes { draft.nodes[index].attributes[attribute] = nil }
    try normalizeBias(
      index, weight.shape[channels.weightAxis], Double(channels.biasFactor), in: &draft)
  }

  private static func normalizeBias(
    _ index: Int, _ outputs: Int, _ beta: Double, in draft: inout ONNXGraph
  ) throws(ModelError) {
    let node = draft.nodes[index]
    guard node.inputs.count > 2, let bias = node.inputs[2] else { return }
    let tensor = draft.tensors[bias]
    guard tensor.constant != nil else {
      throw .unsupported(
        node: node.name, what: "\(node.type) whose bias is not a constant",
        remedy: "a bias is part of the model")
    }
    guard tensor.count == outputs || tensor.count == 1,
      tensor.shape.dropLast().allSatisfy({ $0 == 1 })
    else {
      throw .unsupported(
        node: node.name, what: "a bias of shape \(tensor.shape)",
        remedy: "a bias holds one value per output, here \(outputs)")
    }
    try normalizeBias(index, bias, outputs, beta, in: &draft)
  }

  private static func normalizeBias(
    _ index: Int, _ bias: Int, _ outputs: Int, _ beta: Double, in draft: inout ONNXGraph
  ) throws(ModelError) {
    let node = draft.nodes[index]
    var tensor = draft.tensors[bias]
    let target = try accumulatorScales(node, outputs, in: draft)
    let values: Constant
    if draft.isExact, let reals = tensor.reals {
      // Exact reals: what is no whole accumulator goes into the step.
      tensor.shape = [outputs]
      tensor.type = .float32
      tensor.quantization = nil
      tensor.constant = .real(
        (0..<outputs).map { Float(beta * Double(reals[reals.count == 1 ? 0 : $0])) })
      draft.tensors.append(tensor)
      draft.nodes[index].inputs[2] = draft.tensors.count - 1
      return
    }
    switch (tensor.constant, target) {
    case (.real(let reals)?, nil):
      values = .real((0..<outputs).map { Float(beta * Double(reals[reals.count == 1 ? 0 : $0])) })
    case (.real(let reals)?, let target?):
      values = .integer(
        try integers(node, tensor, target) { beta * Double(reals[reals.count == 1 ? 0 : $0]) })
    case (.integer(let integers)?, let target?):
      let quantization =
        tensor.quantization
        ?? Quantization(
          scales: target.map { Float($0) }, zeroPoints: [Int64](repeating: 0, count: outputs))
      let (scales, zeros) = (quantization.scales, quantization.zeroPoints)
      func scale(_ output: Int) -> Double { Double(scales[scales.count == 1 ? 0 : output]) }
      guard scales.count == 1 || scales.count == outputs else {
        throw .invalid(node: node.name, what: "bias \"\(tensor.name)\" has \(scales.count) scales")
      }
      let spread = (0..<outputs).map { integers[integers.count == 1 ? 0 : $0] }
      // Runtimes add an int32 bias as it stands.
      let agrees = (0..<outputs).allSatisfy { abs(scale($0) - target[$0]) <= 1e-3 * target[$0] }
      if beta == 1, tensor.type == .int32, zeros.allSatisfy({ $0 == 0 }), agrees {
        values = .integer(spread)
      } else {
        values = .integer(
          try self.integers(node, tensor, target) { output in
            let zero = zeros[zeros.count == 1 ? 0 : output]
            return beta * scale(output) * Double(spread[output] - zero)
          })
      }
    default:
      throw .invalid(
        node: node.name, what: "bias \"\(tensor.name)\" is quantized and its weights are not")
    }
    tensor.shape = [outputs]
    tensor.constant = values
    if let target {
      tensor.type = .int32
      tensor.quantization = Quantization(
        scales: target.map { Float($0) }, zeroPoints: [Int64](repeating: 0, count: outputs), axis: 0
      )
    }
    // A constant that two nodes share is at another scale in each.
    draft.tensors.append(tensor)
    draft.nodes[index].inputs[2] = draft.tensors.count - 1
  }

  /// s_x·s_w per output, or nil when the layer is not quantized.
  private static func accumulatorScales(
    _ node: DraftNode, _ outputs: Int, in draft: ONNXGraph
  ) throws(ModelError) -> [Double]? {
    guard let weight = draft.operand(node, 1), let quantization = weight.quantization,
      let input = draft.operand(node, 0)?.quantization?.scales.first
    else { return nil }
    let scales = quantization.scales
    guard scales.count == 1 || scales.count == outputs else {
      throw .unsupported(
        node: node.name, what: "weight \"\(weight.name)\" has scales along its inputs",
        remedy: "a layer takes one scale, or one per output")
    }
    return (0..<outputs).map { Double(input) * Double(scales[scales.count == 1 ? 0 : $0]) }
  }

  /// Reals at the accumulator's scale, rounded to the nearest integer.
  private static func integers(
    _ node: DraftNode, _ bias: Tensor, _ target: [Double], _ real: (Int) -> Double
  ) throws(ModelError) -> [Int64] {
    var result: [Int64] = []
    for (output, scale) in target.enumerated() {
      let steps = (real(output) / scale).rounded()
      guard abs(steps) < 0x1p31 else {
        throw .unsupported(
          node: node.name, what: "bias \"\(bias.name)\" does not fit int32 at its layer's scale",
          remedy: "quantize the model with larger weight scales")
      }
      result.append(Int64(steps))
    }
    return result
  }

  /// Multiplies the constant operand `position` of a node.
  private static func scale(
    _ index: Int, _ position: Int, by factor: Float, in draft: inout ONNXGraph
  ) throws(ModelError) {
    let node = draft.nodes[index]
    var tensor = draft.tensors[try node.input(position, "weight")]
    switch tensor.constant {
    case .real(let values)?: tensor.constant = .real(values.map { $0 * factor })
    default:
      let scales = (tensor.quantization?.scales ?? []).map { $0 * factor }
      guard scales.allSatisfy({ $0.isNormal && $0 > 0 }) else {
        throw .unsupportedAttribute(
          node: node.name, type: node.type, attribute: "alpha", value: "\(factor)")
      }
      tensor.quantization?.scales = scales
    }
    draft.tensors.append(tensor)
    draft.nodes[index].inputs[position] = draft.tensors.count - 1
  }
}
