import CKernels
package import Compute

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
  private let kernels: Kernels

  package var blocks: Int { (columns + Self.lanes - 1) / Self.lanes }
  package var width: Int { blocks * Self.lanes }

  package func columns(of block: Int) -> Range<Int> {
    block * Self.lanes..<min(columns, (block + 1) * Self.lanes)
  }

  private init(channels: Int, taps: Int, _ fold: Fold, _ kernels: Kernels = .portable) {
    (self.columns, self.taps, self.fold, self.kernels) = (channels, taps, fold, kernels)
  }

  /// - Parameters:
  ///   - weights: read at channel · `strides.channel` + tap · `strides.tap`.
  ///   - zeros: what is taken off the weights, of all channels or of each.
  ///   - kernels: which of two implementations of the same sums is taken.
  package init(
    weights: [Double], zeros: [Double] = [0], channels: Int, taps: Int,
    strides: (channel: Int, tap: Int), kernels: Kernels = .best
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
    self.init(channels: channels, taps: taps, .products(lanes), kernels)
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
    if case .products(let weights) = fold, kernels == .ifma {
      return sumInVectors(values, places, rows, weights, block, &sums)
    }
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

  /// The sums of products of some rows, which `rows` has seen.
  private func sumInVectors(
    _ values: Span<Double>, _ places: Span<Int>, _ rows: Int, _ weights: [Lanes], _ block: Int,
    _ sums: inout MutableSpan<Double>
  ) {
    // SAFETY: a whole number of vectors lies at each place, a vector is eight doubles, and an integer's bits are an
    // integer's; there are eight sums for each row, and a vector of weights for each tap and block.
    unsafe values.withUnsafeBufferPointer { values in
      unsafe weights.withUnsafeBytes { weights in
        unsafe places.bytes.withUnsafeBytes { places in
          unsafe sums.withUnsafeMutableBufferPointer { sums in
            guard let values = values.baseAddress, let sums = sums.baseAddress,
              let weights = weights.baseAddress, let places = places.baseAddress
            else { return }
            let first = block * Self.lanes
            var windows = unsafe tacit_channel_windows(
              values: values + first, taps: taps,
              weights: weights.assumingMemoryBound(to: Double.self) + first,
              stride: blocks * Self.lanes)
            unsafe tacit_channel_sums(
              &windows, places.assumingMemoryBound(to: Int64.self), rows, sums)
          }
        }
      }
    }
  }
}
