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

  fileprivate enum Rule: Hashable, Sendable {
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

// MARK: - TFLite

/// What LiteRT reads of an axis.
private struct LiteRTResize: Hashable {
  var input: Int
  var output: Int
  var isNearest: Bool
  /// Whether the ends of both axes meet.
  var isAligned: Bool
  /// Whether places are squares with a centre.
  var isCentred: Bool
  /// Whether weights have eleven bits.
  var isRounded: Bool

  static func axes(
    _ attributes: inout AttributeReader, _ input: [Int], isNearest: Bool
  ) throws(ModelError) -> [LiteRTResize?] {
    let node = attributes.node
    let size = try node.integers(1, "size")
    guard input.count == 4, size.count == 2 else {
      throw .invalid(node: node.name, what: "a size \(size) for an input of shape \(input)")
    }
    let isAligned = try attributes.integer("align_corners", default: 0) != 0
    let isCentred = try attributes.integer("half_pixel_centers", default: 0) != 0
    attributes.ignore("new_height", "new_width")
    guard isNearest || !isAligned || !isCentred else {
      throw .unsupported(
        node: node.name, what: "RESIZE_BILINEAR with align_corners and half_pixel_centers",
        remedy: "no runtime has both: set one of them")
    }
    var result: [LiteRTResize?] = [nil, nil, nil, nil]
    var cells = Double(input[0]) * Double(input[3])
    for (axis, extent) in zip(1...2, size) {
      let target = try ONNXResize.extent(extent, node)
      cells *= Double(target)
      guard cells <= Double(ModelLimits.activation) else {
        throw .invalid(node: node.name, what: "a size of \(size)")
      }
      result[axis] = LiteRTResize(
        input: input[axis], output: target, isNearest: isNearest, isAligned: isAligned,
        isCentred: isCentred, isRounded: node.hasLiteRTIntegers)
    }
    return result
  }

  func taps(_ index: Int) -> [Resampling<Double>.Tap] {
    isNearest ? [.init(nearest(index), 1)] : linear(index)
  }

  /// Source: TFLite's `GetNearestNeighbor`, and the way in fixed point of its optimized kernel.
  private func nearest(_ index: Int) -> Int {
    if !isAligned, !isCentred {
      return min((index * ((input << 16) / output + 1)) >> 16, input - 1)
    }
    let scale =
      isAligned && output > 1 ? Float(input - 1) / Float(output - 1) : Float(input) / Float(output)
    let place = (Float(index) + (isCentred ? 0.5 : 0)) * scale
    let rounded = place.rounded(isAligned ? .toNearestOrAwayFromZero : .down)
    return min(max(Int(rounded), 0), input - 1)
  }

  /// Source: XNNPACK's `xnn_indirection_init_resize_bilinear2d_hwc_q11`.
  private func linear(_ index: Int) -> [Resampling<Double>.Tap] {
    let ends: Float = isAligned && output > 1 ? 1 : 0
    let scale = (Float(input) - ends) / (Float(output) - ends)
    var place = Float(index) * scale
    if isCentred { place = min(max(place + (0.5 * scale - 0.5), 0), Float(input - 1)) }
    let lower = min(Int(place), input - 1)
    let weight = place - Float(lower)
    let second =
      isRounded ? Double((weight * 2048).rounded(.toNearestOrEven)) / 2048 : Double(weight)
    let upper = min(lower + 1, input - 1)
    if second == 0 || upper == lower { return [.init(lower, 1)] }
    return second == 1 ? [.init(upper, 1)] : [.init(lower, 1 - second), .init(upper, second)]
  }
}

// MARK: - ONNX

/// What a Resize or Upsample of ONNX says, axis by axis.
private struct ONNXResize: Hashable {
  /// One that may change.
  struct Axis: Hashable {
    var resize: ONNXResize
    var extent: Int
    var size: Size
    /// The part of it that is read, from 0 to 1.
    var roi: ClosedRange<Double>

    func taps(_ index: Int) -> [Resampling<Double>.Tap] {
      resize.taps(index, extent, size, roi)
    }
  }

  enum Mode: Hashable {
    case nearest
    case linear
    case cubic(Double)

    /// How far a value reaches, in places of the input.
    var support: Double { self == .linear ? 1 : 2 }

    /// The weight of what lies so far away.
    func callAsFunction(_ distance: Double) -> Double {
      let x = abs(distance)
      switch self {
      case .nearest, .linear: return max(0, 1 - x)
      case .cubic(let a):
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
      }
    }
  }

  private enum Centring: String {
    case halfPixel = "half_pixel"
    case halfPixelSymmetric = "half_pixel_symmetric"
    case pytorchHalfPixel = "pytorch_half_pixel"
    case alignCorners = "align_corners"
    case asymmetric
    case tfHalfPixel = "tf_half_pixel_for_nn"
    case crop = "tf_crop_and_resize"
  }

  private enum Rounding: String {
    case preferFloor = "round_prefer_floor"
    case preferCeil = "round_prefer_ceil"
    case floor
    case ceil
    /// As onnxruntime reads models before opset 11: up where an axis shrinks, else down.
    case simple

    func callAsFunction(_ place: Float, shrinks: Bool) -> Float {
      switch self {
      case .preferFloor where place == place.rounded(.towardZero) + 0.5: place.rounded(.down)
      case .preferFloor, .preferCeil: place.rounded(.toNearestOrAwayFromZero)
      case .floor: place.rounded(.down)
      case .ceil: place.rounded(.up)
      case .simple: place.rounded(shrinks ? .up : .towardZero)
      }
    }
  }

  let mode: Mode
  private(set) var axes: [Axis?] = []
  let outside: Float
  private let centring: Centring
  private let rounding: Rounding
  private let isAntialiased: Bool
  private let excludesOutside: Bool
  /// Whether onnxruntime's integers are meant, which counts the places of an axis in whole.
  private let countsPlaces: Bool

  init(_ attributes: inout AttributeReader, _ input: [Int]) throws(ModelError) {
    let node = attributes.node
    let isOld = node.type == "Upsample" || node.version < 11
    let a = try attributes.real("cubic_coeff_a", default: -0.75)
    guard abs(a) <= 16 else { throw attributes.refusal("cubic_coeff_a", .real(a)) }
    switch try attributes.text("mode", default: "nearest") {
    case "nearest": mode = .nearest
    case "linear", "bilinear": mode = .linear
    case "cubic": mode = .cubic(Double(a))
    case let other: throw attributes.refusal("mode", .text(other))
    }
    let centring = try attributes.text(
      "coordinate_transformation_mode", default: isOld ? "asymmetric" : "half_pixel")
    guard let known = Centring(rawValue: centring) else {
      throw attributes.refusal("coordinate_transformation_mode", .text(centring))
    }
    self.centring = known
    let rounding = try attributes.text(
      "nearest_mode", default: isOld ? "simple" : "round_prefer_floor")
    guard let way = Rounding(rawValue: rounding) else {
      throw attributes.refusal("nearest_mode", .text(rounding))
    }
    self.rounding = way
    isAntialiased = try attributes.integer("antialias", default: 0) != 0 && mode != .nearest
    excludesOutside = try attributes.integer("exclude_outside", default: 0) != 0
    outside = try attributes.real("extrapolation_value", default: 0)
    countsPlaces = mode == .nearest || node.optionalInput(0)?.quantization != nil
    let sizes = try Self.sizes(&attributes, input, isOld: isOld)
    var cells = 1.0
    for (size, extent) in zip(sizes, input) { cells *= Double(size?.count ?? extent) }
    guard cells <= Double(ModelLimits.activation) else {
      throw .invalid(node: node.name, what: "a resize to \(cells) values")
    }
    let rois = try rois(node, sizes)
    // Axes do not hold each other.
    let rule = self
    for (axis, extent) in input.enumerated() {
      guard let size = sizes[axis], size.count != extent || size.scale != 1 || known == .crop else {
        axes.append(nil)
        continue
      }
      axes.append(
        Axis(resize: rule, extent: extent, size: size, roi: rois[axis] ?? 0...1))
    }
  }

  // MARK: Extents

  struct Size: Hashable {
    var count: Int
    var scale: Double
    /// Which of the axes that the node names it is.
    var index: Int
  }

  static func extent(_ value: Int64, _ node: SourceNode) throws(ModelError) -> Int {
    guard (1...Int64(Limits.stride)).contains(value) else {
      throw .invalid(node: node.name, what: "an extent of \(value)")
    }
    return Int(value)
  }

  /// From scales or sizes, over some axes or all.
  private static func sizes(
    _ attributes: inout AttributeReader, _ input: [Int], isOld: Bool
  ) throws(ModelError) -> [Size?] {
    let node = attributes.node
    var axes = Array(input.indices)
    if let list = try attributes.integers("axes") {
      axes = []
      for axis in list { axes.append(try SourceShapes.axis(axis, of: input)) }
    }
    guard Set(axes).count == axes.count else {
      throw .invalid(node: node.name, what: "it names an axis twice")
    }
    let policy = try attributes.text("keep_aspect_ratio_policy", default: "stretch")
    guard ["stretch", "not_larger", "not_smaller"].contains(policy) else {
      throw attributes.refusal("keep_aspect_ratio_policy", .text(policy))
    }
    var result = [Size?](repeating: nil, count: input.count)
    if let sizes = node.optionalInput(isOld ? 4 : 3), sizes.count > 0 {
      guard case .integer(let values)? = sizes.constant, values.count == axes.count else {
        throw .invalid(node: node.name, what: "its sizes are not a constant per axis")
      }
      var ratios: [Double] = []
      for (axis, size) in zip(axes, values) {
        ratios.append(Double(try extent(size, node)) / Double(input[axis]))
      }
      let common = policy == "not_larger" ? ratios.min() : ratios.max()
      for (index, axis) in axes.enumerated() {
        var size = Size(count: Int(values[index]), scale: ratios[index], index: index)
        if policy != "stretch", let common {
          size.scale = common
          let count = (common * Double(input[axis])).rounded(.toNearestOrAwayFromZero)
          size.count = try extent(Int64(count.clampedToExtent), node)
        }
        result[axis] = size
      }
      return result
    }
    var scales: [Float] = []
    if case .reals(let values)? = node.attributes["scales"] {
      attributes.ignore("scales")
      scales = values
    } else if case .real(let values)? = node.optionalInput(isOld ? 1 : 2)?.constant {
      scales = values
    }
    guard scales.count == axes.count else {
      throw .invalid(node: node.name, what: "its scales are not a constant per axis")
    }
    for (index, axis) in axes.enumerated() {
      let scale = scales[index]
      // As onnxruntime counts them, in single precision.
      let count = (Float(input[axis]) * scale).rounded(.down)
      guard count >= 1, count <= Float(Limits.stride), scale > 0 else {
        throw .invalid(node: node.name, what: "a scale of \(scale)")
      }
      let whole = Double(count) / Double(input[axis])
      result[axis] = Size(
        count: Int(count), scale: Float(whole) == scale ? whole : Double(scale), index: index)
    }
    return result
  }

  /// By axis the part of it that is read, from 0 to 1.
  private func rois(
    _ node: SourceNode, _ sizes: [Size?]
  ) throws(ModelError) -> [Int: ClosedRange<Double>] {
    guard centring == .crop else { return [:] }
    let count = sizes.count { $0 != nil }
    guard case .real(let values)? = node.optionalInput(1)?.constant, values.count == 2 * count,
      values.allSatisfy({ abs($0) <= Float(Limits.stride) })
    else {
      throw .invalid(node: node.name, what: "its roi is not a constant of two numbers per axis")
    }
    var result: [Int: ClosedRange<Double>] = [:]
    for (axis, size) in sizes.enumerated() {
      guard let size else { continue }
      let (start, end) = (Double(values[size.index]), Double(values[count + size.index]))
      guard start <= end else {
        throw .unsupported(
          node: node.name, what: "a roi from \(start) to \(end)", remedy: "let it run forwards")
      }
      result[axis] = start...end
    }
    return result
  }

  // MARK: Places

  /// Where a place of the output lies in the input.
  private func position<Real: BinaryFloatingPoint>(
    _ index: Int, _ input: Int, _ size: Size, _ roi: ClosedRange<Double>, as: Real.Type
  ) -> Real {
    let (x, scale, extent) = (Real(index), Real(size.scale), Real(input))
    let length = countsPlaces ? Real(size.count) : Real(size.scale * Double(input))
    switch centring {
    case .halfPixel: return (x + 0.5) / scale - 0.5
    case .pytorchHalfPixel: return size.count > 1 ? (x + 0.5) / scale - 0.5 : 0
    case .tfHalfPixel: return (x + 0.5) / scale
    case .asymmetric: return x / scale
    case .alignCorners: return length == 1 ? 0 : x * (extent - 1) / (length - 1)
    case .halfPixelSymmetric:
      let adjustment = Real(size.count) / (scale * extent)
      return extent / 2 * (1 - adjustment) + (x + 0.5) / scale - 0.5
    case .crop:
      let (start, end) = (Real(roi.lowerBound), Real(roi.upperBound))
      return length == 1
        ? (start + end) * (extent - 1) / 2
        : start * (extent - 1) + x * (end - start) * (extent - 1) / (length - 1)
    }
  }

  fileprivate func taps(
    _ index: Int, _ input: Int, _ size: Size, _ roi: ClosedRange<Double>
  ) -> [Resampling<Double>.Tap] {
    let last = input - 1
    if mode == .nearest {
      let place = position(index, input, size, roi, as: Float.self)
      if centring == .crop, place < 0 || place > Float(last) { return [] }
      let rounded = rounding(place, shrinks: size.scale < 1)
      return [.init(Int(min(max(rounded, 0), Float(last))), 1)]
    }
    let place = position(index, input, size, roi, as: Double.self)
    if centring == .crop, place < 0 || place > Double(last) { return [] }
    let stretch = isAntialiased ? min(1, size.scale) : 1
    let reach = mode.support / stretch
    // Beyond this everything is the outermost place.
    let near = min(max(place, -reach - 1), Double(last) + reach + 1)
    var (weights, sum) = ([Int: Double](), 0.0)
    for source in Int((near - reach).rounded(.up))...Int((near + reach).rounded(.down)) {
      let weight = mode((Double(source) - near) * stretch)
      if weight == 0 || (excludesOutside && !(0...last).contains(source)) { continue }
      weights[min(max(source, 0), last), default: 0] += weight
      sum += weight
    }
    guard abs(sum) > 1e-6 else { return [.init(Int(min(max(place, 0), Double(last))), 1)] }
    return weights.sorted { $0.key < $1.key }.filter { $0.value != 0 }
      .map { place, weight in
        Resampling<Double>.Tap(place, isAntialiased || excludesOutside ? weight / sum : weight)
      }
  }
}

extension Double {
  /// Within what an integer holds.
  fileprivate var clampedToExtent: Double { Swift.min(self, 0x1p40) }
}
