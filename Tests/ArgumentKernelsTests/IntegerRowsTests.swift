import ArgumentKernels
import Field
import Compute
import TestSupport
import Testing

/// Products with integers in rows against their definition, in both kernels.
struct IntegerRowsTests {
  private static let greatest = Fr.zero - Fr(montgomery: 1, 0, 0, 0)
  private static let edges: [Int64] = [
    .max, .min, 1 << 51, 1 << 51 - 1, -(1 << 51), -(1 << 51) - 1, 1 << 52, -(1 << 52), 1 << 62, -1,
  ]

  private enum Width: CaseIterable {
    /// A byte, some of them a few bytes more where a chunk of them begins.
    case narrow
    /// The same, and the edges.
    case mixed
    /// All as wide as can be.
    case wide
  }

  private func cells(_ count: Int, _ width: Width) -> [Int64] {
    (0..<count).map { place in
      let mixed = Int64(truncatingIfNeeded: UInt64(place) &* 0x9e37_79b9_7f4a_7c15)
      switch width {
      case .wide: return place % 3 == 0 ? .min : place % 3 == 1 ? .max : mixed
      case .mixed where place % 97 == 5: return Self.edges[place / 97 % Self.edges.count]
      case .narrow where place % 4096 == 700: return place % 8192 == 700 ? -(1 << 46) : 1 << 31
      case .narrow where place % 1024 > 900: return 0
      case .narrow where place % 3 == 0: return -128
      case .narrow, .mixed: return mixed >> 56
      }
    }
  }

  private func elements(_ count: Int, from samples: inout Samples, isGreatest: Bool) -> [Fr] {
    (0..<count).map { isGreatest || $0 % 5 == 0 ? Self.greatest : samples.scalar() }
  }

  /// Cells held, h, and how many vectors.
  @Test(
    arguments: [
      (1, 0, 1), (5, 0, 2), (1, 3, 1), (7, 1, 3), (9, 2, 1), (64, 3, 2), (61, 4, 3), (200, 4, 1),
      (1000, 5, 4), (999, 6, 2), (5000, 7, 1), (4097, 12, 2), (9000, 12, 3), (20_001, 13, 1),
    ], Width.allCases)
  private func `products are what they are defined as`(shape: (Int, Int, Int), kind: Width) {
    let (held, columnBits, vectorCount) = shape
    var samples = Samples(seed: 11)
    let cells = cells(held, kind)
    let width = 1 << columnBits
    let vectors = (0..<vectorCount).map { _ in
      elements(width, from: &samples, isGreatest: kind != .mixed)
    }
    let rows = (held + width - 1) / width
    let factors = elements(rows, from: &samples, isGreatest: kind != .mixed)
    var products = [Fr](repeating: .zero, count: rows * vectorCount)
    var combination = [Fr](repeating: .zero, count: width)
    for (cell, value) in cells.enumerated() where value != 0 {
      let (row, column) = (cell / width, cell % width)
      for j in 0..<vectorCount {
        products[row * vectorCount + j] += vectors[j][column] * Fr(value)
      }
      combination[column] += factors[row] * Fr(value)
    }
    for kernels in [Kernels.portable, .best] {
      let matrix = IntegerRows(PackedIntegers(cells), columnBits: columnBits, kernels: kernels)
      #expect(matrix.count == rows)
      #expect(matrix.products(with: vectors) == products)
      #expect(matrix.combination(factors) == combination)
    }
  }

  /// As contractions read them: some rows of a tensor within the column.
  @Test(
    arguments: [(1, 3), (2, 5), (16, 40), (256, 7), (512, 9), (1024, 5), (4096, 3)],
    [Width.narrow, .mixed])
  private func `a part of a column is a matrix of its own`(shape: (Int, Int), kind: Width) {
    let (width, count) = shape
    var samples = Samples(seed: 12)
    let cells = cells(1 << 15, kind)
    let packed = PackedIntegers(cells)
    let vectors = (0..<2).map { _ in elements(width, from: &samples, isGreatest: false) }
    var factors = elements(count, from: &samples, isGreatest: false)
    factors[1] = .zero
    for first in [0, width, 3 * width] {
      let rows = (0..<count).map { row in
        cells[first + row * width..<first + (row + 1) * width].map { Fr($0) }
      }
      for kernels in [Kernels.portable, .best] {
        let matrix = IntegerRows(
          packed, first: first, width: width, count: count, kernels: kernels)
        #expect(
          matrix.products(with: vectors) == rows.flatMap { row in vectors.map { inner(row, $0) } })
        #expect(
          matrix.combination(factors)
            == (0..<width).map { column in inner(rows.map { $0[column] }, factors) })
      }
    }
  }

  @Test(arguments: [-128, 127, 1 << 31, -(1 << 46), 1 << 51 - 1] as [Int64])
  func `the most rows, and the longest, are added up whole`(cell: Int64) {
    let count = 1 << IntegerRows.mostColumnBits
    let packed = PackedIntegers([Int64](repeating: cell, count: count))
    let elements = [Fr](repeating: Self.greatest, count: count)
    let sum = Self.greatest * Fr(cell) * Fr(Int64(count))
    for kernels in [Kernels.portable, .best] {
      let row = IntegerRows(packed, columnBits: IntegerRows.mostColumnBits, kernels: kernels)
      #expect(row.products(with: [elements]) == [sum])
      let column = IntegerRows(packed, columnBits: 0, kernels: kernels)
      #expect(column.combination(elements) == [sum])
    }
  }
}
