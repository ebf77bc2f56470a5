import Compute
import InnerProducts

/// A number that windows read: a real, or an integer less its zero point.
protocol WindowNumber: BitwiseCopyable, Sendable {
  var double: Double { get }
  /// This less `zero`, exactly.
  func less(_ zero: Self) -> Double
  /// Puts some places' values less `zero`.
  static func put(
    _ x: Span<Self>, less zero: Self, _ places: Range<Int>, _ placed: PlacedValues,
    into values: inout MutableSpan<Double>)
}

extension Float: WindowNumber {
  @inline(__always)
  var double: Double { Double(self) }
  @inline(__always)
  func less(_ zero: Float) -> Double { Double(self) - Double(zero) }
  static func put(
    _ x: Span<Float>, less zero: Float, _ places: Range<Int>, _ placed: PlacedValues,
    into values: inout MutableSpan<Double>
  ) { placed.put(x, less: zero, places, into: &values) }
}

extension Int64: WindowNumber {
  @inline(__always)
  var double: Double { Double(self) }
  @inline(__always)
  func less(_ zero: Int64) -> Double { Double(self &- zero) }
  static func put(
    _ x: Span<Int64>, less zero: Int64, _ places: Range<Int>, _ placed: PlacedValues,
    into values: inout MutableSpan<Double>
  ) { placed.put(x, less: zero, places, into: &values) }
}

extension Double {
  /// The integer that this is, below 2^51 in magnitude: its bits in a number whose last place is one.
  @inline(__always)
  var integer: Int64 {
    let one = 0x1.8p52
    return Int64(bitPattern: (self + one).bitPattern) &- Int64(bitPattern: one.bitPattern)
  }
}

/// What a layer makes of a sum.
protocol WindowStep: Sendable {
  associatedtype Result: BitwiseCopyable & Sendable
  /// What results are before they are made.
  static var initial: Result { get }

  /// - Parameter position: of the output, its batch aside.
  func callAsFunction(_ sum: Double, channel: Int, position: Int) -> Result

  /// The same of a channel at some positions, whose results lie together.
  ///
  /// - Parameters:
  ///   - sums: eight for each position, of which one is the channel's.
  ///   - target: the place of the first result.
  func run(
    _ sums: Span<Double>, lane: Int, channel: Int, _ positions: Range<Int>,
    into results: inout MutableSpan<Result>, at target: Int)
}

extension WindowStep {
  func run(
    _ sums: Span<Double>, lane: Int, channel: Int, _ positions: Range<Int>,
    into results: inout MutableSpan<Result>, at target: Int
  ) {
    run(sums, lane: lane, positions, into: &results, at: target) { sum, position in
      self(sum, channel: channel, position: position)
    }
  }

  @inline(__always)
  func run(
    _ sums: Span<Double>, lane: Int, _ positions: Range<Int>,
    into results: inout MutableSpan<Result>, at target: Int, _ result: (Double, Int) -> Result
  ) {
    var source = lane
    let lanes = DenseWindows.lanes
    for index in 0..<positions.count {
      results[target &+ index] = result(sums[source], positions.lowerBound &+ index)
      source &+= lanes
    }
  }
}

/// A tensor of channels at places, in a file's order: batch, channels, places; or batch, places, channels.
struct WindowTensor: Sendable {
  var batch: Int
  var channels: Int
  var places: Int
  var channelsFirst: Bool

  /// The values place by place, then a place of what windows read beyond them.
  ///
  /// - Parameters:
  ///   - width: values of a place: as many as there are channels, each `copies` times, filled up.
  ///   - outside: what is read beyond.
  func placed<Number: WindowNumber>(
    _ x: [Number], less zero: Number, width: Int, copies: Int = 1, outside: Double = 0
  ) -> [Double] {
    let count = batch * places
    let placed = PlacedValues(
      channels: channels, places: places, channelsFirst: channelsFirst, copies: copies, width: width
    )
    return inParallel(
      making: count + 1, width: width, of: outside, chunk: max(1, (1 << 9) / max(1, width)) << 4
    ) { range, values in
      let own = range.lowerBound..<min(range.upperBound, count)
      Number.put(x.span, less: zero, own, placed, into: &values)
    }.values
  }

  /// Rows of an output whose sums are taken before something is made of them.
  private static let rows = 64
  /// Of the places that rows read.
  private static let longestTable = 1 << 22
  /// Products worth a thread of their own.
  private static let grain = 1 << 15

