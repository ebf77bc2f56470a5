import Arguments
import Field
import Polynomial
import TestSupport
import Testing

/// The levels of the fractional sum-check against their definition.
struct FractionLevelTests {
  private func fraction(_ level: FractionLevel, _ node: Int) -> (n: Fr, d: Fr) {
    for (place, number) in level.groups.numbers.enumerated()
    where Int(number) == node / HeldBlocks.height {
      let first = 2 * (HeldBlocks.height * place + node % HeldBlocks.height)
      return (level.values[first], level.values[first + 1] + .one)
    }
    return (.zero, .one)
  }

  @Test(arguments: [[0..<8], [0..<128], [16..<20, 40..<48, 100..<101], [72..<73, 120..<128]])
  func `a level above holds the sums of two`(runs: [Range<Int>]) {
    let groups = HeldBlocks(covering: runs).paired
    var samples = Samples(seed: 3)
    var level = FractionLevel(groups: groups, values: samples.extremes(2 * groups.rows))
    var nodes = 128
    while nodes > 1 {
      let above = level.above
      nodes /= 2
      for node in 0..<nodes {
        let (left, right) = (fraction(level, 2 * node), fraction(level, 2 * node + 1))
        let sum = fraction(above, node)
        #expect(sum.n == left.n * right.d + right.n * left.d)
        #expect(sum.d == left.d * right.d)
      }
      let dense = above.dense
      for node in 0..<dense.count / 2 {
        let (n, d) = fraction(above, node)
        #expect(dense[2 * node] == n && dense[2 * node + 1] + .one == d)
      }
      level = above
    }
  }
}
