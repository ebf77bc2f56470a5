import Compute
import ConstraintSystem
import Field
import InnerProducts

/// A term of products of a block's values with the model's, as windows over the block that columns weigh: what
/// convolutions, depthwise ones and products with a matrix are.
///
/// In double precision, where all sums are integers below 2^51 and hence exact.
struct WindowTerm: Sendable {
  private enum Windows: Sendable {
    case dense(DenseWindows)
    case channels(ChannelWindows)
  }

  /// How the values of the block that is read are laid out for windows.
  private struct Values: Sendable {
    /// Cells of the block.
    let cells: Range<Int>
    /// Of an axis whose cells are brought together: how many there are, and how far they lie apart.
    let channels: (padded: Int, stride: Int)?
    let width: Int
    let outside: Int

    /// As windows read them, then zeros for what they read beyond the block.
    func callAsFunction(_ column: [Int64]) -> [Double] {
      var values = [Double](repeating: 0, count: outside + width)
      let column = column.span.extracting(cells)
      guard let channels else {
        for cell in column.indices { values[cell] = Double(column[cell]) }
        return values
      }
      let (padded, stride) = channels
      let used = min(padded, width)
      for start in Swift.stride(from: 0, to: column.count, by: padded * stride) {
        for place in 0..<stride {
          var (source, target) = (start &+ place, (start / padded &+ place) &* width)
          for _ in 0..<used {
            values[target] = Double(column[source])
            source &+= stride
            target &+= 1
          }
        }
      }
      return values
    }
  }

  private let coefficient: Int64
  private let values: Values
  private let windows: Windows
  private let places: WindowPlaces
  /// Of all rows, where they are not too many; else made for some at a time.
  private let table: [Int]
  /// Of the block that is summed into: the cells of rows, and what columns add to them.
  private let rows: [Int]
  private let columns: [Int]

  /// Rows whose sums are taken at a time.
  private static var chunk: Int { 64 }
  /// Of the places that all rows read.
  private static var longestTable: Int { 1 << 20 }
  /// Products worth a thread of their own.
  private static var grain: Int { 1 << 20 }
  /// From so many rows on it is worth it to put the weights in the order in which they are read.
  private static var manyRows: Int { 4 }
  /// Below it a sum of integers is exact, and its bits are read off.
  private static var exact: Double { 0x1p51 }

  /// How many weights are held.
  let weights: Int

  /// - Parameters:
  ///   - runs: how often the term is going to be summed.
  ///   - room: weights that may be held.
  /// - Returns: nil for a term of another kind.
  init?(
    _ term: Term, over block: Block, _ sums: RelationSums, runs: Int, room: Int
  ) {
    let system = sums.system
    guard term.factors.count == 2 else { return nil }
    let isFirst = if case .tensor = term.factors[1].source { true } else { false }
    let (read, weighed) = (term.factors[isFirst ? 0 : 1], term.factors[isFirst ? 1 : 0])
    guard case .block(let index) = read.source, case .tensor(let tensor) = weighed.source else {
      return nil
    }
    let extents = block.shape + term.summed
    /// Labels of one value say nothing.
    func labels(_ view: TensorAccess) -> Set<Int> { Set(view.labels.filter { extents[$0] > 1 }) }
    let (ofRead, ofWeights) = (labels(read), labels(weighed))
    let own = block.shape.indices.filter { extents[$0] > 1 }
    let taps = extents.indices.filter { $0 >= block.shape.count && extents[$0] > 1 }
    let shared = own.filter { ofRead.contains($0) && ofWeights.contains($0) }
    let rows = own.filter { ofRead.contains($0) && !ofWeights.contains($0) }
    let columns = own.filter { !ofRead.contains($0) && ofWeights.contains($0) }
    guard rows.count + columns.count + shared.count == own.count else { return nil }
    func size(_ labels: [Int]) -> Int { Saturating.product(labels.map { extents[$0] }) }
    let (from, model) = (system.blocks[index], system.tensors[tensor])
    let count = Saturating.product([size(shared), size(columns), size(taps)])
    let cells = sums.cells.values(model.offset..<model.offset + 1 << model.bits) + [0]
    let largest = cells.reduce(0) { max($0, $1.magnitude) }
    let bound = Double(size(taps)) * Double(sums.largest(read.source)) * Double(largest)
    // The memory of what is made here follows that of the key's.
    guard bound < Self.exact, count <= min(room, model.count), size(rows) >= 1,
      Saturating.product([size(rows), runs]) >= Self.manyRows
    else { return nil }

    let strides = Layout.strides(of: from.shape)
    /// The axis of the block along which nothing but a label runs, from its beginning.
    func axis(of label: Int) -> Int? {
      read.windows.indices.first { axis in
        let steps = read.windows[axis].steps.filter { extents[$0.label] > 1 }
        return steps == [AffineIndex.Step(label: label, stride: 1)]
          && read.windows[axis].constant == 0 && extents[label] <= from.shape[axis]
      }
    }
    /// Where a view reads, by labels of rows and of taps, along all axes but one.
    func places(
      _ view: TensorAccess, _ shape: [Int], but own: Int?, rows: [Int], taps: [Int], outside: Int,
      _ stride: (Int) -> Int
    ) -> WindowPlaces {
      let axes = shape.indices.filter { $0 != own }.map { axis in
        func steps(_ labels: [Int]) -> [Int] {
          labels.map { label in
            view.windows[axis].steps.first { $0.label == label }?.stride ?? 0
          }
        }
        return WindowPlaces.Axis(
          extent: shape[axis], stride: stride(axis), constant: view.windows[axis].constant,
          rowSteps: steps(rows), tapSteps: steps(taps))
      }
      return WindowPlaces(
        rowExtents: rows.map { extents[$0] }, tapExtents: taps.map { extents[$0] }, axes: axes,
        outside: outside)
    }
    /// The weights by labels of columns, then of taps.
    func weights(_ columns: [Int], _ taps: [Int]) -> [Double] {
      let strides = Layout.strides(of: model.shape)
      let places = places(
        weighed, model.shape, but: nil, rows: columns, taps: taps, outside: cells.count - 1
      ) { strides[$0] }
      return places.table(0..<places.rows).map { Double(cells[$0]) }
    }

    let source = from.offset..<from.offset + 1 << from.bits
    if shared.isEmpty {
      // Taps whose values lie together.
      let inner = taps.last { label in axis(of: label).map { strides[$0] == 1 } ?? false }
      let outer = taps.filter { $0 != inner }
      let width = inner.map { extents[$0] } ?? 1
      windows = .dense(
        DenseWindows(
          weights: weights(columns, outer + (inner.map { [$0] } ?? [])), columns: size(columns),
          taps: size(outer), inner: width, strides: (size(outer) * width, width, 1)))
      values = Values(cells: source, channels: nil, width: width, outside: source.count)
      self.places = places(
        read, from.shape, but: inner.flatMap(axis), rows: rows, taps: outer, outside: source.count
      ) { strides[$0] }
    } else {
      guard shared.count == 1, columns.isEmpty, let channel = axis(of: shared[0]) else {
        return nil
      }
      let channels = ChannelWindows(
        weights: weights(shared, taps), channels: extents[shared[0]], taps: size(taps),
        strides: (size(taps), 1))
      let (padded, stride) = (1 << ceilLog2(from.shape[channel]), strides[channel])
      windows = .channels(channels)
      values = Values(
        cells: source, channels: (padded, stride), width: channels.width,
        outside: source.count / padded * channels.width)
      self.places = places(
        read, from.shape, but: channel, rows: rows, taps: taps, outside: values.outside
      ) { (strides[$0] < stride ? strides[$0] : strides[$0] / padded) * channels.width }
    }
    coefficient = term.coefficient
    self.weights = count
    table =
      Saturating.product([self.places.rows, self.places.taps]) <= Self.longestTable
      ? self.places.table(0..<self.places.rows) : []
    let cellsOfBlock = Layout.strides(of: block.shape)
    func targets(_ labels: [Int]) -> [Int] {
      labels.reduce([0]) { sums, label in
        sums.flatMap { sum in (0..<extents[label]).map { sum + $0 * cellsOfBlock[label] } }
      }
    }
    self.rows = targets(rows)
    self.columns = targets(shared.isEmpty ? columns : shared)
  }

