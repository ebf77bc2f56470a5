package import ConstraintSystem

/// What a dense or convolutional layer's tensors say of its integers, checked: one output channel is
/// acc = Σ (x − z_x)(w − z_w) + bias, one rescaling by s_x·s_w/s_y, the zero point, the clamp.
struct QuantizedLinear {
  var channels: Int
  /// The ends and the clamp; `rescales` have the steps.
  private let step: Requantization
  /// One per output channel.
  var bias: [Int64]?
  /// One for all channels, or one each.
  var rescales: [Rescale]
  var weightZeros: [Int64]

  var input: AffineQuantization { step.input }
  var output: AffineQuantization { step.output }
  /// What the output's integers are cut to.
  var clamp: ClosedRange<Int64> { step.clamp }
  func rescale(_ channel: Int) -> Rescale { rescales[rescales.count == 1 ? 0 : channel] }
  func weightZero(_ channel: Int) -> Int64 { weightZeros[weightZeros.count == 1 ? 0 : channel] }

  /// The layer's step after acc, as the interpreter takes it.
  func finish(_ acc: Int64, _ channel: Int) -> Int64 {
    step.finish(acc, by: rescale(channel))
  }

  /// A layer's rows behind their sums.
  ///
  /// One a value; a QONNX quantizer that rounds towards or away from zero has none of one line, and two: above
  /// zero and below.
  func block<Builder: CircuitBuilder>(
    _ name: String, shape: [Int], relation: [Term], axes: [Int], into builder: inout Builder
  ) -> TensorView {
    guard let sides = sides(axes) else {
      return builder.block(
        name, shape: shape, relation: relation, scaling: scaling(axes: axes), activation: activation
      )
    }
    let (low, high) = (step.bounds.lowerBound, step.bounds.upperBound)
    let positive = builder.block(
      name, as: .positive, shape: shape, relation: relation, scaling: sides.positive,
      activation: .clamp(0...high))
    let negative = builder.block(
      name, as: .negative, shape: shape, relation: relation, scaling: sides.negative,
      activation: .clamp(low...0))
    return TensorView(shape: shape, parts: positive.parts + negative.parts)
  }

  private func sides(_ axes: [Int]) -> (positive: Scaling, negative: Scaling)? {
    guard let rule = step.output.rule, step.output.zeroPoint == 0, step.bounds.lowerBound < 0,
      step.bounds.upperBound > 0, rule.rounding == .up || rule.rounding == .down
    else { return nil }
    func scaling(_ rounding: QuantRule.Rounding) -> Scaling {
      Scaling(
        (0..<channels).map { channel in
          guard case .float(let step) = rescale(channel) else { return rescale(channel) }
          return .float(step.rounding(rounding))
        }, axes: axes)
    }
    return rule.rounding == .up
      ? (scaling(.ceil), scaling(.floor)) : (scaling(.floor), scaling(.ceil))
  }

  /// One step for each output channel; float ones may need integers of their own where they agree.
  func scaling(axes: [Int]) -> Scaling {
    Scaling((0..<channels).map(rescale), axes: axes)
  }

  /// The clamp with the output's zero point removed, as rows hold it.
  var activation: Activation { step.activation }

  /// Operands: x, weight, bias (optional).
  ///
  /// - Parameters:
  ///   - channels: how many outputs share the layer's weight.
  ///   - axis: of the weight, along which per-channel scales run.
  /// - Throws: when a tensor is not quantized, the weight is no constant, scales do not agree.
  init(
    _ tensors: NodeTensors, channels: Int, weightAxis axis: Int, activation: RealRange
  ) throws(ModelError) {
    let node = tensors.node
    let weight = try tensors.input(1, "weight")
    guard tensors.arithmetic != .exact || weight.constant == nil || weight.quantization != nil
    else {
      throw .unsupported(
        node: node, what: "weight \"\(weight.name)\" is not quantized",
        remedy: "put a Quant on it")
    }
    step = try Requantization(tensors, activation, rescale: .identity)
    guard case .integer(let values)? = weight.constant, let quantization = weight.quantization,
      weight.type == .int8 || weight.type == .uint8
        || (weight.type == .int16 && quantization.rule != nil), values.count == weight.count
    else {
      guard tensors.arithmetic != .exact || weight.constant == nil else {
        throw .unsupported(
          node: node, what: "weight \"\(weight.name)\" holds \(weight.type)",
          remedy: "use weights of at most 16 bits with a sign, or 15 without")
      }
      throw .unsupported(
        node: node, what: "weight \"\(weight.name)\" is not a constant of quantized int8 or uint8",
        remedy: "a product of two activations is not supported yet")
    }
    let scales = quantization.scales
    let zeros = quantization.zeroPoints
    guard
      scales.count == 1 || (scales.count == channels && quantization.axis == axis),
      zeros.count == 1 || zeros.count == scales.count
    else {
      throw .unsupported(
        node: node, what: "weight \"\(weight.name)\" has \(scales.count) scales along another axis",
        remedy: "a layer takes one scale, or one per output channel")
    }
    self.channels = channels
    weightZeros = zeros
    rescales = []
    guard tensors.arithmetic != .exact else {
      (bias, rescales) = try Self.exact(tensors, step.input.scale, scales, channels)
      return
    }
    for scale in scales {
      rescales.append(try tensors.rescale(step.input.scale, scale, over: step.output.scale))
    }
    bias = try bias(tensors, scales)
  }

