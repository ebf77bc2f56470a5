import ConstraintSystem

/// ONNX LayerNormalization, RMSNormalization, InstanceNormalization and GroupNormalization, whose scale and bias are
/// constants, and LpNormalization of p = 2: values over the root of their mean square, what they have in common taken
/// away before where it is a deviation.
///
/// Integers, in networks that are quantized here, x with its zero point removed, over the n values of a group:
///
///     V = n·Σx² − (Σx)²     D_i = n·x_i − Σx         (of deviations)
///     V = Σx²               D_i = x_i                (of magnitudes)
///     σ = ⌊√(4^k·V + ε)⌋    R = ⌊2^B / σ⌋
///     y_i = ⌊(±D_i·R + o)·m / 2^s + ½⌋
///
/// with m and o by channel: the scale's magnitude and the bias, a sign where the scale is below zero. k and B leave 12
/// bits of the least root and of the least reciprocal, fewer for groups of thousands.
///
/// **There is a σ ≥ 1.** V ≥ 0 by Cauchy and Schwarz, and ε ≥ 1: where the model's is less than 2^−12 of the least V
/// that is not zero, n − 1 (1 of magnitudes), it is taken to be that. Where V is 0 so are all D, and R is no matter.
///
/// **|D·R| ≤ r·2^(B−k)·(1 + 1/σ₀)**, r = √(n−1) of deviations (Samuelson's inequality) and 1 of magnitudes, σ₀ the least
/// root: |D| ≤ r·√V and √(4^k·V) < σ + 1. Intervals of products do not see this, so that rows are told
/// (`bound(_:quotients:)`).
///
/// Rows: one a value, two where there are scales of both signs. For each group a root and a reciprocal: 2 or 3 limbs
/// and 2 checks each; beyond 64 values the sum in limbs as well, since its square is one of n² products.
package struct Normalization: Operator {
  package static let onnx = [
    // onnxruntime's own before opset 17, in ONNX's domain, and so is the simplified one.
    ONNXForm("LayerNormalization", since: 1), ONNXForm("RMSNormalization", since: 23),
    ONNXForm("SimplifiedLayerNormalization", since: 1),
    ONNXForm("InstanceNormalization", since: 6), ONNXForm("GroupNormalization", since: 21),
    ONNXForm("LpNormalization", since: 1),
  ]

  package enum Form: Sendable, Hashable {
    /// Over this axis and those after it.
    case layer(axis: Int64)
    case rootMeanSquare(axis: Int64)
    /// Vectors along an axis to length one.
    case length(axis: Int64)
    /// Each channel by itself.
    case instance
    /// So many groups of channels.
    case groups(Int64)
  }
  package var form: Form
  package var epsilon: Float
  /// By channel, or one for all.
  package var scale: [Float]
  package var bias: [Float]

  /// Scale and bias, which are constants.
  package static func isAttribute(operand index: Int) -> Bool { index > 0 }

  package init(_ form: Form, epsilon: Float, scale: [Float] = [1], bias: [Float] = [0]) {
    self.form = form
    self.epsilon = epsilon
    self.scale = scale
    self.bias = bias
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    // The precision of what is computed on the way.
    attributes.ignore("stash_type")
    switch node.type {
    case "RMSNormalization", "SimplifiedLayerNormalization":
      form = .rootMeanSquare(axis: try attributes.integer("axis", default: -1))
    case "LpNormalization":
      try attributes.require("p", 2)
      form = .length(axis: try attributes.integer("axis", default: -1))
    case "InstanceNormalization": form = .instance
    case "GroupNormalization": form = .groups(try attributes.integer("num_groups", default: 1))
    default: form = .layer(axis: try attributes.integer("axis", default: -1))
    }
    if node.type == "LpNormalization" {
      (epsilon, scale, bias) = (0, [1], [0])
    } else {
      epsilon = try attributes.real("epsilon", default: 1e-5)
      scale = try Self.constant(node, 1, "scale")
      bias =
        node.type == "InstanceNormalization" || node.type == "GroupNormalization"
          || node.optionalInput(2) != nil ? try Self.constant(node, 2, "bias") : [0]
    }
    guard epsilon >= 0 else { throw attributes.refusal("epsilon", .real(epsilon)) }
    try attributes.finish()
  }

  private static func constant(
    _ node: SourceNode, _ index: Int, _ role: String
  ) throws(ModelError) -> [Float] {
    guard let values = try node.input(index, role).reals, values.allSatisfy(\.isFinite) else {
      throw .unsupported(
        node: node.name, what: "the \(role) of \(node.type) is not a constant of numbers",
        remedy: "export the model for inference, with its weights in it")
    }
    return values
  }

  package var label: String {
    switch form {
    case .layer: "LayerNormalization"
    case .rootMeanSquare: "RMSNormalization"
    case .length: "LpNormalization"
    case .instance: "InstanceNormalization"
    case .groups: "GroupNormalization"
    }
  }

  package var takesRows: Bool { true }

  /// Whether deviations from the mean are what is divided.
  private var isCentered: Bool {
    switch form {
    case .layer, .instance, .groups: true
    case .rootMeanSquare, .length: false
    }
  }

  // MARK: Axes

  private struct Geometry {
    /// Of the input, its channels split into groups.
    var extents: [Int]
    /// The axes of a group.
    var axes: [Int]
    /// Along which scale and bias vary.
    var channels: [Int]

    var reduced: ReducedAxes { ReducedAxes(.list(axes.map(Int64.init)), keepsAxes: false) }
    var count: Int { axes.reduce(1) { $0 * extents[$1] } }
    var channelExtents: [Int] { channels.map { extents[$0] } }
    /// By value the place of its channel.
    var places: [Int] {
      Broadcast.places(
        extents.indices.map { channels.contains($0) ? extents[$0] : 1 }, in: extents)
    }
  }

  private func geometry(_ shape: [Int]) throws(ModelError) -> Geometry {
    switch form {
    case .layer(let axis), .rootMeanSquare(let axis):
      let axes = Array(try SourceShapes.axis(axis, of: shape)..<shape.count)
      return Geometry(extents: shape, axes: axes, channels: axes)
    case .length(let axis):
      return Geometry(
        extents: shape, axes: [try SourceShapes.axis(axis, of: shape)], channels: [])
    case .instance:
      guard shape.count > 2 else { throw noSpace(shape) }
      return Geometry(extents: shape, axes: Array(2..<shape.count), channels: [1])
    case .groups(let count):
      guard shape.count > 2 else { throw noSpace(shape) }
      guard count > 0, let groups = Int(exactly: count), shape[1] % groups == 0 else {
        throw .invalid(node: "", what: "\(shape[1]) channels are not \(count) groups")
      }
      let extents = [shape[0], groups, shape[1] / groups] + shape[2...]
      return Geometry(
        extents: extents, axes: Array(2..<extents.count), channels: [1, 2])
    }
  }

  /// The extents of scale and bias beside those of the input; nil where it has no such axes.
  func channelShape(of shape: [Int]) -> [Int]? {
    guard let geometry = try? geometry(shape), geometry.extents == shape else { return nil }
    return shape.indices.map { geometry.channels.contains($0) ? shape[$0] : 1 }
  }

  private func noSpace(_ shape: [Int]) -> ModelError {
    .invalid(node: "", what: "an input of shape \(shape) has no spatial axis")
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try SourceShapes.first(inputs)
    let geometry = try geometry(shape)
    let channels = geometry.channelExtents.reduce(1, *)
    func check(_ values: [Float], _ role: String) throws(ModelError) {
      if values.count == 1 || values.count == channels { return }
      throw .invalid(
        node: "", what: "its \(role) has \(values.count) values for \(channels) channels")
    }
    try check(scale, "scale")
    try check(bias, "bias")
    return shape
  }

  // MARK: Meaning

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let geometry = try geometry(x.shape)
    let places = geometry.places
    var elements = x.elements
    for group in try geometry.reduced.groups(in: geometry.extents) {
      let count = Double(group.count)
      let mean = isCentered ? group.reduce(0) { $0 + Double(x.elements[$1]) } / count : 0
      let squares = group.reduce(0) { sum, cell in
        let deviation = Double(x.elements[cell]) - mean
        return sum + deviation * deviation
      }
      let isLength = if case .length = form { true } else { false }
      let root = (isLength ? squares : squares / count + Double(epsilon)).squareRoot()
      for cell in group {
        let channel = places[cell]
        let value = root == 0 ? 0 : (Double(x.elements[cell]) - mean) / root
        elements[cell] =
          Float(value) * scale[scale.count == 1 ? 0 : channel] + bias[bias.count == 1 ? 0 : channel]
      }
    }
    return Values(shape: x.shape, elements: elements)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try plan(tensors) }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let geometry = try geometry(x.shape)
    let plan = try plan(tensors)
    let places = geometry.places
    var elements = x.elements
    for group in try geometry.reduced.groups(in: geometry.extents) {
      var (sum, squares) = (Int64(0), Int64(0))
      for cell in group {
        let value = x.elements[cell] - plan.zeroPoint
        sum += value
        squares += value * value
      }
      let root = SquareRoot.root(
        (isCentered ? plan.count * squares - sum * sum : squares) << Int64(2 * plan.shift)
          + plan.epsilon)
      let reciprocal = (1 << Int64(plan.power)) / root
      for cell in group {
        let value = x.elements[cell] - plan.zeroPoint
        let deviation = isCentered ? plan.count * value - sum : value
        elements[cell] = plan.finish(deviation * reciprocal, places[cell])
      }
    }
    return Values(shape: x.shape, elements: elements)
  }
}

