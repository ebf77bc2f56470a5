import ConstraintSystem

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

  /// Of all places along the axes that an input leads along, as the one place that the view then reads.
  ///
  /// - Parameter shape: of the tensor, and then of the result.
  func joined(_ view: inout TensorAccess, _ shape: inout [Int]) -> CellRanges {
    var result = self
    for axis in shape.indices where view.windows[axis].through != nil {
      let (extent, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
      var (lower, upper) = ([Int64](), [Int64]())
      for outer in 0..<shape[..<axis].reduce(1, *) {
        for place in 0..<inner {
          var (low, high) = (Int64.max, Int64.min)
          for index in 0..<extent {
            let cell = (outer * extent + index) * inner + place
            low = min(low, result.lower[cell])
            high = max(high, result.upper[cell])
          }
          lower.append(low)
          upper.append(high)
        }
      }
      result = CellRanges(lower: lower, upper: upper)
      shape[axis] = 1
      view.windows[axis] = .fixed(0)
    }
    return result
  }

  /// Known values.
  init(_ values: [Int64]) {
    lower = values
    upper = values
    magnitude = values.reduce(0) { max($0, $1.magnitude) }
  }
}
