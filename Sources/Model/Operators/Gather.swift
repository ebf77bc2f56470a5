import ConstraintSystem

/// ONNX Gather, TFLite GATHER and EMBEDDING_LOOKUP, and ONNX Compress with a constant condition: some places of an axis, in any
/// order, over the indices' own axes. The indices are constants, or an input of the network.
///
/// Through an input: a row a value, which reads a table of constants or an activation at the place that the input's
/// integer says. Those are public and count from 0; ONNX's negative ones are refused.
///
/// At constant places:
/// No rows where the indices go up or down by equal steps along each of their axes, as a single one does: a
/// view. Else runs of such places one after the other; one that is neither all of the axis nor one or two places
/// takes a row a value.
package struct Gather: MovingOperator {
  package static let onnx = [ONNXForm("Gather", since: 1), ONNXForm("Compress", since: 9)]
  package static let tflite = [
    TFLiteForm("GATHER", options: 23, [("axis", .integer(0)), ("batch_dims", .integer(0))]),
    TFLiteForm("EMBEDDING_LOOKUP", operands: [1, 0]),
  ]
  package static let constants = ConstantOperands.likeOutput

  /// Runs of places that are read one after the other.
  private static let mostRuns = 16

  /// Nil: of the values of all axes.
  package var axis: Int?
  package var places: [Int]
  /// In place of the axis.
  package var extents: [Int]
  /// Whether the places are what an input of the network says.
  package var isIndexed = false

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    let input = try node.input(0, "input").shape
    let indices = try node.input(1, node.type == "Compress" ? "condition" : "indices")
    let isIndexed =
      indices.constant == nil && indices.type != .float32 && node.type != "Compress"
    var values: [Int64] = []
    if case .integer(let known)? = indices.constant {
      values = known
    } else if !isIndexed {
      throw Self.computed(node.name, node.type)
    }
    self.isIndexed = isIndexed
    try attributes.require("batch_dims", 0)
    if node.type == "Compress", node.attributes["axis"] == nil {
      axis = nil
    } else {
      axis = try SourceShapes.axis(try attributes.integer("axis", default: 0), of: input)
    }
    let extent = axis.map { input[$0] } ?? input.reduce(1, *)
    if node.type == "Compress" {
      guard values.count <= extent || !values[extent...].contains(where: { $0 != 0 }) else {
        throw .invalid(
          node: node.name, what: "a condition of \(values.count) values for \(extent)")
      }
      places = values.indices.filter { values[$0] != 0 }
      extents = [places.count]
    } else {
      places = []
      for value in values {
        let place = value < 0 ? value &+ Int64(extent) : value
        guard place >= 0, place < Int64(extent) else {
          throw .invalid(node: node.name, what: "Gather of element \(value) of \(extent)")
        }
        places.append(Int(place))
      }
      extents = indices.shape
    }
    try attributes.finish()
  }

  private static func computed(_ node: String, _ type: String) -> ModelError {
    .unsupported(
      node: node, what: "\(type) at places that depend on the input through other nodes",
      remedy: ModelError.replacement(for: type))
  }

  package var label: String { "Gather" }

  package var takesRows: Bool { isIndexed }

  package func readsThrough(operand index: Int) -> Bool { isIndexed && index == 1 }

  /// The input's extents, as one axis where the places are those of all axes.
  private func read(_ input: [Int]) -> (shape: [Int], axis: Int) {
    axis.map { (input, $0) } ?? ([input.reduce(1, *)], 0)
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    var (shape, axis) = read(try SourceShapes.first(inputs))
    guard shape.indices.contains(axis), places.allSatisfy({ $0 < shape[axis] }) else {
      throw .invalid(node: "", what: "its places lie outside a shape of \(shape)")
    }
    shape.replaceSubrange(axis...axis, with: extents)
    guard !places.isEmpty || (isIndexed && !extents.contains(0)) else {
      throw .invalid(node: "", what: "it leaves nothing of its input")
    }
    return shape
  }

  package func places(_ input: [Int]) throws(ModelError) -> [Int]? {
    isIndexed ? nil : cells(input, at: places)
  }

  /// By cell of the output the cell of the input.
  private func cells(_ input: [Int], at places: [Int]) -> [Int] {
    let (shape, axis) = read(input)
    let (outer, inner) = (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
    var result: [Int] = []
    result.reserveCapacity(outer * places.count * inner)
    for row in 0..<outer {
      for place in places {
        let start = (row * shape[axis] + place) * inner
        result += start..<start + inner
      }
    }
    return result
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    try gathered(inputs, tensors) { Int64(exactly: $0) }
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    try gathered(inputs, tensors) { $0 }
  }

  /// - Parameter index: what an integer of the indices is, among the operands' values.
  private func gathered<Value>(
    _ inputs: [Values<Value>?], _ tensors: NodeTensors, _ index: (Value) -> Int64?
  ) throws(ModelError) -> Values<Value> {
    let x: Values<Value> = try inputs.operand(0, tensors)
    var places = places
    if isIndexed {
      let (shape, axis) = read(x.shape)
      let indices: Values<Value> = try inputs.operand(1, tensors)
      for (position, value) in indices.elements.enumerated() {
        guard let place = index(value), place >= 0, place < Int64(shape[axis]) else {
          throw .invalid(
            node: tensors.node,
            what: "its indices hold \(value) at position \(position); the axis that it reads has "
              + "places 0 to \(shape[axis] - 1)")
        }
        places.append(Int(place))
      }
    }
    return Values(
      shape: tensors.output.shape, elements: cells(x.shape, at: places).map { x.elements[$0] })
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    try tensors.requireEqualQuantization(label)
    _ = try tensors.output.affine(tensors.node)
    if isIndexed { return }
    let runs = AxisRun.runs(of: places).count
    guard steps != nil || runs <= Self.mostRuns else {
      throw .unsupported(
        node: tensors.node, what: "\(runs) runs of places of an axis, one after the other",
        remedy: "at most \(Self.mostRuns) are read")
    }
  }

  /// How far apart places are along each of the indices' axes; nil where that changes.
  private var steps: [Int]? {
    var (result, stride) = (extents, 1)
    for index in extents.indices.reversed() {
      result[index] = extents[index] > 1 ? places[stride] - places[0] : 0
      stride *= extents[index]
    }
    let own = Layout.places(extents, strides: result)
    return zip(own, places).allSatisfy({ $0 == $1 - places[0] }) ? result : nil
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    var tensor = try tensors.input(0, "input")
    let (shape, axis) = read(tensor.shape)
    tensor.shape = shape
    if isIndexed { return try lowerIndexed(inputs, tensors, named: name, into: &builder) }
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    guard let steps, steps.allSatisfy({ $0.magnitude <= Limits.stride }) else {
      return builder.selected(x, AxisRun.runs(of: places), axis: axis, named: name)
    }
    // Axes of one place are not needed, and others would be too many.
    let moving = extents.indices.filter { extents[$0] > 1 }
    var windows = shape.indices.map { AffineIndex.label($0 < axis ? $0 : $0 + moving.count - 1) }
    windows[axis] = AffineIndex(
      steps: moving.enumerated().filter { steps[$1] != 0 }.map { place, index in
        AffineIndex.Step(label: axis + place, stride: steps[index])
      }, constant: places[0])
    var axes = shape
    axes.replaceSubrange(axis...axis, with: moving.map { extents[$0] })
    return builder.view(x, through: windows, shape: axes, named: name)
  }

  /// Rows of what the input says.
  private func lowerIndexed<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let (shape, axis) = read(tensor.shape)
    guard inputs.indices.contains(1), let input = inputs[1]?.input else {
      throw Self.computed(tensors.node, label)
    }
    let whole: TensorView
    if let x = inputs[0] {
      let x = try builder.aligned(x, to: tensor, at: tensors.node)
      whole = builder.materialized(x, named: name, as: .copy)
    } else {
      guard case .integer(let values)? = tensor.constant else {
        throw .invalid(node: tensors.node, what: "its input is missing")
      }
      let zero = try tensor.affine(tensors.node).zeroPoint
      whole = builder.tensor(
        name, as: .constant, shape: shape, type: .holding(tensor, zeroPoints: [zero]),
        values: values.map { $0 - zero })
    }
    guard let source = whole.source else {
      throw .invalid(node: tensors.node, what: "what it reads is no tensor of its own")
    }
    // Axes of one place are not needed, and others would be too many.
    let moving = extents.indices.filter { extents[$0] > 1 }
    var windows = shape.indices.map { AffineIndex.label($0 < axis ? $0 : $0 + moving.count - 1) }
    windows[axis] = AffineIndex(
      steps: moving.enumerated().map { place, index in
        AffineIndex.Step(label: axis + place, stride: extents[(index + 1)...].reduce(1, *))
      }, constant: 0, through: input)
    var axes = shape
    axes.replaceSubrange(axis...axis, with: moving.map { extents[$0] })
    return builder.block(
      name, shape: axes, relation: [Term(factors: [TensorAccess(source, windows)])],
      multiplier: .identity, activation: .identity)
  }
}
