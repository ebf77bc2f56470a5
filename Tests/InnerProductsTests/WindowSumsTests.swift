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

  @Test(arguments: [(1, 1), (5, 9), (8, 4), (19, 3)])
  mutating func `windows over channels give products, sums and the largest`(
    channels: Int, taps: Int
  ) {
    let weights = floats(channels * taps)
    let windows = ChannelWindows(
      weights: weights, channels: channels, taps: taps, strides: (taps, 1))
    let values = floats(Self.places * windows.width)
    let rows = 5
    let table = table(rows * taps, width: windows.width)
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
    #expect(sums(windows, values, table, rows: rows) == products)
    let plain = ChannelWindows.sums(channels: channels, taps: taps)
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
}