// MARK: - Integers

extension Normalization {
  /// The arithmetic for given tensors.
  private struct Plan {
    var zeroPoint: Int64
    /// n.
    var count: Int64
    /// k.
    var shift: Int
    var epsilon: Int64
    /// B.
    var power: Int
    var rootBits: Int
    var reciprocalBits: Int
    /// Of |D·R|.
    var most: Int64
    /// By channel, or one for all.
    var channels: [Channel]
    var step: Requantization

    struct Channel {
      var isNegative: Bool
      var rescale: Rescale
      var offset: Int64
    }

    func finish(_ product: Int64, _ place: Int) -> Int64 {
      let channel = channels[channels.count == 1 ? 0 : place]
      return step.finish(
        (channel.isNegative ? -product : product) + channel.offset, by: channel.rescale)
    }
  }

  /// How many bits of the least root, and of the least reciprocal, are left.
  private static let precisions = [12, 11, 10, 9, 8]
  /// A group of more values has its sum in limbs.
  private static let mostSummed = 64

  private func plan(_ tensors: NodeTensors) throws(ModelError) -> Plan {
    let tensor = try tensors.input(0, "input")
    let (input, output) = (try tensor.affine(tensors.node), try tensors.output.affine(tensors.node))
    guard case .integer(let bits) = tensors.arithmetic else {
      throw .unsupported(
        node: tensors.node, what: "\(label) between quantized tensors",
        remedy: "onnxruntime computes it in float32, whose sums are not proven: give the float "
          + "model with calibration inputs")
    }
    let geometry = try geometry(tensor.shape)
    let values = input.withoutZeroPoint(input.range)
    let largest = Double(max(values.upperBound, -values.lowerBound))
    let (count, span) = (Double(geometry.count), Double(input.span))
    // The most that V can be, the least beside zero, and ε at its scale.
    let most = isCentered ? count * count * span * span / 4 : count * largest * largest
    let least = isCentered ? max(count - 1, 1) : 1
    let square = Double(input.scale) * Double(input.scale)
    let epsilon =
      if case .length = form {
        0.0
      } else {
        Double(self.epsilon) * (isCentered ? count * count : count) / square
      }
    for precision in Self.precisions {
      var (shift, unit) = (0, 1.0)
      while unit * (least + epsilon) < Double(1 << (2 * precision)) {
        (shift, unit) = (shift + 1, unit * 4)
      }
      let constant = max(
        1, (unit * epsilon).rounded(), (unit * least / Double(1 << precision)).rounded(.up))
      let reach = (isCentered ? 2 * count * count : count) * largest * largest
      guard unit * reach + constant < 0x1p58 else { continue }
      let greatest = SquareRoot.root(Int64(unit * most) + Int64(constant))
      let smallest = SquareRoot.root(Int64(constant))
      let rootBits = Self.bits(greatest)
      let power = precision + rootBits
      guard power <= Limits.coefficientBits - 2 else { continue }
      let reciprocalBits = Self.bits((1 << Int64(power)) / smallest)
      // Limbs may hold a little more than the bits that they are for.
      let product = Double(1 << (reciprocalBits + 3)) * (isCentered ? 2 * count : 1) * largest
      guard product < 0x1p58, reciprocalBits + rootBits + 5 <= 60 else { continue }
      let reached =
        (isCentered ? (count - 1).squareRoot() : 1) * Double(1 << (power - shift))
        * (1 + 1 / Double(smallest))
      return Plan(
        zeroPoint: input.zeroPoint, count: Int64(geometry.count), shift: shift,
        epsilon: Int64(constant), power: power, rootBits: rootBits, reciprocalBits: reciprocalBits,
        most: Int64(reached.rounded(.up)) + 1,
        channels: try channels(
          tensors, unit: Double(1 << (power - shift)), count, output, bits: min(bits, 24)),
        step: try Requantization(tensors, .unbounded, rescale: .identity))
    }
    throw .unsupported(
      node: tensors.node,
      what: "\(label) over \(geometry.count) values at a scale of \(input.scale)",
      remedy: "normalize over fewer values, or give it larger ones than its epsilon is")
  }

