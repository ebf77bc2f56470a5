import Testing

import Field

struct AccumulatorTests {
  @Test func `sums agree with Python, whole and in parts`() throws {
    try agrees(FrParameters.self, "r")
    try agrees(FpParameters.self, "q")
  }

  func agrees<P: FieldParameters>(_: P.Type, _ name: String) throws {
    typealias F = PrimeField<P>
    for sum in try FieldVectors.load(name).sums {
      var products = [ProductAccumulator<P>](repeating: .init(), count: 2)
      var small = [SmallProductAccumulator<P>](repeating: .init(), count: 2)
      for (i, term) in sum.terms.enumerated() {
        products[i % 2].add(try F(hex: term[0]), try F(hex: term[1]))
        small[i % 2].add(try F(hex: term[0]), small: try int(term[2]))
      }
      products[0].add(products[1])
      small[0].add(small[1])
      #expect(try products[0].value == F(hex: sum.products))
      #expect(try small[0].value == F(hex: sum.small))
    }
  }

  /// Doubling the accumulator itself reaches 2^60 terms, far above any real sum, in 60 steps.
  @Test func `two to the sixty extreme terms do not overflow`() {
    let extreme = -Fr(montgomery: 1, 0, 0, 0)
    for small in [Int64.min, Int64.max] {
      var products = FrAccumulator()
      var smalls = SmallAccumulator()
      products.add(extreme, extreme)
      smalls.add(extreme, small: small)
      for _ in 0..<60 {
        products.add(products)
        smalls.add(smalls)
      }
      let terms = Fr(UInt64(1) << 60)
      #expect(products.value == extreme * extreme * terms)
      #expect(smalls.value == extreme * Fr(small) * terms)
    }
  }
}
