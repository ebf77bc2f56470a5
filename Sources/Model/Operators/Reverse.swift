import ConstraintSystem

/// TFLite REVERSE_V2 with constant axes: the values of these axes backwards. No rows: a view.
package struct Reverse: Rearranging {
  package static let tflite = [TFLiteForm("REVERSE_V2", options: 81)]

  package var axes: [Int64]

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    axes = try node.integers(1, "axes")
    try attributes.finish()
  }

  package var label: String { "Reverse" }

  package func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    let axes = try SourceShapes.axes(axes, of: input)
    let windows = input.enumerated().map { axis, extent in
      axes.contains(axis)
        ? AffineIndex(
          steps: [AffineIndex.Step(label: axis, stride: -1)], constant: extent - 1)
        : .label(axis)
    }
    return (input, Rearrangement(axes: input, windows: windows))
  }
}
