import CKernels
package import Compute

/// Windows that every column of the output weighs in its own way: convolutions and products with a matrix.
///
/// sum[row, column] = Σ over taps, then over the values that lie together at a tap's place, of value · weight. Each
/// sum is taken in this order: vectors run over columns and rows, so that the result is the same to the last bit as
/// that of one loop after the other. In double precision, in which the products of floats are exact, and sums of
/// integers as long as they stay below 2^53.
package struct DenseWindows: WindowSums {
  package let taps: Int
  private let division: Division
  /// Values at a place that a group reads.
  private let inner: Int
  /// By block, tap and value.
  private let weights: [Lanes]
  private let kernels: Kernels

  /// How columns are divided into groups, and those of a group into blocks.
  private struct Division: Sendable {
    let columns: Int
    let groups: Int

    var columnsPerGroup: Int { columns / groups }
    var blocksPerGroup: Int { (columnsPerGroup + DenseWindows.lanes - 1) / DenseWindows.lanes }

    func columns(of block: Int) -> Range<Int> {
      let within = block % blocksPerGroup * DenseWindows.lanes
      let first = block / blocksPerGroup * columnsPerGroup + within
      return first..<first + min(DenseWindows.lanes, columnsPerGroup - within)
    }
  }

  package var columns: Int { division.columns }
  package var width: Int { inner * division.groups }
  package var blocks: Int { division.groups * division.blocksPerGroup }
  package func columns(of block: Int) -> Range<Int> { division.columns(of: block) }

  /// - Parameters:
  ///   - weights: read at column · `strides.column` + tap · `strides.tap` + value · `strides.inner`.
  ///   - zeros: what is taken off the weights, of all columns or of each.
  ///   - groups: into which the columns and the values at a place are divided, in order.
  ///   - inner: values at a place that a group reads.
  ///   - kernels: which of two implementations of the same sums is taken.
  package init(
    weights: [Double], zeros: [Double] = [0], columns: Int, groups: Int = 1, taps: Int, inner: Int,
    strides: (column: Int, tap: Int, inner: Int), kernels: Kernels = .best
  ) {
    let (size, division) = (taps * inner, Division(columns: columns, groups: groups))
    (self.taps, self.inner, self.division, self.kernels) = (taps, inner, division, kernels)
    self.weights =
      inParallel(
        making: groups * division.blocksPerGroup, width: size, of: Lanes.zero,
        chunk: max(1, (1 << 12) / max(1, size))
      ) { range, lanes in
        let values = weights.span
        for block in range {
          let columns = division.columns(of: block)
          var zero = Lanes.zero
          for lane in columns.indices {
            zero[lane - columns.lowerBound] = zeros[zeros.count == 1 ? 0 : lane]
          }
          var place = (block - range.lowerBound) * size
          for tap in 0..<taps {
            var start = columns.lowerBound * strides.column + tap * strides.tap
            for _ in 0..<inner {
              var own = zero
              if columns.count == Self.lanes {
                for lane in 0..<Self.lanes {
                  own[lane] = values[start &+ lane &* strides.column]
                }
              } else {
                for lane in 0..<columns.count {
                  own[lane] = values[start &+ lane &* strides.column]
                }
              }
              lanes[place] = own - zero
              place &+= 1
              start &+= strides.inner
            }
          }
        }
      }.values
  }

  package func sum(
    _ values: Span<Double>, _ places: Span<Int>, block: Int, into sums: inout MutableSpan<Double>
  ) {
    let rows = rows(values, places, sums)
    let size = taps * inner
    let weights = weights.span.extracting(block * size..<(block + 1) * size)
    let origin = block / division.blocksPerGroup * inner
    // SAFETY: `rows` has seen that `width` values lie at each place, of which a group reads `inner` from its
    // origin on, and that there are eight sums a row; a block has taps · inner weights.
    unsafe values.withUnsafeBufferPointer { values in
      unsafe weights.withUnsafeBufferPointer { weights in
        unsafe places.withUnsafeBufferPointer { places in
          unsafe sums.withUnsafeMutableBytes { sums in
            guard let values = values.baseAddress, let weights = weights.baseAddress,
              let places = places.baseAddress, let sums = sums.baseAddress
            else { return }
            let own = unsafe values + origin
            if kernels == .ifma {
              unsafe sumInVectors(own, places, rows, weights, sums)
            } else {
              for row in stride(from: 0, to: rows, by: 2) {
                // The last row of an odd number is taken twice.
                unsafe sum(own, places, (row, min(row + 1, rows - 1)), weights, sums)
              }
            }
          }
        }
      }
    }
  }

  /// The sums of two rows.
  @unsafe @inline(__always)
  private func sum(
    _ values: UnsafePointer<Double>, _ places: UnsafePointer<Int>, _ rows: (Int, Int),
    _ weights: UnsafePointer<Lanes>, _ sums: UnsafeMutableRawPointer
  ) {
    var (first, second, weight) = unsafe (Lanes.zero, Lanes.zero, weights)
    for tap in 0..<taps {
      let a = unsafe values + places[rows.0 &* taps &+ tap]
      let b = unsafe values + places[rows.1 &* taps &+ tap]
      for index in 0..<inner {
        let lanes = unsafe weight[index]
        unsafe first += a[index] * lanes
        unsafe second += b[index] * lanes
      }
      unsafe weight += inner
    }
    let bytes = MemoryLayout<Lanes>.size
    unsafe (sums + rows.0 &* bytes).storeBytes(of: first, as: Lanes.self)
    unsafe (sums + rows.1 &* bytes).storeBytes(of: second, as: Lanes.self)
  }

  /// The sums of all rows.
  @unsafe
  private func sumInVectors(
    _ values: UnsafePointer<Double>, _ places: UnsafePointer<Int>, _ rows: Int,
    _ weights: UnsafePointer<Lanes>, _ sums: UnsafeMutableRawPointer
  ) {
    // SAFETY: a vector is eight doubles, and an integer's bits are an integer's.
    unsafe weights.withMemoryRebound(to: Double.self, capacity: taps * inner * Self.lanes) {
      var windows = unsafe tacit_windows(values: values, taps: taps, inner: inner, weights: $0)
      unsafe places.withMemoryRebound(to: Int64.self, capacity: rows * taps) { places in
        unsafe tacit_window_sums(
          &windows, places, rows, sums.assumingMemoryBound(to: Double.self))
      }
    }
  }
}
