import ConstraintSystem

/// ONNX GatherElements and GatherND with constant indices: for each value of the output, or for each block of
/// values, an index or a tuple of indices says where it stands in the input. They are the operators' texts in
/// ONNX's specification, opset 13; integers stay as they are.
///
/// No rows where the indices go by equal steps along each axis of the output: a view. Else boxes of such places;
/// one that is neither all of an axis nor a single place takes a row a value.
package struct GatherCells: MovingOperator {
  package static let onnx = [
    ONNXForm("GatherElements", since: 11), ONNXForm("GatherND", since: 11),
  ]

  /// Boxes of places that are read side by side.
  private static let mostBoxes = 16

  package enum Rule: Sendable, Hashable {
    /// An index of this axis for each value; its other coordinates are the output's own.
    case elements(axis: Int64)
    /// A tuple of indices for each block, of the axes behind so many that indices and input share.
    case blocks(shared: Int64)
  }
  package var rule: Rule
  package var indices: [Int64]
  /// Of the indices.
  package var extents: [Int]

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let tensor = try node.input(1, "indices")
    guard case .integer(let values)? = tensor.constant else {
      throw .unsupported(
        node: node.name, what: "\(node.type) at places that depend on the input",
        remedy: ModelError.replacement(for: node.type))
    }
    (indices, extents) = (values, tensor.shape)
    rule =
      node.type == "GatherElements"
      ? .elements(axis: try attributes.integer("axis", default: 0))
      : .blocks(shared: try attributes.integer("batch_dims", default: 0))
    try attributes.finish()
  }

  package var label: String {
    switch rule {
    case .elements: "GatherElements"
    case .blocks: "GatherND"
    }
  }

  /// The axes of the input whose coordinates the indices give: one, or as many as a tuple has.
  private func axes(_ input: [Int]) throws(ModelError) -> Range<Int> {
    let misfit = ModelError.invalid(
      node: "", what: "indices of shape \(extents) do not fit an input of shape \(input)")
    switch rule {
    case .elements(let axis):
      let axis = try SourceShapes.axis(axis, of: input)
      guard extents.count == input.count,
        input.indices.allSatisfy({ $0 == axis || extents[$0] <= input[$0] })
      else { throw misfit }
      return axis..<axis + 1
    case .blocks(let shared):
      guard let depth = extents.last, let shared = Int(exactly: shared),
        (0..<min(extents.count, input.count)).contains(shared),
        (1...input.count - shared).contains(depth), extents[..<shared] == input[..<shared]
      else { throw misfit }
      return shared..<shared + depth
    }
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let input = try SourceShapes.first(inputs)
    let axes = try axes(input)
    guard !indices.isEmpty, !input.contains(0) else {
      throw .invalid(node: "", what: "it leaves nothing of its input")
    }
    for (place, index) in indices.enumerated() {
      let extent = Int64(input[axes.lowerBound + place % axes.count])
      guard index >= -extent, index < extent else {
        throw .invalid(node: "", what: "\(label) of element \(index) of \(extent)")
      }
    }
    guard case .blocks = rule else { return extents }
    let shape = extents.dropLast() + input[axes.upperBound...]
    guard shape.reduce(1.0, { $0 * Double($1) }) <= Double(ModelLimits.activation) else {
      throw .unsupported(
        node: "", what: "blocks of \(input) to a shape of \(Array(shape))",
        remedy: "make a tensor of at most \(ModelLimits.activation) values")
    }
    return Array(shape)
  }

  package func places(_ input: [Int]) throws(ModelError) -> [Int]? {
    let axes = try axes(input)
    let strides = input.indices.map { input[($0 + 1)...].reduce(1, *) }
    /// Where an index leads along its axis.
    func step(_ place: Int, _ axis: Int) -> Int {
      let index = Int(indices[place])
      return (index < 0 ? index + input[axis] : index) * strides[axis]
    }
    switch rule {
    case .elements:
      var own = strides
      own[axes.lowerBound] = 0
      return Layout.places(extents, strides: own).enumerated().map { cell, start in
        start + step(cell, axes.lowerBound)
      }
    case .blocks:
      let size = input[axes.upperBound...].reduce(1, *)
      // Axes that both have come first in both.
      let tuples = extents[axes.lowerBound...].dropLast()
      let shared = Array(extents[..<axes.lowerBound])
      let starts = Layout.places(
        shared + tuples, strides: Array(strides[..<axes.lowerBound]) + tuples.map { _ in 0 })
      return starts.enumerated().flatMap { tuple, start in
        let first = axes.enumerated().reduce(start) { sum, part in
          sum + step(tuple * axes.count + part.offset, part.element)
        }
        return Array(first..<first + size)
      }
    }
  }

  /// The output's extents without those of 1, of which there may be too many, and the boxes of what it reads.
  private func boxes(
    _ tensors: NodeTensors
  ) throws(ModelError) -> (shape: [Int], boxes: [AffineBox]) {
    let input = try tensors.input(0, "input").shape
    let shape = try outputShape(tensors.inputs).filter { $0 > 1 }
    let map = CellMap(try places(input) ?? [], over: shape, of: input)
    guard let boxes = map.boxes(atMost: Self.mostBoxes) else {
      throw .unsupported(
        node: tensors.node, what: "\(label) of places that make no \(Self.mostBoxes) boxes",
        remedy:
          "take places that stand equally far apart, or do it before the network, on its input"
      )
    }
    return (shape, boxes)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    try tensors.requireEqualQuantization(label)
    _ = try tensors.output.affine(tensors.node)
    _ = try boxes(tensors)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    let (shape, boxes) = try boxes(tensors)
    return builder.selected(x, boxes, shape: shape, named: name)
  }
}
