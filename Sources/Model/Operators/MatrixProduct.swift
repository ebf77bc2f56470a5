import ConstraintSystem

/// A product of two activations: ONNX MatMul and QLinearMatMul without a constant side, Gemm likewise and without a
/// third operand, which readers call FusedMatMul; onnxruntime's FusedMatMul; TFLite BATCH_MATMUL in float models.
///
/// y = clamp(alpha · A·B): matrices over the last two axes, of which either side may be transposed; axes before
/// them are broadcast as in ONNX. A tensor of one axis is a row on the left, a column on the right, and the
/// output has no such axis.
///
/// Integers: acc = Σ (a − z_a)(b − z_b), one rescaling by alpha·s_a·s_b/s_y, the zero point, the clamp.
/// Source: onnxruntime's `QLinearMatMul` (`MlasRequantizeOutput`), which rescales in single precision as it does for
/// dense layers; between int8 and uint8 tensors its default session makes one of MatMul. LiteRT's own integers round
/// twice, by the sign of acc: between quantized tensors of a TFLite file it is refused.
///
/// Rows: one a value.
package struct MatrixProduct: ActivatedOperator {
  package static let onnx = [ONNXForm.microsoft("FusedMatMul")]
  package static let tflite = [
    TFLiteForm(
      "BATCH_MATMUL", options: 101,
      [
        ("adj_x", .flag(false)), ("adj_y", .flag(false)),
        ("asymmetric_quantize_inputs", .flag(false)),
      ])
  ]
  package static let constants = ConstantOperands.likeActivations

  /// Whether the last two axes of either side change places.
  package var transposes: [Bool]
  package var alpha: Float
  package var activation: RealRange
  private var isTFLite: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    isTFLite = node.isTFLite
    activation = .unbounded
    if node.isTFLite {
      transposes = [
        try attributes.integer("adj_x", default: 0) != 0,
        try attributes.integer("adj_y", default: 0) != 0,
      ]
      alpha = 1
      attributes.ignore("asymmetric_quantize_inputs")
    } else {
      transposes = [
        try attributes.integer("transA", default: 0) != 0,
        try attributes.integer("transB", default: 0) != 0,
      ]
      alpha = try attributes.real("alpha", default: 1)
      try attributes.require("transBatchA", 0)
      try attributes.require("transBatchB", 0)
    }
    try attributes.finish()
  }

  package var label: String { "MatMul" }
  package var takesRows: Bool { true }

  package func scaled(by factor: Float) -> (any Operator)? {
    guard activation == .unbounded, (alpha * factor).isNormal else { return nil }
    var scaled = self
    scaled.alpha *= factor
    return scaled
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    guard inputs.count == 2, let a = inputs[0], let b = inputs[1] else {
      throw .invalid(node: "", what: "\(label) takes 2 inputs")
    }
    return try MatrixExtents(a.shape, b.shape, transposes).output
  }

  /// The extents of the product of tensors of these, neither transposed.
  static func shape(_ a: [Int], _ b: [Int]) throws(ModelError) -> [Int] {
    try MatrixExtents(a, b, [false, false]).output
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let a: Values<Float> = try inputs.operand(0, tensors)
    let b: Values<Float> = try inputs.operand(1, tensors)
    let extents = try MatrixExtents(a.shape, b.shape, transposes)
    let sums = extents.products(a.elements.map(Double.init), b.elements.map(Double.init))
    return Values(
      shape: tensors.output.shape,
      elements: sums.map { activation.clamp(Float(Double(alpha) * $0)) })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let a: Values<Int64> = try inputs.operand(0, tensors)
    let b: Values<Int64> = try inputs.operand(1, tensors)
    let extents = try MatrixExtents(a.shape, b.shape, transposes)
    let sums = extents.products(
      a.elements.map { $0 - plan.zeroPoints[0] }, b.elements.map { $0 - plan.zeroPoints[1] })
    return Values(shape: tensors.output.shape, elements: sums.map(plan.requantization.finish))
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    var wires: [TensorView] = []
    for index in 0..<2 {
      let tensor = try tensors.input(index, "operand \(index)")
      if let wire = inputs[index] {
        wires.append(try builder.aligned(wire, to: tensor, at: tensors.node))
      } else if case .integer(let values)? = tensor.constant {
        let zero = plan.zeroPoints[index]
        wires.append(
          builder.tensor(
            name, as: .constant, shape: tensor.shape, type: .holding(tensor, zeroPoints: [zero]),
            values: values.map { $0 &- zero }))
      } else {
        throw .invalid(node: tensors.node, what: "operand \(index) is missing")
      }
    }
    // A block reads so many views: the side of more of them becomes rows.
    for index in wires[0].parts.count >= wires[1].parts.count ? [0, 1] : [1, 0]
    where 2 * wires[0].parts.count * wires[1].parts.count > Limits.viewsPerLayer {
      wires[index] = builder.materialized(wires[index], named: name, as: .copy)
    }
    let extents = try MatrixExtents(
      tensors.input(0, "left side").shape, tensors.input(1, "right side").shape, transposes)
    return builder.block(
      name, shape: extents.output,
      relation: builder.terms(
        over: extents.output, summed: [extents.inner],
        Reading(wires[0], extents.windows(left: true)),
        Reading(wires[1], extents.windows(left: false)), named: name),
      scaling: Scaling(plan.requantization.rescale), activation: plan.requantization.activation)
  }

  private struct Plan {
    /// The operands'.
    var zeroPoints: [Int64]
    /// From the sum of products to the output.
    var requantization: Requantization
  }

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    let a = try tensors.input(0, "left side").affine(tensors.node)
    let b = try tensors.input(1, "right side").affine(tensors.node)
    let output = try tensors.output.affine(tensors.node)
    guard !isTFLite || tensors.arithmetic != .float32 else {
      throw .unsupported(
        node: tensors.node, what: "\(label) of two activations between quantized tensors",
        remedy: "give the float model with calibration inputs (--calibrate)")
    }
    let rescale: Rescale
    if alpha == 1 {
      rescale = try tensors.rescale(a.scale, b.scale, over: output.scale)
    } else if case .integer = tensors.arithmetic {
      rescale = try tensors.rescale(
        ratio: Double(alpha) * Double(a.scale) * Double(b.scale) / Double(output.scale))
    } else {
      throw .unsupportedAttribute(
        node: tensors.node, type: label, attribute: "alpha", value: "\(alpha)")
    }
    return Plan(
      zeroPoints: [a.zeroPoint, b.zeroPoint],
      requantization: try Requantization(tensors, activation, rescale: rescale))
  }
}

