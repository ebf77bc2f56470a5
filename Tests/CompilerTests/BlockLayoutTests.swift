import Compiler
import ConstraintSystem
import Field
import Polynomial
import Testing

struct BlockLayoutTests {
  /// Nine of the one size, some smaller, and the small ones that a network ends in.
  private static let networks: [[[Int]]] = [
    [[49, 10, 1]] + [[Int]](repeating: [5, 25, 64], count: 9) + [[1, 125], [64], [12], [1]],
    [[3, 2]], [[1]], [[64], [32], [10]], [[8], [8], [8], [8], [3]],
    [[32, 32, 16], [32, 32, 16], [16, 16, 32], [16, 16, 32], [8, 8, 64], [64], [10]],
  ]

  private func bits(_ shape: [Int]) -> Int { shape.reduce(0) { $0 + ceilLog2($1) } }

  @Test(arguments: networks, [3, 6, 9])
  func `blocks are aligned, apart and in the fewest rows`(shapes: [[Int]], commitmentRowBits: Int) {
    let stacked = Layout.pack(bits: shapes.map(bits))
    let spread = BlockLayout.spread(shapes.map(bits), commitmentRowBits: commitmentRowBits)
    func rows(_ offsets: [Int]) -> Int {
      var met: Set<Int> = []
      for (shape, offset) in zip(shapes, offsets) {
        Layout.forEachRun(shape: shape) { cell, _, count in
          for one in cell..<cell + count { met.insert((offset + one) >> commitmentRowBits) }
        }
      }
      return met.count
    }
    func end(_ offsets: [Int]) -> Int { zip(shapes, offsets).map { $1 + 1 << bits($0) }.max() ?? 0 }
    var covered: Set<Int> = []
    for (shape, offset) in zip(shapes, spread) {
      let size = 1 << bits(shape)
      #expect(offset.isMultiple(of: size))
      for cell in offset..<offset + size { #expect(covered.insert(cell).inserted) }
    }
    #expect(rows(spread) == rows(stacked))
    #expect(
      ceilLog2(max(end(spread), 1 << commitmentRowBits))
        == ceilLog2(max(end(stacked), 1 << commitmentRowBits)))
  }

  @Test(arguments: networks)
  func `pairs are those that the prover walks`(shapes: [[Int]]) {
    let offsets = BlockLayout.spread(shapes.map(bits), commitmentRowBits: 3)
    let layout = BlockLayout(shapes, at: offsets)
    var runs: [Range<Int>] = []
    for (shape, offset) in zip(shapes, offsets) {
      Layout.forEachRun(shape: shape) { cell, _, count in
        runs.append(offset + cell..<offset + cell + count)
      }
    }
    runs.sort { $0.lowerBound < $1.lowerBound }
    let groups = HeldBlocks(covering: runs)
    let variables = ceilLog2(runs.last?.upperBound ?? 1)
    var table = SparseMultilinear(
      variables: variables, groups: groups, values: [Fr](repeating: .zero, count: groups.rows))
    var pairs = 0
    while table.variables > 3 {
      pairs += table.pairs.count
      table.bind(.one)
    }
    #expect(layout.pairs == pairs)
  }

  @Test func `equal blocks meet in the first folds`() {
    let shapes = [[Int]](repeating: [64], count: 9)
    let stacked = BlockLayout(shapes, at: Layout.pack(bits: shapes.map(bits)))
    let chosen = BlockLayout(shapes, commitmentRowBits: 4)
    // Eight, four, two, one; five, three, two, one; then the same eight groups of one block.
    #expect(stacked.pairs == 8 * (8 + 4 + 2 + 1) + 4 + 2 + 1)
    #expect(chosen.pairs == 8 * (5 + 3 + 2 + 1) + 4 + 2 + 1)
  }
}
