import ConstraintSystem

/// ONNX ConvTranspose and TFLite TRANSPOSE_CONV with a constant weight, over one to three spatial axes, in
/// groups: what stands at place i adds x·W[k] to place i·stride + k·dilation − pad.
///
/// Operands: x, weight, bias (optional); in TFLite the output's extents come fourth. Integers: acc = Σ (x −
/// z_x)(w − z_w) + bias, and the step of a dense layer: LiteRT's default kernel (XNNPACK's
/// deconvolution), and onnxruntime's real rounded, which adds in single precision.
///
/// Rows: one a value. Output place stride·q + φ reads W at k = φ + pad + stride·m and x at q − m, so that
/// the phases φ are an axis of the rows, and both windows are affine.
package struct TransposedConvolution: ActivatedOperator {
  package static let onnx = [ONNXForm("ConvTranspose", since: 1)]
  package static let tflite = [
    TFLiteForm(
      "TRANSPOSE_CONV", options: 49,
      [
        ("padding", .padding), ("stride_w", .integer(0)), ("stride_h", .integer(0)),
        ("fused_activation_function", .activation), ("quantized_bias_type", .type),
      ], operands: [2, 1, 3, 0])
  ]
  package static let constants = ConstantOperands.weightAndBias

  /// ONNX's axes: x is N, C, spatial, the weight I, O, kernel, with the inputs of one group and the outputs of
  /// all (`regrouped`). TFLite's: N, spatial, C and O, kernel, I.
  var channelsFirst: Bool
  var groups = 1
  var kernel: [Int]
  var strides: [Int]
  var dilations: [Int]
  var spatial: [Int]
  var output: [Int]
  /// How many places are cut off before the first.
  var before: [Int]
  package var activation: RealRange

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let (x, weight) = (try node.input(0, "input").shape, try node.input(1, "weight").shape)
    guard (3...5).contains(weight.count), x.count == weight.count, !node.isTFLite || x.count == 4
    else {
      throw .unsupported(
        node: node.name, what: "an input of shape \(x) and a weight of shape \(weight)",
        remedy: "a transposed convolution has one to three spatial axes")
    }
    let sliding: Sliding
    if node.isTFLite {
      channelsFirst = false
      sliding = try attributes.sliding(height: weight[1], width: weight[2])
      activation = try attributes.fusedActivation()
      attributes.ignore("quantized_bias_type")
      spatial = Array(x[1...2])
      let extents = try node.integers(3, "output shape")
      guard extents.count == 4, extents.allSatisfy({ (1...Int64(Limits.stride)).contains($0) })
      else {
        throw .invalid(node: node.name, what: "an output of shape \(extents)")
      }
      output = extents[1...2].map(Int.init)
      // The convolution that it is the transpose of takes the output to the input.
      let positions = try sliding.positions(output)
      guard positions.output == spatial else {
        throw .invalid(
          node: node.name, what: "an output of shape \(extents) for an input of shape \(x)")
      }
      before = positions.before
    } else {
      channelsFirst = true
      sliding = try attributes.sliding(kernel: Array(weight[2...]))
      activation = .unbounded
      let group = try attributes.integer("group", default: 1)
      guard let count = Int(exactly: group), count > 0 else {
        throw attributes.refusal("group", .integer(group))
      }
      groups = count
      spatial = Array(x[2...])
      let rank = sliding.rank
      func extents(_ name: String) throws(ModelError) -> [Int]? {
        guard let values = try attributes.integers(name) else { return nil }
        guard values.count == rank, values.allSatisfy({ (0...Int64(Limits.stride)).contains($0) })
        else { throw attributes.refusal(name, .integers(values)) }
        return values.map(Int.init)
      }
      let more = try extents("output_padding") ?? [Int](repeating: 0, count: rank)
      let given = try extents("output_shape")
      (output, before) = ([], [])
      for axis in 0..<rank {
        let stride = sliding.strides[axis]
        let (whole, overflow) = (spatial[axis] - 1).multipliedReportingOverflow(by: stride)
        let reach = sliding.reach(axis)
        guard !overflow, whole <= ModelLimits.activation, reach <= ModelLimits.activation else {
          throw .invalid(node: node.name, what: "a stride of \(stride)")
        }
        let full = whole + reach + more[axis]
        var (extent, first) = (full, 0)
        switch (given, sliding.padding) {
        case (nil, .explicit(let pads, let after)):
          (extent, first) = (full - pads[axis] - after[axis], pads[axis])
        case (nil, .valid): break
        case (_, let padding):
          extent = given?[axis] ?? spatial[axis] * stride
          let total = max(full - extent, 0)
          first = padding == .same(moreAfter: true) ? total / 2 : total - total / 2
        }
        guard (1...ModelLimits.activation).contains(extent) else {
          throw .invalid(node: node.name, what: "an output of extent \(extent)")
        }
        output.append(extent)
        before.append(first)
      }
    }
    (kernel, strides, dilations) = (sliding.kernel, sliding.strides, sliding.dilations)
    try attributes.finish()
  }

  package var label: String { "TransposedConvolution" }

  package func channels(weight shape: [Int]) -> LayerChannels? {
    shape.count == kernel.count + 2
      ? LayerChannels(weightAxis: weightAxis, isSecond: channelsFirst) : nil
  }

  private var weightAxis: Int { channelsFirst ? 1 : 0 }

  /// A weight as ONNX has it, the inputs of all groups by the outputs of one, as the inputs of one group by the
  /// outputs of all, so that an output's weights and scale stand at its place along one axis.
  ///
  /// - Returns: nil for one group, where the two are the same, and for extents that groups do not divide.
  package func regrouped(_ weight: Tensor) -> Tensor? {
    guard let shape = regrouped(weight.shape), let constant = weight.constant,
      constant.count == weight.count
    else { return nil }
    let (inner, own, taps) = (shape[0], weight.shape[1], kernel.reduce(1, *))
    var places: [Int] = []
    places.reserveCapacity(weight.count)
    for input in 0..<inner {
      for output in 0..<shape[1] {
        let first = ((output / own * inner + input) * own + output % own) * taps
        places.append(contentsOf: first..<first + taps)
      }
    }
    var result = weight
    result.shape = shape
    switch constant {
    case .real(let values): result.constant = .real(places.map { values[$0] })
    case .integer(let values): result.constant = .integer(places.map { values[$0] })
    }
    guard var quantization = weight.quantization, quantization.scales.count > 1 else {
      return result
    }
    let (scales, zeros) = (quantization.scales, quantization.zeroPoints)
    let channels: [Int]
    if quantization.axis == 1, scales.count == own {
      channels = (0..<shape[1]).map { $0 % own }
    } else if quantization.axis == 0, scales.count == groups, inner == 1 {
      channels = (0..<shape[1]).map { $0 / own }
    } else {
      // Scales along its inputs, which no layer takes.
      return result
    }
    quantization.axis = weightAxis
    quantization.scales = channels.map { scales[$0] }
    quantization.zeroPoints = channels.map { zeros[zeros.count == 1 ? 0 : $0] }
    result.quantization = quantization
    return result
  }

  private func regrouped(_ shape: [Int]) -> [Int]? {
    guard groups > 1, shape.count == kernel.count + 2, shape[0] > 0, shape[0] % groups == 0,
      Array(shape[2...]) == kernel
    else { return nil }
    let (outputs, overflow) = shape[1].multipliedReportingOverflow(by: groups)
    return overflow ? nil : [shape[0] / groups, outputs] + kernel
  }

  /// Channels of x in a group, and of the output.
  private func features(_ inputs: [Tensor?]) throws(ModelError) -> (inputs: Int, outputs: Int) {
    guard inputs.count > 1, let x = inputs[0]?.shape, let weight = inputs[1]?.shape,
      x.count == kernel.count + 2, weight.count == x.count,
      Array(channelsFirst ? x[2...] : x[1..<(x.count - 1)]) == spatial,
      Array(channelsFirst ? weight[2...] : weight[1..<(x.count - 1)]) == kernel,
      weight.allSatisfy({ $0 > 0 }),
      channelsFirst
        ? x[1] % weight[0] == 0 && x[1] / weight[0] == groups && weight[1] % groups == 0
        : x[x.count - 1] == weight[x.count - 1]
    else {
      throw .invalid(
        node: "",
        what: "an input of shape \(inputs.first??.shape ?? []) does not fit its weight")
    }
    return channelsFirst ? (weight[0], weight[1]) : (weight[x.count - 1], weight[0])
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    var inputs = inputs
    // Before it is regrouped its weight has all of x's channels.
    if inputs.count > 1, let x = inputs[0]?.shape, let weight = inputs[1]?.shape, x.count > 1,
      x[1] == weight.first, let shape = regrouped(weight)
    {
      inputs[1]?.shape = shape
    }
    let features = try features(inputs)
    let batch = inputs[0]?.shape.first ?? 1
    return channelsFirst
      ? [batch, features.outputs] + output : [batch] + output + [features.outputs]
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> QuantizedLinear {
    try QuantizedLinear(
      tensors, channels: try features(tensors.inputs).outputs, weightAxis: weightAxis,
      activation: activation)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let weight: Values<Float> = try inputs.operand(1, tensors)
    let bias = inputs.count > 2 ? inputs[2]?.elements : nil
    let sums = try spread(
      x.elements.map(Double.init), weight.elements.map(Double.init), tensors)
    let elements = try sums.enumerated().map { index, sum throws(ModelError) in
      let channel = try channel(of: index, tensors)
      let own = bias.map { Double($0[$0.count == 1 ? 0 : channel]) } ?? 0
      return activation.clamp(Float(sum + own))
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let weight: Values<Int64> = try inputs.operand(1, tensors)
    let inner = weight.shape[(weightAxis + 1)...].reduce(1, *)
    let shifted = weight.elements.enumerated().map {
      $1 - plan.weightZero($0 / inner % plan.channels)
    }
    let sums = try spread(x.elements.map { $0 - plan.input.zeroPoint }, shifted, tensors)
    let elements = try sums.enumerated().map { index, sum throws(ModelError) in
      let channel = try channel(of: index, tensors)
      return plan.finish(sum + (plan.bias?[channel] ?? 0), channel)
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  private func channel(of cell: Int, _ tensors: NodeTensors) throws(ModelError) -> Int {
    let outputs = try features(tensors.inputs).outputs
    return channelsFirst ? cell / output.reduce(1, *) % outputs : cell % outputs
  }

  /// Every value of x added to the places that it reaches, in the output's order.
  private func spread<Element: Numeric>(
    _ x: [Element], _ weight: [Element], _ tensors: NodeTensors
  ) throws(ModelError) -> [Element] {
    let (inputs, outputs) = try features(tensors.inputs)
    let (area, taps, places) = (
      spatial.reduce(1, *), kernel.reduce(1, *), output.reduce(1, *)
    )
    let batches = x.count / (groups * inputs * area)
    let perGroup = outputs / groups
    var result = [Element](repeating: .zero, count: batches * outputs * places)
    for position in 0..<area {
      for tap in 0..<taps {
        guard let place = place(position, tap) else { continue }
        for batch in 0..<batches {
          for output in 0..<outputs {
            var sum = Element.zero
            let first = output / perGroup * inputs
            for input in 0..<inputs {
              let (cell, factor) =
                channelsFirst
                ? ((first + input) * area + position, (input * outputs + output) * taps + tap)
                : (position * inputs + input, (output * taps + tap) * inputs + input)
              sum += x[batch * groups * inputs * area + cell] * weight[factor]
            }
            let cell = channelsFirst ? output * places + place : place * outputs + output
            result[batch * outputs * places + cell] += sum
          }
        }
      }
    }
    return result
  }

  /// Where a position of x and of the kernel meet in the output, all row-major.
  private func place(_ position: Int, _ tap: Int) -> Int? {
    var (position, tap, result, stride) = (position, tap, 0, 1)
    for axis in kernel.indices.reversed() {
      let place =
        position % spatial[axis] * strides[axis] + tap % kernel[axis] * dilations[axis]
        - before[axis]
      guard (0..<output[axis]).contains(place) else { return nil }
      result += place * stride
      stride *= output[axis]
      position /= spatial[axis]
      tap /= kernel[axis]
    }
    return result
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    let operand: TensorView = try inputs.operand(0, tensors)
    let x = try builder.grouped(
      operand, as: try tensors.input(0, "input"), along: channelsFirst ? 1 : kernel.count + 1,
      in: groups, named: name, at: tensors.node)
    let channels = x.outputs(plan.channels)

    // Rows: an axis for places that are a stride apart, and one for those in between.
    let phases = kernel.indices.filter { strides[$0] > 1 }
    let cut = kernel.indices.map { axis in
      let stride = strides[axis]
      return stride == 1 ? [output[axis]] : [(output[axis] + stride - 1) / stride, stride]
    }
    let flat = cut.flatMap(\.self)
    let batch = x.wire.shape[0]
    let shape = [batch] + (channelsFirst ? channels + flat : flat + channels)
    let channelLabels = channels.indices.map { (channelsFirst ? 1 : 1 + flat.count) + $0 }
    var label = channelsFirst ? 1 + channels.count : 1
    var (spatialWindows, kernelWindows, summed) = ([AffineIndex](), [AffineIndex](), [Int]())
    for axis in kernel.indices {
      let (stride, pad, sum) = (strides[axis], before[axis], shape.count + summed.count)
      if stride == 1 {
        summed.append(kernel[axis])
        kernelWindows.append(.label(sum))
        spatialWindows.append(
          AffineIndex(
            steps: [.init(label: label, stride: 1), .init(label: sum, stride: -dilations[axis])],
            constant: pad))
        label += 1
      } else {
        let reach = (kernel[axis] - 1) * dilations[axis] + 1
        let most =
          (reach - 1 - pad) >= 0 ? (reach - 1 - pad) / stride : -((pad - reach + stride) / stride)
        let ahead = (pad + stride - 1) / stride
        summed.append(most + ahead + 1)
        kernelWindows.append(
          AffineIndex(
            steps: [.init(label: label + 1, stride: 1), .init(label: sum, stride: stride)],
            constant: pad - stride * ahead))
        spatialWindows.append(
          AffineIndex(
            steps: [.init(label: label, stride: 1), .init(label: sum, stride: -1)],
            constant: ahead))
        label += 2
      }
    }
    let innerWindows = x.inner.indices.map { AffineIndex.label(shape.count + summed.count + $0) }
    let channelWindows = channelLabels.map { AffineIndex.label($0) }
    let features = channelWindows.prefix(x.groups.count) + innerWindows
    let windows =
      [AffineIndex.label(0)]
      + (channelsFirst ? features + spatialWindows : spatialWindows + features)
    let (extents, values) = try ordered(tensors, plan)
    let weight = builder.tensor(
      name, as: .weight, shape: channels + extents + x.inner,
      type: .holding(try tensors.input(1, "weight"), zeroPoints: plan.weightZeros), values: values)
    let relation =
      builder.terms(
        over: shape, summed: summed + x.inner, Reading(x.wire, windows),
        Reading(weight, channelWindows + kernelWindows + innerWindows), named: name)
      + plan.biasTerms(over: shape, along: channelLabels, named: name, into: &builder)
    let rows = plan.block(
      name, shape: shape, relation: relation, axes: channelLabels, into: &builder)
    if phases.allSatisfy({ output[$0] % strides[$0] == 0 }) { return rows }
    // The last places of the last stride are none of the output's.
    var whole = tensors.output
    let first = channelsFirst ? 2 : 1
    for axis in kernel.indices { whole.shape[first + axis] = cut[axis].reduce(1, *) }
    let joined = try builder.aligned(rows, to: whole, at: tensors.node)
    return builder.view(
      joined, through: joined.inPlace, shape: tensors.output.shape, named: name)
  }

  /// The weight's values with their zero points removed, by output channel, tap and input channel.
  ///
  /// - Returns: also the taps' extents. A dilated kernel has zeros between its taps where the stride cuts it in
  ///   phases.
  private func ordered(
    _ tensors: NodeTensors, _ plan: QuantizedLinear
  ) throws(ModelError) -> (taps: [Int], values: [Int64]) {
    let (inputs, outputs) = try features(tensors.inputs)
    guard case .integer(let values)? = try tensors.input(1, "weight").constant else {
      throw .invalid(node: tensors.node, what: "its weight is not a constant")
    }
    let steps = kernel.indices.map { strides[$0] > 1 ? dilations[$0] : 1 }
    let extents = kernel.indices.map { (kernel[$0] - 1) * steps[$0] + 1 }
    // Each extent and the weight are bounded, but not the product.
    let cells = (extents + [inputs, outputs]).reduce(1.0) { $0 * Double($1) }
    guard cells <= Double(ModelLimits.activation) else {
      throw .unsupported(
        node: tensors.node, what: "a dilated kernel that reaches over \(extents) places",
        remedy: "use a smaller dilation")
    }
    let (taps, all) = (kernel.reduce(1, *), extents.reduce(1, *))
    var result = [Int64](repeating: 0, count: outputs * all * inputs)
    for tap in 0..<taps {
      var (rest, place, stride) = (tap, 0, 1)
      for axis in kernel.indices.reversed() {
        place += rest % kernel[axis] * steps[axis] * stride
        stride *= extents[axis]
        rest /= kernel[axis]
      }
      for output in 0..<outputs {
        for input in 0..<inputs {
          let cell =
            channelsFirst
            ? (input * outputs + output) * taps + tap : (output * taps + tap) * inputs + input
          result[(output * all + place) * inputs + input] =
            values[cell] - plan.weightZero(output)
        }
      }
    }
    return (extents, result)
  }
}
