import ConstraintSystem

/// What a block's relation and multiplier read, cell by cell.
struct LayerReader: Sendable {
  /// A view, with what a step of each label does to what it reads.
  private struct View: Sendable {
    let values: [Int64]
    let offset: Int
    /// Of each axis: its extent, its cells apart, and the coordinate at labels of zero.
    let axes: [(extent: Int, stride: Int, constant: Int)]
    /// Of each label of the term the axis that it moves along and how far; a label stands once in a view.
    let steps: [(axis: Int, step: Int)?]
    /// Axes whose coordinates an input says, each with the places of its integers that labels lead to.
    let indexed: [(axis: Int, integers: [Int], constant: Int, steps: [AffineIndex.Step])]

    init(
      _ view: TensorAccess, labels: Int, in system: ConstraintSystem, _ model: [Int64],
      _ outputs: [Int64]
    ) {
      let shape: [Int]
      switch view.source {
      case .block(let index):
        (shape, offset, values) = (system.blocks[index].shape, system.blocks[index].offset, outputs)
      case .tensor(let index):
        (shape, offset, values) = (system.tensors[index].shape, system.tensors[index].offset, model)
      }
      var stride = 1 << shape.reduce(0) { $0 + ceilLog2($1) }
      axes = zip(shape, view.windows).map { extent, window in
        stride >>= ceilLog2(extent)
        return (extent: extent, stride: stride, constant: window.constant)
      }
      var steps = [(axis: Int, step: Int)?](repeating: nil, count: labels)
      var indexed: [(axis: Int, integers: [Int], constant: Int, steps: [AffineIndex.Step])] = []
      for (axis, window) in view.windows.enumerated() {
        if let input = window.through {
          indexed.append((axis, system.indices[input] ?? [], window.constant, window.steps))
          continue
        }
        for step in window.steps { steps[step.label] = (axis, step.stride) }
      }
      self.steps = steps
      self.indexed = indexed
    }

    /// The coordinates where all labels but the first ones are zero.
    @inline(__always)
    func place(_ labels: [Int], _ coordinates: inout [Int]) {
      for axis in axes.indices { coordinates[axis] = axes[axis].constant }
      for label in labels.indices {
        if let (axis, step) = steps[label] { coordinates[axis] += step * labels[label] }
      }
      for (axis, integers, constant, steps) in indexed {
        let place = steps.reduce(constant) { $0 + $1.stride * labels[$1.label] }
        // Beyond what an input says nothing is read.
        coordinates[axis] = integers.indices.contains(place) ? integers[place] : -1
      }
    }

    /// What lies at coordinates, but for the axis along which a label runs; nil where another axis is left.
    @inline(__always)
    func base(_ coordinates: [Int], but own: Int?) -> Int? {
      var place = offset
      for axis in axes.indices where axis != own {
        let coordinate = coordinates[axis]
        guard coordinate >= 0, coordinate < axes[axis].extent else { return nil }
        place += coordinate * axes[axis].stride
      }
      return place
    }
  }

  /// A line of cells along a label: those that lie within an axis, zeros beyond it.
  private struct Line {
    let base: Int
    let coordinate: Int
    let extent: Int
    let step: Int
    let stride: Int

    /// Nil where the line leaves the source for good.
    @inline(__always)
    init?(_ view: View, _ coordinates: [Int], along label: Int?) {
      let moved = label.flatMap { view.steps[$0] }
      guard let base = view.base(coordinates, but: moved?.axis) else { return nil }
      self.base = base
      guard let moved else {
        (coordinate, extent, step, stride) = (0, 1, 0, 0)
        return
      }
      let axis = view.axes[moved.axis]
      (coordinate, extent, step, stride) = (
        coordinates[moved.axis], axis.extent, moved.step, axis.stride
      )
    }

