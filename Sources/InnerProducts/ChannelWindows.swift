/// Windows over each channel by itself: depthwise convolutions, sums and maxima of windows.
///
/// A place is that of all channels' values, which lie together, filled up to whole vectors. Sums are taken tap by
/// tap, in double precision as `DenseWindows` takes them.
package struct ChannelWindows: WindowSums {
  /// What is made of what a window reads.
  private enum Fold: Sendable {
    /// Σ value · weight, by tap and block.
    case products([Lanes])
    case sum
    case largest
  }

  package let columns: Int
  package let taps: Int
  private let fold: Fold

  package var blocks: Int { (columns + Self.lanes - 1) / Self.lanes }
  package var width: Int { blocks * Self.lanes }

  package func columns(of block: Int) -> Range<Int> {
    block * Self.lanes..<min(columns, (block + 1) * Self.lanes)
  }

  private init(channels: Int, taps: Int, _ fold: Fold) {
    (self.columns, self.taps, self.fold) = (channels, taps, fold)
  }

  /// - Parameters:
  ///   - weights: read at channel · `strides.channel` + tap · `strides.tap`.
  ///   - zeros: what is taken off the weights, of all channels or of each.
  package init(
    weights: [Double], zeros: [Double] = [0], channels: Int, taps: Int,
    strides: (channel: Int, tap: Int)
  ) {
    let blocks = (channels + Self.lanes - 1) / Self.lanes
    var lanes = [Lanes](repeating: .zero, count: taps * blocks)
    for tap in 0..<taps {
      for channel in 0..<channels {
        lanes[tap * blocks + channel / Self.lanes][channel % Self.lanes] =
          weights[channel * strides.channel + tap * strides.tap]
          - zeros[zeros.count == 1 ? 0 : channel]
      }
    }
    self.init(channels: channels, taps: taps, .products(lanes))
  }

  /// The sum of each window.
  package static func sums(channels: Int, taps: Int) -> ChannelWindows {
    ChannelWindows(channels: channels, taps: taps, .sum)
  }

  /// The largest value of each window, the first of equal ones.
  package static func largest(channels: Int, taps: Int) -> ChannelWindows {
    ChannelWindows(channels: channels, taps: taps, .largest)
  }

  package func sum(
    _ values: Span<Double>, _ places: Span<Int>, block: Int, into sums: inout MutableSpan<Double>
  ) {
    let rows = rows(values, places, sums)
    // SAFETY: `rows` has seen that a whole number of vectors lies at each place, and eight sums for each row.
    unsafe values.bytes.withUnsafeBytes { values in
      unsafe sums.withUnsafeMutableBytes { sums in
        @inline(__always) func each(_ result: (Int) -> Lanes) {
          for row in 0..<rows {
            unsafe sums.storeBytes(
              of: result(row &* taps), toByteOffset: row &* MemoryLayout<Lanes>.size,
              as: Lanes.self)
          }
        }
        @inline(__always) func lanes(at index: Int) -> Lanes {
          unsafe values.loadUnaligned(
            fromByteOffset: 8 &* (places[index] &+ block &* Self.lanes), as: Lanes.self)
        }
        switch fold {
        case .products(let weights):
          let (weights, blocks) = (weights.span, blocks)
          each { first in
            var sum = Lanes.zero
            for tap in 0..<taps {
              sum += lanes(at: first &+ tap) * weights[tap &* blocks &+ block]
            }
            return sum
          }
        case .sum:
          each { first in
            var sum = Lanes.zero
            for tap in 0..<taps { sum += lanes(at: first &+ tap) }
            return sum
          }
        case .largest:
          each { first in
            var largest = Lanes(repeating: -.infinity)
            for tap in 0..<taps {
              let value = lanes(at: first &+ tap)
              largest.replace(with: value, where: value .> largest)
            }
            return largest
          }
        }
      }
    }
  }
}