  /// Adds the term to the sums of a block, its padding included.
  func add(to sums: inout [Int64], _ column: [Int64]) {
    let values = values(column)
    let grain = max(Self.chunk, Self.grain / max(1, weights))
    guard rows.count >= 2 * grain, availableThreads > 1 else {
      var span = sums.mutableSpan
      each(rows.indices, values) { _, cell, sum in span[cell] &+= sum }
      return
    }
    let width = columns.count
    let parts = inParallel(count: rows.count, grain: grain) { range in
      var part = [Int64](repeating: 0, count: range.count * width)
      var span = part.mutableSpan
      each(range, values) { index, _, sum in span[index] = sum }
      return (range: range, sums: part)
    }
    var span = sums.mutableSpan
    let (rows, columns) = (rows.span, columns.span)
    for part in parts {
      let found = part.sums.span
      var index = 0
      for row in part.range {
        for column in columns.indices {
          span[rows[row] &+ columns[column]] &+= found[index]
          index &+= 1
        }
      }
    }
  }

  /// Hands over the sums of some rows, with their numbers from the first row and column on and their cells.
  @inline(__always)
  private func each(
    _ range: Range<Int>, _ values: [Double],
    _ body: (_ index: Int, _ cell: Int, _ sum: Int64) -> Void
  ) {
    var scratch = [Double](repeating: 0, count: Self.chunk * DenseWindows.lanes)
    let (rows, columns, values) = (rows.span, columns.span, values.span)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.chunk) {
      let chunk = first..<min(first + Self.chunk, range.upperBound)
      let made = table.isEmpty ? places.table(chunk) : []
      let read =
        table.isEmpty
        ? made.span
        : table.span.extracting(chunk.lowerBound * places.taps..<chunk.upperBound * places.taps)
      for block in 0..<blocks {
        let own: Range<Int>
        do {
          var sums = scratch.mutableSpan
          switch windows {
          case .dense(let windows):
            windows.sum(values, read, block: block, into: &sums)
            own = windows.columns(of: block)
          case .channels(let windows):
            windows.sum(values, read, block: block, into: &sums)
            own = windows.columns(of: block)
          }
        }
        let sums = scratch.span
        for row in chunk {
          var source = (row &- chunk.lowerBound) &* DenseWindows.lanes
          let (cell, index) = (rows[row], (row &- range.lowerBound) &* columns.count)
          for column in own {
            body(index &+ column, cell &+ columns[column], coefficient &* Int64(sums[source]))
            source &+= 1
          }
        }
      }
    }
  }

  private var blocks: Int {
    switch windows {
    case .dense(let windows): windows.blocks
    case .channels(let windows): windows.blocks
    }
  }
}
