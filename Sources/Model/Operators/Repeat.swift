import ConstraintSystem

/// ONNX Tile and Expand, TFLite TILE and BROADCAST_TO, with constant repeats and extents: every value stands at several places. No rows: a view
/// that does not move along some axes.
package struct Repeat: Rearranging {
  package static let onnx = [ONNXForm("Tile", since: 6), ONNXForm("Expand", since: 8)]
  package static let tflite = [
    TFLiteForm("TILE", options: 51), TFLiteForm("BROADCAST_TO", options: 104),
  ]

  package enum Rule: Sendable, Hashable {
    /// How often all of each axis stands.
    case repeats([Int])
    /// Extents that are agreed on as those of two operands are.
    case extents([Int])
  }
  package var rule: Rule

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    let isTile = node.type == "Tile" || node.type == "TILE"
    let list =
      node.inputs.count > 1 && node.inputs[1] == nil
      ? [] : try node.integers(1, isTile ? "repeats" : "shape")
    var numbers: [Int] = []
    for number in list {
      guard number > 0, number <= Int64(ModelLimits.activation) else {
        throw .unsupported(
          node: node.name, what: "\(isTile ? "repeats" : "a shape") of \(list)",
          remedy: "make a tensor of at most \(ModelLimits.activation) values")
      }
      numbers.append(Int(number))
    }
    rule = isTile ? .repeats(numbers) : .extents(numbers)
    try attributes.finish()
  }

  package var label: String { "Repeat" }

  package func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    let result =
      switch rule {
      case .repeats(let repeats): try tiled(input, repeats)
      case .extents(let extents): try expanded(input, extents)
      }
    let count = result.shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard result.shape.count <= ModelLimits.rank, result.from.axes.count <= ModelLimits.rank,
      result.shape.allSatisfy({ $0 <= ModelLimits.activation }),
      result.shape.reduce(1.0, { $0 * Double($1) }) <= Double(ModelLimits.activation), count > 0
    else {
      throw .unsupported(
        node: "", what: "a shape of \(input) repeated to \(result.shape)",
        remedy: "repeat fewer axes, to at most \(ModelLimits.activation) values")
    }
    return result
  }

  private func tiled(
    _ input: [Int], _ repeats: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    guard repeats.count == input.count else {
      throw .invalid(node: "", what: "\(repeats.count) repeats for a shape of \(input)")
    }
    var (shape, axes, windows) = ([Int](), [Int](), [AffineIndex]())
    for (extent, times) in zip(input, repeats) {
      shape.append(extent.multipliedReportingOverflow(by: times).partialValue)
      if times > 1 || extent == 1 { axes.append(times) }
      if extent == 1 {
        windows.append(.fixed(0))
      } else {
        windows.append(.label(axes.count))
        axes.append(extent)
      }
    }
    return (shape, Rearrangement(axes: axes, windows: windows))
  }

  private func expanded(
    _ input: [Int], _ extents: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    guard let shape = Broadcast.shape(input, extents) else {
      throw .invalid(node: "", what: "shapes \(input) and \(extents) do not agree")
    }
    let missing = shape.count - input.count
    let windows = input.enumerated().map { axis, extent in
      extent == 1 ? AffineIndex.fixed(0) : .label(missing + axis)
    }
    return (shape, Rearrangement(axes: shape, windows: windows))
  }
}