/// The extents of a product of matrices.
private struct MatrixExtents {
  /// Of either side as they stand.
  private let sides: [[Int]]
  private let transposes: [Bool]
  /// The axes before the matrices, broadcast.
  private let batch: [Int]
  private let (rows, columns): (Int, Int)
  let inner: Int

  /// - Throws: without a node's name, where they do not agree.
  init(_ a: [Int], _ b: [Int], _ transposes: [Bool]) throws(ModelError) {
    guard let last = a.last, let first = b.last else {
      throw .invalid(node: "", what: "a product of matrices of shapes \(a) and \(b)")
    }
    sides = [a, b]
    self.transposes = [transposes[0] && a.count > 1, transposes[1] && b.count > 1]
    let left = a.count == 1 ? [1, last] : Array(a.suffix(2))
    let right = b.count == 1 ? [first, 1] : Array(b.suffix(2))
    rows = left[self.transposes[0] ? 1 : 0]
    inner = left[self.transposes[0] ? 0 : 1]
    columns = right[self.transposes[1] ? 0 : 1]
    guard right[self.transposes[1] ? 1 : 0] == inner, inner > 0,
      let batch = Broadcast.shape(a.dropLast(2), b.dropLast(2))
    else { throw .invalid(node: "", what: "shapes \(a) and \(b) do not agree in a product") }
    self.batch = batch
    // Broadcast axes may make more of few values than there is room for.
    var count = 1
    for extent in output {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= ModelLimits.activation else {
        throw .unsupported(
          node: "", what: "a product of matrices of shapes \(a) and \(b)",
          remedy: "at most \(ModelLimits.activation) elements")
      }
      count = product
    }
  }

  var output: [Int] {
    batch + (sides[0].count == 1 ? [] : [rows]) + (sides[1].count == 1 ? [] : [columns])
  }

  /// How rows over the output read a side; the sum runs over the label behind theirs.
  func windows(left: Bool) -> [AffineIndex] {
    let (side, isTransposed) = (sides[left ? 0 : 1], transposes[left ? 0 : 1])
    let summed = AffineIndex.label(output.count)
    guard side.count > 1 else { return [summed] }
    let missing = batch.count - (side.count - 2)
    var windows = side.dropLast(2).enumerated().map { axis, extent in
      extent == 1 ? AffineIndex.fixed(0) : .label(missing + axis)
    }
    let own = AffineIndex.label(
      left ? batch.count : output.count - 1)
    windows += left == isTransposed ? [summed, own] : [own, summed]
    return windows
  }

  /// Σ a·b for each cell of the output.
  func products<Number: Numeric>(_ a: [Number], _ b: [Number]) -> [Number] {
    let lefts = Broadcast.places(Array(sides[0].dropLast(2)), in: batch)
    let rights = Broadcast.places(Array(sides[1].dropLast(2)), in: batch)
    let left = transposes[0] ? (row: 1, inner: rows) : (row: inner, inner: 1)
    let right = transposes[1] ? (column: inner, inner: 1) : (column: 1, inner: columns)
    var result: [Number] = []
    result.reserveCapacity(lefts.count * rows * columns)
    for (x, y) in zip(lefts, rights) {
      for row in 0..<rows {
        for column in 0..<columns {
          let from = x * rows * inner + row * left.row
          let to = y * inner * columns + column * right.column
          var sum = Number.zero
          for place in 0..<inner {
            sum += a[from + place * left.inner] * b[to + place * right.inner]
          }
          result.append(sum)
        }
      }
    }
    return result
  }
}