    @inline(__always)
    func read(_ values: Span<Int64>, _ index: Int) -> Int64 {
      let coordinate = coordinate + step * index
      return coordinate >= 0 && coordinate < extent ? values[base + coordinate * stride] : 0
    }
  }

  private struct Product: Sendable {
    let coefficient: Int64
    let first: View
    let second: View?
    let summed: [Int]
    /// The longest summed label, which is run along.
    let inner: Int?
  }

  /// Room for labels and coordinates.
  struct Scratch {
    fileprivate var labels: [Int] = []
    fileprivate var first: [Int]
    fileprivate var second: [Int]
  }

  private let rank: Int
  /// Terms without views.
  private let constants: [Int64]
  private let products: [Product]
  private let multiplier: View?
  private let constant: Int64

  init(_ block: Block, in system: ConstraintSystem, model: [Int64], outputs: [Int64]) {
    let rank = block.shape.count
    self.rank = rank
    constants = block.relation.filter(\.factors.isEmpty).map(\.coefficient)
    products = block.relation.filter { !$0.factors.isEmpty }.map { term in
      let labels = rank + term.summed.count
      let views = term.factors.map { View($0, labels: labels, in: system, model, outputs) }
      return Product(
        coefficient: term.coefficient, first: views[0], second: views.count > 1 ? views[1] : nil,
        summed: term.summed,
        // What an input says is no line.
        inner: term.factors.contains(where: \.isIndexed)
          ? nil : term.summed.indices.max { term.summed[$0] < term.summed[$1] })
    }
    switch block.multiplier {
    case .constant(let value): (constant, multiplier) = (value, nil)
    case .tensor(let view):
      (constant, multiplier) = (0, View(view, labels: rank, in: system, model, outputs))
    }
  }

  var scratch: Scratch {
    let views = products.flatMap { [$0.first] + ($0.second.map { [$0] } ?? []) }
    let most = (views + (multiplier.map { [$0] } ?? [])).map(\.axes.count).max() ?? 0
    let room = [Int](repeating: 0, count: most)
    return Scratch(first: room, second: room)
  }

  /// The sum that a row's acc has to be.
  func relation(at position: [Int], _ scratch: inout Scratch) -> ExactSum {
    var sum = ExactSum()
    for constant in constants { sum.add(constant, 1) }
    for product in products { add(product, at: position, &scratch, to: &sum) }
    return sum
  }

  /// M of a row.
  func multiplier(at position: [Int], _ scratch: inout Scratch) -> Int64 {
    guard let multiplier else { return constant }
    multiplier.place(position, &scratch.first)
    return multiplier.base(scratch.first, but: nil).map { multiplier.values[$0] } ?? 0
  }

  private func add(
    _ product: Product, at position: [Int], _ scratch: inout Scratch, to sum: inout ExactSum
  ) {
    scratch.labels.removeAll(keepingCapacity: true)
    scratch.labels += position
    for _ in product.summed { scratch.labels.append(0) }
    let inner = product.inner.map { rank + $0 }
    let count = product.inner.map { product.summed[$0] } ?? 1
    let first = product.first.values.span
    while true {
      product.first.place(scratch.labels, &scratch.first)
      if let line = Line(product.first, scratch.first, along: inner) {
        if let view = product.second {
          view.place(scratch.labels, &scratch.second)
          if let other = Line(view, scratch.second, along: inner) {
            let second = view.values.span
            for index in 0..<count {
              sum.add(line.read(first, index), other.read(second, index), product.coefficient)
            }
          }
        } else {
          for index in 0..<count { sum.add(line.read(first, index), product.coefficient) }
        }
      }
      // The next tuple of the other summed labels.
      var label = product.summed.count - 1
      while label >= 0 {
        if label != product.inner {
          scratch.labels[rank + label] += 1
          if scratch.labels[rank + label] < product.summed[label] { break }
          scratch.labels[rank + label] = 0
        }
        label -= 1
      }
      if label < 0 { return }
    }
  }
}
