/// Aligned packing: items of power-of-two size at multiples of their size.
///
/// Written down in docs/protocol/circuit.md#shapes-and-places.
package enum Layout {
  /// Offsets for items of `2^bits` cells, largest first, so that no gap lies between them.
  ///
  /// - Returns: one offset per item, in the order given; the end is the sum of the sizes.
  package static func pack(bits: [Int]) -> [Int] {
    var offsets = [Int](repeating: 0, count: bits.count)
    var next = 0
    for index in bits.indices.sorted(by: { (bits[$1], $0) < (bits[$0], $1) }) {
      offsets[index] = next
      next += 1 << bits[index]
    }
    return offsets
  }

  /// Calls `body` with each index tuple's position in a padded tensor (cells) and its position in
  /// row-major order without padding (index), contiguous runs along the last axis.
  package static func forEachRun<E: Error>(
    shape: [Int], _ body: (_ cell: Int, _ index: Int, _ count: Int) throws(E) -> Void
  ) throws(E) {
    guard let last = shape.last else { return try body(0, 0, 1) }
    let outer = shape.dropLast()
    let runs = outer.reduce(1, *)
    let lastBits = ceilLog2(last)
    for run in 0..<runs {
      var (rest, cell, shift) = (run, 0, lastBits)
      for extent in outer.reversed() {
        cell += (rest % extent) << shift
        rest /= extent
        shift += ceilLog2(extent)
      }
      try body(cell, run * last, last)
    }
  }

  /// As above, for the cells of a range.
  package static func forEachRun(
    shape: [Int], in cells: Range<Int>, _ body: (_ cell: Int, _ index: Int, _ count: Int) -> Void
  ) {
    forEachRun(shape: shape) { cell, index, count in
      let (low, high) = (max(cell, cells.lowerBound), min(cell + count, cells.upperBound))
      if low < high { body(low, index + low - cell, high - low) }
    }
  }

  /// The cells of one tensor of a column, row-major without padding.
  package static func values(of column: [Int64], shape: [Int], offset: Int) -> [Int64] {
    var values: [Int64] = []
    values.reserveCapacity(shape.reduce(1, *))
    forEachRun(shape: shape) { cell, _, count in
      values += column[(offset + cell)..<(offset + cell + count)]
    }
    return values
  }

  /// The index tuple of a row-major index without padding.
  package static func position(_ index: Int, in shape: [Int]) -> [Int] {
    var (rest, position) = (index, shape)
    for axis in shape.indices.reversed() {
      position[axis] = rest % max(shape[axis], 1)
      rest /= max(shape[axis], 1)
    }
    return position
  }

  /// For each index tuple of `shape`, row-major, Σ index · stride.
  package static func places(_ shape: [Int], strides: [Int]) -> [Int] {
    let count = shape.reduce(1, *)
    var result: [Int] = []
    result.reserveCapacity(count)
    var (position, place) = (shape.map { _ in 0 }, 0)
    for _ in 0..<count {
      result.append(place)
      for axis in shape.indices.reversed() {
        position[axis] += 1
        place += strides[axis]
        if position[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        position[axis] = 0
      }
    }
    return result
  }

  /// Cells from one index to the next along each axis of a padded tensor.
  package static func strides(of shape: [Int]) -> [Int] {
    var (strides, stride) = (shape, 1)
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride <<= ceilLog2(shape[axis])
    }
    return strides
  }
}
