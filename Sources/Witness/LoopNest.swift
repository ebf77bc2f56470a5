import ConstraintSystem
import Field

/// One term of a relation over one block as a loop nest over all its labels, output and summed alike:
/// `acc[…] += coefficient · first[…] · second[…]`, every address affine in the labels.
///
/// Sums commute, so the labels may be nested in any order; the innermost is the one
/// whose runs are longest and closest in memory. Only axes whose window can leave the source
/// are tested, once per run. For a validated system no address leaves its column.
struct LoopNest {
  /// The values of a label that are run through: of an output label, an axis of the block, or of a
  /// summed one.
  struct Part {
    let label: Int
    let range: Range<Int>
  }

  /// An axis whose coordinate may leave `0..<extent`, where the view reads zero.
  private struct Guard {
    let extent: Int
    let constant: Int
    let strides: [Int]
    let inner: Int
  }

  /// Extents of all labels but the innermost, outermost first.
  private let outer: [Int]
  private let inner: Int
  private let coefficient: Int64
  private let hasSecond: Bool
  private let innerStrides: (sum: Int, first: Int, second: Int)
  private let guards: [Guard]
  /// Addresses of acc, first, second, then the coordinate of each guard, at labels zero.
  private let start: [Int]
  /// What an increment of each outer label, with those inside it returning to zero, adds to them.
  private let advances: [Int]

  /// - Parameters:
  ///   - part: of the block's cells, if not all; the cells that are summed into begin with it.
  ///   - cut: what of that is run through, if not all; it may be of the same label.
  ///   - origins: the cells of their columns that the spans of first and second begin with.
  init(
    _ term: Term, over block: Block, _ part: Part? = nil, cut: Part? = nil,
    origins: [Int] = [0, 0], in system: ConstraintSystem
  ) {
    var extents = block.shape + term.summed
    var begin = extents.map { _ in 0 }
    for part in [part, cut] {
      guard let part else { continue }
      extents[part.label] = part.range.count
      begin[part.label] = part.range.lowerBound
    }
    var strides = [Layout.strides(of: block.shape) + term.summed.map { _ in 0 }]
    var addresses = [zip(begin, strides[0]).reduce(0) { $0 &+ $1.0 &* $1.1 }]
    if let part { addresses[0] &-= part.range.lowerBound &* strides[0][part.label] }
    var guards: [(extent: Int, constant: Int, strides: [Int])] = []
    for (view, origin) in zip(term.factors, origins) {
      var (shape, address) = ([Int](), 0)
      switch view.source {
      case .block(let index):
        (shape, address) = (system.blocks[index].shape, system.blocks[index].offset - origin)
      case .tensor(let index):
        (shape, address) = (system.tensors[index].shape, system.tensors[index].offset - origin)
      }
      var byLabel = extents.map { _ in 0 }
      for (axis, (window, cells)) in zip(view.windows, Layout.strides(of: shape)).enumerated() {
        var constant = window.constant
        for step in window.steps { constant &+= step.stride &* begin[step.label] }
        address &+= constant &* cells
        var byLabelOnAxis = extents.map { _ in 0 }
        var (lowest, highest) = (constant, constant)
        for step in window.steps {
          byLabel[step.label] &+= step.stride &* cells
          byLabelOnAxis[step.label] &+= step.stride
          let reach = step.stride &* (extents[step.label] - 1)
          lowest &+= min(reach, 0)
          highest &+= max(reach, 0)
        }
        if lowest < 0 || highest >= shape[axis] {
          guards.append((shape[axis], constant, byLabelOnAxis))
        }
      }
      addresses.append(address)
      strides.append(byLabel)
    }
    if term.factors.count < 2 {
      addresses.append(0)
      strides.append(extents.map { _ in 0 })
    }

    let innermost = extents.indices.min { a, b in
      Self.cost(of: a, extents, strides) < Self.cost(of: b, extents, strides)
    }
    let order = extents.indices.filter { $0 != innermost }
    func innerStride(_ strides: [Int]) -> Int { innermost.map { strides[$0] } ?? 0 }
    self.outer = order.map { extents[$0] }
    self.inner = innermost.map { extents[$0] } ?? 1
    self.coefficient = term.coefficient
    self.hasSecond = term.factors.count > 1
    self.innerStrides = (
      innerStride(strides[0]), innerStride(strides[1]), innerStride(strides[2])
    )
    self.guards = guards.map {
      Guard(
        extent: $0.extent, constant: $0.constant, strides: $0.strides,
        inner: innerStride($0.strides))
    }
    self.start = addresses + guards.map(\.constant)
    let moving = strides + guards.map(\.strides)
    var advances: [Int] = []
    for (level, label) in order.enumerated() {
      for strides in moving {
        advances.append(
          order[(level + 1)...].reduce(strides[label]) { $0 &- (extents[$1] - 1) &* strides[$1] })
      }
    }
    self.advances = advances
  }

