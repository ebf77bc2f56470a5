import Arguments
import Field
import Polynomial
import Compute
import Testing

/// The tree of fractions: its levels and its sums against their definition, in vectors and portable.
struct FractionTests {
  /// r − 1 as a Montgomery form, the greatest there is.
  private static let greatest = Fr(
    montgomery: 0x43e1_f593_f000_0000, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d,
    0x3064_4e72_e131_a029)

  /// Random elements with extreme ones among them, and places of zeros.
  private func values(_ count: Int, seed: UInt64) -> [Fr] {
    var samples = Samples(seed: seed)
    var values = samples.scalars(count)
    for place in stride(from: 0, to: count, by: 7) { values[place] = Self.greatest }
    for place in stride(from: 3, to: count, by: 11) { values[place] = .zero }
    for place in stride(from: 5, to: count, by: 13) { values[place] = -Fr.one }
    for place in 0..<count where place / 96 % 3 == 1 { values[place] = .zero }
    return values
  }

  private func fraction(_ level: FractionLevel, _ node: Int) -> (n: Fr, d: Fr) {
    for (place, number) in level.groups.numbers.enumerated()
    where Int(number) == node / RowGroups.height {
      let first = 2 * (RowGroups.height * place + node % RowGroups.height)
      return (level.values[first], level.values[first + 1] + .one)
    }
    return (.zero, .one)
  }

  @Test(arguments: [[0..<8], [0..<128], [16..<20, 40..<48, 100..<101], [72..<73, 120..<128]])
  func `a level above holds the sums of two`(runs: [Range<Int>]) {
    let groups = RowGroups(covering: runs).paired
    var level = FractionLevel(groups: groups, values: values(2 * groups.rows, seed: 3))
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

  @Test(arguments: [Kernels.portable, .best], [1, 2, 5, 40])
  func `nodes and batches are what they are defined as`(kernels: Kernels, groups: Int) {
    let children = values(32 * groups, seed: 6)
    let mu = values(1, seed: 7)[0] + 12345
    var nodes = [Fr](repeating: .zero, count: 16 * groups + 16)
    var span = nodes.mutableSpan
    FractionKernel.add(children.span, to: &span, at: 16, kernels: kernels)
    #expect(!nodes[..<16].contains { !$0.isZero })
    for node in 0..<8 * groups {
      let (n0, d0) = (children[4 * node], children[4 * node + 1] + .one)
      let (n1, d1) = (children[4 * node + 2], children[4 * node + 3] + .one)
      #expect(nodes[16 + 2 * node] == n0 * d1 + n1 * d0)
      #expect(nodes[16 + 2 * node + 1] + .one == d0 * d1)
    }
    var batched = children
    var rows = batched.mutableSpan
    FractionKernel.batch(&rows, by: mu, kernels: kernels)
    for (place, value) in children.enumerated() {
      let added = place % 4 == 0 ? mu * children[place + 1] : .zero
      #expect(batched[place] == value + added)
    }
  }

  private func table(_ variables: Int, width: Int, holds: (Int) -> Bool) -> GroupedTable {
    let groups = RowGroups(
      covering: (0..<1 << variables).filter { holds($0 / RowGroups.height) }.map { $0..<$0 + 1 })
    return GroupedTable(
      variables: variables, width: width, groups: groups,
      values: values(width * groups.rows, seed: 30))
  }

  @Test(arguments: [1, 2, 3, 4, 6, 9, 10, 14], [FractionKernel.width, FractionKernel.helperWidth])
  func `sums are what they are defined as`(n: Int, width: Int) {
    var samples = Samples(seed: 31)
    let (point, constant) = (samples.scalars(n - 1), samples.scalar())
    let eq = Equality.table(point)
    let weights = SplitEquality(point[...], count: 1 << point.count)
    let isTree = width == FractionKernel.width
    func term(_ row: [Fr]) -> Fr {
      isTree
        ? (row[0] + constant) * (row[3] + .one) + row[2] * (row[1] + .one) - constant
        : row[1] * (row[2] + constant) - row[0]
    }
    for step in [2, 3, 50] {
      let table = table(n, width: width, holds: { $0 % step != 1 })
      var expected = FractionKernel.Sums.zero
      for pair in table.pairs {
        for row in 0..<table.height {
          func cells(_ first: Int32) -> [Fr] {
            guard first >= 0 else { return [Fr](repeating: .zero, count: width) }
            return Array(table.values[width * (Int(first) + row)..<width * (Int(first) + row + 1)])
          }
          let (a, b) = (cells(pair.low), cells(pair.high))
          let further = zip(a, b).map { $1 + $1 - $0 }
          let weight = eq[Int(pair.row) + row]
          expected.low += weight * term(a)
          // The second difference of a quadratic is twice its leading coefficient.
          let second = term(further) - term(b) - (term(b) - term(a))
          expected.leading += weight * second * Fr(UInt64(2)).inverse()
        }
      }
      for kernels in [Kernels.portable, .best] {
        let (values, pairs) = (table.values, table.pairs)
        let parts = [0..<pairs.count / 3, pairs.count / 3..<pairs.count].map { range in
          isTree
            ? FractionKernel.sums(
              values.span, pairs: pairs.span, range: range, height: table.height,
              weights: weights, mu: constant, kernels: kernels)
            : FractionKernel.helperSums(
              values.span, pairs: pairs.span, range: range, height: table.height,
              weights: weights, constant: constant, kernels: kernels)
        }
        #expect(parts[0] + parts[1] == expected)
      }
    }
  }
}
