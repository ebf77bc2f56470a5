import Field
import Polynomial
import TestSupport
import Testing

/// eq by its definition, a product per cell.
private func naive(_ point: [Fr], _ index: Int) -> Fr {
  var product = Fr.one
  for (place, x) in point.enumerated() {
    let bit = (index >> (point.count - 1 - place)) & 1
    product *= bit == 1 ? x : Fr.one - x
  }
  return product
}

private func point(_ n: Int, seed: UInt64) -> [Fr] {
  var random = SplitMix64(seed: seed)
  return (0..<n).map { _ in Fr.random(using: &random) }
}

struct EqualityTests {
  @Test(arguments: 0...6) func `tables and prefixes are the definition`(n: Int) {
    let r = point(n, seed: 1)
    let expected = (0..<1 << n).map { naive(r, $0) }
    #expect(Equality.table(r) == expected)
    #expect(Equality.table(r, scale: 3) == expected.map { $0 * 3 })
    for count in 0...(1 << n) {
      #expect(Equality.prefix(r[...], count: count) == Array(expected.prefix(count)))
      #expect(
        Equality.prefix(r[...], scale: 5, count: count)
          == expected.prefix(count).map { $0 * 5 })
    }
    for index in expected.indices {
      #expect(Equality.at(r[...], index: index) == expected[index])
    }
  }

  @Test(arguments: 0...6) func `a slice is read from its own start`(n: Int) {
    let r = point(n + 3, seed: 2)
    let slice = r[2..<n + 2]
    #expect(Equality.prefix(slice, count: 1 << n) == Equality.table(Array(slice)))
    #expect(Equality.below(1 << n, slice).ramp == Equality.below(1 << n, Array(slice)[...]).ramp)
  }

  @Test(arguments: 0...6) func `eq of two points is the sum over the cube`(n: Int) {
    let (a, b) = (point(n, seed: 3), point(n, seed: 4))
    let expected = zip(Equality.table(a), Equality.table(b)).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    #expect(Equality.at(a[...], b[...]) == expected)
  }

  @Test(arguments: 0...6) func `sums and ramps below every count`(n: Int) {
    let r = point(n, seed: 5)
    let table = (0..<1 << n).map { naive(r, $0) }
    var (sum, ramp) = (Fr.zero, Fr.zero)
    for count in 0...(1 << n) {
      let below = Equality.below(count, r[...])
      #expect(below.sum == sum, "count \(count)")
      #expect(below.ramp == ramp, "count \(count)")
      guard count < 1 << n else { continue }
      sum += table[count]
      ramp += Fr(count) * table[count]
    }
  }
}

struct MultilinearTableTests {
  @Test(arguments: 0...5) func `evaluation at every used length is the sum`(n: Int) {
    var random = SplitMix64(seed: 6)
    let r = point(n, seed: 7)
    for length in 0...(1 << n) {
      let values = (0..<length).map { _ in Fr.random(using: &random) }
      let expected = values.enumerated().reduce(Fr.zero) { $0 + $1.element * naive(r, $1.offset) }
      #expect(MultilinearTable(variables: n, values: values).evaluate(r) == expected)
    }
  }

  @Test(arguments: 1...5) func `binding fixes the most significant variable`(n: Int) {
    var random = SplitMix64(seed: 8)
    for length in 0...(1 << n) {
      let values = (0..<length).map { _ in Fr.random(using: &random) }
      var table = MultilinearTable(variables: n, values: values)
      table.bind(9)
      let half = 1 << (n - 1)
      #expect(table.variables == n - 1)
      for index in 0..<half {
        let low = index < length ? values[index] : .zero
        let high = index + half < length ? values[index + half] : .zero
        let bound = index < table.values.count ? table.values[index] : .zero
        #expect(bound == low * -8 + high * 9)
      }
    }
  }
}

/// Tables of which groups are left out, against the same table in full.
struct SparseMultilinearTests {
  private static let sets: [@Sendable (Int) -> Bool] = [
    { _ in true }, { _ in false }, { $0 % 2 == 0 }, { $0 % 3 == 1 }, { $0 == 5 },
    { (3...6).contains($0) || $0 > 12 },
  ]

