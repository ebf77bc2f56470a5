import ConstraintSystem

/// The axes of a tensor that an operator makes one value of, which then stay with extent 1 or go.
package struct ReducedAxes: Sendable, Hashable {
  package enum Choice: Sendable, Hashable {
    /// Negative ones count from the end.
    case list([Int64])
    case all
    /// All but batch and channels.
    case spatial(channelsFirst: Bool)
  }
  package var choice: Choice
  package var keepsAxes: Bool

  package init(_ choice: Choice, keepsAxes: Bool) {
    self.choice = choice
    self.keepsAxes = keepsAxes
  }

  /// ONNX's axes, an attribute or an operand, keepdims and noop_with_empty_axes; TFLite's axes and
  /// `ReducerOptions`.
  init(_ attributes: inout AttributeReader) throws(ModelError) {
    let node = attributes.node
    if node.isTFLite {
      self.init(
        .list(try node.integers(1, "axes")),
        keepsAxes: try attributes.integer("keep_dims", default: 0) != 0)
    } else {
      let list = try attributes.integers("axes", operand: 1) ?? []
      let isIdle = try attributes.integer("noop_with_empty_axes", default: 0) != 0
      self.init(
        list.isEmpty && !isIdle ? .all : .list(list),
        keepsAxes: try attributes.integer("keepdims", default: 1) != 0)
    }
  }

  /// `ReducerOptions`, with their number in the union of options.
  static func tflite(_ name: String) -> TFLiteForm {
    TFLiteForm(name, options: 27, [("keep_dims", .flag(false))])
  }

  /// The axes of a tensor of these extents, ascending.
  ///
  /// - Throws: without a node's name, where it has no such axis.
  func places(in shape: [Int]) throws(ModelError) -> [Int] {
    switch choice {
    case .all: return Array(shape.indices)
    case .list(let list): return try SourceShapes.axes(list, of: shape).sorted()
    case .spatial(let channelsFirst):
      guard shape.count > 2 else {
        throw .invalid(node: "", what: "an input of shape \(shape) has no spatial axis")
      }
      return Array(channelsFirst ? 2..<shape.count : 1..<(shape.count - 1))
    }
  }

  /// What is left of these extents.
  func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try SourceShapes.first(inputs)
    let reduced = Set(try places(in: shape))
    return shape.indices.compactMap { axis in
      reduced.contains(axis) ? (keepsAxes ? 1 : nil) : shape[axis]
    }
  }

  /// How many values each value of the output is made of.
  func count(in shape: [Int]) throws(ModelError) -> Int {
    try places(in: shape).reduce(1) { $0 * shape[$1] }
  }

  /// For each cell of the output, the cells that it is made of.
  func groups(in shape: [Int]) throws(ModelError) -> [[Int]] {
    let reduced = Set(try places(in: shape))
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

  /// Rows over the axes that stay, which sum over the others.
  func sum(over shape: [Int]) throws(ModelError) -> ReducedSum {
    let reduced = try places(in: shape)
    let kept = shape.indices.filter { !reduced.contains($0) }
    let labels = kept + reduced
    return ReducedSum(
      shape: kept.map { shape[$0] }, summed: reduced.map { shape[$0] },
      windows: shape.indices.map { .label(labels.firstIndex(of: $0) ?? 0) })
  }
}

/// The extents of rows and of what they sum over, and the windows that read a tensor over both.
struct ReducedSum {
  var shape: [Int]
  var summed: [Int]
  var windows: [AffineIndex]
}
