import ConstraintSystem

/// ONNX Pad and CenterCropPad, TFLite PAD, PADV2 and MIRROR_PAD, with constant pads: zeros, which are the zero point,
/// another number, or the tensor's own values repeated, mirrored or from its other end. ONNX's negative pads
/// cut off.
///
/// No rows for zeros: a view that reads beyond its source; and none for another number, which is a constant of the
/// model beside it. Values of the tensor's own take none where one place is added, else one each.
package struct Pad: MovingOperator {
  package static let onnx = [ONNXForm("Pad", since: 2), ONNXForm("CenterCropPad", since: 18)]
  package static let tflite = [
    TFLiteForm("PAD", options: 22), TFLiteForm("PADV2", options: 43),
    TFLiteForm("MIRROR_PAD", options: 77, [("mode", .mirror)]),
  ]

  package enum Mode: Sendable, Hashable {
    case zero
    case real(Float)
    /// At the input's scale.
    case integer(Int64)
    /// The place next to the edge comes next, then the one beyond it.
    case reflect
    /// The place at the edge comes next again, then the one before it.
    case symmetric
    /// The outermost place over and over.
    case edge
    /// The other end comes next.
    case wrap
  }
  package var mode: Mode
  package var before: [Int]
  package var after: [Int]

  package init(before: [Int], after: [Int], mode: Mode = .zero) {
    self.before = before
    self.after = after
    self.mode = mode
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let input = try node.input(0, "input").shape
    if node.type == "CenterCropPad" {
      self = try Self.centred(&attributes, input)
      try attributes.finish()
      return
    }
    let rank = input.count
    mode = .zero
    var pads: [Int64]
    if node.type == "MIRROR_PAD" {
      switch try attributes.text("mode", default: "reflect") {
      case "reflect": mode = .reflect
      case "symmetric": mode = .symmetric
      case let other: throw attributes.refusal("mode", .text(other))
      }
    }
    if node.isTFLite {
      let pairs = try node.integers(1, "pads")
      // Pairs of before and after, axis by axis.
      let sides = [0, 1].map { side in
        stride(from: side, to: pairs.count, by: 2).map { pairs[$0] }
      }
      pads = sides[0] + sides[1]
    } else {
      switch try attributes.text("mode", default: "constant") {
      case "constant": break
      case "reflect": mode = .reflect
      case "edge": mode = .edge
      case "wrap": mode = .wrap
      case let other: throw attributes.refusal("mode", .text(other))
      }
      let own = try attributes.integers("pads")
      pads = if let own { own } else { try node.integers(1, "pads") }
      let value = try attributes.real("value", default: 0)
      if mode == .zero, value != 0 { mode = .real(value) }
      if node.optionalInput(3) != nil {
        pads = try Self.spread(pads, over: node.integers(3, "axes"), rank, node)
      }
    }
    if mode == .zero { mode = try Self.value(node) }
    var extents: [Int] = []
    for pad in pads {
      guard let extent = Int(exactly: pad), extent.magnitude <= Limits.stride,
        extent >= 0 || !node.isTFLite
      else {
        throw .unsupported(
          node: node.name, what: "a pad of \(pad)", remedy: "at most \(Limits.stride)")
      }
      extents.append(extent)
    }
    guard extents.count == 2 * rank else {
      throw .invalid(node: node.name, what: "\(extents.count) pads for \(rank) axes")
    }
    (before, after) = (Array(extents[..<rank]), Array(extents[rank...]))
    try attributes.finish()
  }

  /// As much on both sides as can be, the odd place at the end.
  private static func centred(
    _ attributes: inout AttributeReader, _ input: [Int]
  ) throws(ModelError) -> Pad {
    let node = attributes.node
    let target = try node.integers(1, "shape")
    var axes = Array(input.indices)
    if let list = try attributes.integers("axes") {
      axes = []
      for axis in list { axes.append(try SourceShapes.axis(axis, of: input)) }
    }
    guard target.count == axes.count, Set(axes).count == axes.count else {
      throw .invalid(node: node.name, what: "\(target.count) extents for \(axes.count) axes")
    }
    var (before, after) = (input.map { _ in 0 }, input.map { _ in 0 })
    for (axis, extent) in zip(axes, target) {
      guard extent > 0, extent <= Int64(Limits.stride) else {
        throw .unsupported(
          node: node.name, what: "an extent of \(extent)", remedy: "at most \(Limits.stride)")
      }
      let more = Int(extent) - input[axis]
      // Both cut and pad leave the odd place behind.
      before[axis] = more / 2
      after[axis] = more - before[axis]
    }
    return Pad(before: before, after: after)
  }

  /// Pads of some axes as those of all.
  private static func spread(
    _ pads: [Int64], over axes: [Int64], _ rank: Int, _ node: SourceNode
  ) throws(ModelError) -> [Int64] {
    guard pads.count == 2 * axes.count else {
      throw .invalid(node: node.name, what: "\(pads.count) pads for \(axes.count) axes")
    }
    var result = [Int64](repeating: 0, count: 2 * rank)
    for (index, axis) in axes.enumerated() {
      let place = try SourceShapes.axis(axis, of: node.input(0, "input").shape)
      result[place] = pads[index]
      result[rank + place] = pads[axes.count + index]
    }
    return result
  }

  /// What the pads hold, where the node names it.
  private static func value(_ node: SourceNode) throws(ModelError) -> Mode {
    guard let tensor = node.optionalInput(2) else { return .zero }
    func refuse(_ what: String) -> ModelError {
      .unsupported(node: node.name, what: what, remedy: "pad with a constant number")
    }
    guard tensor.count == 1 else { throw refuse("pads with \(tensor.count) values") }
    switch tensor.constant {
    case .real(let values)?:
      guard values[0].isFinite else { throw refuse("pads with \(values[0])") }
      return values[0] == 0 ? .zero : .real(values[0])
    case .integer(let values)?:
      guard values[0] != tensor.quantization?.zeroPoints.first ?? 0 else { return .zero }
      let input = try node.input(0, "input")
      if tensor.quantization == nil || tensor.quantization == input.quantization {
        return .integer(values[0])
      }
      guard let real = tensor.reals?.first else { throw refuse("pads with a number of no scale") }
      return .real(real)
    case nil: throw refuse("pads whose value is not a constant")
    }
  }

  package var label: String { "Pad" }

  // MARK: - Meaning

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let input = try SourceShapes.first(inputs)
    guard input.count == before.count, input.count == after.count else {
      throw .invalid(node: "", what: "\(before.count) pads for a shape of \(input)")
    }
    var shape: [Int] = []
    for (axis, extent) in input.enumerated() {
      shape.append(extent + before[axis] + after[axis])
      guard shape[axis] > 0 else {
        throw .invalid(node: "", what: "its pads leave nothing of axis \(axis) of \(input)")
      }
      let most = max(before[axis], after[axis])
      switch mode {
      case .zero, .real, .integer: continue
      case .reflect, .symmetric, .edge, .wrap:
        guard min(before[axis], after[axis]) >= 0 else {
          throw .unsupported(
            node: "", what: "negative pads of mode \(mode)", remedy: "cut off by a Slice")
        }
        let isMirror = mode == .reflect || mode == .symmetric
        guard !isMirror || most < extent + (mode == .symmetric ? 1 : 0) else {
          throw .invalid(node: "", what: "a mirror of \(most) places of an axis of \(extent)")
        }
      }
    }
    return shape
  }

  /// By place of the output's axis, the place of the input's; −1 where it is none.
  private func places(_ axis: Int, _ extent: Int) -> [Int] {
    (-before[axis]..<extent + after[axis]).map { place in
      if (0..<extent).contains(place) { return place }
      switch mode {
      case .zero, .real, .integer: return -1
      case .reflect: return place < 0 ? -place : 2 * (extent - 1) - place
      case .symmetric: return place < 0 ? -place - 1 : 2 * extent - 1 - place
      case .edge: return place < 0 ? 0 : extent - 1
      case .wrap: return (place % extent + extent) % extent
      }
    }
  }

  private func cells(_ input: [Int]) -> [Int] {
    var cells = [0]
    for (axis, extent) in input.enumerated() {
      let places = places(axis, extent)
      cells = cells.flatMap { cell in
        places.map { cell < 0 || $0 < 0 ? -1 : cell * extent + $0 }
      }
    }
    return cells
  }

  package func places(_ input: [Int]) throws(ModelError) -> [Int]? {
    switch mode {
    case .real, .integer: nil
    case .zero, .reflect, .symmetric, .edge, .wrap: cells(input)
    }
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    try tensors.requireEqualQuantization(label)
    _ = try fill(tensors)
  }

  /// The integer that pads hold, zero point included.
  private func fill(_ tensors: NodeTensors) throws(ModelError) -> Int64 {
    let output = try tensors.output.affine(tensors.node)
    switch mode {
    case .real(let value):
      let fill = output.quantize(value) ?? output.zeroPoint
      guard tensors.arithmetic != .exact || output.dequantize(fill) == value else {
        throw .unsupported(
          node: tensors.node, what: "pads with \(value), which is no integer of its quantizer",
          remedy: "pad with zero, or with a multiple of the scale")
      }
      return fill
    case .integer(let value):
      guard output.range.contains(value) else {
        throw .invalid(node: tensors.node, what: "pads with \(value), which its type does not hold")
      }
      return value
    case .zero, .reflect, .symmetric, .edge, .wrap: return output.zeroPoint
    }
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    var fill: Float = 0
    if case .real(let value) = mode { fill = value }
    return Values(
      shape: tensors.output.shape,
      elements: cells(x.shape).map { $0 < 0 ? fill : x.elements[$0] })
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    let fill = try fill(tensors)
    return Values(
      shape: tensors.output.shape,
      elements: cells(x.shape).map { $0 < 0 ? fill : x.elements[$0] })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    switch mode {
    case .zero, .real, .integer: break
    case .reflect, .symmetric, .edge, .wrap: return grown(x, named: name, into: &builder)
    }
    let windows = tensor.shape.indices.map { axis in
      AffineIndex(steps: [AffineIndex.Step(label: axis, stride: 1)], constant: -before[axis])
    }
    var wire = builder.view(x, through: windows, shape: tensors.output.shape, named: name)
    let zero = try tensors.output.affine(tensors.node).zeroPoint
    let fill = try fill(tensors) - zero
    if fill != 0 {
      wire.parts +=
        builder.tensor(
          name, as: .constant, shape: tensors.output.shape,
          type: .holding(tensors.output, zeroPoints: [zero]),
          values: cells(tensor.shape).map { $0 < 0 ? fill : 0 }
        ).parts
    }
    return wire
  }

  /// What comes before the wire, the wire, and what comes after it, axis by axis.
  private func grown<Builder: CircuitBuilder>(
    _ wire: TensorView, named name: String, into builder: inout Builder
  ) -> TensorView {
    var wire = wire
    for axis in wire.shape.indices where before[axis] + after[axis] > 0 {
      let extent = wire.shape[axis]
      let places = places(axis, extent)
      let runs =
        AxisRun.runs(of: Array(places[..<before[axis]]))
        + [AxisRun(first: 0, step: 1, count: extent)]
        + AxisRun.runs(of: Array(places[(before[axis] + extent)...]))
      wire = builder.selected(wire, runs, axis: axis, named: name)
    }
    return wire
  }
}
