import Field
import Compute
import Testing

/// Loops in vector instructions against their portable twins.
@Suite(.enabled(if: Kernels.best == .ifma, "needs AVX-512 IFMA and TACIT_KERNELS not portable"))
struct VectorLoopTests {
  static let extremes: [Fr] = {
    let (ones, top) = (UInt64.max, UInt64(0x3064_4e72_e131_a028))
    return [
      0, 1, -1, 2, -2, Fr(montgomery: 1, 0, 0, 0), Fr(montgomery: ones, 0, 0, 0),
      Fr(montgomery: ones, ones, ones, top), Fr(montgomery: 0, ones, ones, top),
      Fr(montgomery: 0, 0, 0, top), Fr(montgomery: 0xf_ffff_ffff_ffff, 0, 0, 0),
      Fr(montgomery: 0xfff0_0000_0000_0000, 0xff, ones, 0),
      // r − 1 as limbs.
      Fr(
        montgomery: 0x43e1_f593_f000_0000, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d,
        0x3064_4e72_e131_a029),
    ]
  }()

  private func folded(
    _ low: [Fr], _ high: [Fr], by r: Fr, _ kernels: Kernels
  ) -> [Fr] {
    var low = low
    var span = low.mutableSpan
    Fr.fold(&span, high.span, by: r, kernels: kernels)
    return low
  }

  @Test(arguments: [1, 15, 16, 17, 23, 24, 25, 31, 32, 100, 1000])
  func `folds agree`(count: Int) {
    var random = SystemRandomNumberGenerator()
    for r in [Fr.random(using: &random)] + Self.extremes {
      for paired in Set([0, 1, count / 2, count - 1, count]) where paired <= count {
        let low = (0..<count).map { _ in Fr.random(using: &random) }
        let high = (0..<paired).map { _ in Fr.random(using: &random) }
        #expect(folded(low, high, by: r, .ifma) == folded(low, high, by: r, .portable))
      }
    }
  }

  @Test func `folds of extreme elements agree`() {
    let pairs = Self.extremes.flatMap { a in Self.extremes.map { (a, $0) } }
    for r in Self.extremes {
      let (low, high) = (pairs.map(\.0), pairs.map(\.1))
      let vector = folded(low, high, by: r, .ifma)
      #expect(vector == folded(low, high, by: r, .portable))
      for (value, pair) in zip(vector, pairs) { #expect(value == pair.0 + r * (pair.1 - pair.0)) }
    }
  }

  @Test(arguments: [1, 2, 31, 32, 33, 47, 48, 49, 63, 64, 65, 100, 511, 1024])
  func `levels of equality tables agree`(count: Int) {
    var random = SystemRandomNumberGenerator()
    for r in [Fr.random(using: &random)] + Self.extremes {
      // What lies after the level is left alone.
      let table = (0..<count + 3).map { place in
        place % 2 == 0 ? Self.extremes[place % Self.extremes.count] : Fr.random(using: &random)
      }
      for kernels in [Kernels.ifma, .portable] {
        var level = table
        Fr.split(&level, count: count, by: r, kernels: kernels)
        for i in level.indices {
          let (source, high) = (table[i / 2], r * table[i / 2])
          #expect(level[i] == (i >= count ? table[i] : i % 2 == 1 ? high : source - high))
        }
      }
    }
  }

  @Test(arguments: [1, 3, 8, 9, 40], [1, 511, 512, 513, 1500])
  func `sums of integer rows are the field's`(length: Int, count: Int) {
    var random = SystemRandomNumberGenerator()
    let integers: [Int64] = [
      0, 1, -1, .max, .min, .min + 1, 1 << 52, -(1 << 52), 1 << 52 - 1, 127, -128, 65_535,
    ]
    var rows = (0..<count).map { row in
      (0..<length).map { integers[(row * 5 + $0 * 7) % integers.count] }
    }
    // All at the limit of a word, and a short row on the round that settles.
    for row in 0..<count / 2 { rows[row] = Array(repeating: .min, count: length) }
    if count >= 512 { rows[511] = Array(rows[511].prefix(length / 2)) }
    let coefficients = (0..<count).map { row in
      row % 3 == 0 ? Self.extremes[row % Self.extremes.count] : Fr.random(using: &random)
    }
    var expected = [Fr](repeating: .zero, count: length)
    for (row, c) in zip(rows, coefficients) {
      for (place, cell) in row.enumerated() { expected[place] += c * Fr(cell) }
    }
    for kernels in [Kernels.ifma, .portable] {
      var sum = IntegerRowSum(length: length, kernels: kernels)
      for (row, c) in zip(rows, coefficients) { sum.add(row[...], times: c) }
      #expect(sum.values == expected)
    }
  }

  @Test(arguments: [0, 1, 7, 8, 15, 16, 17, 100]) func `scaled sums agree`(count: Int) {
    var random = SystemRandomNumberGenerator()
    for s in [Fr.random(using: &random)] + Self.extremes {
      let values = (0..<count + 3).map { place in
        place % 2 == 0 ? Self.extremes[place % Self.extremes.count] : Fr.random(using: &random)
      }
      let target = (0..<count + 9).map { _ in Fr.random(using: &random) }
      for kernels in [Kernels.ifma, .portable] {
        var (sum, scaled) = (target, values)
        var span = sum.mutableSpan
        Fr.add(values[3...], times: s, to: &span, from: 5, kernels: kernels)
        for i in target.indices {
          let isAdded = (5..<5 + count).contains(i)
          #expect(sum[i] == (isAdded ? target[i] + s * values[i - 2] : target[i]))
        }
        var scaledSpan = scaled.mutableSpan
        Fr.scale(&scaledSpan, by: s, kernels: kernels)
        #expect(scaled == values.map { s * $0 })
      }
    }
  }

  @Test(arguments: [1, 3, 4, 15, 16, 17, 32, 50]) func `roots agree`(count: Int) {
    var random = SystemRandomNumberGenerator()
    let values: [Fp] =
      [0, 1, -1, 4, Fp(montgomery: 1, 0, 0, 0)]
      + (0..<count).map { _ in Fp.random(using: &random) }
    var (vector, portable) = (values, values)
    Fp.rootCandidates(&vector, kernels: .ifma)
    Fp.rootCandidates(&portable, kernels: .portable)
    #expect(vector == portable)
    for (value, root) in zip(values, vector) where value.squareRoot() != nil {
      #expect(root.squared() == value)
    }
  }
}
