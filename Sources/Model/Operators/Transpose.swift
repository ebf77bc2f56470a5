package import ConstraintSystem

/// ONNX Transpose, TFLite TRANSPOSE with constant axes: axis k of the output is axis `permutation[k]`
/// of the input. No rows: a view.
package struct Transpose: Rearranging {
  package static let onnx = [ONNXForm("Transpose", since: 1)]
  package static let tflite = [TFLiteForm("TRANSPOSE", options: 26)]

  /// Nil: the axes backwards.
  package var permutation: [Int64]?

  package init(_ permutation: [Int64]?) { self.permutation = permutation }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    permutation =
      node.isTFLite
      ? try node.integers(1, "permutation") : try attributes.integers("perm")
    try attributes.finish()
  }

  package var label: String { "Transpose" }

  package func followingSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]? {
    [.transpose(try axes(of: tensors.input(0, "input").shape))]
  }

  /// By axis of the output.
  private func axes(of input: [Int]) throws(ModelError) -> [Int] {
    var axes: [Int] = []
    for axis in permutation ?? input.indices.reversed().map({ Int64($0) }) {
      axes.append(try SourceShapes.axis(axis, of: input))
    }
    guard axes.sorted() == Array(input.indices) else {
      throw .invalid(
        node: "", what: "\(permutation ?? []) is no permutation of the axes of \(input)")
    }
    return axes
  }

  package func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement) {
    let axes = try axes(of: input)
    var windows = input.map { _ in AffineIndex.fixed(0) }
    for (to, from) in axes.enumerated() { windows[from] = .label(to) }
    let shape = axes.map { input[$0] }
    return (shape, Rearrangement(axes: shape, windows: windows))
  }
}
