import ConstraintSystem
import InnerProducts

/// ONNX MaxPool and GlobalMaxPool, TFLite MAX_POOL_2D, over one to three spatial axes; pads never win.
///
/// Integers: the largest, at the output's scale. TFLite's ends have one; onnxruntime's may have two, with a real
/// between a DequantizeLinear and a QuantizeLinear.
///
/// Rows: a window of k values takes k − 1 rows (`PairwiseExtremum`) and one more that holds the maximum itself,
/// whose range is again that of x. Windows over several axes are taken along one axis after the other where that
/// takes fewer rows.
package struct MaxPool: Operator {
  package static let onnx = [ONNXForm("MaxPool", since: 1), ONNXForm("GlobalMaxPool", since: 1)]
  package static let tflite = [TFLiteForm("MAX_POOL_2D", options: 5, Pooling.tfliteFields)]
  package static let keepsIntegers = true

  package var pooling: Pooling
  package var activation: RealRange
  private let isTFLite: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    pooling =
      node.type == "GlobalMaxPool"
      ? try Pooling(over: node.input(0, "input").shape, at: node) : try Pooling(&attributes)
    isTFLite = node.isTFLite
    activation = isTFLite ? try attributes.fusedActivation() : .unbounded
    // The order of indices, which are not read.
    attributes.ignore("storage_order")
    try attributes.finish()
  }

  package var label: String { "MaxPool" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try pooling.geometry(SourceShapes.first(inputs)).output
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try step(tensors) }

  private func step(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    try tensors.extremumStep(label, activation, isTFLite: isTFLite)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: try pooling.geometry(x.shape).results(
        x.elements, less: 0, outside: -Double(Float.greatestFiniteMagnitude),
        ChannelWindows.largest, ClampOfReals(activation: activation)))
  }

  private struct ClampOfReals: WindowStep {
    static var initial: Float { 0 }
    var activation: RealRange

    func callAsFunction(_ largest: Double, channel: Int, position: Int) -> Float {
      activation.clamp(Float(largest))
    }
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let step = try step(tensors)
    return Values(
      shape: tensors.output.shape,
      elements: try pooling.geometry(x.shape).results(
        x.elements, less: 0, outside: Double(step.input.range.lowerBound), ChannelWindows.largest,
        StepOfIntegers(step: step)))
  }

  private struct StepOfIntegers: WindowStep {
    static var initial: Int64 { 0 }
    var step: Requantization

    func callAsFunction(_ largest: Double, channel: Int, position: Int) -> Int64 {
      step(Int64(largest))
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let geometry = try pooling.geometry(tensor.shape)
    let step = try step(tensors)
    let affine = step.input
    var (running, channels) = try builder.arranged(
      inputs.operand(0, tensors), as: tensor, keeping: geometry.channelAxis, at: tensors.node)

    // Views read zero beyond the input. Where less than that may win, values count from the lowest.
    let lowest = affine.range.lowerBound - affine.zeroPoint
    let isShifted = geometry.readsPads && lowest < 0
    if isShifted {
      let area = geometry.spatial.reduce(1, *)
      guard area <= PoolingGeometry.Counts.mostPositions else {
        throw .unsupported(
          node: tensors.node, what: "windows over pads of \(area) values",
          remedy: "at most \(PoolingGeometry.Counts.mostPositions) values a channel")
      }
      let shift = [Int64](repeating: -lowest, count: geometry.spatial.reduce(1, *))
      let wire = builder.tensor(
        name, as: .shift, shape: geometry.spatial, type: .fitting(shift), values: shift)
      let windows = geometry.spatialLabels(channels: channels).map { AffineIndex.label($0) }
      running.parts += wire.parts.map { part in
        var part = part
        part.view.windows = part.view.windows.map { $0.composed(with: windows) }
        return part
      }
    }

    let stages = stages(geometry)
    let most = stages.map { axes in
      axes.reduce(1.0) { $0 * Double(geometry.sliding.kernel[$1]) }
    }
    guard most.reduce(0, +) <= Double(Limits.blocks) else {
      throw .unsupported(
        node: tensors.node, what: "the maximum of \(geometry.sliding.kernel) values",
        remedy: "at most \(Limits.blocks) are compared; take it in two steps")
    }
    let maximum = PairwiseExtremum(isMaximum: true, span: affine.span, name: name)
    var extents = geometry.spatial
    for axes in stages {
      for axis in axes { extents[axis] = geometry.positions.output[axis] }
      let shape = geometry.shape(channels: channels, extents)
      let taps = taps(axes, geometry, channels).map { windows in
        builder.view(running, through: windows, shape: shape, named: name)
      }
      running = maximum.of(taps, into: &builder)
    }
    if !isShifted, geometry.sliding.kernel.allSatisfy({ $0 == 1 }) {
      return step.lower(running, named: name, into: &builder)
    }
    var relation = builder.terms(over: running.shape, .inPlace(running), named: name)
    if isShifted {
      let wire = builder.tensor(
        name, as: .lowest, shape: [1], type: .fitting([lowest]), values: [lowest])
      relation += builder.terms(over: running.shape, Reading(wire, [.fixed(0)]), named: name)
    }
    return step.lower(relation, shape: running.shape, named: name, into: &builder)
  }

  /// The spatial axes, those that are taken at once together: whatever takes the fewest rows.
  private func stages(_ geometry: PoolingGeometry) -> [[Int]] {
    let axes = Array(geometry.spatial.indices)
    let single = axes.map { [$0] }
    let candidates = [[axes], Array(single.reversed()), single]
    let costs = candidates.map { stages in
      var (extents, rows) = (geometry.spatial, 0.0)
      for axes in stages {
        for axis in axes { extents[axis] = geometry.positions.output[axis] }
        let taps = axes.reduce(1.0) { $0 * Double(geometry.sliding.kernel[$1]) }
        rows += (taps - 1) * extents.reduce(1.0) { $0 * Double($1) }
      }
      return rows
    }
    let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
    return candidates[best]
  }

  /// For each kernel position along some axes, the windows that read it; other axes stay.
  private func taps(
    _ axes: [Int], _ geometry: PoolingGeometry, _ channels: [Int]
  ) -> [[AffineIndex]] {
    let sliding = geometry.sliding
    let labels = geometry.spatialLabels(channels: channels)
    var choices: [[AffineIndex]] = [labels.map { .label($0) }]
    for axis in axes {
      choices = choices.flatMap { choice in
        (0..<sliding.kernel[axis]).map { position in
          var choice = choice
          choice[axis] = AffineIndex(
            steps: [AffineIndex.Step(label: labels[axis], stride: sliding.strides[axis])],
            constant: position * sliding.dilations[axis] - geometry.positions.before[axis])
          return choice
        }
      }
    }
    return choices.map { geometry.windows(channels: channels, $0) }
  }
}
