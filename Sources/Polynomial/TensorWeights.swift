package import Field
import Compute

/// Weights Π_axes w_axis on the tensor at `offset`, a multilinear polynomial. An axis of b bits has
/// weights of some of its 2^b coordinates and zero elsewhere, so that what lies beyond an extent
/// counts for nothing.
package struct TensorWeights: Sendable {
  package struct Axis: Equatable, Sendable {
    package var bits: Int
    /// The coordinate of the first weight. An axis that is read at one place holds one weight,
    /// however long it is.
    package var first: Int
    package var weights: [Fr]
    package init(bits: Int, first: Int = 0, weights: [Fr]) {
      self.bits = bits
      self.first = first
      self.weights = weights
    }

    /// This axis with a weight for every coordinate from 0 on.
    package var fromZero: Axis {
      first == 0
        ? self : Axis(bits: bits, weights: [Fr](repeating: .zero, count: first) + weights)
    }

    /// Σ weight · eq(point, coordinate).
    ///
    /// - Parameter scratch: kept from call to call.
    fileprivate func sum(at point: ArraySlice<Fr>, scratch: inout [Fr]) -> Fr {
      let count = weights.count
      if scratch.count < count {
        scratch += [Fr](repeating: .zero, count: count - scratch.count)
      }
      Equality.range(point, first..<first + count, into: &scratch)
      var sum = FrAccumulator()
      for i in 0..<count { sum.add(weights[i], scratch[i]) }
      OperationCounter.count(overKey: count)
      return sum.value
    }
  }
  package var offset: Int
  package var axes: [Axis]

  package init(offset: Int, axes: [Axis]) {
    self.offset = offset
    self.axes = axes
  }

  /// log₂ of the padded size.
  package var bits: Int { axes.reduce(0) { $0 + $1.bits } }

  /// The multilinear extension at a point of the column's variables.
  package func evaluate(_ point: ArraySlice<Fr>) -> Fr {
    var scratch: [Fr] = []
    return evaluate(point, scratch: &scratch)
  }

  /// The multilinear extension at a point of the column's variables, in memory of the caller's.
  ///
  /// - Parameter scratch: for one axis at a time, kept from call to call.
  package func evaluate(_ point: ArraySlice<Fr>, scratch: inout [Fr]) -> Fr {
    let size = bits
    var position = point.endIndex - size
    var product = Equality.at(point[point.startIndex..<position], index: offset >> size)
    for axis in axes {
      let part = point[position..<position + axis.bits]
      position += axis.bits
      product *= axis.sum(at: part, scratch: &scratch)
    }
    return product
  }

  /// Adds `scale` · weights to a dense column.
  ///
  /// - Complexity: one multiplication per cell within the extents.
  package func add(to column: inout [Fr], scale: Fr) {
    var cells = column.mutableSpan
    add(to: &cells, from: 0, scale: scale)
  }

  /// Adds `scale` · weights to a part of a dense column, whose first cell is `first`.
  package func add(to cells: inout MutableSpan<Fr>, from first: Int, scale: Fr) {
    forEachRun(in: first..<first + cells.count, scale: scale) { cell, weights, scale in
      Fr.add(weights, times: scale, to: &cells, from: cell - first)
    }
  }

  /// Calls `body` with the weights of each run of cells along the last axis that reaches into a
  /// range, cut to it, the run's first cell, and what the weights are multiplied by.
  @inlinable
  package func forEachRun(
    in range: Range<Int>, scale: Fr, _ body: (Int, ArraySlice<Fr>, Fr) -> Void
  ) {
    var shifts = [0]
    for axis in axes.dropFirst().reversed() { shifts.append(shifts[shifts.count - 1] + axis.bits) }
    shifts.reverse()
    let met = walk(range, axis: 0, base: offset, scale: scale, shifts: shifts, body)
    OperationCounter.count(fieldMultiplications: met)
  }

  /// - Parameters:
  ///   - base: where the weights of this axis begin.
  ///   - shifts: log₂ of the cells from one index to the next, per axis.
  /// - Returns: the cells met.
  @inlinable
  func walk(
    _ range: Range<Int>, axis: Int, base: Int, scale: Fr, shifts: [Int],
    _ body: (Int, ArraySlice<Fr>, Fr) -> Void
  ) -> Int {
    guard axis < axes.count else {
      if range.contains(base) { body(base, [.one], scale) }
      return 1
    }
    let (weights, first, shift) = (axes[axis].weights, axes[axis].first, shifts[axis])
    // Places in `weights`, which begin at coordinate `first`.
    let low = max(0, (range.lowerBound - base) >> shift - first)
    let high = min(weights.count, (range.upperBound - base + 1 << shift - 1) >> shift - first)
    guard low < high else { return 0 }
    if axis == axes.count - 1 {
      body(base + first + low, weights[low..<high], scale)
      return high - low
    }
    var met = 0
    for i in low..<high where !weights[i].isZero {
      met += walk(
        range, axis: axis + 1, base: base + (first + i) << shift, scale: scale * weights[i],
        shifts: shifts, body)
    }
    return met
  }
}
