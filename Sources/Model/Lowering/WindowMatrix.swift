import Compute
import InnerProducts

/// A matrix of weights that rows are multiplied with, in double precision, each sum from its first product to
/// its last.
struct WindowMatrix<Number: WindowNumber> {
  private let weight: [Number]
  /// One for all columns, or one each.
  private let zeros: [Number]
  private let columns: Int
  private let inner: Int
  private let strides: (column: Int, inner: Int)

  /// From so many rows on it is worth it to put the weights in the order in which they are read.
  private static var manyRows: Int { 4 }
  private static var lanes: Int { 8 }

  init(
    _ weight: [Number], zeros: [Number], columns: Int, inner: Int,
    strides: (column: Int, inner: Int)
  ) {
    (self.weight, self.zeros, self.columns) = (weight, zeros, columns)
    (self.inner, self.strides) = (inner, strides)
  }

  private func zero(_ column: Int) -> Number { zeros[zeros.count == 1 ? 0 : column] }

  /// What `step` makes of each row's products, row by row.
  func results<Step: WindowStep>(_ rows: [Double], _ step: Step) -> [Step.Result] {
    let count = rows.count / inner
    if count < Self.manyRows {
      return (0..<count).flatMap { row in
        products(of: rows[row * inner..<(row + 1) * inner]).enumerated().map {
          step($1, channel: $0, position: row)
        }
      }
    }
    let windows = DenseWindows(
      weights: weight.map(\.double), zeros: zeros.map(\.double), columns: columns, taps: 1,
      inner: inner, strides: (strides.column, 0, strides.inner))
    let tensor = WindowTensor(batch: 1, channels: columns, places: count, channelsFirst: false)
    let places = WindowPlaces(
      rowExtents: [count], tapExtents: [],
      axes: [.init(extent: count, stride: inner, rowSteps: [1], tapSteps: [])], outside: 0)
    return tensor.results(rows, windows, places, step)
  }

  /// Of one row, some columns in step.
  private func products(of row: ArraySlice<Double>) -> [Double] {
    inParallel(
      making: columns, of: 0.0, chunk: max(Self.lanes, (1 << 15) / max(1, inner))
    ) { range, sums in
      let (weight, row) = (weight.span, row.span)
      for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.lanes) {
        let count = min(Self.lanes, range.upperBound - first)
        var lanes = SIMD8<Double>.zero
        if count == Self.lanes {
          let zeros = (0..<Self.lanes).map { zero(first + $0) }
          let (step, next) = (strides.column, strides.inner)
          var start = first * step
          for index in row.indices {
            var values = SIMD8<Double>.zero
            for lane in 0..<Self.lanes {
              values[lane] = weight[start &+ lane &* step].less(zeros[lane])
            }
            lanes += row[index] * values
            start &+= next
          }
        } else {
          for lane in 0..<count {
            let zero = zero(first + lane)
            for index in row.indices {
              lanes[lane] +=
                row[index]
                * weight[(first + lane) * strides.column + index * strides.inner].less(zero)
            }
          }
        }
        for lane in 0..<count { sums[first - range.lowerBound + lane] = lanes[lane] }
      }
    }.values
  }
}
