package import ConstraintSystem

extension FullyConnected {
  /// What the tensors of a quantized layer say, checked.
  struct Plan {
    var inner: Int
    var outer: Int
    var input: Affine
    var output: Affine
    /// One per output.
    var bias: [Int64]?
    /// One for all outputs, or one each.
    var rescales: [Rescale]
    var weightZeros: [Int64]
    var clamp: ClosedRange<Int64>

    func rescale(_ column: Int) -> Rescale { rescales[rescales.count == 1 ? 0 : column] }
    func weightZero(_ column: Int) -> Int64 { weightZeros[weightZeros.count == 1 ? 0 : column] }
  }

  /// - Throws: when a tensor is not quantized, the weight is no constant, scales do not agree.
  func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    let node = tensors.node
    guard alpha == 1, beta == 1 else {
      throw .unsupportedAttribute(
        node: node, type: label, attribute: "alpha, beta", value: "\(alpha), \(beta)")
    }
    let input = try tensors.input(0, "input").affine(node)
    let output = try tensors.output.affine(node)
    let weight = try tensors.input(1, "weight")
    guard case .integer(let values)? = weight.constant, let quantization = weight.quantization,
      weight.type == .int8 || weight.type == .uint8
    else {
      throw .unsupported(
        node: node, what: "weight \"\(weight.name)\" is not a constant of quantized int8 or uint8",
        remedy: "a product of two activations is not supported yet")
    }
    guard weight.shape.count == 2, values.count == weight.count else {
      throw .invalid(node: node, what: "weight \"\(weight.name)\" is not a matrix")
    }
    let (inner, outer) =
      outputFirst ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
    let scales = quantization.scales
    let zeros = quantization.zeroPoints
    guard
      scales.count == 1 || (scales.count == outer && quantization.axis == (outputFirst ? 0 : 1)),
      zeros.count == 1 || zeros.count == scales.count
    else {
      throw .unsupported(
        node: node, what: "weight \"\(weight.name)\" has \(scales.count) scales along another axis",
        remedy: "a fully connected layer takes one scale, or one per output")
    }
    var rescales: [Rescale] = []
    for scale in scales {
      let ratio = Double(input.scale) * Double(scale) / Double(output.scale)
      rescales.append(try tensors.rescale(ratio: ratio))
    }
    var plan = Plan(
      inner: inner, outer: outer, input: input, output: output, bias: nil,
      rescales: rescales, weightZeros: zeros, clamp: try tensors.outputClamp(activation))
    plan.bias = try bias(tensors, plan, scales)
    return plan
  }

  /// The bias as int32 at scale s_x·s_w, one value per output.
  private func bias(
    _ tensors: NodeTensors, _ plan: Plan, _ scales: [Float]
  ) throws(ModelError) -> [Int64]? {
    guard let bias = tensors.optionalInput(2) else { return nil }
    guard bias.type == .int32, case .integer(let values)? = bias.constant,
      values.count == plan.outer || values.count == 1
    else {
      throw .unsupported(
        node: tensors.node, what: "bias \"\(bias.name)\" is not a constant int32 per output",
        remedy: "quantize biases to int32")
    }
    if let quantization = bias.quantization {
      guard quantization.zeroPoints.allSatisfy({ $0 == 0 }) else {
        throw .invalid(node: tensors.node, what: "bias \"\(bias.name)\" has a zero point")
      }
      guard quantization.scales.count == 1 || quantization.scales.count == plan.outer else {
        throw .invalid(
          node: tensors.node, what: "bias \"\(bias.name)\" has \(quantization.scales.count) scales")
      }
      let count = max(scales.count, quantization.scales.count)
      for index in 0..<count {
        let own = Double(quantization.scales[quantization.scales.count == 1 ? 0 : index])
        let product = Double(plan.input.scale) * Double(scales[scales.count == 1 ? 0 : index])
        // Runtimes add the bias as it stands; like LiteRT, refuse where that is another number.
        guard abs(own - product) <= 1e-3 * product || own == Double(Float(product)) else {
          throw .invalid(
            node: tensors.node,
            what: "bias \"\(bias.name)\" has scale \(own), and input times weight \(product)")
        }
      }
    }
    return values.count == plan.outer
      ? values : [Int64](repeating: values.first ?? 0, count: plan.outer)
  }

  /// Weights `[n, k]` with their zero points removed.
  func weights(_ tensors: NodeTensors, _ plan: Plan) throws(ModelError) -> [Int64] {
    guard case .integer(let values)? = try tensors.input(1, "weight").constant else {
      throw .invalid(node: tensors.node, what: "its weight is not a constant")
    }
    var result: [Int64] = []
    result.reserveCapacity(values.count)
    let (columnStride, rowStride) = outputFirst ? (1, plan.inner) : (plan.outer, 1)
    for column in 0..<plan.outer {
      let zero = plan.weightZero(column)
      for i in 0..<plan.inner {
        result.append(values[column * rowStride + i * columnStride] - zero)
      }
    }
    return result
  }
}

extension ModelTensor.StoredType {
  /// The smallest type that holds all values.
  package static func fitting(_ values: [Int64]) -> ModelTensor.StoredType {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    if low >= -0x80, high < 0x80 { return .int8 }
    if low >= -0x8000, high < 0x8000 { return .int16 }
    return Int32(exactly: low) != nil && Int32(exactly: high) != nil ? .int32 : .int64
  }
}
