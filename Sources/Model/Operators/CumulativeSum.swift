import ConstraintSystem

/// ONNX CumSum, TFLite CUMSUM of reals: along an axis, each value becomes the sum of those up to it, or of those from
/// it on; itself included, or not.
///
/// Integers: Σ (x − z_x), one rescaling by s_x/s_y, the zero point; between a DequantizeLinear and a QuantizeLinear
/// ties go to even quotients of reals, but for what onnxruntime's float32 sums round another way.
///
/// Rows: one a value, whose sum runs over a window as long as the axis that reaches beyond its end.
package struct CumulativeSum: Operator {
  package static let onnx = [ONNXForm("CumSum", since: 11)]
  package static let tflite = [
    TFLiteForm("CUMSUM", options: 102, [("exclusive", .flag(false)), ("reverse", .flag(false))])
  ]

  package var axis: Int64
  package var isExclusive: Bool
  package var isReversed: Bool
  private let isTFLite: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let axes = try node.integers(1, "axis")
    guard axes.count == 1 else {
      throw .invalid(node: node.name, what: "\(node.type) over \(axes.count) axes")
    }
    axis = axes[0]
    isExclusive = try attributes.integer("exclusive", default: 0) != 0
    isReversed = try attributes.integer("reverse", default: 0) != 0
    isTFLite = node.isTFLite
    try attributes.finish()
  }

  package var label: String { "CumSum" }

  package var takesRows: Bool { true }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try SourceShapes.first(inputs)
    _ = try SourceShapes.axis(axis, of: shape)
    return shape
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try step(tensors) }

  private func step(_ tensors: NodeTensors) throws(ModelError) -> Requantization {
    guard !isTFLite || tensors.arithmetic != .float32 else {
      throw .unsupported(
        node: tensors.node, what: "CUMSUM of integers", remedy: "no runtime has it: use floats")
    }
    return try tensors.sumStep(of: Double(tensors.input(0, "input").affine(tensors.node).scale))
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let sums = try sums(x.elements.map { Double($0) }, x.shape)
    return Values(shape: x.shape, elements: sums.map { Float($0) })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let step = try step(tensors)
    let sums = try sums(x.elements.map { $0 - step.input.zeroPoint }, x.shape)
    return Values(shape: x.shape, elements: sums.map { step.finish($0) })
  }

  private func sums<Number: AdditiveArithmetic>(
    _ values: [Number], _ shape: [Int]
  ) throws(ModelError) -> [Number] {
    let axis = try SourceShapes.axis(axis, of: shape)
    let (extent, stride) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
    var result = values
    for line in 0..<values.count / extent {
      let start = line / stride * extent * stride + line % stride
      var sum = Number.zero
      for place in 0..<extent {
        let cell = start + (isReversed ? extent - 1 - place : place) * stride
        let next = sum + values[cell]
        result[cell] = isExclusive ? sum : next
        sum = next
      }
    }
    return result
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let step = try step(tensors)
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    let axis = try SourceShapes.axis(axis, of: tensor.shape)
    // From its own place, or the one beside it, towards the end.
    let direction = isReversed ? 1 : -1
    var windows = x.inPlace
    windows[axis].steps.append(AffineIndex.Step(label: tensor.shape.count, stride: direction))
    windows[axis].constant = isExclusive ? direction : 0
    return builder.block(
      name, shape: tensor.shape,
      relation: builder.terms(
        over: tensor.shape, summed: [tensor.shape[axis]], Reading(x, windows), named: name),
      scaling: Scaling(step.rescale), activation: step.activation)
  }
}
