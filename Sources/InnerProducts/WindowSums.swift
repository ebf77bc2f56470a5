/// Sums over windows, eight columns of the output at a time.
package protocol WindowSums: Sendable {
  /// Columns of the output.
  var columns: Int { get }
  /// Taps of a window.
  var taps: Int { get }
  /// Of how many blocks of up to eight columns the output consists.
  var blocks: Int { get }
  /// The columns of a block.
  func columns(of block: Int) -> Range<Int>
  /// Values at a place.
  var width: Int { get }

  /// Writes the sums of some rows at a block's columns, eight a row.
  ///
  /// - Parameters:
  ///   - values: `width` of them at each place.
  ///   - places: of the rows' taps, in order.
  func sum(
    _ values: Span<Double>, _ places: Span<Int>, block: Int, into sums: inout MutableSpan<Double>)
}

extension WindowSums {
  /// Columns that are summed at once.
  package static var lanes: Int { 8 }

  /// Makes sure that the places of all taps hold values, and that there is room for the sums.
  ///
  /// - Returns: the number of rows.
  func rows(
    _ values: Span<Double>, _ places: Span<Int>, _ sums: borrowing MutableSpan<Double>
  ) -> Int {
    var (least, most) = (0, 0)
    for index in places.indices {
      least = min(least, places[index])
      most = max(most, places[index])
    }
    precondition(
      places.isEmpty || (least >= 0 && most <= values.count - width), "all places hold values")
    let rows = places.count / taps
    precondition(
      rows * taps == places.count && rows * Self.lanes <= sums.count, "room for all sums")
    return rows
  }
}

/// Eight columns.
typealias Lanes = SIMD8<Double>
