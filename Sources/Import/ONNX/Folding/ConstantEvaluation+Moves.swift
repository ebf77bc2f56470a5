import ConstraintSystem
import Model

/// Operators that move values.
extension ConstantEvaluation {
  static func gather(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue {
    let data = try operand(node, inputs, 0)
    let axis = try axis(node, node.integer("axis", default: 0), data.shape.count)
    var indices: [Int] = []
    for index in try integers(node, inputs, 1) {
      indices.append(try place(node, index, in: data.shape[axis]))
    }
    let outer = data.shape[..<axis].reduce(1, *)
    let inner = data.shape[(axis + 1)...].reduce(1, *)
    _ = try count(node, [outer, inner, indices.count], allowing: data.count)
    var cells: [Int] = []
    for row in 0..<outer {
      for index in indices {
        let start = (row * data.shape[axis] + index) * inner
        cells += start..<(start + inner)
      }
    }
    var shape = data.shape
    shape.replaceSubrange(axis...axis, with: try operand(node, inputs, 1).shape)
    return data.picked(shape, cells)
  }

  /// Where each index of ScatterElements leads.
  private static func cells(
    _ node: DraftNode, _ data: FoldedValue, _ indices: FoldedValue
  ) throws(ModelError) -> [Int] {
    let axis = try axis(node, node.integer("axis", default: 0), data.shape.count)
    guard let values = indices.integers, indices.shape.count == data.shape.count,
      data.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= data.shape[$0] })
    else { throw .invalid(node: node.name, what: "\(node.type) of shapes that do not fit") }
    var strides = strides(data.shape)
    let step = strides[axis]
    strides[axis] = 0
    var cells = Layout.places(indices.shape, strides: strides)
    for (cell, value) in values.enumerated() {
      cells[cell] += try place(node, value, in: data.shape[axis]) * step
    }
    return cells
  }

  static func scatterElements(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let (data, indices) = (try operand(node, inputs, 0), try operand(node, inputs, 1))
    return try replaced(
      node, data, at: try cells(node, data, indices), by: try operand(node, inputs, 2))
  }

  /// The first cells of the blocks that ScatterND names, and how many cells each has.
  private static func blocks(
    _ node: DraftNode, _ data: FoldedValue, _ indices: FoldedValue
  ) throws(ModelError) -> (starts: [Int], size: Int) {
    guard let depth = indices.shape.last, depth <= data.shape.count, depth > 0,
      let values = indices.integers
    else { throw .invalid(node: node.name, what: "\(node.type) of shapes that do not fit") }
    let strides = strides(data.shape)
    var starts: [Int] = []
    for first in stride(from: 0, to: values.count, by: depth) {
      var start = 0
      for axis in 0..<depth {
        start += try place(node, values[first + axis], in: data.shape[axis]) * strides[axis]
      }
      starts.append(start)
    }
    return (starts, data.shape[depth...].reduce(1, *))
  }

  static func scatterBlocks(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue? {
    let (data, indices) = (try operand(node, inputs, 0), try operand(node, inputs, 1))
    let (starts, size) = try blocks(node, data, indices)
    let updates = try operand(node, inputs, 2)
    guard starts.count * size == updates.count else {
      throw .invalid(node: node.name, what: "\(node.type) of shapes that do not fit")
    }
    return try replaced(node, data, at: starts.flatMap { Array($0..<$0 + size) }, by: updates)
  }

  private static func replaced(
    _ node: DraftNode, _ data: FoldedValue, at cells: [Int], by updates: FoldedValue
  ) throws(ModelError) -> FoldedValue? {
    guard updates.count == cells.count, updates.type == data.type else {
      throw .invalid(node: node.name, what: "\(node.type) of values that do not fit")
    }
    func put<Value>(_ values: [Value], _ new: [Value], _ made: (Value, Value) -> Value) -> [Value] {
      var values = values
      for (cell, value) in zip(cells, new) { values[cell] = made(values[cell], value) }
      return values
    }
    guard let reduction = reduction(node) else { return nil }
    if let old = data.integers, let new = updates.integers {
      guard reduction == .none else { return nil }
      return FoldedValue(data.type, data.shape, integers: put(old, new) { $1 })
    }
    guard let old = data.reals, let new = updates.reals else { return nil }
    let values = put(old, new) { old, new in
      switch reduction {
      case .none: new
      case .sum: data.type.rounded(old + new)
      case .product: data.type.rounded(old * new)
      }
    }
    return FoldedValue(data.type, data.shape, exactly: values)
  }

  /// What becomes of a value at a place that has one.
  enum Reduction {
    case none
    case sum
    case product
  }

  /// Nil for one that is neither of these.
  static func reduction(_ node: DraftNode) -> Reduction? {
    switch node.attributes["reduction"] {
    case nil, .text("none"): Reduction.none
    case .text("add"): .sum
    case .text("mul"): .product
    default: nil
    }
  }

  static func slice(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue {
    let data = try operand(node, inputs, 0)
    func list(_ name: String, _ index: Int) throws(ModelError) -> [Int64]? {
      if case .integers(let values)? = node.attributes[name] { return values }
      guard inputs.indices.contains(index), inputs[index] != nil else { return nil }
      return try integers(node, inputs, index)
    }
    let starts = try list("starts", 1) ?? []
    let ends = try list("ends", 2) ?? []
    let axes = try list("axes", 3) ?? starts.indices.map { Int64($0) }
    let steps = try list("steps", 4) ?? starts.map { _ in 1 }
    guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count,
      Set(axes).count == axes.count
    else { throw .invalid(node: node.name, what: "Slice with lists that do not fit") }
    var (shape, strides, first) = (data.shape, strides(data.shape), 0)
    for (index, start) in starts.enumerated() {
      let axis = try axis(node, axes[index], data.shape.count)
      let (extent, step) = (Int64(data.shape[axis]), steps[index])
      guard step != 0, step != .min else {
        throw .invalid(node: node.name, what: "Slice with a step of \(step)")
      }
      // As the text of Slice clamps them: to places, and one before or behind them.
      let bounds = step > 0 ? (low: Int64(0), high: extent) : (low: -1, high: extent - 1)
      func bound(_ value: Int64, _ low: Int64) -> Int64 {
        min(max(value < 0 ? value &+ extent : value, low), bounds.high)
      }
      let from = bound(start, step > 0 ? 0 : min(0, extent - 1))
      let span = step > 0 ? bound(ends[index], 0) - from : from - bound(ends[index], -1)
      shape[axis] = span > 0 ? Int((span - 1) / max(step, -step)) + 1 : 0
      guard shape[axis] > 0 else { continue }
      first += strides[axis] * Int(from)
      // Of a single value the step leads nowhere, however far it is.
      strides[axis] = shape[axis] == 1 ? 0 : strides[axis] * Int(step)
    }
    let cells =
      shape.contains(0) ? [] : Layout.places(shape, strides: strides).map { first + $0 }
    return data.picked(shape, cells)
  }

  static func concatenated(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue {
    let first = try operand(node, inputs, 0)
    let axis = try axis(node, node.integer("axis", default: 0), first.shape.count)
    var (shape, parts) = (first.shape, [first])
    for index in inputs.indices.dropFirst() {
      let next = try operand(node, inputs, index)
      guard next.shape.count == shape.count,
        shape.indices.allSatisfy({ $0 == axis || next.shape[$0] == shape[$0] })
      else { throw .invalid(node: node.name, what: "Concat of shapes that do not fit") }
      shape[axis] += next.shape[axis]
      parts.append(next)
    }
    let outer = shape[..<axis].reduce(1, *)
    func joined<Element>(_ lists: [[Element]]) -> [Element] {
      var result: [Element] = []
      for row in 0..<outer {
        for list in lists {
          let width = list.count / outer
          result += list[(row * width)..<(row * width + width)]
        }
      }
      return result
    }
    let (reals, integers) = (parts.compactMap(\.reals), parts.compactMap(\.integers))
    if reals.count == parts.count {
      return FoldedValue(first.type, shape, exactly: joined(reals))
    } else if integers.count == parts.count {
      return FoldedValue(first.type, shape, integers: joined(integers))
    }
    throw .invalid(node: node.name, what: "Concat of integers and reals")
  }

  static func expanded(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue {
    let x = try operand(node, inputs, 0)
    let target = try extents(node, integers(node, inputs, 1))
    return spread(x, to: try shape(node, [x.shape, target]))
  }

  /// The part of a square above or below a diagonal.
  static func triangle(
    _ node: DraftNode, _ inputs: [FoldedValue?]
  ) throws(ModelError) -> FoldedValue {
    let x = try operand(node, inputs, 0)
    guard x.shape.count >= 2 else {
      throw .invalid(node: node.name, what: "Trilu of a shape of \(x.shape)")
    }
    let (rows, columns) = (x.shape[x.shape.count - 2], x.shape[x.shape.count - 1])
    let isUpper = try node.integer("upper", default: 1) != 0
    let diagonal = inputs.count > 1 && inputs[1] != nil ? try number(node, inputs, 1) : 0
    return x.picked(
      x.shape,
      (0..<x.count).map { cell in
        let beyond = Int64(cell % columns - cell / columns % rows)
        return (isUpper ? beyond >= diagonal : beyond <= diagonal) ? cell : -1
      })
  }

  /// Row-major; extents of nothing count as one.
  static func strides(_ shape: [Int]) -> [Int] {
    var (result, stride) = (shape, 1)
    for axis in shape.indices.reversed() {
      result[axis] = stride
      stride *= max(shape[axis], 1)
    }
    return result
  }
}
