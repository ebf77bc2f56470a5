import ConstraintSystem

/// TFLite MEAN; ONNX ReduceMean, GlobalAveragePool and QLinearGlobalAveragePool: the mean over some
/// axes, which stay with extent 1 or go.
///
/// Integers: Σ (x − z_x), one rescaling by s_x/(s_y·count), the zero point; by LiteRT and by onnxruntime's
/// `QLinearGlobalAveragePool` in single precision, each in its own way. onnxruntime's ReduceMean is one of reals
/// between a DequantizeLinear and a QuantizeLinear: ties go to even quotients.
package struct Mean: Operator {
  package static let onnx = [
    ONNXForm("ReduceMean", since: 1), .microsoft("QLinearReduceMean", .unary("ReduceMean")),
    ONNXForm("GlobalAveragePool", since: 1),
    .microsoft("QLinearGlobalAveragePool", .pooling("GlobalAveragePool")),
  ]
  package static let tflite = [TFLiteForm("MEAN", options: 27, [("keep_dims", .flag(false))])]

  package enum Axes: Sendable, Hashable {
    /// Negative ones count from the end; none are all.
    case list([Int64])
    case none
    /// All but batch and channels.
    case spatial(channelsFirst: Bool)
  }
  /// Who takes it in single precision.
  package enum Runtime: Sendable, Hashable {
    case litert
    case onnxruntime
    /// onnxruntime's float kernel.
    case reals
  }
  package var axes: Axes
  package var keepsAxes: Bool
  package var runtime: Runtime

  package init(_ axes: Axes, keepsAxes: Bool, runtime: Runtime = .reals) {
    self.axes = axes
    self.keepsAxes = keepsAxes
    self.runtime = runtime
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    switch node.type {
    case "MEAN":
      self.init(
        .list(try node.integers(1, "axes")),
        keepsAxes: try attributes.integer("keep_dims", default: 0) != 0, runtime: .litert)
    case "ReduceMean":
      let list = try attributes.integers("axes", operand: 1)
      let isIdle = try attributes.integer("noop_with_empty_axes", default: 0) != 0
      self.init(
        isIdle && (list ?? []).isEmpty ? .none : .list(list ?? []),
        keepsAxes: try attributes.integer("keepdims", default: 1) != 0)
    default:
      let isLast = try attributes.integer("channels_last", default: 0) != 0
      self.init(.spatial(channelsFirst: !isLast), keepsAxes: true, runtime: .onnxruntime)
    }
    try attributes.finish()
  }

  package var label: String { "Mean" }

  /// Which axes are summed over.
  private func reduced(_ shape: [Int]) throws(ModelError) -> Set<Int> {
    switch axes {
    case .none: return []
    case .list(let list): return try SourceShapes.axes(list.isEmpty ? nil : list, of: shape)
    case .spatial(let channelsFirst):
      guard shape.count > 2 else {
        throw .invalid(node: "", what: "an input of shape \(shape) has no spatial axis")
      }
      return Set(channelsFirst ? 2..<shape.count : 1..<(shape.count - 1))
    }
  }

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try SourceShapes.first(inputs)
    let reduced = try reduced(shape)
    return shape.indices.compactMap { axis in
      reduced.contains(axis) ? (keepsAxes ? 1 : nil) : shape[axis]
    }
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let groups = try groups(x.shape)
    let elements = groups.map { cells in
      Float(cells.reduce(0) { $0 + Double(x.elements[$1]) } / Double(cells.count))
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let elements = try groups(x.shape).map { cells in
      plan.finish(cells.reduce(Int64(0)) { $0 + (x.elements[$1] - plan.input.zeroPoint) })
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  /// For each cell of the output, the cells of x that it is the mean of.
  private func groups(_ shape: [Int]) throws(ModelError) -> [[Int]] {
    let reduced = try reduced(shape)
    var (groups, stride) = ([[0]], shape.reduce(1, *))
    for (axis, extent) in shape.enumerated() {
      stride /= extent
      let steps = (0..<extent).map { $0 * stride }
      groups =
        reduced.contains(axis)
        ? groups.map { group in group.flatMap { cell in steps.map { cell + $0 } } }
        : groups.flatMap { group in steps.map { step in group.map { $0 + step } } }
    }
    return groups
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    let tensor = try tensors.input(0, "input")
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    let reduced = try reduced(tensor.shape)
    let kept = tensor.shape.indices.filter { !reduced.contains($0) }
    let labels = kept + reduced.sorted()
    let shape = kept.map { tensor.shape[$0] }
    let windows = tensor.shape.indices.map { AffineIndex.label(labels.firstIndex(of: $0) ?? 0) }
    return builder.block(
      name, shape: shape,
      relation: builder.terms(
        over: shape, summed: reduced.sorted().map { tensor.shape[$0] }, Reading(x, windows),
        named: name),
      scaling: Scaling(plan.rescale), activation: plan.activation)
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    let tensor = try tensors.input(0, "input")
    let (input, output) = (try tensor.affine(tensors.node), try tensors.output.affine(tensors.node))
    let count = try reduced(tensor.shape).reduce(1) { $0 * tensor.shape[$1] }
    let ratio = Double(input.scale) / (Double(output.scale) * Double(count))
    let step: FloatStep? =
      switch runtime {
      case _ where tensors.arithmetic != .float32 || ratio == 1: nil
      case .litert: .mean(of: count, input, output)
      case .onnxruntime: FloatStep(input.scale / (output.scale * Float(count)))
      case .reals: .realMean(of: count, input, output, countsZero: false)
      }
    let exact = ratio == 1 ? Rescale.identity : try tensors.rescale(ratio: ratio)
    return try Requantization(
      tensors, .unbounded, rescale: step.map(Rescale.float) ?? exact)
  }
}