  /// Rough time per step of an innermost label: the run's set-up shared out, and how far it strides.
  private static func cost(of label: Int, _ extents: [Int], _ strides: [[Int]]) -> Double {
    strides.reduce(12 / Double(max(extents[label], 1))) { sum, strides in
      let stride = abs(strides[label])
      return sum + (stride <= 1 ? 0 : stride <= 8 ? 0.5 : 2)
    }
  }

  /// Adds the whole term. `second` is not read when the term has one factor.
  ///
  /// - Parameter checked: whether every product and sum is tested to fit a word; without it the caller knows
  ///   that all do.
  /// - Returns: whether all fitted.
  /// - Complexity: about 1 ns per product with contiguous operands, plus 10 ns per run.
  func accumulate(
    into sums: inout MutableSpan<Int64>, _ first: Span<Int64>, _ second: Span<Int64>,
    checked: Bool = false
  ) -> Bool {
    let width = start.count
    var state = start
    var counters = outer.map { _ in 0 }
    var fits = true
    while true {
      var (low, high) = (0, inner)
      for index in guards.indices {
        Self.narrow(&low, &high, guards[index].extent, guards[index].inner, state[3 + index])
      }
      if low < high {
        if checked {
          fits =
            runChecked(low, high, state[0], state[1], state[2], &sums, first, second) && fits
        } else {
          run(low, high, state[0], state[1], state[2], &sums, first, second)
        }
      }

      var level = outer.count - 1
      while level >= 0, counters[level] == outer[level] - 1 {
        counters[level] = 0
        level -= 1
      }
      guard level >= 0 else { return fits }
      counters[level] += 1
      for index in 0..<width { state[index] &+= advances[level * width + index] }
    }
  }

  /// Narrows a run to the labels v with 0 ≤ coordinate + stride·v < extent.
  @inline(__always)
  private static func narrow(
    _ low: inout Int, _ high: inout Int, _ extent: Int, _ stride: Int, _ coordinate: Int
  ) {
    if stride == 1 {
      low = max(low, -coordinate)
      high = min(high, extent - coordinate)
    } else if stride == 0 {
      if coordinate < 0 || coordinate >= extent { high = low }
    } else {
      // Counted from the end where the stride is negative, so that one division serves both.
      let size = abs(stride)
      let below = stride > 0 ? -coordinate : coordinate - (extent - 1)
      let above = stride > 0 ? extent - 1 - coordinate : coordinate
      if below > 0 { low = max(low, (below + size - 1) / size) }
      high = above < 0 ? low : min(high, above / size + 1)
    }
  }

  @inline(__always)
  private func run(
    _ low: Int, _ high: Int, _ sumStart: Int, _ firstStart: Int, _ secondStart: Int,
    _ sums: inout MutableSpan<Int64>, _ first: Span<Int64>, _ second: Span<Int64>
  ) {
    let (s, a, b) = innerStrides
    let count = high - low
    let sumStart = sumStart &+ low &* s
    let firstStart = firstStart &+ low &* a
    guard hasSecond else {
      for step in 0..<count {
        sums[sumStart &+ step &* s] &+= coefficient &* first[firstStart &+ step &* a]
      }
      return
    }
    let secondStart = secondStart &+ low &* b
    if s == 0, a == 1, b == 1 {
      let product = integerProduct(
        first.extracting(firstStart..<firstStart &+ count),
        second.extracting(secondStart..<secondStart &+ count))
      sums[sumStart] &+= coefficient &* product
    } else if s == 0 {
      var sum: Int64 = 0
      for step in 0..<count {
        sum &+= first[firstStart &+ step &* a] &* second[secondStart &+ step &* b]
      }
      sums[sumStart] &+= coefficient &* sum
    } else {
      for step in 0..<count {
        sums[sumStart &+ step &* s] &+=
          coefficient &* first[firstStart &+ step &* a] &* second[secondStart &+ step &* b]
      }
    }
  }

  /// As `run`, word by word.
  ///
  /// - Returns: whether no product and no sum was wider than a word.
  private func runChecked(
    _ low: Int, _ high: Int, _ sumStart: Int, _ firstStart: Int, _ secondStart: Int,
    _ sums: inout MutableSpan<Int64>, _ first: Span<Int64>, _ second: Span<Int64>
  ) -> Bool {
    let (s, a, b) = innerStrides
    var isWide = false
    for step in low..<high {
      var value = coefficient
      for factor in 0..<(hasSecond ? 2 : 1) {
        let read =
          factor == 0 ? first[firstStart &+ step &* a] : second[secondStart &+ step &* b]
        let (product, overflow) = value.multipliedReportingOverflow(by: read)
        (value, isWide) = (product, isWide || overflow)
      }
      let (sum, overflow) = sums[sumStart &+ step &* s].addingReportingOverflow(value)
      sums[sumStart &+ step &* s] = sum
      isWide = isWide || overflow
    }
    return !isWide
  }
}