  private static func bits(_ value: Int64) -> Int {
    max(1, Int64.bitWidth - value.leadingZeroBitCount)
  }

  /// - Parameters:
  ///   - unit: what D·R is where a value is one root.
  ///   - bits: of the largest multiplier.
  private func channels(
    _ tensors: NodeTensors, unit: Double, _ count: Double, _ output: AffineQuantization, bits: Int
  ) throws(ModelError) -> [Plan.Channel] {
    let own = if case .rootMeanSquare = form { count.squareRoot() } else { 1.0 }
    let places = 0..<max(scale.count, bias.count)
    let ratios = places.map { place in
      Double(abs(scale[scale.count == 1 ? 0 : place])) * own / (Double(output.scale) * unit)
    }
    let largest = ratios.max() ?? 0
    // Without any scale the bias is all that is left, and a fine unit for it.
    let shift = largest > 0 ? bits - 1 - Int(largest.exponent) : 48
    var channels: [Plan.Channel] = []
    if (0...Limits.scaleBits.upperBound).contains(shift) {
      let one = Double(sign: .plus, exponent: shift, significand: 1)
      for place in places {
        let scale = scale[scale.count == 1 ? 0 : place]
        let term = Double(bias[bias.count == 1 ? 0 : place]) / Double(output.scale)
        // A bias needs a multiplier, and the least one is nothing beside those of other channels.
        let mantissa = max((ratios[place] * one).rounded(), term == 0 ? 0 : 1)
        let offset = mantissa == 0 ? 0 : (term * one / mantissa).rounded()
        guard abs(offset) < 0x1p57 else { break }
        channels.append(
          Plan.Channel(
            isNegative: scale < 0, rescale: Rescale(mantissa: Int64(mantissa), shift: shift),
            offset: Int64(offset)))
      }
    }
    guard channels.count == places.count else {
      throw .unsupported(
        node: tensors.node,
        what: "\(label) whose scale and bias are far from its output's scale, \(output.scale)",
        remedy: "give calibration inputs that are typical, or scale its output")
    }
    return channels
  }
}

