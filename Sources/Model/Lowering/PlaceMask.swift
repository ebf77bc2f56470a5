import ConstraintSystem

extension CircuitBuilder {
  /// −1 at the places that do not count, 0 at the others, over the axes of a tensor.
  ///
  /// Rows: one for each value of the mask as it stands, whatever it broadcasts to. Where they depend on the distance of two
  /// axes alone, as in a causal mask, one for each distance.
  ///
  /// - Parameters:
  ///   - shape: of the tensor.
  ///   - order: of its axes, as the reading's labels count them.
  mutating func apart(
    _ mask: Values<Bool>, over shape: [Int], order: [Int], named name: String
  ) -> Reading {
    let extents = [Int](repeating: 1, count: shape.count - mask.shape.count) + mask.shape
    let axes = extents.indices.filter { extents[$0] != 1 }
    let labels = axes.map { order.firstIndex(of: $0) ?? 0 }
    var own = axes.map { extents[$0] }
    var values = mask.elements.map { $0 ? Int64(0) : -1 }
    var windows = labels.map { AffineIndex.label($0) }
    if let distances = Distances(values, own) {
      (own, values) = (distances.shape, distances.values)
      let (row, column) = (labels[labels.count - 2], labels[labels.count - 1])
      let steps = [
        AffineIndex.Step(label: row, stride: 1), AffineIndex.Step(label: column, stride: -1),
      ].sorted { $0.label < $1.label }
      windows.replaceSubrange(
        (labels.count - 2)..., with: [AffineIndex(steps: steps, constant: distances.most)])
    }
    let constant = tensor(name, as: .constant, shape: own, type: .fitting(values), values: values)
    let rows = block(
      name, as: .copy, shape: own,
      relation: terms(over: own, .inPlace(constant), named: name), multiplier: .identity,
      activation: .identity)
    return Reading(rows, windows)
  }
}

/// Values over two last axes i and j that depend on i − j alone.
private struct Distances {
  /// The last axis is i − j + most.
  let shape: [Int]
  let values: [Int64]
  let most: Int

  /// Nil where they do not.
  init?(_ values: [Int64], _ extents: [Int]) {
    guard extents.count >= 2 else { return nil }
    let (rows, columns) = (extents[extents.count - 2], extents[extents.count - 1])
    let count = rows + columns - 1
    var found = [Int64?](repeating: nil, count: values.count / (rows * columns) * count)
    for (cell, value) in values.enumerated() {
      let (outer, row, column) = (
        cell / (rows * columns), cell / columns % rows, cell % columns
      )
      let place = outer * count + row - column + columns - 1
      guard found[place] ?? value == value else { return nil }
      found[place] = value
    }
    most = columns - 1
    shape = extents.dropLast(2) + [count]
    self.values = found.map { $0 ?? 0 }
  }
}
