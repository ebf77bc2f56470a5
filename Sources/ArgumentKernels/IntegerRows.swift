import CKernels
package import Field
package import Compute

/// A part of a column of integers as a matrix of 2^h columns, row by row: its products with vectors of
/// field elements on either side.
package struct IntegerRows: Sendable {
  /// Most bits of a column's place in its row that a matrix sum chooses.
  package static let mostColumnBits = 16

  private let cells: PackedIntegers
  private let first: Int
  private let width: Int
  /// How many rows there are.
  package let count: Int
  private let kernels: Kernels

  /// The whole column: rows up to the last that holds a cell.
  ///
  /// - Parameter columnBits: h.
  package init(_ cells: PackedIntegers, columnBits: Int, kernels: Kernels = .best) {
    self.init(
      cells, first: 0, width: 1 << columnBits,
      count: (cells.count + 1 << columnBits - 1) >> columnBits, kernels: kernels)
  }

  /// - Parameters:
  ///   - first: the first row's first cell, at a multiple of the width.
  ///   - width: a power of two.
  package init(
    _ cells: PackedIntegers, first: Int, width: Int, count: Int, kernels: Kernels = .best
  ) {
    precondition(width.nonzeroBitCount == 1 && first % width == 0, "a row lies in whole chunks")
    self.cells = cells
    self.first = first
    self.width = width
    self.count = count
    self.kernels = kernels
  }

  /// The cells of some columns in a row, as far as they are held.
  private func cells(_ row: Int, _ columns: Range<Int>) -> Range<Int> {
    let start = first + row * width
    return min(
      start + columns.lowerBound, cells.count)..<min(
        start + columns.upperBound, cells.count)
  }

  private static func terms(of vector: [Fr]) -> Int { vector.count { !$0.isZero } }

  // MARK: Products of rows

  /// Σ_i vector[i]·v[row, i]: for every row the sums with all vectors.
  ///
  /// - Parameter vectors: of 2^h elements each.
  /// - Complexity: a small product per cell and vector, and a reduction per sum.
  package func products(with vectors: [[Fr]]) -> [Fr] {
    precondition(vectors.allSatisfy { $0.count == width }, "a vector has an element per column")
    OperationCounter.count(
      smallMultiplications: count * vectors.reduce(0) { $0 + Self.terms(of: $1) })
    let elements = kernels == .ifma ? ElementBytes(vectors) : nil
    return inParallel(
      making: count, width: vectors.count, of: Fr.zero, chunk: max(2, 1 << 14 / width)
    ) { rows, part in
      if let elements { return fill(&part, elements, rows) }
      var buffer = [Int64](repeating: 0, count: width)
      for (place, row) in rows.enumerated() {
        let range = cells(row, 0..<width)
        var span = buffer.mutableSpan
        cells.copy(range, to: &span, kernels: kernels)
        for (index, vector) in vectors.enumerated() {
          var sum = SmallAccumulator()
          for i in range.indices where buffer[i - range.lowerBound] != 0 {
            sum.add(vector[i - range.lowerBound], small: buffer[i - range.lowerBound])
          }
          part[place * vectors.count + index] = sum.value
        }
      }
    }.values
  }

  /// The products of some rows, one row's after the other's.
  private func fill(
    _ products: inout MutableSpan<Fr>, _ elements: ElementBytes, _ rows: Range<Int>
  ) {
    var sums = ByteSums(count: products.count, terms: width)
    var runs: [tacit_byte_run] = []
    let chunk = PackedIntegers.chunk
    for columns in parts(of: 0..<width, atMost: chunk) {
      runs.removeAll(keepingCapacity: true)
      var most = 0
      for (place, row) in rows.enumerated() {
        let cell = first + row * width + columns.lowerBound
        guard cell < cells.count else { break }
        let planes = cells.planes(of: cell / chunk)
        most = max(most, planes.count)
        for (power, plane) in planes.enumerated() {
          runs.append(
            tacit_byte_run(
              cells: plane * chunk + cell % chunk,
              sum: place * elements.vectors * ByteSums.words + power))
        }
      }
      for vector in 0..<elements.vectors {
        sums.add(
          elements, of: vector, columns, cells: cells.bytes, stride: 4, runs: runs,
          planes: most, offset: vector * ByteSums.words)
      }
    }
    sums.write(to: &products)
  }

  // MARK: Combinations of rows

  /// Σ_row factor[row]·v[row, i], for every column i.
  ///
  /// - Parameter factors: one for every row.
  /// - Complexity: a small product per cell, and a reduction per column.
  package func combination(_ factors: [Fr]) -> [Fr] {
    precondition(factors.count == count, "a factor for every row")
    OperationCounter.count(smallMultiplications: width * Self.terms(of: factors))
    let elements = kernels == .ifma ? ElementBytes([factors]) : nil
    // So many that their sums stay near, and a part for each of two threads.
    let run = max(1, min(elements == nil ? 512 : 256, width / 2))
    return inParallel(making: width / run, width: run, of: Fr.zero, chunk: 1) { runs, part in
      let columns = run * runs.lowerBound..<run * runs.upperBound
      if let elements { return combine(columns, elements, &part) }
      var sum = IntegerRowSum(length: run, kernels: kernels)
      for (row, factor) in factors.enumerated() {
        sum.add(cells.values(cells(row, columns))[...], times: factor)
      }
      for (place, value) in sum.values.enumerated() { part[place] = value }
    }.values
  }

  /// Rows whose bytes are interleaved at a time.
  private static let batch = 256

  /// The combination of some columns that lie in one chunk of a row.
  private func combine(
    _ columns: Range<Int>, _ elements: ElementBytes, _ combination: inout MutableSpan<Fr>
  ) {
    let (width, chunk) = (columns.count, PackedIntegers.chunk)
    var sums = ByteSums(count: width, terms: count)
    var bytes = InterleavedBytes(fours: (min(count, Self.batch) + 3) / 4, width: width)
    for rows in parts(of: 0..<count, atMost: Self.batch) {
      let places = rows.map { row in
        let cell = cells(row, columns).lowerBound
        let planes = cell < cells.count ? cells.planes(of: cell / chunk) : 0..<0
        return (planes: planes, place: cell % chunk)
      }
      for power in 0..<(places.reduce(0) { max($0, $1.planes.count) }) {
        for four in 0..<(rows.count + 3) / 4 {
          bytes.fill(
            four, from: cells.bytes,
            at: InlineArray { index in
              guard 4 * four + index < places.count else { return cells.zeroPlane * chunk }
              let (planes, place) = places[4 * four + index]
              guard power < planes.count else { return cells.zeroPlane * chunk }
              return (planes.lowerBound + power) * chunk + place
            })
        }
        let runs = (0..<width).map { place in
          tacit_byte_run(cells: 4 * place, sum: place * ByteSums.words + power)
        }
        sums.add(
          elements, of: 0, rows, cells: bytes.bytes, stride: 4 * width, runs: runs,
          planes: power + 1)
      }
    }
    sums.write(to: &combination)
  }

  private func parts(of range: Range<Int>, atMost size: Int) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: size).map {
      $0..<min($0 + size, range.upperBound)
    }
  }
}