  /// What a layer makes of its windows' sums, in this tensor's order.
  ///
  /// - Parameters:
  ///   - values: as windows read them.
  ///   - windows: of as many columns as this has channels.
  ///   - rows: where they read, the batch's places one after the other.
  func results<Windows: WindowSums, Step: WindowStep>(
    _ values: [Double], _ windows: Windows, _ rows: WindowPlaces, _ step: Step
  ) -> [Step.Result] {
    precondition(windows.columns == channels && rows.rows == batch * places, "a row for each place")
    let cost = max(1, windows.taps * windows.width / 4)
    let (places, lanes, blocks) = (self.places, Windows.lanes, windows.blocks)
    // Made once for all columns, unless it is so long that parts of it are made anew for some of them.
    let isShort = rows.rows * rows.taps <= Self.longestTable
    let table = isShort ? rows.table(0..<rows.rows) : []
    @Sendable func part(_ range: Range<Int>) -> [Int] { isShort ? [] : rows.table(range) }
    guard channelsFirst else {
      return inParallel(
        making: batch * places, width: channels, of: Step.initial,
        chunk: min(Self.rows, max(2, Self.grain / (cost * max(1, channels / 8))))
      ) { range, results in
        let (values, part) = (values.span, part(range))
        let own = isShort ? table.span.extracting(range.scaled(by: rows.taps)) : part.span
        var scratch = [Double](repeating: 0, count: range.count * lanes)
        for block in 0..<blocks {
          let columns = windows.columns(of: block)
          var sums = scratch.mutableSpan
          windows.sum(values, own, block: block, into: &sums)
          for row in 0..<range.count {
            let place = (range.lowerBound + row) % places
            var (target, source) = (row &* channels &+ columns.lowerBound, row &* lanes)
            for channel in columns {
              results[target] = step(sums[source], channel: channel, position: place)
              target &+= 1
              source &+= 1
            }
          }
        }
      }.values
    }
    var all: [Step.Result] = []
    for number in 0..<batch {
      let results = inParallel(
        making: channels, width: places, of: Step.initial,
        chunk: max(lanes, Self.grain / (cost * places))
      ) { channels, results in
        let values = values.span
        var scratch = [Double](repeating: 0, count: Self.rows * lanes)
        for first in stride(from: 0, to: places, by: Self.rows) {
          let count = min(Self.rows, places - first)
          let range = number * places + first..<number * places + first + count
          let part = part(range)
          let read = isShort ? table.span.extracting(range.scaled(by: rows.taps)) : part.span
          for block in 0..<blocks {
            let columns = windows.columns(of: block)
            let own = columns.clamped(to: channels)
            if own.isEmpty { continue }
            do {
              var sums = scratch.mutableSpan
              windows.sum(values, read, block: block, into: &sums)
            }
            for channel in own {
              step.run(
                scratch.span, lane: channel &- columns.lowerBound, channel: channel,
                first..<first &+ count, into: &results,
                at: (channel &- channels.lowerBound) &* places &+ first)
            }
          }
        }
      }.values
      all = batch == 1 ? results : all + results
    }
    return all
  }
}

extension Range<Int> {
  fileprivate func scaled(by factor: Int) -> Range<Int> {
    lowerBound * factor..<upperBound * factor
  }
}

extension Sliding {
  /// Where a window's taps lie at each output position of each of a batch's inputs.
  ///
  /// - Parameter width: values of a place.
  func places(
    batch: Int, _ input: [Int], _ positions: (output: [Int], before: [Int]), width: Int
  ) -> WindowPlaces {
    let area = input.reduce(1, *)
    var axes = [
      WindowPlaces.Axis(
        extent: batch, stride: area * width, rowSteps: [1] + kernel.map { _ in 0 },
        tapSteps: kernel.map { _ in 0 })
    ]
    for axis in 0..<rank {
      let own = (0..<rank).map { $0 == axis ? 1 : 0 }
      axes.append(
        WindowPlaces.Axis(
          extent: input[axis], stride: input[(axis + 1)...].reduce(width, *),
          constant: -positions.before[axis], rowSteps: [0] + own.map { $0 * strides[axis] },
          tapSteps: own.map { $0 * dilations[axis] }))
    }
    return WindowPlaces(
      rowExtents: [batch] + positions.output, tapExtents: kernel, axes: axes,
      outside: batch * area * width)
  }
}
