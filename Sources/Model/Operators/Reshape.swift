package import ConstraintSystem

/// Reshape, Flatten, Squeeze, Unsqueeze, Identity (ONNX), RESHAPE, SQUEEZE, EXPAND_DIMS (TFLite):
/// the same elements in the same order under other extents.
///
/// No rows: a wire keeps the axes of its block, and what reads it takes them as they are.
package struct Reshape: Operator {
  package static let onnx = [
    ONNXForm("Reshape", since: 1), ONNXForm("Flatten", since: 1), ONNXForm("Squeeze", since: 1),
    ONNXForm("Unsqueeze", since: 1), ONNXForm("Identity", since: 1),
  ]
  package static let tflite = [
    TFLiteForm("RESHAPE", options: 17, [("new_shape", .integers)]),
    TFLiteForm("SQUEEZE", options: 30, [("squeeze_dims", .integers)]),
    TFLiteForm("EXPAND_DIMS", options: 52),
  ]
  package static let keepsIntegers = true

  package enum Rule: Sendable, Hashable {
    case same
    /// One extent may be −1; 0 copies the input's extent, where the format says so.
    case target([Int64], zeroCopies: Bool)
    case flatten(axis: Int64)
    /// nil: every axis of extent 1.
    case squeeze([Int64]?)
    case unsqueeze([Int64])
  }
  package var rule: Rule

  package init(_ rule: Rule) { self.rule = rule }

  package init(to shape: [Int]) {
    rule = .target(shape.map { Int64($0) }, zeroCopies: false)
  }

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    switch node.type {
    case "Reshape":
      let zeroCopies = try attributes.integer("allowzero", default: 0) == 0
      rule = .target(try attributes.integers("shape", operand: 1) ?? [], zeroCopies: zeroCopies)
    case "RESHAPE":
      let own = try attributes.integers("new_shape")
      let target = node.optionalInput(1) == nil ? own : try node.integers(1, "shape")
      guard let target else {
        throw .invalid(node: node.name, what: "RESHAPE without its shape")
      }
      rule = .target(target, zeroCopies: false)
    case "Flatten": rule = .flatten(axis: try attributes.integer("axis", default: 1))
    case "Squeeze": rule = .squeeze(try attributes.integers("axes", operand: 1))
    case "SQUEEZE":
      let axes = try attributes.integers("squeeze_dims") ?? []
      rule = .squeeze(axes.isEmpty ? nil : axes)
    case "Unsqueeze":
      guard let axes = try attributes.integers("axes", operand: 1) else {
        throw .invalid(node: node.name, what: "Unsqueeze without its axes")
      }
      rule = .unsqueeze(axes)
    case "EXPAND_DIMS": rule = .unsqueeze(try node.integers(1, "axis"))
    default: rule = .same
    }
    try attributes.finish()
  }

  package var label: String { "Reshape" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let input = try SourceShapes.first(inputs)
    guard let shape = shape(input), shape.reduce(1, *) == input.reduce(1, *) else {
      throw .invalid(node: "", what: "shape \(input) cannot become \(rule)")
    }
    return shape
  }

  private func shape(_ input: [Int]) -> [Int]? {
    switch rule {
    case .same: return input
    case .target(let extents, let zeroCopies):
      return target(extents, zeroCopies, input)
    case .flatten(let axis):
      guard let cut = position(axis, input.count, inclusive: true) else { return nil }
      return [input[..<cut].reduce(1, *), input[cut...].reduce(1, *)]
    case .squeeze(let axes):
      guard let axes else { return input.filter { $0 != 1 } }
      let positions = axes.compactMap { position($0, input.count) }
      guard positions.count == axes.count, positions.allSatisfy({ input[$0] == 1 }) else {
        return nil
      }
      return input.indices.filter { !positions.contains($0) }.map { input[$0] }
    case .unsqueeze(let axes):
      guard axes.count <= 16 else { return nil }
      let rank = input.count + axes.count
      let positions = Set(axes.compactMap { position($0, rank) })
      guard positions.count == axes.count else { return nil }
      var rest = input[...]
      return (0..<rank).map { positions.contains($0) ? 1 : rest.popFirst() ?? 1 }
    }
  }

  private func target(_ extents: [Int64], _ zeroCopies: Bool, _ input: [Int]) -> [Int]? {
    guard extents.count <= 16 else { return nil }
    let count = input.reduce(1, *)
    var (result, known, free) = ([Int](), 1, nil as Int?)
    for (index, extent) in extents.enumerated() {
      switch extent {
      case -1:
        guard free == nil else { return nil }
        free = index
        result.append(1)
        continue
      case 0 where zeroCopies:
        guard input.indices.contains(index) else { return nil }
        result.append(input[index])
      default:
        guard extent > 0, extent <= count else { return nil }
        result.append(Int(extent))
      }
      let (product, overflow) = known.multipliedReportingOverflow(by: result[index])
      guard !overflow, product <= count else { return nil }
      known = product
    }
    if let free {
      guard known > 0, count % known == 0 else { return nil }
      result[free] = count / known
    }
    return result
  }

  /// A possibly negative axis as an index.
  private func position(_ axis: Int64, _ rank: Int, inclusive: Bool = false) -> Int? {
    let rank64 = Int64(rank)
    guard axis >= -rank64, axis < rank64 + (inclusive ? 1 : 0) else { return nil }
    return Int(axis < 0 ? axis + rank64 : axis)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    try tensors.requireEqualQuantization("a reshape")
  }

  package func followingSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]? {
    let shape = tensors.output.shape
    return try tensors.input(0, "input").shape == shape ? [] : [.reshape(shape)]
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    return Values(shape: tensors.output.shape, elements: x.elements)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(0, tensors)
    return Values(shape: tensors.output.shape, elements: x.elements)
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    try inputs.operand(0, tensors)
  }
}
