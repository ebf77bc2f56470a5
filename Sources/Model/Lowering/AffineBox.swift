import ConstraintSystem

/// A box of a tensor's cells whose values stand in another tensor where windows over the box's axes lead.
struct AffineBox: Sendable, Hashable {
  /// Its first cell.
  var start: [Int]
  var extents: [Int]
  /// One per axis of what is read; the labels are the box's axes, each in one window at most.
  var windows: [AffineIndex]
}

/// For each cell of a tensor the cell of another that it holds.
struct CellMap {
  private let cells: [Int]
  private let shape: [Int]
  private let source: [Int]

  /// - Parameters:
  ///   - cells: row-major over `shape`; all of them inside `source`.
  ///   - source: the extents of what is read.
  init(_ cells: [Int], over shape: [Int], of source: [Int]) {
    (self.cells, self.shape, self.source) = (cells, shape, source)
  }

  /// Boxes that hold every cell once: the fewest among those that cutting one axis first, and others in order,
  /// gives.
  ///
  /// - Returns: nil where that takes more than `limit` boxes.
  func boxes(atMost limit: Int) -> [AffineBox]? {
    let start = shape.map { _ in 0 }
    if let whole = box(at: start, shape) { return [whole] }
    var (best, most) = (nil as [AffineBox]?, limit)
    for first in shape.indices {
      let axes = [first] + shape.indices.filter { $0 != first }
      var found: [AffineBox] = []
      if add(start, shape, cutting: axes[...], to: &found, atMost: most) {
        (best, most) = (found, found.count - 1)
      }
    }
    return best
  }

  /// - Returns: whether the boxes are few enough.
  private func add(
    _ start: [Int], _ extents: [Int], cutting axes: ArraySlice<Int>, to boxes: inout [AffineBox],
    atMost limit: Int
  ) -> Bool {
    guard boxes.count < limit else { return false }
    if let whole = box(at: start, extents) {
      boxes.append(whole)
      return true
    }
    guard let axis = axes.first else { return false }
    var (start, extents, left) = (start, extents, extents[axis])
    while left > 0 {
      // Of a box every part is one: places are added in growing steps, then in shrinking ones.
      var (count, step, isGrowing, longest) = (0, 1, true, nil as AffineBox?)
      while step > 0 {
        extents[axis] = count + step
        if count + step <= left, let longer = box(at: start, extents) {
          (count, longest) = (count + step, longer)
          step = isGrowing ? 2 * step : step / 2
        } else {
          (step, isGrowing) = (step / 2, false)
        }
      }
      if let longest {
        guard boxes.count < limit else { return false }
        boxes.append(longest)
      } else {
        (count, extents[axis]) = (1, 1)
        guard add(start, extents, cutting: axes.dropFirst(), to: &boxes, atMost: limit) else {
          return false
        }
      }
      start[axis] += count
      left -= count
    }
    return true
  }

  /// Nil where the cells do not stand equally far apart along each axis, or an axis leads along several.
  private func box(at start: [Int], _ extents: [Int]) -> AffineBox? {
    let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    let first = zip(start, strides).reduce(0) { $0 + $1.0 * $1.1 }
    let origin = coordinates(cells[first])
    var windows = origin.map { AffineIndex.fixed($0) }
    var steps = shape.map { _ in 0 }
    for axis in shape.indices where extents[axis] > 1 {
      let next = coordinates(cells[first + strides[axis]])
      let moving = source.indices.filter { next[$0] != origin[$0] }
      guard moving.count <= 1 else { return nil }
      steps[axis] = cells[first + strides[axis]] - cells[first]
      for place in moving {
        windows[place].steps.append(
          AffineIndex.Step(label: axis, stride: next[place] - origin[place]))
      }
    }
    // A step that leaves its axis would lead along the next.
    for (window, extent) in zip(windows, source) {
      let reach = window.reach(extents)
      guard reach.lowerBound >= 0, reach.upperBound < extent,
        window.steps.allSatisfy({ $0.stride.magnitude <= Limits.stride })
      else { return nil }
    }
    var (position, cell, wanted) = (shape.map { _ in 0 }, first, cells[first])
    for _ in 0..<extents.reduce(1, *) {
      guard cells[cell] == wanted else { return nil }
      for axis in shape.indices.reversed() {
        position[axis] += 1
        cell += strides[axis]
        wanted += steps[axis]
        if position[axis] < extents[axis] { break }
        cell -= strides[axis] * extents[axis]
        wanted -= steps[axis] * extents[axis]
        position[axis] = 0
      }
    }
    return AffineBox(start: start, extents: extents, windows: windows)
  }

  private func coordinates(_ cell: Int) -> [Int] {
    var (rest, result) = (cell, source)
    for axis in source.indices.reversed() {
      result[axis] = rest % source[axis]
      rest /= source[axis]
    }
    return result
  }
}

extension CircuitBuilder {
  /// The wire over `shape`, each box of which reads it through its windows.
  ///
  /// Several boxes are a sum of views, of which each has to read zero wherever the others stand: one that runs
  /// over all of an axis does, and one of a single place can be made to. Others become rows.
  mutating func selected(
    _ wire: TensorView, _ boxes: [AffineBox], shape: [Int], named name: String
  ) -> TensorView {
    var parts: [TensorView.Part] = []
    for box in boxes {
      var windows = box.windows
      // Along an axis of which the box has one place its neighbours lie beyond an axis of the wire that stands still.
      for axis in shape.indices where box.extents[axis] == 1 && shape[axis] > 1 {
        guard wire.parts.count <= 2,
          let free = windows.indices.first(where: {
            windows[$0].steps.isEmpty && wire.shape[$0] > 1
              && shape[axis] * wire.shape[$0] <= 1 << 16
          })
        else { continue }
        windows[free].steps = [AffineIndex.Step(label: axis, stride: wire.shape[free])]
      }
      let piece = view(wire, through: windows, shape: box.extents, named: name)
      var places = piece.inPlace
      for axis in places.indices { places[axis].constant = -box.start[axis] }
      parts += view(piece, through: places, shape: shape, named: name).parts
    }
    return TensorView(shape: shape, parts: parts)
  }
}
