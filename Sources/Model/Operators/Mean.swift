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
  package static let tflite = [ReducedAxes.tflite("MEAN")]

  /// Who takes it in single precision.
  package enum Runtime: Sendable, Hashable {
    case litert
    case onnxruntime
    /// onnxruntime's float kernel.
    case reals
  }
  package var axes: ReducedAxes
  package var runtime: Runtime

  package init(_ axes: ReducedAxes, runtime: Runtime = .reals) {
    self.axes = axes
    self.runtime = runtime
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    switch node.type {
    case "MEAN", "ReduceMean":
      self.init(try ReducedAxes(&attributes), runtime: node.isTFLite ? .litert : .reals)
    default:
      let isLast = try attributes.integer("channels_last", default: 0) != 0
      self.init(
        ReducedAxes(.spatial(channelsFirst: !isLast), keepsAxes: true), runtime: .onnxruntime)
    }
    try attributes.finish()
  }

  package var label: String { "Mean" }

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try axes.outputShape(inputs)
  }

  package func meanCount(_ operands: [Tensor?]) -> Int? {
    operands.first.flatMap(\.self).flatMap { try? axes.count(in: $0.shape) }
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let elements = try axes.groups(in: x.shape).map { cells in
      Float(cells.reduce(0) { $0 + Double(x.elements[$1]) } / Double(cells.count))
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let elements = try axes.groups(in: x.shape).map { cells in
      plan.finish(cells.reduce(Int64(0)) { $0 + (x.elements[$1] - plan.input.zeroPoint) })
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    let tensor = try tensors.input(0, "input")
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    let sum = try axes.sum(over: tensor.shape)
    return builder.block(
      name, shape: sum.shape,
      relation: builder.terms(
        over: sum.shape, summed: sum.summed, Reading(x, sum.windows), named: name),
      scaling: Scaling(plan.rescale), activation: plan.activation)
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    let tensor = try tensors.input(0, "input")
    let (input, output) = (try tensor.affine(tensors.node), try tensors.output.affine(tensors.node))
    let count = try axes.count(in: tensor.shape)
    if tensors.arithmetic == .exact {
      return try Requantization(
        tensors, .unbounded,
        rescale: try tensors.exactRescale(Double(input.scale), meanOf: count))
    }
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
