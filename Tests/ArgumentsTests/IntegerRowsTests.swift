import Arguments
import Field
import Testing

/// Products with integers in rows against their definition, in both kernels.
struct IntegerRowsTests {
  private static let greatest = Fr.zero - Fr(montgomery: 1, 0, 0, 0)
  private static let edges: [Int64] = [
    .max, .min, 1 << 51, 1 << 51 - 1, -(1 << 51), -(1 << 51) - 1, 1 << 52, -(1 << 52), 1 << 62, -1,
  ]

  /// Most of them small, as a model's are; all of them as wide as can be where `isWide`.
  private func cells(_ count: Int, isWide: Bool) -> [Int64] {
    (0..<count).map { place in
      let mixed = Int64(truncatingIfNeeded: UInt64(place) &* 0x9e37_79b9_7f4a_7c15)
      if isWide { return place % 3 == 0 ? .min : place % 3 == 1 ? .max : mixed }
      return place % 97 == 5 ? Self.edges[place / 97 % Self.edges.count] : mixed >> 56
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
    ], [false, true])
  func `products are what they are defined as`(shape: (Int, Int, Int), isWide: Bool) {
    let (held, columnBits, vectorCount) = shape
    var samples = Samples(seed: 11)
    let cells = cells(held, isWide: isWide)
    let width = 1 << columnBits
    let vectors = (0..<vectorCount).map { _ in
      elements(width, from: &samples, isGreatest: isWide)
    }
    let rows = (held + width - 1) / width
    let factors = elements(rows, from: &samples, isGreatest: isWide)
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
      let matrix = IntegerRows(cells, columnBits: columnBits, kernels: kernels)
      #expect(matrix.count == rows)
      #expect(matrix.products(with: vectors) == products)
      #expect(matrix.combination(factors) == combination)
    }
  }

  @Test func `the most rows, and the longest, are added up whole`() {
    let count = 1 << IntegerRows.mostColumnBits
    let cells = [Int64](repeating: 1 << 51 - 1, count: count)
    let elements = [Fr](repeating: Self.greatest, count: count)
    let sum = Self.greatest * Fr(Int64(1 << 51 - 1)) * Fr(Int64(count))
    for kernels in [Kernels.portable, .best] {
      let row = IntegerRows(cells, columnBits: IntegerRows.mostColumnBits, kernels: kernels)
      #expect(row.products(with: [elements]) == [sum])
      let column = IntegerRows(cells, columnBits: 0, kernels: kernels)
      #expect(column.combination(elements) == [sum])
    }
  }
}