  /// The bias of a layer before a QONNX quantizer: what of it are whole accumulators, and what is left in the
  /// step.
  private static func exact(
    _ tensors: NodeTensors, _ input: Float, _ scales: [Float], _ channels: Int
  ) throws(ModelError) -> (bias: [Int64]?, rescales: [Rescale]) {
    let units = scales.map { Double(input) * Double($0) }
    guard let tensor = tensors.optionalInput(2) else {
      var rescales: [Rescale] = []
      for unit in units { rescales.append(try tensors.exactRescale(unit)) }
      return (nil, rescales)
    }
    guard let values = tensor.reals, values.count == channels || values.count == 1 else {
      throw .unsupported(
        node: tensors.node, what: "bias \"\(tensor.name)\" is not a constant per output",
        remedy: "a bias is part of the model")
    }
    var (bias, rescales) = ([Int64](), [Rescale]())
    for channel in 0..<channels {
      let unit = units[units.count == 1 ? 0 : channel]
      let term = Double(values[values.count == 1 ? 0 : channel])
      // Beside weights that are next to nothing a bias is no int32, and all of it is in the step.
      var whole = (term / unit).rounded(.toNearestOrEven)
      if abs(whole) >= 0x1p31 { whole = 0 }
      bias.append(Int64(whole))
      rescales.append(try tensors.exactRescale(unit, plus: term - whole * unit))
    }
    return (bias, Set(rescales).count == 1 ? [rescales[0]] : rescales)
  }

  /// The bias as int32 at scale s_x·s_w, one value per output channel.
  private func bias(
    _ tensors: NodeTensors, _ scales: [Float]
  ) throws(ModelError) -> [Int64]? {
    guard let bias = tensors.optionalInput(2) else { return nil }
    guard bias.type == .int32, case .integer(let values)? = bias.constant,
      values.count == channels || values.count == 1
    else {
      throw .unsupported(
        node: tensors.node, what: "bias \"\(bias.name)\" is not a constant int32 per output",
        remedy: "quantize biases to int32")
    }
    if let quantization = bias.quantization {
      guard quantization.zeroPoints.allSatisfy({ $0 == 0 }) else {
        throw .invalid(node: tensors.node, what: "bias \"\(bias.name)\" has a zero point")
      }
      guard quantization.scales.count == 1 || quantization.scales.count == channels else {
        throw .invalid(
          node: tensors.node, what: "bias \"\(bias.name)\" has \(quantization.scales.count) scales")
      }
      let count = max(scales.count, quantization.scales.count)
      for index in 0..<count {
        let own = Double(quantization.scales[quantization.scales.count == 1 ? 0 : index])
        let product = Double(input.scale) * Double(scales[scales.count == 1 ? 0 : index])
        // Of another scale some kernels of onnxruntime add the bias as it stands, and others as reals.
        guard abs(own - product) <= 1e-3 * product || own == Double(Float(product)) else {
          throw .invalid(
            node: tensors.node,
            what: "bias \"\(bias.name)\" has scale \(own), and input times weight \(product)")
        }
      }
    }
    return values.count == channels
      ? values : [Int64](repeating: values.first ?? 0, count: channels)
  }

  /// The bias as a term of the rows of `name`, along the block's axes `labels` whose extents multiply
  /// to the channels.
  func biasTerms<Builder: CircuitBuilder>(
    over shape: [Int], along labels: [Int], named name: String, into builder: inout Builder
  ) -> [Term] {
    guard let bias else { return [] }
    let wire = builder.tensor(
      name, as: .bias, shape: labels.map { shape[$0] }, type: .int32, values: bias)
    return builder.terms(over: shape, Reading(wire, labels.map { .label($0) }), named: name)
  }
}

extension SourceNode {
  /// Refuses weights of a TFLite layer that LiteRT has no kernel for, or one that rounds in another way than
  /// its default kernels.
  func refuseOddWeights() throws(ModelError) {
    guard isTFLite, let x = optionalInput(0), x.type == .int8 || x.type == .uint8,
      let weight = optionalInput(1), let quantization = weight.quantization
    else { return }
    func refusal(_ what: String, _ remedy: String) -> ModelError {
      .unsupported(node: name, what: "weight \"\(weight.name)\" \(what)", remedy: remedy)
    }
    guard weight.type == x.type else {
      throw refusal(
        "holds \(weight.type) and its layer takes \(x.type)",
        "convert the model with one type for weights and activations")
    }
    if weight.type == .int8, quantization.zeroPoints.contains(where: { $0 != 0 }) {
      throw refusal("has a zero point", "in int8 weights are symmetric: convert the model again")
    }
    if weight.type == .uint8, quantization.scales.count > 1 {
      throw refusal("is uint8 with a scale per channel", "convert the model to int8")
    }
  }
}

extension ModelTensor.StoredType {
  /// The smallest type that holds whatever a tensor's own does, less its zero points: how its values are
  /// stored, which is public, does not tell of them.
  package static func holding(_ tensor: Tensor, zeroPoints: [Int64]) -> ModelTensor.StoredType {
    let range = tensor.type.range ?? Int64.min...Int64.max
    let (least, most) = (zeroPoints.min() ?? 0, zeroPoints.max() ?? 0)
    return .fitting([
      range.lowerBound.subtractingReportingOverflow(most).partialValue,
      range.upperBound.subtractingReportingOverflow(least).partialValue,
    ])
  }

  /// The smallest type that holds all values.
  package static func fitting(_ values: [Int64]) -> ModelTensor.StoredType {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    if low >= -0x80, high < 0x80 { return .int8 }
    if low >= -0x8000, high < 0x8000 { return .int16 }
    return Int32(exactly: low) != nil && Int32(exactly: high) != nil ? .int32 : .int64
  }
}
