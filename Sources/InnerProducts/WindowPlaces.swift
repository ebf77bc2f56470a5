/// Where windows read: a place for each row (an output) and each tap (what the window reads for it), affine in
/// the indices of both.
///
/// A place is the number of the first of the values that lie together there.
package struct WindowPlaces: Sendable {
  /// An axis of what is read: at `constant` + Σ step · index, counted in `stride` values.
  package struct Axis: Sendable {
    package var extent: Int
    package var stride: Int
    package var constant: Int
    /// By index of a row, and of a tap.
    package var rowSteps: [Int]
    package var tapSteps: [Int]

    package init(
      extent: Int, stride: Int, constant: Int = 0, rowSteps: [Int], tapSteps: [Int]
    ) {
      self.extent = extent
      self.stride = stride
      self.constant = constant
      self.rowSteps = rowSteps
      self.tapSteps = tapSteps
    }
  }

  /// An axis that some window leaves: the coordinates of rows, and what taps add to them.
  private struct Border: Sendable {
    let extent: Int
    let rows: [Int]
    let taps: [Int]
  }

  package let rows: Int
  package let taps: Int
  private let rowPlaces: [Int]
  private let tapPlaces: [Int]
  private let borders: [Border]
  /// The place of what is read beyond an axis.
  private let outside: Int

  /// - Parameters:
  ///   - rowExtents: of the indices that rows are counted by, row-major.
  ///   - tapExtents: of those that taps are.
  ///   - outside: the place of what is read beyond an axis.
  package init(rowExtents: [Int], tapExtents: [Int], axes: [Axis], outside: Int) {
    rows = rowExtents.reduce(1, *)
    taps = tapExtents.reduce(1, *)
    rowPlaces = Self.sums(
      rowExtents,
      rowExtents.indices.map { index in axes.reduce(0) { $0 + $1.stride * $1.rowSteps[index] } },
      from: axes.reduce(0) { $0 + $1.stride * $1.constant })
    tapPlaces = Self.sums(
      tapExtents,
      tapExtents.indices.map { index in axes.reduce(0) { $0 + $1.stride * $1.tapSteps[index] } },
      from: 0)
    self.outside = outside
    borders = axes.compactMap { axis in
      var (lowest, highest) = (axis.constant, axis.constant)
      for (step, extent) in zip(axis.rowSteps + axis.tapSteps, rowExtents + tapExtents) {
        lowest += min(0, step * (extent - 1))
        highest += max(0, step * (extent - 1))
      }
      guard lowest < 0 || highest >= axis.extent else { return nil }
      return Border(
        extent: axis.extent, rows: Self.sums(rowExtents, axis.rowSteps, from: axis.constant),
        taps: Self.sums(tapExtents, axis.tapSteps, from: 0))
    }
  }

  /// For each index tuple, row-major, `start` + Σ step · index.
  private static func sums(_ extents: [Int], _ steps: [Int], from start: Int) -> [Int] {
    zip(extents, steps).reduce([start]) { sums, axis in
      if axis.0 == 1 { return sums }
      var result: [Int] = []
      result.reserveCapacity(sums.count * axis.0)
      for sum in sums { for index in 0..<axis.0 { result.append(sum + index * axis.1) } }
      return result
    }
  }

  /// The places of some rows' taps, in order.
  package func table(_ rows: Range<Int>) -> [Int] {
    var places = [Int](repeating: outside, count: rows.count * taps)
    let all = tapPlaces.span
    for row in rows {
      let (first, start) = (rowPlaces[row], (row - rows.lowerBound) * taps)
      for tap in all.indices { places[start &+ tap] = first &+ all[tap] }
      for border in borders {
        let (coordinate, taps) = (border.rows[row], border.taps.span)
        for tap in taps.indices {
          // One comparison for both ends.
          let place = UInt(bitPattern: coordinate &+ taps[tap])
          if place >= UInt(bitPattern: border.extent) { places[start &+ tap] = outside }
        }
      }
    }
    return places
  }
}