// MARK: - Rows

extension Normalization {
  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let plan = try plan(tensors)
    var tensor = try tensors.input(0, "input")
    let geometry = try geometry(tensor.shape)
    tensor.shape = geometry.extents
    let x = try builder.summand(
      builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node), named: name)
    let group = try Group(x, geometry, plan, isCentered: isCentered, named: name, &builder)
    let signs = Set(plan.channels.map(\.isNegative))
    guard signs.count > 1 else {
      return rows(group, plan, geometry, isNegative: signs.first ?? false, nil, &builder)
    }
    // Each is zero where the other one has the channel.
    let positive = rows(group, plan, geometry, isNegative: false, nil, &builder)
    let negative = rows(group, plan, geometry, isNegative: true, .negative, &builder)
    return TensorView(shape: positive.shape, parts: positive.parts + negative.parts)
  }

  /// What the values of a group have in common.
  private struct Group {
    let name: String
    let x: TensorView
    /// Σx, of a small group as it stands, else with what makes it at least zero; nil where it is not taken away.
    var sum: (terms: TensorView, lowest: Int64)?
    let reciprocal: TensorView

    init<Builder: CircuitBuilder>(
      _ x: TensorView, _ geometry: Geometry, _ plan: Plan, isCentered: Bool, named name: String,
      _ builder: inout Builder
    ) throws(ModelError) {
      (self.name, self.x) = (name, x)
      let sums = try geometry.reduced.sum(over: geometry.extents)
      let shape = sums.shape
      let own = Reading(x, sums.windows)
      let squares = Int64(1) << Int64(2 * plan.shift)
      var radicand = builder.terms(
        isCentered ? plan.count * squares : squares, over: shape, summed: sums.summed, own, own,
        named: name)
      radicand.append(Term(coefficient: plan.epsilon, factors: []))
      if isCentered, geometry.count > Normalization.mostSummed {
        let values = plan.step.input.withoutZeroPoint(plan.step.input.range)
        let lowest = plan.count * min(values.lowerBound, 0)
        let number = builder.quotient(
          name,
          of: builder.terms(over: shape, summed: sums.summed, own, named: name)
            + [Term(coefficient: -lowest, factors: [])],
          by: [Term(factors: [])], over: shape,
          bits: Normalization.bits(plan.count * values.upperBound - lowest), remainderBits: 1)
        sum = (number, lowest)
        let whole = Reading.inPlace(number)
        // (Σx)² of what it is and its lowest value.
        radicand += builder.terms(-squares, over: shape, whole, whole, named: name)
        radicand += builder.terms(-2 * squares * lowest, over: shape, whole, named: name)
        radicand.append(Term(coefficient: -squares * lowest * lowest, factors: []))
      } else if isCentered {
        let (rank, count) = (shape.count, sums.summed.count)
        let other = sums.windows.map { window in
          AffineIndex(
            steps: window.steps.map { step in
              .init(label: step.label < rank ? step.label : step.label + count, stride: step.stride)
            }, constant: window.constant)
        }
        radicand += builder.terms(
          -squares, over: shape, summed: sums.summed + sums.summed, own, Reading(x, other),
          named: name)
      }
      let root = builder.squareRoot(name, of: radicand, over: shape, bits: plan.rootBits)
      reciprocal = builder.reciprocal(
        name, of: builder.terms(over: shape, .inPlace(root), named: name), over: shape,
        power: plan.power, bits: plan.reciprocalBits, remainderBits: plan.rootBits)
    }
  }

  /// The values of channels whose scales have one sign; zero for the others.
  private func rows<Builder: CircuitBuilder>(
    _ group: Group, _ plan: Plan, _ geometry: Geometry, isNegative: Bool, _ role: BlockRole?,
    _ builder: inout Builder
  ) -> TensorView {
    let (extents, name) = (geometry.extents, group.name)
    let kept = extents.indices.filter { !geometry.axes.contains($0) }
    let factor = Reading(group.reciprocal, kept.map { .label($0) })
    let sign: Int64 = isNegative ? -1 : 1
    var relation = builder.terms(
      sign * (isCentered ? plan.count : 1), over: extents, .inPlace(group.x), factor, named: name)
    if let (number, lowest) = group.sum {
      relation += builder.terms(
        -sign, over: extents, Reading(number, kept.map { .label($0) }), factor, named: name)
      if lowest != 0 {
        relation += builder.terms(-sign * lowest, over: extents, factor, named: name)
      }
    } else if isCentered {
      let windows = extents.indices.map { axis in
        AffineIndex.label(geometry.axes.firstIndex(of: axis).map { extents.count + $0 } ?? axis)
      }
      relation += builder.terms(
        -sign, over: extents, summed: geometry.axes.map { extents[$0] },
        Reading(group.x, windows), factor, named: name)
    }
    let none = Rescale(mantissa: 0, shift: 0)
    var (rescales, offsets, range) = ([Rescale](), [Int64](), Int64(0)...0)
    for channel in plan.channels {
      let isOwn = channel.isNegative == isNegative
      rescales.append(isOwn ? channel.rescale : none)
      offsets.append(isOwn ? channel.offset : 0)
      guard isOwn else { continue }
      let least = channel.rescale(channel.offset - plan.most)
      let greatest = channel.rescale(channel.offset + plan.most)
      range = min(range.lowerBound, least)...max(range.upperBound, greatest)
    }
    let axes = plan.channels.count == 1 ? [] : geometry.channels
    if offsets.contains(where: { $0 != 0 }) {
      let shape = axes.isEmpty ? [1] : geometry.channelExtents
      let wire = builder.tensor(
        name, as: role == nil ? .bias : .offset, shape: shape, type: .fitting(offsets),
        values: offsets)
      relation += builder.terms(
        over: extents, Reading(wire, axes.isEmpty ? [.fixed(0)] : axes.map { .label($0) }),
        named: name)
    }
    let y = builder.block(
      name, as: role, shape: extents, relation: relation, scaling: Scaling(rescales, axes: axes),
      activation: plan.step.activation)
    builder.bound(y, quotients: range)
    return y
  }
}

extension CircuitBuilder {
  /// The wire as one view of rows, which a gadget may read; rows of its own where it is more, or of the model.
  fileprivate mutating func summand(_ wire: TensorView, named name: String) -> TensorView {
    if wire.parts.count == 1, case .block = wire.parts[0].view.source,
      wire.parts[0].coefficient == 1
    {
      return wire
    }
    return block(
      name, as: .copy, shape: wire.shape,
      relation: terms(over: wire.shape, .inPlace(wire), named: name), multiplier: .identity,
      activation: .identity)
  }
}
