import ArgumentKernels
import Field
import Polynomial
import Compute
import TestSupport
import Testing

/// The loops of the fractional sum-check and of the inverse argument against their definition, in vectors and
/// portable.
struct FractionKernelTests {
  private func values(_ count: Int, seed: UInt64) -> [Fr] {
    var samples = Samples(seed: seed)
    return samples.extremes(count)
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

  private func table(_ variables: Int, width: Int, holds: (Int) -> Bool) -> SparseMultilinear {
    let groups = HeldBlocks(
      covering: (0..<1 << variables).filter { holds($0 / HeldBlocks.height) }.map { $0..<$0 + 1 })
    return SparseMultilinear(
      variables: variables, width: width, groups: groups,
      values: values(width * groups.rows, seed: 30))
  }

  @Test(
    arguments: [1, 2, 3, 4, 6, 9, 10, 14], [FractionKernel.width, FractionKernel.inverseWidth])
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
            : FractionKernel.inverseSums(
              values.span, pairs: pairs.span, range: range, height: table.height,
              weights: weights, constant: constant, kernels: kernels)
        }
        #expect(parts[0] + parts[1] == expected)
      }
    }
  }
}
