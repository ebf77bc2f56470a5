import ConstraintSystem

/// ONNX Slice, TFLite SLICE and STRIDED_SLICE with constant bounds: every `step`-th value of a range
/// of each axis. No rows: a view.
package struct Slice: Rearranging {
  package static let onnx = [ONNXForm("Slice", since: 1)]
  package static let tflite = [
    TFLiteForm("SLICE", options: 48),
    TFLiteForm(
      "STRIDED_SLICE", options: 32,
      [
        ("begin_mask", .integer(0)), ("end_mask", .integer(0)), ("ellipsis_mask", .integer(0)),
        ("new_axis_mask", .integer(0)), ("shrink_axis_mask", .integer(0)),
        ("offset", .flag(false)),
      ]),
  ]

  /// Of one axis; ends are clamped to the axis, negative ones count from its end.
  package struct Bounds: Sendable, Hashable {
    package var start: Int64?
    package var end: Int64?
    package var step: Int64 = 1
    /// TFLite's shrink_axis_mask: one value, and the axis goes.
    package var isIndex = false
  }
  /// By axis; others are whole.
  package var bounds: [Int: Bounds]
  /// How many axes of extent 1 come before one of the input's: TFLite's new_axis_mask.
  private var newAxes: [Int: Int] = [:]

  package init(_ bounds: [Int: Bounds]) { self.bounds = bounds }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let shape = try node.input(0, "input").shape
    bounds = [:]
    switch node.type {
    case "SLICE":
      let (starts, sizes) = (try node.integers(1, "begin"), try node.integers(2, "size"))
      guard starts.count == shape.count, sizes.count == shape.count else {
        throw .invalid(node: node.name, what: "its begin and size do not fit \(shape)")
      }
      for (axis, extent) in shape.enumerated() {
        let size = sizes[axis] == -1 ? Int64(extent) &- starts[axis] : sizes[axis]
        guard starts[axis] >= 0, size > 0, starts[axis] <= Int64(extent),
          size <= Int64(extent) - starts[axis]
        else {
          throw .invalid(
            node: node.name, what: "\(size) values from \(starts[axis]) of an axis of \(extent)")
        }
        bounds[axis] = Bounds(start: starts[axis], end: starts[axis] + size)
      }
    case "STRIDED_SLICE": try readStrided(&attributes, rank: shape.count)
    default: try readONNX(&attributes, shape)
    }
    try attributes.finish()
  }

  private mutating func readStrided(
    _ attributes: inout AttributeReader, rank: Int
  ) throws(ModelError) {
    let node = attributes.node
    let (starts, ends) = (try node.integers(1, "begin"), try node.integers(2, "end"))
    let steps = try node.integers(3, "strides")
    try attributes.require("offset", 0)
    var masks: [Int64] = []
    for name in [
      "begin_mask", "end_mask", "shrink_axis_mask", "new_axis_mask", "ellipsis_mask",
    ] {
      masks.append(try attributes.integer(name, default: 0))
    }
    func isSet(_ mask: Int, _ place: Int) -> Bool { masks[mask] >> Int64(place) & 1 == 1 }
    // Which of the places stand for an axis of the input: neither a new axis nor all that is left out.
    let places = starts.indices.filter { !isSet(3, $0) && !isSet(4, $0) }
    guard starts.count <= 16, places.count <= rank, ends.count == starts.count,
      steps.count == starts.count, starts.indices.count(where: { isSet(4, $0) }) <= 1
    else {
      throw .invalid(node: node.name, what: "its begin, end and strides do not agree")
    }
    var axis = 0
    for place in starts.indices {
      if isSet(4, place) {
        axis = rank - places.count { $0 > place }
        continue
      }
      if isSet(3, place) {
        newAxes[axis, default: 0] += 1
        continue
      }
      let isIndex = isSet(2, place)
      bounds[axis] = Bounds(
        start: isSet(0, place) ? nil : starts[place], end: isSet(1, place) ? nil : ends[place],
        step: isIndex ? 1 : steps[place], isIndex: isIndex)
      if isIndex {
        // The end of an index is not read.
        bounds[axis]?.start = starts[place]
        bounds[axis]?.end = starts[place] == -1 ? nil : starts[place] &+ 1
      }
      axis += 1
    }
  }

  private mutating func readONNX(
    _ attributes: inout AttributeReader, _ shape: [Int]
  ) throws(ModelError) {
    let node = attributes.node
    guard let starts = try attributes.integers("starts", operand: 1),
      let ends = try attributes.integers("ends", operand: 2), starts.count == ends.count
    else { throw .invalid(node: node.name, what: "Slice without its starts and ends") }
    let axes = try attributes.integers("axes", operand: 3) ?? starts.indices.map { Int64($0) }
    let steps = try attributes.integers("steps", operand: 4) ?? starts.map { _ in 1 }
    guard axes.count == starts.count, steps.count == starts.count else {
      throw .invalid(node: node.name, what: "its starts, ends, axes and steps do not agree")
    }
    for (index, axis) in axes.enumerated() {
      let place = try SourceShapes.axis(axis, of: shape)
      guard bounds[place] == nil else {
        throw .invalid(node: node.name, what: "axis \(axis) stands twice")
      }
      bounds[place] = Bounds(start: starts[index], end: ends[index], step: steps[index])
    }
  }

  package var label: String { "Slice" }

  package func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    var (shape, windows) = ([Int](), [AffineIndex]())
    for (axis, extent) in input.enumerated() {
      shape += [Int](repeating: 1, count: newAxes[axis] ?? 0)
      let own = bounds[axis] ?? Bounds()
      guard let (start, count) = own.places(extent), count > 0,
        own.step.magnitude <= Limits.stride
      else {
        throw .invalid(node: "", what: "its slice leaves nothing of axis \(axis) of \(input)")
      }
      if own.isIndex {
        windows.append(.fixed(start))
        continue
      }
      windows.append(
        AffineIndex(
          steps: [AffineIndex.Step(label: shape.count, stride: Int(own.step))], constant: start))
      shape.append(count)
    }
    shape += [Int](repeating: 1, count: newAxes[input.count] ?? 0)
    guard shape.count <= ModelLimits.rank else {
      throw .unsupported(
        node: "", what: "a slice of \(shape.count) axes", remedy: "at most \(ModelLimits.rank)")
    }
    return (shape, Rearrangement(axes: shape, windows: windows))
  }
}

extension Slice.Bounds {
  /// The first place and how many; nil for a step of zero, or an index outside the axis.
  fileprivate func places(_ extent: Int) -> (start: Int, count: Int)? {
    let size = Int64(extent)
    guard step != 0, step != .min else { return nil }
    func place(_ bound: Int64?, _ standard: Int64) -> Int64 {
      guard let bound else { return standard }
      let own = bound < 0 ? bound &+ size : bound
      return step > 0 ? own.clamped(to: 0...size) : own.clamped(to: -1...(size - 1))
    }
    if isIndex, let start, !(-size..<size).contains(start) { return nil }
    let first = place(start, step > 0 ? 0 : size - 1)
    let last = place(end, step > 0 ? size : -1)
    let span = step > 0 ? last - first : first - last
    guard span > 0 else { return (0, 0) }
    return (Int(first), Int((span - 1) / Swift.max(step, -step)) + 1)
  }
}
