import ConstraintSystem

/// ONNX Split, TFLite SPLIT, SPLIT_V and UNPACK with constant sizes: one of the pieces of an axis, each a node
/// of its own. No rows: a view.
package struct Split: Rearranging {
  package static let onnx = [ONNXForm("Split", since: 2)]
  package static let tflite = [
    TFLiteForm("SPLIT", options: 35, [("num_splits", .integer(0))]),
    TFLiteForm("SPLIT_V", options: 79, [("num_splits", .integer(0))]),
    TFLiteForm("UNPACK", options: 64, [("num", .integer(0)), ("axis", .integer(0))]),
  ]
  package static let hasSeveralOutputs = true

  package var axis: Int64
  /// Nil: equal pieces, the last one shorter where the format allows it.
  package var sizes: [Int64]?
  package var pieces: Int
  /// Which piece.
  package var piece: Int
  package var source: Int
  /// UNPACK: pieces of one value each, without the axis.
  package var dropsAxis = false
  private var mayBeUneven: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    (pieces, piece, source, mayBeUneven) = (node.outputs.count, node.piece, 0, false)
    switch node.type {
    case "SPLIT":
      source = 1
      axis = try Self.single(node.integers(0, "axis"), node)
      try attributes.require("num_splits", Int64(pieces))
    case "SPLIT_V":
      sizes = try node.integers(1, "sizes")
      axis = try Self.single(node.integers(2, "axis"), node)
      try attributes.require("num_splits", Int64(pieces))
    case "UNPACK":
      axis = try attributes.integer("axis", default: 0)
      try attributes.require("num", Int64(pieces))
      sizes = [Int64](repeating: 1, count: pieces)
      dropsAxis = true
    default:
      axis = try attributes.integer("axis", default: 0)
      sizes = try attributes.integers("split", operand: 1)
      mayBeUneven = node.attributes["num_outputs"] != nil
      try attributes.require("num_outputs", Int64(pieces))
    }
    try attributes.finish()
  }

  private static func single(_ values: [Int64], _ node: SourceNode) throws(ModelError) -> Int64 {
    guard let value = values.first, values.count == 1 else {
      throw .invalid(node: node.name, what: "its axis is not one number")
    }
    return value
  }

  package var label: String { "Split" }

  package func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    let axis = try SourceShapes.axis(axis, of: input)
    let ranges = try ranges(input[axis])
    guard ranges.indices.contains(piece), !ranges[piece].isEmpty else {
      throw .invalid(node: "", what: "piece \(piece) of an axis of \(input[axis]) is empty")
    }
    var (shape, windows) = (input, input.indices.map { AffineIndex.label($0) })
    if dropsAxis {
      shape.remove(at: axis)
      windows = input.indices.map { .label($0 < axis ? $0 : $0 - 1) }
      windows[axis] = .fixed(piece)
      return (shape, Rearrangement(axes: shape, windows: windows))
    }
    shape[axis] = ranges[piece].count
    windows[axis].constant = ranges[piece].lowerBound
    return (shape, Rearrangement(axes: shape, windows: windows))
  }

  private func ranges(_ extent: Int) throws(ModelError) -> [Range<Int>] {
    let misfit = ModelError.invalid(
      node: "", what: "an axis of \(extent) in \(pieces) pieces of \(sizes ?? [])")
    guard var sizes else {
      let size = (extent + pieces - 1) / pieces
      guard mayBeUneven || size * pieces == extent else { throw misfit }
      return (0..<pieces).map { min($0 * size, extent)..<min(($0 + 1) * size, extent) }
    }
    guard sizes.count == pieces, sizes.allSatisfy({ (-1...Int64(extent)).contains($0) }) else {
      throw misfit
    }
    // One size may be what is left.
    if let free = sizes.firstIndex(of: -1) {
      sizes[free] = Int64(extent) - sizes.reduce(1, +)
    }
    guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, +) == Int64(extent) else { throw misfit }
    var start = 0
    return sizes.map { size in
      defer { start += Int(size) }
      return start..<(start + Int(size))
    }
  }
}
