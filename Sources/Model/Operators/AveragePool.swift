import ConstraintSystem
import InnerProducts

/// TFLite AVERAGE_POOL_2D; ONNX AveragePool and QLinearAveragePool, over one to three spatial axes:
/// the mean of what a window reads. Pads are left out of it, unless ONNX's count_include_pad says so.
///
/// TFLite's integers: the sum of the values, zero points included, over their number, half away from
/// zero; both ends have one scale. ONNX's: Σ (x − z_x)·s_x/(s_y·count) + z_y, ties to even: what onnxruntime
/// computes of it in single precision, whose sum decides some of the ties another way.
/// Source: TFLite's `reference_integer_ops::AveragePool`, which LiteRT's default kernels equal; onnxruntime's
/// `qlinear_pool.cc`, which its default session takes for the QDQ form too.
package struct AveragePool: ActivatedOperator {
  package static let onnx = [
    ONNXForm("AveragePool", since: 7), .microsoft("QLinearAveragePool", .pooling("AveragePool")),
  ]
  package static let tflite = [
    TFLiteForm("AVERAGE_POOL_2D", options: 5, Pooling.tfliteFields)
  ]

  package var pooling: Pooling
  /// Whether pads count as values.
  package var countsPads: Bool
  /// Whether the mean is of integers as they stand: TFLite's.
  package var isRaw: Bool
  package var activation: RealRange

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    pooling = try Pooling(&attributes)
    isRaw = node.hasLiteRTIntegers
    activation = node.isTFLite ? try attributes.fusedActivation() : .unbounded
    countsPads = try attributes.integer("count_include_pad", default: 0) != 0
    try attributes.finish()
  }

  package var label: String { "AveragePool" }

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try pooling.geometry(SourceShapes.first(inputs)).output
  }

  package func meanCount(_ operands: [Tensor?]) -> Int? {
    guard let shape = operands.first??.shape, !isRaw, activation == .unbounded,
      let geometry = try? pooling.geometry(shape),
      let counts = try? PoolingGeometry.Counts(geometry, withPads: countsPads),
      counts.distinct.count == 1
    else { return nil }
    return counts.distinct.first
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let geometry = try pooling.geometry(x.shape)
    let counts = try PoolingGeometry.Counts(geometry, withPads: countsPads).list
    return Values(
      shape: tensors.output.shape,
      elements: geometry.results(
        x.elements, less: 0, ChannelWindows.sums,
        MeanOfReals(counts: counts, activation: activation)))
  }

  private struct MeanOfReals: WindowStep {
    static var initial: Float { 0 }
    var counts: [Int]
    var activation: RealRange

    func callAsFunction(_ sum: Double, channel: Int, position: Int) -> Float {
      activation.clamp(Float(sum / Double(counts[counts.count == 1 ? 0 : position])))
    }
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let plan = try plan(tensors)
    return Values(
      shape: tensors.output.shape,
      elements: plan.geometry.results(
        x.elements, less: isRaw ? 0 : plan.step.input.zeroPoint, ChannelWindows.sums,
        MeanOfIntegers(
          counts: plan.counts.list, rescales: plan.steps, step: plan.step, isRaw: isRaw)))
  }

  private struct MeanOfIntegers: WindowStep {
    static var initial: Int64 { 0 }
    /// By position, or one for all.
    var counts: [Int]
    var rescales: [Rescale]
    var step: Requantization
    var isRaw: Bool

    func callAsFunction(_ sum: Double, channel: Int, position: Int) -> Int64 {
      let place = counts.count == 1 ? 0 : position
      let (sum, count) = (sum.integer, Int64(counts[place]))
      guard isRaw else { return step.finish(sum, by: rescales[place]) }
      let mean = sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count
      return mean.clamped(to: step.clamp)
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    let geometry = plan.geometry
    let operand: TensorView = try inputs.operand(0, tensors)
    let (x, channels) = try builder.arranged(
      operand, as: try tensors.input(0, "input"), keeping: geometry.channelAxis, at: tensors.node)
    let sum = geometry.sum(channels: channels)
    let (shape, labels) = (sum.shape, geometry.spatialLabels(channels: channels))
    var relation = builder.terms(
      over: shape, summed: sum.summed, Reading(x, sum.windows), named: name)

    let zero = plan.step.output.zeroPoint
    var activation = plan.step.activation
    if plan.hasTies, zero != 0 {
      // Away from zero is a matter of the integers as they stand: count·z comes back, and z goes in the
      // table.
      let sums = plan.counts.list.map { Int64($0) * zero }
      let isUniform = Set(sums).count == 1
      let wire = builder.tensor(
        name, as: .zero, shape: isUniform ? [1] : geometry.positions.output,
        type: .fitting(sums), values: isUniform ? [sums[0]] : sums)
      relation += builder.terms(
        over: shape, Reading(wire, isUniform ? [.fixed(0)] : labels.map { .label($0) }),
        named: name)
      activation = .lookup(
        name: "less \(zero)", lowest: plan.step.clamp.lowerBound,
        values: plan.step.bounds.map { Int16($0) })
    }
    return builder.block(
      name, shape: shape, relation: relation,
      scaling: Scaling(plan.steps, axes: plan.steps.count == 1 ? [] : labels),
      activation: activation)
  }

  private struct Plan {
    var geometry: PoolingGeometry
    /// The ends and the clamp; `rescales` have the steps.
    var step: Requantization
    var counts: PoolingGeometry.Counts
    /// By count.
    var rescales: [Int: Rescale]
    /// Whether a sum may lie half-way where TFLite's direction matters.
    var hasTies: Bool

    /// By position, or one for all.
    var steps: [Rescale] { counts.list.compactMap { rescales[$0] } }
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    let tensor = try tensors.input(0, "input")
    let geometry = try pooling.geometry(tensor.shape)
    let (input, output) = (try tensor.affine(tensors.node), try tensors.output.affine(tensors.node))
    let counts = try PoolingGeometry.Counts(geometry, withPads: countsPads)
    let sizes = counts.distinct
    guard sizes.allSatisfy({ $0 > 0 }) else {
      throw .invalid(node: tensors.node, what: "a window reads pads only")
    }
    guard sizes.allSatisfy({ $0 <= Rescale.largestMean }) else {
      throw .unsupported(
        node: tensors.node, what: "an average of more than \(Rescale.largestMean) values",
        remedy: "take it in two steps")
    }
    var rescales: [Int: Rescale] = [:]
    for count in sizes {
      if isRaw {
        rescales[count] = .mean(of: count)
      } else if tensors.arithmetic == .exact {
        rescales[count] = try tensors.exactRescale(Double(input.scale), meanOf: count)
      } else {
        let ratio = Double(input.scale) / (Double(output.scale) * Double(count))
        let exact = try tensors.rescale(ratio: ratio)
        let step =
          tensors.arithmetic == .float32
          ? FloatStep.realMean(of: count, input, output, countsZero: true) : nil
        rescales[count] = step.map(Rescale.float) ?? exact
      }
    }
    guard !isRaw || input == output else {
      throw .unsupported(
        node: tensors.node, what: "an average between different quantizations",
        remedy: "convert the model again: TFLite's averages keep scale and zero point")
    }
    return Plan(
      geometry: geometry, step: try Requantization(tensors, activation, rescale: .identity),
      counts: counts, rescales: rescales, hasTies: isRaw && sizes.contains { $0 % 2 == 0 })
  }
}

extension Rescale {
  static let largestMean = 1 << 20

  /// 1/count from just above, so that the mean of `count` integers of eight bits or the differences
  /// of two is rounded as it should be, and half-way cases away from zero.
  ///
  /// The multiplier is (1 + δ)/count with 0 < δ ≤ count/2^s. Sums stay below 256·count in magnitude, and
  /// the mean of one that is not half-way lies at least 1/(2·count) from the next half: 2^s ≥ 512·count²
  /// never takes it there, and pushes half-way ones outwards.
  static func mean(of count: Int) -> Rescale {
    if count == 1 { return .identity }
    let bits = 9 + 2 * ceilLog2(count)
    return Rescale(mantissa: Int64((1 << bits) / count) + 1, shift: bits)
  }
}
