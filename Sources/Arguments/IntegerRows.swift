import CKernels
package import Field

/// A column of small integers as a matrix of 2^h columns, row by row: its products with vectors of
/// field elements on either side, the integers read as they are.
package struct IntegerRows: Sendable {
  /// Most bits of a column's place in its row: more could overflow the kernels' sums.
  package static let mostColumnBits = 16

  private let cells: [Int64]
  private let width: Int
  /// Rows up to the last that holds a cell.
  package let count: Int
  private let kernels: Kernels

  /// - Parameter columnBits: h.
  package init(_ cells: [Int64], columnBits: Int, kernels: Kernels = .best) {
    precondition(columnBits <= Self.mostColumnBits, "rows are not too long")
    self.cells = cells
    width = 1 << columnBits
    count = (cells.count + width - 1) >> columnBits
    self.kernels = kernels
  }

  /// The cells of some columns in a row, as far as they are held.
  private func cells(_ row: Int, _ columns: Range<Int>) -> ArraySlice<Int64> {
    let first = row * width
    return cells[
      min(first + columns.lowerBound, cells.count)..<min(first + columns.upperBound, cells.count)]
  }

  /// Σ_i vector[i]·v[row, i]: for every row the sums with all vectors.
  ///
  /// - Parameter vectors: of 2^h elements each.
  /// - Complexity: a small product per cell and vector, and a reduction per sum.
  package func products(with vectors: [[Fr]]) -> [Fr] {
    precondition(vectors.allSatisfy { $0.count == width }, "a vector has an element per column")
    Meter.count(smallMultiplications: cells.count * vectors.count)
    let kernel = kernels == .ifma ? RowProducts(vectors) : nil
    return inParallel(
      making: count, width: vectors.count, of: Fr.zero, chunk: max(2, 1 << 14 / width)
    ) { rows, part in
      if let kernel { return kernel.fill(&part, cells, width: width, rows) }
      for (place, row) in rows.enumerated() {
        let cells = cells(row, 0..<width)
        for (index, vector) in vectors.enumerated() {
          var sum = SmallAccumulator()
          for (i, cell) in cells.enumerated() where cell != 0 { sum.add(vector[i], small: cell) }
          part[place * vectors.count + index] = sum.value
        }
      }
    }.values
  }

  /// Σ_row factor[row]·v[row, i], for every column i.
  ///
  /// - Parameter factors: one for every row.
  /// - Complexity: a small product per cell, and a reduction per column.
  package func combination(_ factors: [Fr]) -> [Fr] {
    precondition(factors.count == count, "a factor for every row")
    Meter.count(smallMultiplications: cells.count)
    // So many that their sums stay near, and a part for each of two threads.
    let run = max(1, min(512, width / 2))
    return inParallel(making: width / run, width: run, of: Fr.zero, chunk: 1) { runs, part in
      var sum = IntegerRowSum(length: run, kernels: kernels)
      let columns = run * runs.lowerBound..<run * runs.upperBound
      for (row, factor) in factors.enumerated() { sum.add(cells(row, columns), times: factor) }
      for (place, value) in sum.values.enumerated() { part[place] = value }
    }.values
  }
}

/// Vectors as the kernel for rows' products reads them.
private struct RowProducts: Sendable {
  private static let lanes = 8
  private static let limbsPerElement = 5

  private let vectors: [[Fr]]
  private var limbs: [UInt64]
  /// What the integers' offset adds to the sums with each vector.
  private let excess: [Fr]

  init(_ vectors: [[Fr]]) {
    let groups = ((vectors.first?.count ?? 0) + Self.lanes - 1) / Self.lanes
    let size = Self.lanes * Self.limbsPerElement
    self.vectors = vectors
    excess = vectors.map { $0.reduce(.zero, +) * Fr(UInt64(TACIT_INTEGER_OFFSET)) }
    limbs = [UInt64](repeating: 0, count: vectors.count * groups * size)
    let mask: UInt64 = 1 << 52 - 1
    for (index, vector) in vectors.enumerated() {
      for (place, x) in vector.enumerated() {
        let first = (index * groups + place / Self.lanes) * size + place % Self.lanes
        limbs[first] = x.l0 & mask
        limbs[first + Self.lanes] = (x.l0 >> 52 | x.l1 << 12) & mask
        limbs[first + 2 * Self.lanes] = (x.l1 >> 40 | x.l2 << 24) & mask
        limbs[first + 3 * Self.lanes] = (x.l2 >> 28 | x.l3 << 36) & mask
        limbs[first + 4 * Self.lanes] = x.l3 >> 16
      }
    }
  }

  /// The products of some rows, one row's after the other's.
  func fill(
    _ products: inout MutableSpan<Fr>, _ cells: [Int64], width: Int, _ rows: Range<Int>
  ) {
    let size = Int(TACIT_ROW_PRODUCT_LIMBS)
    var sums = [UInt64](repeating: 0, count: size * products.count)
    // SAFETY: every vector has limbs for its groups of eight columns, and there is room for every sum.
    let isWide = unsafe cells.withUnsafeBufferPointer { cells in
      var integers = unsafe tacit_integer_rows(
        cells: cells.baseAddress, count: cells.count, width: width)
      return unsafe tacit_fr_row_products(
        &integers, rows.lowerBound, rows.upperBound, limbs, vectors.count, &sums)
    }
    for place in products.indices {
      let sum = SmallAccumulator(
        limbs: InlineArray { $0 < size ? sums[size * place + $0] : 0 })
      products[place] = sum.value - excess[place % vectors.count]
    }
    if isWide != 0 { addRest(to: &products, cells, width: width, rows) }
  }

  /// Adds what the kernel leaves out of cells of more than 52 bits, which are rare.
  private func addRest(
    to products: inout MutableSpan<Fr>, _ cells: [Int64], width: Int, _ rows: Range<Int>
  ) {
    for cell in width * rows.lowerBound..<min(width * rows.upperBound, cells.count) {
      // In units of 2^52.
      let rest = (cells[cell] &>> 51 &+ 1) &>> 1
      if rest == 0 { continue }
      let scale = Fr(rest) * Fr(UInt64(1) << 52)
      let first = (cell / width - rows.lowerBound) * vectors.count
      for (index, vector) in vectors.enumerated() {
        products[first + index] += scale * vector[cell % width]
      }
    }
  }
}