  @Test(arguments: 0...8, [1, 3]) func `folding follows the held groups`(n: Int, width: Int) {
    var random = SplitMix64(seed: 11)
    for isHeld in Self.sets {
      let rows = 1 << n
      let groups = HeldBlocks(
        covering: (0..<rows).filter { isHeld($0 / HeldBlocks.height) }.map { $0..<$0 + 1 })
      var full = [Fr](repeating: .zero, count: rows * width)
      var values: [Fr] = []
      for number in groups.numbers {
        for row in HeldBlocks.height * Int(number)..<HeldBlocks.height * (Int(number) + 1) {
          for column in 0..<width {
            let value = row < rows ? Fr.random(using: &random) : .zero
            if row < rows { full[row * width + column] = value }
            values.append(value)
          }
        }
      }
      var table = SparseMultilinear(variables: n, width: width, groups: groups, values: values)
      let r = point(n, seed: 12)
      for (bound, x) in r.enumerated() {
        #expect(table.variables == n - bound)
        #expect(table.pairs.count <= max(1, rows >> (bound + 1) / HeldBlocks.height))
        table.bind(x)
      }
      let constants = table.constants
      for column in 0..<width {
        let cells = stride(from: column, to: full.count, by: width).map { full[$0] }
        #expect(
          constants[column] == MultilinearTable(variables: n, values: cells).evaluate(r))
      }
    }
  }

  @Test(arguments: [5, 9, 12, 13]) func `sums see what a fold leaves`(n: Int) {
    var random = SplitMix64(seed: 13)
    for isHeld in Self.sets + [{ $0 % 5 != 0 }, { $0 < 300 || $0 > 700 }] {
      let rows = 1 << n
      let groups = HeldBlocks(
        covering: (0..<rows).filter { isHeld($0 / HeldBlocks.height) }.map { $0..<$0 + 1 })
      var full = [Fr](repeating: .zero, count: rows)
      let values = (0..<groups.rows).map { _ in Fr.random(using: &random) }
      for (place, value) in values.enumerated() {
        full[groups.firstRow(place / HeldBlocks.height) + place % HeldBlocks.height] = value
      }
      var table = SparseMultilinear(variables: n, groups: groups, values: values)
      for x in point(n, seed: 14) {
        let (half, height) = (full.count / 2, table.height)
        let eq = (0..<half).map { Fr(UInt64($0 * $0 + 1)) }
        let sums = table.sums(grain: 1) { rows, pairs, range in
          var sums = [Fr](repeating: .zero, count: 2)
          for pair in range.map({ pairs[$0] }) {
            for step in 0..<height {
              let weight = eq[Int(pair.row) + step]
              if pair.low >= 0 { sums[0] += weight * rows[Int(pair.low) + step] }
              if pair.high >= 0 { sums[1] += weight * rows[Int(pair.high) + step] }
            }
          }
          return sums
        }
        for side in 0...1 {
          let expected = (0..<half).reduce(Fr.zero) { $0 + eq[$1] * full[side * half + $1] }
          #expect(sums.reduce(Fr.zero) { $0 + $1[side] } == expected)
        }
        table.bind(x)
        full = (0..<half).map { full[$0] + x * (full[$0 + half] - full[$0]) }
      }
      let constants = table.constants
      #expect(constants == full)
    }
  }

  @Test func `a pair is there where either of its groups is`() {
    let groups = HeldBlocks(covering: [0..<3, 17..<26, 64..<72, 90..<91])
    #expect(groups.numbers == [0, 2, 3, 8, 11])
    let table = SparseMultilinear(
      variables: 7, groups: groups, values: [Fr](repeating: .one, count: groups.rows))
    #expect(table.pairs.map(\.row) == [0, 16, 24])
    #expect(table.pairs.map(\.low) == [0, 8, 16])
    #expect(table.pairs.map(\.high) == [24, -1, 32])
  }

  @Test func `runs that touch share a group`() {
    #expect(HeldBlocks(covering: [7..<9, 9..<10, 15..<16, 16..<16, 40..<41]).numbers == [0, 1, 5])
    #expect(HeldBlocks(covering: [0..<0]).numbers == [])
  }

  @Test func `groups in twos are half as many groups of rows in twos`() {
    let groups = HeldBlocks(covering: [24..<25, 40..<56, 96..<97])
    #expect(groups.numbers == [3, 5, 6, 12])
    #expect(groups.paired.numbers == [2, 3, 4, 5, 6, 7, 12, 13])
    #expect(groups.paired.halved.numbers == [1, 2, 3, 6])
    #expect(HeldBlocks(covering: []).paired.halved.numbers == [])
  }
}
