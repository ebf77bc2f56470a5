import ConstraintSystem

/// ONNX Pad (constant mode), TFLite PAD and PADV2, with constant pads and a padding value of zero, which
/// is the zero point. ONNX's negative pads cut off. No rows: a view that reads beyond its source.
package struct Pad: Rearranging {
  package static let onnx = [ONNXForm("Pad", since: 2)]
  package static let tflite = [TFLiteForm("PAD", options: 22), TFLiteForm("PADV2", options: 43)]

  package var before: [Int]
  package var after: [Int]

  package init(before: [Int], after: [Int]) {
    self.before = before
    self.after = after
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let rank = try node.input(0, "input").shape.count
    var pads: [Int64]
    if node.isTFLite {
      let pairs = try node.integers(1, "pads")
      // Pairs of before and after, axis by axis.
      let sides = [0, 1].map { side in
        stride(from: side, to: pairs.count, by: 2).map { pairs[$0] }
      }
      pads = sides[0] + sides[1]
    } else {
      let mode = try attributes.text("mode", default: "constant")
      guard mode == "constant" else { throw attributes.refusal("mode", .text(mode)) }
      let own = try attributes.integers("pads")
      pads = if let own { own } else { try node.integers(1, "pads") }
      let value = try attributes.real("value", default: 0)
      guard value == 0 else { throw attributes.refusal("value", .real(value)) }
      if node.optionalInput(3) != nil {
        pads = try Self.spread(pads, over: node.integers(3, "axes"), rank, node)
      }
    }
    try Self.requireZero(node)
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

  /// The value of the pads, where the node names one, has to be real zero.
  private static func requireZero(_ node: SourceNode) throws(ModelError) {
    guard let tensor = node.optionalInput(2) else { return }
    let isZero =
      switch tensor.constant {
      case .real(let values)?: values.allSatisfy { $0 == 0 }
      case .integer(let values)?:
        values.allSatisfy { $0 == (tensor.quantization?.zeroPoints.first ?? 0) }
      case nil: false
      }
    guard isZero else {
      throw .unsupported(
        node: node.name, what: "pads with another value than zero",
        remedy: "pad with zeros, which are the zero point")
    }
  }

  package var label: String { "Pad" }

  package func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    guard input.count == before.count, input.count == after.count else {
      throw .invalid(node: "", what: "\(before.count) pads for a shape of \(input)")
    }
    var shape: [Int] = []
    for (axis, extent) in input.enumerated() {
      shape.append(extent + before[axis] + after[axis])
      guard shape[axis] > 0 else {
        throw .invalid(node: "", what: "its pads leave nothing of axis \(axis) of \(input)")
      }
    }
    let windows = input.indices.map { axis in
      AffineIndex(steps: [AffineIndex.Step(label: axis, stride: 1)], constant: -before[axis])
    }
    return (shape, Rearrangement(axes: shape, windows: windows))
  }
}
