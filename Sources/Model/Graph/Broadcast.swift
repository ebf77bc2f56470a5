import ConstraintSystem

/// ONNX's multidirectional broadcasting.
package enum Broadcast {
  /// The common extents, or nil when two extents differ and neither is 1.
  package static func shape(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    let first = [Int](repeating: 1, count: rank - a.count) + a
    let second = [Int](repeating: 1, count: rank - b.count) + b
    var result: [Int] = []
    for (x, y) in zip(first, second) {
      guard x == y || x == 1 || y == 1 else { return nil }
      result.append(x == 1 ? y : x)
    }
    return result
  }

  /// The extents of an operator on so many tensors; nil for one or more.
  /// - Throws: without a node's name, when it has other operands or they do not agree.
  static func outputShape(
    _ inputs: [Tensor?], of label: String, count: ClosedRange<Int>? = 2...2
  ) throws(ModelError) -> [Int] {
    let tensors = inputs.compactMap(\.self)
    guard tensors.count == inputs.count, count?.contains(inputs.count) ?? !inputs.isEmpty else {
      let wanted = count.map { "\($0.upperBound)" } ?? "one or more"
      throw .invalid(node: "", what: "\(label) takes \(wanted) inputs")
    }
    var result = tensors[0].shape
    for tensor in tensors.dropFirst() {
      guard let common = shape(result, tensor.shape) else {
        throw .invalid(node: "", what: "shapes \(result) and \(tensor.shape) do not agree")
      }
      result = common
    }
    return result
  }

  /// All operands, repeated to the output's shape.
  static func expand<Element>(
    _ inputs: [Values<Element>?], _ tensors: NodeTensors
  ) throws(ModelError) -> [[Element]] {
    var result: [[Element]] = []
    for index in inputs.indices {
      result.append(expand(try inputs.operand(index, tensors), to: tensors.output.shape))
    }
    return result
  }

  /// The values repeated to `shape`, which `shape(_:_:)` made from theirs.
  package static func expand<Element>(_ values: Values<Element>, to shape: [Int]) -> [Element] {
    let count = shape.reduce(1, *)
    if values.elements.count == count { return values.elements }
    return places(values.shape, in: shape).map { values.elements[$0] }
  }

  /// For each cell of `shape`, row-major, the cell of a tensor of extents that `shape(_:_:)` made it from.
  package static func places(_ extents: [Int], in shape: [Int]) -> [Int] {
    let own = [Int](repeating: 1, count: shape.count - extents.count) + extents
    var (strides, stride) = (own, 1)
    for axis in own.indices.reversed() {
      strides[axis] = own[axis] == 1 ? 0 : stride
      stride *= own[axis]
    }
    return Layout.places(shape, strides: strides)
  }
}

extension CircuitBuilder {
  /// The axes of an elementwise operator's rows, and its operands read over them: extents broadcast,
  /// constants as tensors of the model with their zero points removed.
  ///
  /// Operands that share their axes keep them, whatever the tensors' shapes: then nothing is regrouped.
  mutating func elementwise(
    _ wires: [TensorView?], _ tensors: NodeTensors, zeroPoints: [Int64], named name: String
  ) throws(ModelError) -> (shape: [Int], readings: [Reading]) {
    let shapes = Set(wires.map { $0?.shape })
    if shapes.count == 1, let shape = shapes.first ?? nil,
      tensors.inputs.allSatisfy({ $0?.count == tensors.output.count })
    {
      return (shape, wires.compactMap(\.self).map(Reading.inPlace))
    }
    let shape = tensors.output.shape
    var readings: [Reading] = []
    for index in wires.indices {
      let tensor = try tensors.input(index, "operand \(index)")
      let wire: TensorView
      if let given = wires[index] {
        wire = try aligned(given, to: tensor, at: tensors.node)
      } else if case .integer(let values)? = tensor.constant {
        let shifted = values.map { $0 &- zeroPoints[index] }
        wire = self.tensor(
          name, as: .constant, shape: tensor.shape,
          type: .holding(tensor, zeroPoints: [zeroPoints[index]]), values: shifted)
      } else {
        throw .invalid(node: tensors.node, what: "operand \(index) is missing")
      }
      let missing = shape.count - tensor.shape.count
      readings.append(
        Reading(
          wire,
          tensor.shape.enumerated().map { axis, extent in
            extent == 1 ? .fixed(0) : .label(missing + axis)
          }))
    }
    return (shape, readings)
  }
}

extension CircuitBuilder {
  /// As `elementwise`, every operand at another quantization: rows where that changes an activation.
  ///
  /// - Parameter steps: of each operand.
  mutating func elementwise(
    _ wires: [TensorView?], _ tensors: NodeTensors, to steps: [Requantization], named name: String
  ) throws(ModelError) -> (shape: [Int], readings: [Reading]) {
    var (own, moved) = (tensors, wires)
    for (index, step) in steps.enumerated() {
      if let wire = wires[index] {
        moved[index] = step.lower(wire, named: name, as: .operand, into: &self)
      } else if case .integer(let values)? = tensors.optionalInput(index)?.constant {
        own.inputs[index]?.constant = .integer(values.map { step($0) })
        own.inputs[index]?.type = tensors.output.type
      }
    }
    return try elementwise(
      moved, own, zeroPoints: steps.map(\.output.zeroPoint), named: name)
  }

  /// The wire over other extents, made rows where its parts do not allow it; nil when joining the axes
  /// takes too many parts.
  package mutating func regrouped(
    _ wire: TensorView, to shape: [Int], named name: String
  ) -> TensorView? {
    if let result = wire.regrouped(to: shape) { return result }
    guard TensorView(source: .block(0), shape: wire.shape).regrouped(to: shape) != nil else {
      return nil
    }
    return materialized(wire, named: name, as: .copy).regrouped(to: shape)
  }

  /// The wire over the axes of its tensor; rows where no view reads it so.
  /// - Throws: where an axis joins ones of which no copy reads few enough views.
  package mutating func aligned(
    _ wire: TensorView, to tensor: Tensor, at node: String
  ) throws(ModelError) -> TensorView {
    if let result = regrouped(wire, to: tensor.shape, named: node) { return result }
    guard let result = copied(wire, to: tensor.shape, named: node) else {
      throw .unsupported(
        node: node,
        what: "\"\(tensor.name)\", whose values stand over axes \(wire.shape), "
          + "is read as \(tensor.shape)",
        remedy: "leave out the reshape before it, or let it join fewer axes")
    }
    return result
  }

  /// The wire over the axes of its tensor, but that axis `kept` may stay several axes, as it stands.
  ///
  /// - Returns: the wire, and the extents of what stands for axis `kept`.
  package mutating func arranged(
    _ wire: TensorView, as tensor: Tensor, keeping kept: Int, at node: String
  ) throws(ModelError) -> (wire: TensorView, extents: [Int]) {
    let (before, after) = (tensor.shape[..<kept], tensor.shape[(kept + 1)...])
    let (left, right) = (before.reduce(1, *), after.reduce(1, *))
    // The wire's axes between what stands before and after it, where they are cut there at all.
    for start in 0...wire.shape.count where wire.shape[..<start].reduce(1, *) == left {
      for end in start...wire.shape.count where wire.shape[end...].reduce(1, *) == right {
        let own = wire.shape[start..<end].filter { $0 != 1 }
        let extents = own.isEmpty ? [1] : own
        if let result = regrouped(wire, to: before + extents + after, named: node) {
          return (result, extents)
        }
      }
    }
    return (try aligned(wire, to: tensor, at: node), [tensor.shape[kept]])
  }
}
