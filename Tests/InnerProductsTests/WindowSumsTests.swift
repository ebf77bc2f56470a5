import Compute
import InnerProducts
import TestSupport
import Testing

/// Sums over windows against loops over their definition, to the last bit, in both implementations.
struct WindowSumsTests {
  private static let places = 30
  private var random = SplitMix64(seed: 41)

  /// Products of such numbers are exact in double precision, their sums are not.
  private mutating func floats(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double(Float(Int32(truncatingIfNeeded: random.next())) * 0x1p-20) }
  }

  private mutating func table(_ count: Int, width: Int) -> [Int] {
    (0..<count).map { _ in Int(random.next() % UInt64(Self.places)) * width }
  }

  private func sums<Windows: WindowSums>(
    _ windows: Windows, _ values: [Double], _ table: [Int], rows: Int
  ) -> [[Double]] {
    var result = [[Double]](
      repeating: [Double](repeating: .nan, count: windows.columns), count: rows)
    for block in 0..<windows.blocks {
      var sums = [Double](repeating: .nan, count: rows * Windows.lanes)
      var span = sums.mutableSpan
      windows.sum(values.span, table.span, block: block, into: &span)
      let columns = windows.columns(of: block)
      for row in 0..<rows {
        for column in columns {
          result[row][column] = sums[row * Windows.lanes + column - columns.lowerBound]
        }
      }
    }
    return result
  }

  @Test(arguments: [(1, 1, 1, 1), (1, 8, 3, 5), (2, 6, 9, 4), (3, 51, 4, 2), (1, 64, 1, 7)])
  mutating func `each column of dense windows is the sum of its own products, in order`(
    groups: Int, columns: Int, taps: Int, inner: Int
  ) {
    let zeros = (0..<columns).map { Double($0 % 3) }
    let weights = floats(columns * taps * inner).map { $0.rounded() }
    let values = floats(Self.places * inner * groups)
    for rows in [1, 2, 7, 8, 19] {
      let table = table(rows * taps, width: inner * groups)
      let expected = (0..<rows).map { row in
        (0..<columns).map { column in
          var sum = 0.0
          for tap in 0..<taps {
            let place = table[row * taps + tap] + column / (columns / groups) * inner
            for index in 0..<inner {
              let weight = weights[(column * taps + tap) * inner + index] - zeros[column]
              sum += values[place + index] * weight
            }
          }
          return sum
        }
      }
      for kernels in [Kernels.portable, .best] {
        let windows = DenseWindows(
          weights: weights, zeros: zeros, columns: columns, groups: groups, taps: taps,
          inner: inner, strides: (taps * inner, inner, 1), kernels: kernels)
        #expect(sums(windows, values, table, rows: rows) == expected)
      }
    }
  }

  @Test(arguments: [(1, 1), (5, 9), (8, 4), (19, 3), (16, 2)])
  mutating func `windows over channels give products, sums and the largest`(
    channels: Int, taps: Int
  ) {
    let weights = floats(channels * taps)
    let plain = ChannelWindows.sums(channels: channels, taps: taps)
    let values = floats(Self.places * plain.width)
    let rows = 7
    let table = table(rows * taps, width: plain.width)
    func each(_ fold: (_ read: [Double], _ channel: Int) -> Double) -> [[Double]] {
      (0..<rows).map { row in
        (0..<channels).map { channel in
          fold((0..<taps).map { values[table[row * taps + $0] + channel] }, channel)
        }
      }
    }
    let products = each { read, channel in
      read.indices.reduce(0) { $0 + read[$1] * weights[channel * taps + $1] }
    }
    for kernels in [Kernels.portable, .best] {
      let windows = ChannelWindows(
        weights: weights, channels: channels, taps: taps, strides: (taps, 1), kernels: kernels)
      #expect(sums(windows, values, table, rows: rows) == products)
    }
    #expect(sums(plain, values, table, rows: rows) == each { read, _ in read.reduce(0, +) })
    let largest = ChannelWindows.largest(channels: channels, taps: taps)
    #expect(
      sums(largest, values, table, rows: rows) == each { read, _ in read.max() ?? -.infinity })
  }

  @Test func `places are affine in rows and taps, and what lies beyond an axis is elsewhere`() {
    // A 3 × 4 image of two values a place, a 2 × 2 window of dilation 2 along its columns, a pad before.
    let places = WindowPlaces(
      rowExtents: [3, 4], tapExtents: [2, 2],
      axes: [
        .init(extent: 3, stride: 8, constant: -1, rowSteps: [1, 0], tapSteps: [1, 0]),
        .init(extent: 4, stride: 2, constant: 0, rowSteps: [0, 1], tapSteps: [0, 2]),
      ], outside: 24)
    var expected: [Int] = []
    for row in 0..<3 {
      for column in 0..<4 {
        for (y, x) in [(0, 0), (0, 2), (1, 0), (1, 2)] {
          let (line, place) = (row - 1 + y, column + x)
          let isInside = (0..<3).contains(line) && (0..<4).contains(place)
          expected.append(isInside ? line * 8 + place * 2 : 24)
        }
      }
    }
    #expect(places.table(0..<12) == expected)
    #expect(places.table(5..<7) == Array(expected[20..<28]))
  }

  @Test(
    arguments: [(1, 1, 1), (2, 3, 5), (1, 8, 16), (3, 19, 7), (2, 40, 33), (1, 5, 100)],
    [1, 3])
  mutating func `values are put place by place, wherever they lay`(
    shape: (batch: Int, channels: Int, places: Int), copies: Int
  ) {
    let (batch, channels, places) = shape
    let width = channels * copies + 2
    let integers = (0..<batch * channels * places).map { _ in
      Int64(Int32(truncatingIfNeeded: random.next()))
    }
    let reals = integers.map { Float($0) * 0x1p-7 }
    for channelsFirst in [true, false] {
      func cell(_ place: Int, _ channel: Int) -> Int {
        channelsFirst
          ? (place / places * channels + channel) * places + place % places
          : place * channels + channel
      }
      for range in [0..<batch * places, places / 3..<batch * places - places / 4] {
        func expected(_ value: (Int) -> Double) -> [Double] {
          range.flatMap { place in
            (0..<channels * copies).map { value(cell(place, $0 / copies)) } + [-1, -1]
          }
        }
        for kernels in [Kernels.portable, .best] {
          let placed = PlacedValues(
            channels: channels, places: places, channelsFirst: channelsFirst, copies: copies,
            width: width, kernels: kernels)
          func put(
            _ body: (Range<Int>, inout MutableSpan<Double>) -> Void
          ) -> [Double] {
            var values = [Double](repeating: -1, count: range.count * width)
            var span = values.mutableSpan
            body(range, &span)
            return values
          }
          #expect(
            put { placed.put(integers.span, less: -3, $0, into: &$1) }
              == expected { Double(integers[$0] + 3) })
          #expect(
            put { placed.put(reals.span, less: 0.25, $0, into: &$1) }
              == expected { Double(reals[$0]) - 0.25 })
        }
      }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 100])
  mutating func `integers deviate from reals as they do one by one`(
    count: Int
  ) {
    let (scale, zero, range) = (Float(0.037), Int64(-11), Int64(-20)...20)
    let integers = (0..<count).map { _ in Int64(random.next() % 41) - 20 }
    let reals = floats(count).map { Float($0) * 0x1p-11 }
    var expected = Deviation()
    expected.add(integers, scale: scale, zero: zero, range: range, reals, kernels: .portable)
    var (error, signal, saturated) = (0.0, 0.0, 0)
    for (integer, real) in zip(integers, reals) {
      let difference = Double(scale * Float(integer - zero)) - Double(real)
      error += difference * difference
      signal += Double(real) * Double(real)
      saturated += abs(integer) == 20 && abs(difference) > Double(scale) ? 1 : 0
    }
    #expect(abs(expected.error - error) <= 1e-12 * error)
    #expect(abs(expected.signal - signal) <= 1e-12 * signal)
    #expect(expected.saturated == saturated && expected.values == count)
    var sums = Deviation()
    sums.add(integers, scale: scale, zero: zero, range: range, reals + [1, 2])
    #expect(sums.error == expected.error && sums.signal == expected.signal)
    #expect(sums.saturated == saturated && sums.values == count)
  }
}
