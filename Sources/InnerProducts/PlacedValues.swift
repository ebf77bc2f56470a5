import CKernels
package import Compute

/// The values of a tensor of channels at places, put as windows read them: place by place.
package struct PlacedValues: Sendable {
  /// Channels of the tensor, and places of each item of a batch.
  private let (channels, places): (Int, Int)
  /// Whether the tensor's values lie channel by channel.
  private let channelsFirst: Bool
  /// How often each channel stands at a place.
  private let copies: Int
  /// Values of a place, those that nothing is put at included.
  private let width: Int
  private let kernels: Kernels

  /// - Parameter kernels: which of two implementations of the same is taken.
  package init(
    channels: Int, places: Int, channelsFirst: Bool, copies: Int = 1, width: Int,
    kernels: Kernels = .best
  ) {
    (self.channels, self.places, self.channelsFirst) = (channels, places, channelsFirst)
    (self.copies, self.width, self.kernels) = (copies, width, kernels)
    precondition(channels * copies <= width, "room for all channels at a place")
  }

  /// Puts the values of some of a batch's places, less `zero`, from the first of `values` on.
  package func put(
    _ x: Span<Float>, less zero: Float, _ range: Range<Int>, into values: inout MutableSpan<Double>
  ) {
    unsafe put(x, range, into: &values) {
      Double($0) - Double(zero)
    } runs: { runs, x, places, values in
      unsafe tacit_place_floats(runs, x, zero, places, values)
    }
  }

  /// The same of integers.
  package func put(
    _ x: Span<Int64>, less zero: Int64, _ range: Range<Int>, into values: inout MutableSpan<Double>
  ) {
    unsafe put(x, range, into: &values) {
      Double($0 &- zero)
    } runs: { runs, x, places, values in
      unsafe tacit_place_integers(runs, x, zero, places, values)
    }
  }

  @inline(__always)
  private func put<Number: BitwiseCopyable>(
    _ x: Span<Number>, _ range: Range<Int>, into values: inout MutableSpan<Double>,
    _ double: (Number) -> Double,
    runs: (
      UnsafePointer<tacit_channel_runs>, UnsafePointer<Number>, Int, UnsafeMutablePointer<Double>
    ) -> Void
  ) {
    precondition(range.count * width <= values.count, "room for all places")
    var start = range.lowerBound
    while start < range.upperBound {
      let batch = start / places
      let end = min(range.upperBound, (batch + 1) * places)
      let own = x.extracting(batch * channels * places..<(batch + 1) * channels * places)
      let (first, count) = (start - batch * places, end - start)
      let target = (start - range.lowerBound) * width
      if channelsFirst, copies == 1, kernels == .ifma {
        var shape = tacit_channel_runs(channels: channels, stride: places, width: width)
        // SAFETY: the item has `places` values of each channel, of which `count` are read from `first` on; there
        // is room for as many places, each of `width` values or of the channels alone.
        unsafe own.withUnsafeBufferPointer { x in
          unsafe values.withUnsafeMutableBufferPointer { values in
            guard let x = x.baseAddress, let values = values.baseAddress else { return }
            unsafe runs(&shape, x + first, count, values + target)
          }
        }
      } else {
        let (step, next) = channelsFirst ? (places, 1) : (1, channels)
        // Some channels at a time, so that what lies together is read together.
        for channel in stride(from: 0, to: channels, by: 32) {
          for place in 0..<count {
            var cell = (first &+ place) &* next &+ channel &* step
            var target = target &+ place &* width &+ channel &* copies
            for _ in channel..<min(channel + 32, channels) {
              let value = double(own[cell])
              for _ in 0..<copies {
                values[target] = value
                target &+= 1
              }
              cell &+= step
            }
          }
        }
      }
      start = end
    }
  }
}
