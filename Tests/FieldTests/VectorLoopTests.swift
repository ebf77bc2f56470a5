import Field
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
