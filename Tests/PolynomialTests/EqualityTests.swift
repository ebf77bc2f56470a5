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
