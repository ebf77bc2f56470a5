import ArgumentKernels
import Field
import Polynomial
import Compute
import TestSupport
import Testing

/// The claim batch's sums in vectors against the portable ones, and both against their definition.
struct ClaimKernelTests {
  private static let integers: [Int64] = [
    0, 1, -1, .max, .min, 1 << 52, -(1 << 52), (1 << 52) - 1, 127, -128,
  ]

  private func table(_ variables: Int, holds: (Int) -> Bool, seed: UInt64) -> SparseMultilinear {
    var samples = Samples(seed: seed)
    let groups = HeldBlocks(
      covering: (0..<1 << variables).filter { holds($0 / HeldBlocks.height) }.map { $0..<$0 + 1 })
    var values = samples.scalars(ClaimKernel.width * groups.rows)
    for place in stride(from: 0, to: values.count, by: 7) { values[place] = Samples.greatest }
    for place in stride(from: 0, to: values.count, by: 5) { values[place] = .zero }
    return SparseMultilinear(
      variables: variables, width: ClaimKernel.width, groups: groups, values: values)
  }

  private func sums(_ table: SparseMultilinear, _ point: [Fr], _ kernels: Kernels)
    -> ClaimKernel.Sums
  {
    ClaimKernel.sums(
      table.values.span, pairs: table.pairs.span, range: table.pairs.indices,
      height: table.height, weights: SplitEquality(point[...], count: 1 << point.count),
      kernels: kernels)
  }

  @Test(arguments: [1, 2, 3, 4, 6, 9, 10, 14]) func `sums are what they are defined as`(n: Int) {
    var samples = Samples(seed: 31)
    let point = samples.scalars(n - 1)
    let eq = Equality.table(point)
    for step in [2, 3, 50] {
      let table = table(n, holds: { $0 % step != 1 }, seed: 30)
      func cells(_ row: Int) -> [Fr]? {
        row < 0
          ? nil : Array(table.values[row * ClaimKernel.width..<(row + 1) * ClaimKernel.width])
      }
      let zero = [Fr](repeating: .zero, count: ClaimKernel.width)
      var expected = [Fr](repeating: .zero, count: 5)
      for pair in table.pairs {
        for row in 0..<table.height {
          let a = cells(pair.low < 0 ? -1 : Int(pair.low) + row) ?? zero
          let b = cells(pair.high < 0 ? -1 : Int(pair.high) + row) ?? zero
          let weight = eq[Int(pair.row) + row]
          expected[0] += weight * a[0]
          expected[1] += weight * b[0]
          expected[2] += a[1] * a[2]
          expected[3] += b[1] * b[2]
          expected[4] += (b[1] - a[1]) * (b[2] - a[2])
        }
      }
      for kernels in [Kernels.portable, .best] {
        let sums = sums(table, point, kernels)
        #expect([sums.combined.low, sums.combined.high] == Array(expected[0..<2]))
        let outputs = sums.outputs
        #expect([outputs.low, outputs.high, outputs.leading] == Array(expected[2...]))
      }
    }
  }

  @Test(arguments: [0, 1, 2, 5, 7, 8], [1, 3, 40])
  func `rows are what they are defined as`(columns: Int, groups: Int) {
    var samples = Samples(seed: 5)
    let rows = HeldBlocks.height * groups
    let (weights, scales) = (samples.scalars(rows), samples.scalars(columns))
    let cells = (0..<rows * (columns + 1)).map { Self.integers[$0 * 7 % Self.integers.count] }
    for kernels in [Kernels.portable, .best] {
      let fill = ClaimTables(scales: scales, kernels: kernels)
      var values = [Fr](repeating: .zero, count: ClaimKernel.width * rows)
      var span = values.mutableSpan
      fill.fill(&span, cells: cells, weights: weights[...])
      for row in 0..<rows {
        func cell(_ column: Int) -> Int64 {
          cells[row / 8 * 8 * (columns + 1) + 8 * column + row % 8]
        }
        let combined = scales.enumerated().reduce(Fr.zero) {
          $0 + $1.element * Fr(cell($1.offset + 1))
        }
        #expect(
          Array(values[3 * row..<3 * row + 3]) == [combined, Fr(cell(0)), weights[row]])
      }
    }
  }

  @Test(
    .enabled(if: Kernels.best == .ifma, "needs AVX-512 IFMA and TACIT_KERNELS not portable"),
    arguments: [1, 8, 16, 64, 8192, 16384])
  func `sums of products are what they are defined as`(half: Int) {
    var samples = Samples(seed: 77)
    for (first, second) in [
      (2 * half, 2 * half), (half, half), (half + 1, 2 * half - 1), (2 * half, half / 2),
      (half / 2 + 1, half + half / 2), (1, 1),
    ] {
      var a = samples.scalars(first)
      for place in stride(from: 0, to: first, by: 3) { a[place] = Samples.greatest }
      let b = samples.scalars(second)
      let end = min(half, max(first, second))
      let range = min(half / 3, end)..<end
      func cell(_ table: [Fr], _ place: Int) -> Fr { place < table.count ? table[place] : .zero }
      var expected = ProductSums(low: .zero, high: .zero, leading: .zero)
      for i in range {
        let (a0, a1) = (cell(a, i), cell(a, i + half))
        let (b0, b1) = (cell(b, i), cell(b, i + half))
        expected.low += a0 * b0
        expected.high += a1 * b1
        expected.leading += (a1 - a0) * (b1 - b0)
      }
      #expect(ProductSums(a, b, half: half, range: range) == expected)
    }
  }
}
