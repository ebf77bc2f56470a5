import ConstraintSystem
import InnerProducts

/// TFLite CONV_2D and DEPTHWISE_CONV_2D; ONNX Conv and QLinearConv with a constant weight, over one
/// to three spatial axes, in groups: y = clamp(x ∗ W + bias).
///
/// Operands: x, weight, bias (optional). Integers: acc = Σ (x − z_x)(w − z_w) + bias, one rescaling
/// by s_x·s_w/s_y per output channel, the zero point, the clamp; pads hold x's zero point.
package struct Convolution: ActivatedOperator {
  package static let onnx = [
    ONNXForm("Conv", since: 1),
    ONNXForm(
      "QLinearConv", since: 10,
      QuantizedOperands(
        .fixed([.init(0), .init(3, axis: .at(0))]), output: 6, bias: 8, becomes: "Conv")),
  ]
  package static let tflite = [
    TFLiteForm(
      "CONV_2D", options: 1,
      [
        ("padding", .padding), ("stride_w", .integer(0)), ("stride_h", .integer(0)),
        ("fused_activation_function", .activation), ("dilation_w_factor", .integer(1)),
        ("dilation_h_factor", .integer(1)), ("quantized_bias_type", .type),
      ]),
    TFLiteForm(
      "DEPTHWISE_CONV_2D", options: 2,
      [
        ("padding", .padding), ("stride_w", .integer(0)), ("stride_h", .integer(0)),
        ("depth_multiplier", .integer(0)), ("fused_activation_function", .activation),
        ("dilation_w_factor", .integer(1)), ("dilation_h_factor", .integer(1)),
      ]),
  ]
  package static let constants = ConstantOperands.weightAndBias

  /// How a file orders the axes of x and of the weight.
  package enum Layout: Sendable, Hashable {
    /// ONNX: x is N, C, spatial; the weight is O, I, kernel.
    case channelsFirst
    /// TFLite: x is N, spatial, C; the weight is O, kernel, I.
    case channelsLast
    /// TFLite's depthwise form: the weight is 1, kernel, O, every channel a group of its own.
    case depthwise
  }

  package var layout: Layout
  package var sliding: Sliding
  /// Nil where the extents of x and the weight say it.
  package var groups: Int?
  package var activation: RealRange

  package init(
    _ layout: Layout, _ sliding: Sliding, groups: Int? = nil, activation: RealRange = .unbounded
  ) {
    self.layout = layout
    self.sliding = sliding
    self.groups = groups
    self.activation = activation
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let weight = try node.input(1, "weight")
    if node.isTFLite {
      guard weight.shape.count == 4 else {
        throw .invalid(node: node.name, what: "its weight has shape \(weight.shape)")
      }
      layout = node.type == "CONV_2D" ? .channelsLast : .depthwise
      sliding = try attributes.sliding(height: weight.shape[1], width: weight.shape[2])
      activation = try attributes.fusedActivation()
      // Follows from the extents; LiteRT does not read it either.
      attributes.ignore("depth_multiplier", "quantized_bias_type")
    } else {
      guard (3...5).contains(weight.shape.count) else {
        throw .unsupported(
          node: node.name, what: "its weight has shape \(weight.shape)",
          remedy: "a convolution has one to three spatial axes")
      }
      layout = .channelsFirst
      sliding = try attributes.sliding(kernel: Array(weight.shape[2...]))
      let value = try attributes.integer("group", default: 1)
      guard let count = Int(exactly: value), count > 0 else {
        throw attributes.refusal("group", .integer(value))
      }
      (groups, activation) = (count, .unbounded)
    }
    try attributes.finish()
    try node.refuseOddWeights()
  }

  package var label: String { "Convolution" }

  package var takesRows: Bool { true }

  package func channels(weight shape: [Int]) -> LayerChannels? {
    guard shape.count >= 3 else { return nil }
    return LayerChannels(
      weightAxis: layout == .depthwise ? shape.count - 1 : 0, isSecond: layout == .channelsFirst)
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try geometry(
      NodeTensors(inputs: inputs, output: Tensor(name: "", shape: [], type: .int8)))
    return shape.tensor(channels: shape.outputs, shape.positions.output)
  }

  package func readsWithin(_ shape: [Int]) -> Bool {
    let spatial = Array(layout == .channelsFirst ? shape.dropFirst(2) : shape[1...].dropLast())
    guard shape.count > 2, let positions = try? sliding.positions(spatial) else { return false }
    return spatial.indices.allSatisfy { axis in
      let last = (positions.output[axis] - 1) * sliding.strides[axis] + sliding.reach(axis)
      return positions.before[axis] == 0 && last <= spatial[axis]
    }
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let geometry = try geometry(tensors)
    let x: Values<Float> = try inputs.operand(0, tensors)
    let weight: Values<Float> = try inputs.operand(1, tensors)
    let bias = inputs.count > 2 ? inputs[2]?.elements : nil
    let step = LayerStep.Reals(
      bias: bias, channels: geometry.outputs, activation: activation)
    return Values(
      shape: tensors.output.shape,
      elements: geometry.convolve(x.elements, less: 0, weight.elements, less: [0], tensors, step))
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let (geometry, plan) = (try geometry(tensors), try plan(tensors))
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let weight: Values<Int64> = try inputs.operand(1, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: geometry.convolve(
        x.elements, less: plan.input.zeroPoint, weight.elements, less: plan.weightZeros, tensors,
        LayerStep.Integers(bias: plan.bias, plan: plan)))
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let (geometry, plan) = (try geometry(tensors), try plan(tensors))
    let operand: TensorView = try inputs.operand(0, tensors)
    let x = try builder.grouped(
      operand, as: try tensors.input(0, "input"), along: geometry.channelAxis, in: geometry.groups,
      named: name, at: tensors.node)

    // Rows: the output's axes, its channels as groups and what each group gives.
    let channels = x.outputs(geometry.outputs)
    let shape = geometry.tensor(channels: channels, geometry.positions.output)
    let firstChannel = geometry.channelAxis
    let firstPosition = layout == .channelsFirst ? 1 + channels.count : 1
    let channelLabels = channels.indices.map { firstChannel + $0 }
    let summed = sliding.kernel + x.inner
    let taps = sliding.kernel.indices.map { shape.count + $0 }
    let inner = x.inner.indices.map { shape.count + taps.count + $0 }

    let spatial = sliding.windows(
      before: geometry.positions.before,
      positions: sliding.kernel.indices.map { firstPosition + $0 }, taps: taps)
    let features = (channelLabels.prefix(x.groups.count) + inner).map { AffineIndex.label($0) }
    let windows =
      [AffineIndex.label(0)]
      + (layout == .channelsFirst ? features + spatial : spatial + features)

    let values = try geometry.ordered(tensors.input(1, "weight"), plan, at: tensors.node)
    let weight = builder.tensor(
      name, as: .weight, shape: channels + summed,
      type: .holding(try tensors.input(1, "weight"), zeroPoints: plan.weightZeros), values: values)
    let relation =
      builder.terms(
        over: shape, summed: summed, Reading(x.wire, windows),
        Reading(weight, (channelLabels + taps + inner).map { .label($0) }), named: name)
      + plan.biasTerms(over: shape, along: channelLabels, named: name, into: &builder)
    return plan.block(
      name, shape: shape, relation: relation, axes: channelLabels, into: &builder)
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> QuantizedLinear {
    try QuantizedLinear(
      tensors, channels: try geometry(tensors).outputs, weightAxis: layout == .depthwise ? 3 : 0,
      activation: activation)
  }

  private func geometry(_ tensors: NodeTensors) throws(ModelError) -> ConvolutionGeometry {
    try ConvolutionGeometry(
      self, x: try tensors.input(0, "input").shape, weight: try tensors.input(1, "weight").shape,
      bias: tensors.optionalInput(2)?.shape)
  }
}

/// The extents of one convolution.
struct ConvolutionGeometry {
  let layout: Convolution.Layout
  let sliding: Sliding
  /// x's extents.
  let input: [Int]
  let weight: [Int]
  let groups: Int
  /// Channels of x and of the output.
  let inputs: Int
  let outputs: Int
  let spatial: [Int]
  let positions: (output: [Int], before: [Int])

  var channelAxis: Int { layout == .channelsFirst ? 1 : input.count - 1 }

  /// - Throws: without a node's name, when the extents do not fit.
  init(
    _ node: Convolution, x: [Int], weight: [Int], bias: [Int]?
  ) throws(ModelError) {
    (layout, sliding, input, self.weight) = (node.layout, node.sliding, x, weight)
    let rank = sliding.rank
    var misfit: ModelError {
      .invalid(
        node: "", what: "an input of shape \(x) does not fit weights of shape \(weight)")
    }
    guard x.count == rank + 2, weight.count == rank + 2 else { throw misfit }
    let kernel: ArraySlice<Int>
    let perGroup: Int
    switch layout {
    case .channelsFirst:
      (inputs, spatial) = (x[1], Array(x[2...]))
      (outputs, kernel, perGroup) = (weight[0], weight[2...], weight[1])
    case .channelsLast:
      (inputs, spatial) = (x[rank + 1], Array(x[1...rank]))
      (outputs, kernel, perGroup) = (weight[0], weight[1...rank], weight[rank + 1])
    case .depthwise:
      (inputs, spatial) = (x[rank + 1], Array(x[1...rank]))
      (outputs, kernel, perGroup) = (weight[rank + 1], weight[1...rank], weight[0])
    }
    guard perGroup > 0, inputs > 0, inputs % perGroup == 0 else { throw misfit }
    groups = inputs / perGroup
    guard Array(kernel) == sliding.kernel, outputs > 0, outputs % groups == 0,
      node.groups ?? groups == groups, layout != .depthwise || perGroup == 1
    else { throw misfit }
    if let bias {
      guard bias.reduce(1, *) == 1 || (bias.reduce(1, *) == outputs && bias.last == outputs) else {
        throw .unsupported(
          node: "", what: "a bias of shape \(bias)",
          remedy: "a bias holds one value per output channel, here \(outputs)")
      }
    }
    positions = try sliding.positions(spatial)
  }

  /// A shape in the order of x's axes.
  func tensor(channels: Int, _ spatial: [Int]) -> [Int] { tensor(channels: [channels], spatial) }

  func tensor(channels: [Int], _ spatial: [Int]) -> [Int] {
    [input[0]] + (layout == .channelsFirst ? channels + spatial : spatial + channels)
  }

  /// Steps in the weight from one output channel, tap and input channel to the next.
  private var weightStrides: (output: Int, tap: Int, input: Int) {
    let (taps, perGroup) = (sliding.kernel.reduce(1, *), inputs / groups)
    return switch layout {
    case .channelsFirst: (perGroup * taps, 1, taps)
    case .channelsLast: (taps * perGroup, perGroup, 1)
    case .depthwise: (1, outputs, 0)
    }
  }

  /// The weight's values with their zero points removed, by output channel, tap, input channel.
  func ordered(
    _ weight: Tensor, _ plan: QuantizedLinear, at node: String
  ) throws(ModelError) -> [Int64] {
    guard case .integer(let values)? = weight.constant else {
      throw .invalid(node: node, what: "its weight is not a constant")
    }
    let strides = weightStrides
    var result: [Int64] = []
    result.reserveCapacity(values.count)
    for output in 0..<outputs {
      let zero = plan.weightZero(output)
      for tap in 0..<sliding.kernel.reduce(1, *) {
        for inner in 0..<inputs / groups {
          result.append(
            values[output * strides.output + tap * strides.tap + inner * strides.input] - zero)
        }
      }
    }
    return result
  }

  /// What `step` makes of Σ over taps and channels, in the output's order; beyond x's extents x is `zero`.
  func convolve<Number: WindowNumber, Step: WindowStep>(
    _ x: [Number], less zero: Number, _ weight: [Number], less weightZeros: [Number],
    _ tensors: NodeTensors, _ step: Step
  ) -> [Step.Result] {
    let (taps, perGroup) = (sliding.kernel.reduce(1, *), inputs / groups)
    let strides = weightStrides
    let input = WindowTensor(
      batch: input[0], channels: inputs, places: spatial.reduce(1, *),
      channelsFirst: layout == .channelsFirst)
    let output = WindowTensor(
      batch: input.batch, channels: outputs, places: positions.output.reduce(1, *),
      channelsFirst: input.channelsFirst)
    // A channel that gives more than a vector's worth of others is read once for each vector.
    if perGroup == 1, outputs / inputs < 8 {
      let windows = tensors.kept(of: 1) {
        ChannelWindows(
          weights: weight.map(\.double), zeros: weightZeros.map(\.double), channels: outputs,
          taps: taps, strides: (strides.output, strides.tap))
      }
      return output.results(
        input.placed(x, less: zero, width: windows.width, copies: outputs / inputs), windows,
        sliding.places(batch: input.batch, spatial, positions, width: windows.width), step)
    }
    let windows = tensors.kept(of: 1) {
      DenseWindows(
        weights: weight.map(\.double), zeros: weightZeros.map(\.double), columns: outputs,
        groups: groups, taps: taps, inner: perGroup,
        strides: (strides.output, strides.tap, strides.input))
    }
    return output.results(
      input.placed(x, less: zero, width: inputs), windows,
      sliding.places(batch: input.batch, spatial, positions, width: inputs), step)
  }
}
