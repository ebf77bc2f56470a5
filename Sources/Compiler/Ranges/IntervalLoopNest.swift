import ConstraintSystem

/// One term of a relation as a loop nest over all its labels: adds the term's interval, cell by cell,
/// to the intervals of the block's accumulators.
///
/// Exact: a sum of independent intervals is the interval of the sums, a product is extreme at a corner.
/// All arithmetic is Int64; the caller has bounded every partial sum below 2^62.
struct IntervalLoopNest {
  private struct Address {
    var start: Int
    /// Step per label.
    var strides: [Int]
    var extent: Int
  }

  private let extents: [Int]
  /// The label that the inner loop runs over: the longest.
  private let inner: Int
  private let coefficient: Int64
  private let sum: Address
  private let cells: [Address]
  /// Coordinates that may leave their axis, where a view reads zero.
  private let guards: [Address]

  /// - Parameter shapes: the shape of each factor's source.
  init(_ term: Term, over shape: [Int], reading shapes: [[Int]]) {
    let extents = shape + term.summed
    let none = extents.map { _ in 0 }
    var sum = Address(start: 0, strides: none, extent: 0)
    for (label, stride) in rowMajorStrides(shape).enumerated() { sum.strides[label] = stride }
    var cells: [Address] = []
    var guards: [Address] = []
    for (view, shape) in zip(term.factors, shapes) {
      var cell = Address(start: 0, strides: none, extent: 0)
      for (axis, stride) in rowMajorStrides(shape).enumerated() {
        let window = view.windows[axis]
        var coordinate = Address(start: window.constant, strides: none, extent: shape[axis])
        var (lowest, highest) = (window.constant, window.constant)
        for step in window.steps {
          coordinate.strides[step.label] += step.stride
          let reach = step.stride * (extents[step.label] - 1)
          lowest += min(reach, 0)
          highest += max(reach, 0)
        }
        cell.start += coordinate.start * stride
        for label in extents.indices { cell.strides[label] += coordinate.strides[label] * stride }
        if lowest < 0 || highest >= shape[axis] { guards.append(coordinate) }
      }
      cells.append(cell)
    }
    self.extents = extents
    self.inner = extents.indices.max { extents[$0] < extents[$1] } ?? 0
    self.coefficient = term.coefficient
    self.sum = sum
    self.cells = cells
    self.guards = guards
  }

  /// - Parameters:
  ///   - factors: the intervals of each factor's source.
  ///   - isKnown: whether a factor is a tensor of the model, so that its intervals are points.
  /// - Complexity: about 2 ns per product.
  func accumulate(
    lower: inout [Int64], upper: inout [Int64], _ factors: [CellRanges], isKnown: [Bool]
  ) {
    var (factors, cells) = (factors, cells)
    if factors.count == 2, !isKnown[0], isKnown[1] {
      factors.swapAt(0, 1)
      cells.swapAt(0, 1)
    }
    let pointwise = factors.count == 2 && (isKnown[0] || isKnown[1])
    let outer = extents.indices.filter { $0 != inner }
    let length = extents.isEmpty ? 1 : extents[inner]
    let innerStrides = ([sum] + cells).map { extents.isEmpty ? 0 : $0.strides[inner] }
    let (sumStride, firstStride) = (innerStrides[0], innerStrides[1])
    let first = factors[0]
    let runs = outer.reduce(1) { $0 * extents[$1] }
    var counters = extents.map { _ in 0 }

    for _ in 0..<runs {
      func place(_ address: Address) -> Int {
        outer.reduce(address.start) { $0 + counters[$1] * address.strides[$1] }
      }
      var (low, high) = (0, length)
      for axis in guards {
        let (start, stride) = (place(axis), extents.isEmpty ? 0 : axis.strides[inner])
        while low < high, !(0..<axis.extent).contains(start + low * stride) { low += 1 }
        while low < high, !(0..<axis.extent).contains(start + (high - 1) * stride) { high -= 1 }
      }
      let (sumStart, firstStart) = (place(sum), place(cells[0]))
      if factors.count == 1 {
        for step in low..<high {
          let (s, a) = (sumStart + step * sumStride, firstStart + step * firstStride)
          let (x, y) = (coefficient &* first.lower[a], coefficient &* first.upper[a])
          lower[s] &+= min(x, y)
          upper[s] &+= max(x, y)
        }
      } else {
        let second = factors[1]
        let (secondStart, secondStride) = (place(cells[1]), innerStrides[2])
        for step in low..<high {
          let s = sumStart &+ step &* sumStride
          let a = firstStart &+ step &* firstStride
          let b = secondStart &+ step &* secondStride
          if pointwise {
            let weight = coefficient &* first.lower[a]
            let (x, y) = (weight &* second.lower[b], weight &* second.upper[b])
            lower[s] &+= min(x, y)
            upper[s] &+= max(x, y)
          } else {
            let (p, q) = (coefficient &* first.lower[a], coefficient &* first.upper[a])
            let (x, y) = (second.lower[b], second.upper[b])
            lower[s] &+= min(min(p &* x, p &* y), min(q &* x, q &* y))
            upper[s] &+= max(max(p &* x, p &* y), max(q &* x, q &* y))
          }
        }
      }
      var level = outer.count - 1
      while level >= 0 {
        counters[outer[level]] += 1
        if counters[outer[level]] < extents[outer[level]] { break }
        counters[outer[level]] = 0
        level -= 1
      }
    }
  }
}

/// Steps between neighbours along each axis, without padding.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
  var (strides, stride) = (shape, 1)
  for axis in shape.indices.reversed() {
    strides[axis] = stride
    stride *= shape[axis]
  }
  return strides
}
