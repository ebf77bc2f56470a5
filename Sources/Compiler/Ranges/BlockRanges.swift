/// What is proven of a block for every input of the declared domain.
package struct BlockRanges: Sendable, Hashable {
  /// acc per class of the multiplier (one per channel, or one for all).
  package var accumulators: [ClosedRange<Int64>]
  /// q over all cells.
  package var quotients: ClosedRange<Int64>
  /// y over all cells.
  package var outputs: ClosedRange<Int64>

  /// acc over all cells.
  package var accumulator: ClosedRange<Int64> {
    accumulators.dropFirst().reduce(accumulators.first ?? 0...0) { $0.union($1) }
  }
}

/// An interval for each cell of a tensor, row-major without padding.
struct CellRanges: Sendable {
  var lower: [Int64]
  var upper: [Int64]
  /// The greatest magnitude in it.
  var magnitude: UInt64

  init(lower: [Int64], upper: [Int64]) {
    self.lower = lower
    self.upper = upper
    var greatest: UInt64 = 0
    for value in lower { greatest = max(greatest, value.magnitude) }
    for value in upper { greatest = max(greatest, value.magnitude) }
    self.magnitude = greatest
  }

  /// Known values.
  init(_ values: [Int64]) {
    lower = values
    upper = values
    magnitude = values.reduce(0) { max($0, $1.magnitude) }
  }
}
