import ConstraintSystem
import InnerProducts

/// TFLite FULLY_CONNECTED; ONNX Gemm, MatMul, QGemm and QLinearMatMul with a constant right side:
/// y = clamp(alpha · x·W + beta · bias), `[m…, k]` → `[m…, n]`.
///
/// Operands: x, weight, bias (optional). Integers: acc = Σ (x − z_x)(w − z_w) + bias, one rescaling
/// by s_x·s_w/s_y per output channel, the zero point, the clamp.
package struct FullyConnected: ActivatedOperator {
  package static let onnx = [
    ONNXForm("Gemm", since: 7), ONNXForm("MatMul", since: 1),
    ONNXForm(
      "QLinearMatMul", since: 10,
      QuantizedOperands(.fixed([.init(0), .init(3, axis: .at(1))]), output: 6)),
    .microsoft(
      "QGemm",
      QuantizedOperands(
        .fixed([.init(0), .init(3, axis: .firstWhere(attribute: "transB"))]), output: 7, bias: 6)),
  ]
  package static let tflite = [
    TFLiteForm(
      "FULLY_CONNECTED", options: 8,
      [
        ("fused_activation_function", .activation), ("weights_format", .weightsFormat),
        ("keep_num_dims", .flag(false)), ("asymmetric_quantize_inputs", .flag(false)),
        ("quantized_bias_type", .type),
      ])
  ]
  package static let constants = ConstantOperands.weightAndBias

  /// Weights are `[n, k]`; else `[k, n]`.
  package var outputFirst: Bool
  /// The output keeps x's leading axes; else it is `[m, n]`.
  package var keepsAxes: Bool
  package var alpha: Float = 1
  package var beta: Float = 1
  package var activation: RealRange

  package init(outputFirst: Bool, keepsAxes: Bool = false, activation: RealRange = .unbounded) {
    self.outputFirst = outputFirst
    self.keepsAxes = keepsAxes
    self.activation = activation
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    switch node.type {
    case "FULLY_CONNECTED":
      let activation = try attributes.fusedActivation()
      let keeps = try attributes.integer("keep_num_dims", default: 0) != 0
      if try attributes.text("weights_format", default: "DEFAULT") != "DEFAULT" {
        throw .unsupported(
          node: node.name, what: "its weights are stored shuffled",
          remedy: "convert the model again with the default weights format")
      }
      attributes.ignore("asymmetric_quantize_inputs", "quantized_bias_type")
      self.init(outputFirst: true, keepsAxes: keeps, activation: activation)
    case "Gemm", "QGemm":
      try attributes.require("transA", 0)
      self.init(outputFirst: try attributes.integer("transB", default: 0) != 0)
      alpha = try attributes.real("alpha", default: 1)
      if node.type == "Gemm" { beta = try attributes.real("beta", default: 1) }
    default:
      self.init(outputFirst: false, keepsAxes: true)
    }
    try attributes.finish()
    try node.refuseOddWeights()
  }

  package var label: String { "FullyConnected" }

  /// k and n from the weight.
  private func extents(_ weight: Tensor) throws(ModelError) -> (inner: Int, outer: Int) {
    guard weight.shape.count == 2 else {
      throw .unsupported(
        node: "", what: "weight \"\(weight.name)\" has shape \(weight.shape)",
        remedy: "a fully connected layer takes a constant matrix")
    }
    return outputFirst
      ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
  }

  package var takesRows: Bool { true }

  package func readsWithin(_ shape: [Int]) -> Bool { true }

  package func channels(weight shape: [Int]) -> LayerChannels? {
    guard shape.count == 2 else { return nil }
    return LayerChannels(
      weightAxis: outputFirst ? 0 : 1, isSecond: false, weightFactor: alpha, biasFactor: beta,
      factorAttributes: ["alpha", "beta"])
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let tensors = NodeTensors(inputs: inputs, output: Tensor(name: "", shape: [], type: .int8))
    let x = try tensors.input(0, "input")
    let weight = try tensors.input(1, "weight")
    // Not yet known for a product of two activations, whose shape readers ask for.
    if keepsAxes, !outputFirst, weight.shape.count > 2, weight.constant == nil {
      return try MatrixProduct.shape(x.shape, weight.shape)
    }
    let (inner, outer) = try extents(weight)
    if let bias = tensors.optionalInput(2) {
      guard bias.count == 1 || (bias.count == outer && bias.shape.last == outer) else {
        throw .unsupported(
          node: "", what: "bias \"\(bias.name)\" has shape \(bias.shape)",
          remedy: "a bias holds one value per output, here \(outer)")
      }
    }
    let fits = keepsAxes ? x.shape.last == inner : inner > 0 && x.count % inner == 0
    guard fits, inner > 0, outer > 0 else {
      throw .invalid(
        node: "", what: "an input of shape \(x.shape) does not fit weights of shape \(weight.shape)"
      )
    }
    return keepsAxes ? Array(x.shape.dropLast()) + [outer] : [x.count / inner, outer]
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    _ = try plan(tensors)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let weight: Values<Float> = try inputs.operand(1, tensors)
    let bias = inputs.count > 2 ? inputs[2]?.elements : nil
    let step = LayerStep.Reals(
      bias: bias, factors: (sum: alpha, bias: beta),
      channels: try extents(tensors.input(1, "weight")).outer, activation: activation)
    return Values(
      shape: tensors.output.shape,
      elements: try products(x.elements, 0, weight.elements, [0], tensors, step))
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let weight: Values<Int64> = try inputs.operand(1, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: try products(
        x.elements, plan.input.zeroPoint, weight.elements, plan.weightZeros, tensors,
        LayerStep.Integers(bias: plan.bias, plan: plan)))
  }

  /// What `step` makes of x·W, zero points removed.
  private func products<Number: WindowNumber, Step: WindowStep>(
    _ x: [Number], _ zero: Number, _ weight: [Number], _ weightZeros: [Number],
    _ tensors: NodeTensors, _ step: Step
  ) throws(ModelError) -> [Step.Result] {
    let (inner, outer) = try extents(tensors.input(1, "weight"))
    let strides = outputFirst ? (column: inner, inner: 1) : (column: 1, inner: outer)
    let windows = tensors.kept(of: 1) {
      DenseWindows(
        weights: weight.map(\.double), zeros: weightZeros.map(\.double), columns: outer, taps: 1,
        inner: inner, strides: (strides.column, 0, strides.inner))
    }
    let rows = x.map { $0.less(zero) }
    let count = rows.count / inner
    // Of one row it is the columns that threads share.
    let tensor = WindowTensor(batch: 1, channels: outer, places: count, channelsFirst: count == 1)
    let places = WindowPlaces(
      rowExtents: [count], tapExtents: [],
      axes: [.init(extent: count, stride: inner, rowSteps: [1], tapSteps: [])], outside: 0)
    return tensor.results(rows, windows, places, step)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    let x: TensorView = try inputs.operand(0, tensors)
    let (inner, outer) = try extents(tensors.input(1, "weight"))
    let (rows, features) = try split(x.shape, inner, tensors)

    // The weight takes x's own axes, so that any flattening before this layer costs nothing.
    let weights = try weights(tensors, plan)
    let weight = builder.tensor(
      name, as: .weight, shape: [outer] + features,
      type: .holding(try tensors.input(1, "weight"), zeroPoints: plan.weightZeros), values: weights)
    let shape = rows + [outer]
    let channel = rows.count
    let summed = shape.count..<(shape.count + features.count)
    var relation = builder.terms(
      over: shape, summed: features,
      Reading(x, (Array(rows.indices) + Array(summed)).map { .label($0) }),
      Reading(weight, ([channel] + Array(summed)).map { .label($0) }), named: name)
    relation += plan.biasTerms(over: shape, along: [channel], named: name, into: &builder)
    return plan.block(
      name, shape: shape, relation: relation, axes: [channel], into: &builder)
  }

  /// x's axes as those of the rows, which the output keeps, and those that the layer sums over.
  private func split(
    _ shape: [Int], _ inner: Int, _ tensors: NodeTensors
  ) throws(ModelError) -> (rows: [Int], features: [Int]) {
    if shape.reduce(1, *) == inner { return ([], shape) }
    for cut in (0...shape.count).reversed() where shape[cut...].reduce(1, *) == inner {
      return (Array(shape[..<cut]), Array(shape[cut...]))
    }
    throw .unsupported(
      node: tensors.node,
      what: "its rows of \(inner) values cut across axes of extents \(shape)",
      remedy: "use a batch of one, or reshape before the layer so that rows keep their axis")
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> QuantizedLinear {
    guard alpha == 1, beta == 1 else {
      throw .unsupportedAttribute(
        node: tensors.node, type: label, attribute: "alpha, beta", value: "\(alpha), \(beta)")
    }
    let (_, outer) = try extents(tensors.input(1, "weight"))
    return try QuantizedLinear(
      tensors, channels: outer, weightAxis: outputFirst ? 0 : 1, activation: activation)
  }

  /// Weights `[n, k]` with their zero points removed.
  private func weights(
    _ tensors: NodeTensors, _ plan: QuantizedLinear
  ) throws(ModelError) -> [Int64] {
    let weight = try tensors.input(1, "weight")
    guard case .integer(let values)? = weight.constant else {
      throw .invalid(node: tensors.node, what: "its weight is not a constant")
    }
    let (inner, outer) = try extents(weight)
    var result: [Int64] = []
    result.reserveCapacity(values.count)
    let (columnStride, rowStride) = outputFirst ? (1, inner) : (outer, 1)
    for column in 0..<outer {
      let zero = plan.weightZero(column)
      for i in 0..<inner {
        result.append(values[column * rowStride + i * columnStride] - zero)
      }
    }
    return result
  }
}
