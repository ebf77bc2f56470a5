import ConstraintSystem

/// ONNX Resize and Upsample, TFLite RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR with constant sizes: each axis is
/// resized by itself, to places that are one of the axis (nearest), or sums of some with constant weights (linear,
/// cubic, with or without antialiasing).
///
/// Integers: nearest are integers as they stand. Sums are exact, with the weights as integers over a common
/// denominator; one rounding takes them to the output. RESIZE_BILINEAR's weights have eleven bits an axis, and
/// halves go upwards; between a DequantizeLinear and a QuantizeLinear ties of the reals go to even, where
/// onnxruntime adds in single precision, which decides some ties another way.
/// Source: ONNX's text and reference implementation; onnxruntime's `upsample.cc` for nearest places, which it finds in
/// single precision; XNNPACK's `s8-ibilinear` and `indirection.c`, and TFLite's `ResizeNearestNeighbor`.
///
/// Rows: none for nearest by whole factors, a view. Else one a value, whose sums run over all of the axes; of two large
/// axes the first has rows of its own, two a value where its sums are long.
package struct Resize: MovingOperator {
  package static let onnx = [
    ONNXForm("Resize", since: 10), ONNXForm("Upsample", opsets: 7...9),
  ]
  package static let tflite = [
    TFLiteForm(
      "RESIZE_NEAREST_NEIGHBOR", options: 74,
      [("align_corners", .flag(false)), ("half_pixel_centers", .flag(false))]),
    TFLiteForm(
      "RESIZE_BILINEAR", options: 15,
      [
        ("new_height", .integer(0)), ("new_width", .integer(0)), ("align_corners", .flag(false)),
        ("half_pixel_centers", .flag(false)),
      ]),
  ]

  /// By axis what makes its places, which are made anew each time: there may be many. Nil where it stays as it is.
  private let rules: [Rule?]
  /// The input's extents.
  private let extents: [Int]
  /// Whether every value is one of the input's.
  private let isNearest: Bool
  /// Whether LiteRT's integers are meant.
  private let isLiteRT: Bool
  /// What stands outside the input.
  private let outside: Float

  private enum Rule: Hashable, Sendable {
    case litert(LiteRTResize)
    case onnx(ONNXResize.Axis)
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    extents = try node.input(0, "input").shape
    isLiteRT = node.hasLiteRTIntegers
    if node.isTFLite {
      isNearest = node.type == "RESIZE_NEAREST_NEIGHBOR"
      outside = 0
      rules = try LiteRTResize.axes(&attributes, extents, isNearest: isNearest).map { axis in
        axis.map(Rule.litert)
      }
    } else {
      let resize = try ONNXResize(&attributes, extents)
      isNearest = resize.mode == .nearest
      outside = resize.outside
      rules = resize.axes.map { axis in axis.map(Rule.onnx) }
    }
    try attributes.finish()
  }

  package var label: String { "Resize" }

  package static func keepsIntegers(_ attributes: [String: SourceNode.Attribute]) -> Bool {
    guard case .text(let mode)? = attributes["mode"] else { return true }
    return mode == "nearest"
  }

  package var passesIntegers: Bool { isNearest }

  package var takesRows: Bool { !isNearest }

  // MARK: - Meaning

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let input = try SourceShapes.first(inputs)
    guard input == extents else {
      throw .invalid(node: "", what: "axes of \(extents) for an input of shape \(input)")
    }
    return target
  }

  private var target: [Int] {
    zip(rules, extents).map { rule, extent in
      switch rule {
      case nil: extent
      case .litert(let axis)?: axis.output
      case .onnx(let axis)?: axis.size.count
      }
    }
  }

  /// By axis; nil where it stays as it is.
  private var axes: [Resampling<Double>?] {
    zip(rules, extents).map { rule, extent in
      let rows: [[Resampling<Double>.Tap]]
      switch rule {
      case nil: return nil
      case .litert(let axis)?: rows = (0..<axis.output).map { axis.taps($0) }
      case .onnx(let axis)?: rows = (0..<axis.size.count).map { axis.taps($0) }
      }
      let result = Resampling<Double>(extent: extent, rows: rows)
      return result.isUnchanged ? nil : result
    }
  }

  package func places(_ input: [Int]) throws(ModelError) -> [Int]? {
    let axes = axes
    let hasOutside = axes.contains { $0?.hasOutside == true }
    guard isNearest, input == extents, outside == 0 || !hasOutside else { return nil }
    var cells = [0]
    for (axis, extent) in zip(axes, extents) {
      let places = axis?.places ?? Array(0..<extent)
      cells = cells.flatMap { cell in
        places.map { cell < 0 || $0 < 0 ? -1 : cell * extent + $0 }
      }
    }
    return cells
  }

  /// By cell of the output whether it lies outside the input; empty where none does.
  private func outsideCells(_ axes: [Resampling<Double>?]) -> [Bool] {
    guard axes.contains(where: { $0?.hasOutside == true }) else { return [] }
    var cells = [false]
    for (axis, extent) in zip(axes, extents) {
      let own = axis?.rows.map(\.isEmpty) ?? [Bool](repeating: false, count: extent)
      cells = cells.flatMap { cell in own.map { cell || $0 } }
    }
    return cells
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let axes = axes
    var values = Values(shape: x.shape, elements: x.elements.map { Double($0) })
    for (index, axis) in axes.enumerated() {
      if let axis { values = axis(values, axis: index) }
    }
    var result = Values(shape: values.shape, elements: values.elements.map { Float($0) })
    for (cell, isOutside) in outsideCells(axes).enumerated() where isOutside {
      result.elements[cell] = outside
    }
    return result
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let plan = try plan(tensors)
    let x: Values<Int64> = try inputs.operand(0, tensors)
    var values = Values(shape: x.shape, elements: x.elements.map { $0 - plan.step.input.zeroPoint })
    for axis in plan.axes { values = axis.weights(values, axis: axis.index) }
    values.elements = values.elements.map { plan.step.finish($0) }
    for (cell, isOutside) in plan.outsideCells.enumerated() where isOutside {
      values.elements[cell] = plan.outside
    }
    return values
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  // MARK: - Integers

  private struct Plan {
    struct Axis {
      var index: Int
      var weights: Resampling<Int64>
    }
    var axes: [Axis]
    var step: Requantization
    /// The integer that stands outside, zero point included.
    var outside: Int64
    /// Where it stands; empty where it does nowhere.
    var outsideCells: [Bool]
    /// What is summed in rows of its own, axis by axis; the others are summed at once.
    var first: [(axis: Axis, parts: [(factor: Int64, weights: Resampling<Int64>)])]
    var last: [Axis]
  }

  /// Bits of a denominator: as XNNPACK has them, and of single precision as many as do not show.
  private static let bits = (integer: 11, real: 16)
  /// Weights of several axes at once, at most.
  private static let mostJoined = 1 << 14
  /// Weights of an axis, at most.
  private static let mostWeights = 1 << 23
  /// The largest sum that a row of an axis alone has.
  private static let mostSum: Int64 = 1 << 14

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    let node = tensors.node
    let output = try tensors.output.affine(node)
    let input = try tensors.input(0, "input").affine(node)
    if isNearest || isLiteRT { try tensors.requireEqualQuantization(label) }
    guard isNearest || tensors.arithmetic != .exact else {
      throw .unsupported(
        node: node, what: "a Resize that is not nearest between QONNX's quantizers",
        remedy: "use nearest, or give the float model with calibration inputs")
    }
    let isReal = !isLiteRT && tensors.arithmetic == .float32
    let places = self.axes
    var (axes, denominator, reach) = ([Plan.Axis](), 1.0, Double(input.span))
    for (index, axis) in places.enumerated() {
      guard let axis else { continue }
      guard axis.count.multipliedReportingOverflow(by: axis.extent).partialValue <= Self.mostWeights
      else { throw refusal(node) }
      // Single precision leaves so much of a scale; LiteRT's weights are what they are.
      let (weights, own) = axis.integers(
        bits: isReal ? Self.bits.real : Self.bits.integer, tolerance: isLiteRT ? 1e-9 : 1e-6)
      denominator *= Double(own)
      reach *= Double(max(1, weights.reach))
      axes.append(Plan.Axis(index: index, weights: weights))
    }
    guard denominator <= 0x1p36, reach <= 0x1p48 else { throw refusal(node) }
    let ratio = Double(input.scale) / (Double(output.scale) * denominator)
    var rescale = Rescale.identity
    if isLiteRT {
      // Halves go upwards: a power of two is one shift.
      rescale = Rescale(mantissa: 1, shift: Int(denominator.exponent))
    } else if ratio != 1 {
      rescale = try tensors.rescale(ratio: ratio)
      let real = FloatStep.realMean(of: Int(denominator), input, output, countsZero: false)
      if isReal, let real { rescale = .float(real) }
    }
    var plan = Plan(
      axes: axes, step: try Requantization(tensors, .unbounded, rescale: rescale),
      outside: output.quantize(outside) ?? output.zeroPoint, outsideCells: outsideCells(places),
      first: [], last: [])
    // Whatever leaves the fewest values comes first.
    var rest = axes.sorted {
      $0.weights.count * $1.weights.extent < $1.weights.count * $0.weights.extent
    }
    let values = input.withoutZeroPoint(input.range)
    var largest = max(values.upperBound, -values.lowerBound)
    while rest.count > 1,
      rest.reduce(1.0, { $0 * Double($1.weights.count) * Double($1.weights.extent) })
        > Double(Self.mostJoined)
    {
      let axis = rest.removeFirst()
      guard let parts = axis.weights.split(reach: Self.mostSum / largest),
        parts.count == 1 || plan.first.isEmpty
      else { throw refusal(node) }
      // Of several parts none is left for another axis by itself.
      largest = parts.count == 1 ? largest * max(1, axis.weights.reach) : Self.mostSum
      plan.first.append((axis, parts))
    }
    plan.last = rest
    return plan
  }

  private func refusal(_ node: String) -> ModelError {
    .unsupported(
      node: node, what: "a resize of \(extents) to \(target)",
      remedy: "resize to fewer places, or two axes in one Resize and the others in a second")
  }

  // MARK: - Rows

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    if let from = rearrangement {
      return builder.view(x, through: from.windows, shape: from.axes, named: name)
    }
    let plan = try plan(tensors)
    // Each part is a term of every sum.
    var wire = x.parts.count > 4 ? builder.materialized(x, named: name, as: .copy) : x
    for (axis, parts) in plan.first {
      var shape = wire.shape
      shape[axis.index] = axis.weights.count
      var sums = TensorView(shape: shape, parts: [])
      for (factor, weights) in parts {
        let own = [Plan.Axis(index: axis.index, weights: weights)]
        let relation = terms(wire, own, named: name, into: &builder)
        let rows = builder.block(
          name, as: .axis, shape: shape, relation: relation, multiplier: .identity,
          activation: .identity)
        sums.parts += rows.parts.map { part in
          var part = part
          part.coefficient *= factor
          return part
        }
      }
      wire = sums
    }
    var result = wire
    if !plan.last.isEmpty {
      result = builder.block(
        name, shape: tensors.output.shape,
        relation: terms(wire, plan.last, named: name, into: &builder),
        scaling: Scaling(plan.step.rescale), activation: plan.step.activation)
    } else if !plan.step.isIdentity {
      result = plan.step.lower(wire, named: name, into: &builder)
    }
    let fill = plan.outside - plan.step.output.zeroPoint
    if fill != 0, !plan.outsideCells.isEmpty {
      result.parts +=
        builder.tensor(
          name, as: .constant, shape: tensors.output.shape,
          type: .holding(tensors.output, zeroPoints: [plan.step.output.zeroPoint]),
          values: plan.outsideCells.map { $0 ? fill : 0 }
        ).parts
    }
    return result
  }

  /// The sums over some axes of a wire, with a tensor of weights that is the product of theirs.
  private func terms<Builder: CircuitBuilder>(
    _ wire: TensorView, _ axes: [Plan.Axis], named name: String, into builder: inout Builder
  ) -> [Term] {
    let axes = axes.sorted { $0.index < $1.index }
    var (shape, windows, summed) = (wire.shape, wire.inPlace, [Int]())
    for axis in axes {
      windows[axis.index] = .label(wire.shape.count + summed.count)
      shape[axis.index] = axis.weights.count
      summed.append(axis.weights.extent)
    }
    // Rows of all axes, and then what each of them reads.
    var values: [Int64] = [1]
    var (rows, columns) = (1, 1)
    for axis in axes {
      let (own, count, extent) = (axis.weights.matrix, axis.weights.count, axis.weights.extent)
      var next = [Int64](repeating: 0, count: values.count * own.count)
      for row in 0..<rows * count {
        for column in 0..<columns * extent {
          next[row * columns * extent + column] =
            values[row / count * columns + column / extent]
            * own[row % count * extent + column % extent]
        }
      }
      values = next
      (rows, columns) = (rows * count, columns * extent)
    }
    let weights = builder.tensor(
      name, as: .constant, shape: axes.map(\.weights.count) + summed, type: .fitting(values),
      values: values)
    return builder.terms(
      over: shape, summed: summed, Reading(wire, windows),
      Reading(
        weights,
        axes.map { .label($0.index) } + summed.indices.map { .label(shape.count + $0) }),
      named: name)
  }

  /// Whole factors, up and down, as a view; nil where there are others.
  private var rearrangement: Rearrangement? {
    guard isNearest else { return nil }
    var result = Rearrangement(axes: [], windows: [])
    for (axis, extent) in zip(axes, extents) {
      guard let axis else {
        result.windows.append(.label(result.axes.count))
        result.axes.append(extent)
        continue
      }
      guard let places = axis.places, !places.isEmpty else { return nil }
      if places.count % extent == 0 {
        let factor = places.count / extent
        guard places.indices.allSatisfy({ places[$0] == $0 / factor }) else { return nil }
        result.windows.append(.label(result.axes.count))
        result.axes += [extent, factor]
      } else {
        let step = places.count > 1 ? places[1] - places[0] : extent
        guard places[0] >= 0, step > 0,
          places.indices.allSatisfy({ places[$0] == places[0] + $0 * step })
        else { return nil }
        result.windows.append(
          AffineIndex(
            steps: [AffineIndex.Step(label: result.axes.count, stride: step)],
            constant: places[0]))
        result.axes.append(places.count)
      }
    }
    return result.axes.count <= Limits.rank ? result : nil
  }
}
