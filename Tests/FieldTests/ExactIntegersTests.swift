import BigInteger
import Field
import Testing

/// The field against GMP's integers on fresh random values and on limbs of extreme bits.
struct ExactIntegersTests {
  @Test func `the scalar field agrees with exact integers`() throws {
    try agrees(
      FrParameters.self,
      21_888_242_871_839_275_222_246_405_745_257_275_088_548_364_400_416_034_343_698_204_186_575_808_495_617
    )
  }

  @Test func `the base field agrees with exact integers`() throws {
    try agrees(
      FpParameters.self,
      21_888_242_871_839_275_222_246_405_745_257_275_088_696_311_157_297_823_662_689_037_894_645_226_208_583
    )
  }

  /// A Montgomery form below 2^253, so below p, whose limbs are mostly all zeros or all ones.
  private func extreme<P: FieldParameters>(_: P.Type) -> PrimeField<P> {
    func limb() -> UInt64 { [0, .max, 1, .max - 1, .random(in: 0 ... .max)].randomElement() ?? 0 }
    return PrimeField<P>(montgomery: limb(), limb(), limb(), limb() & 0x1fff_ffff_ffff_ffff)
  }

  private func agrees<P: FieldParameters>(_: P.Type, _ p: Integer) throws {
    typealias F = PrimeField<P>
    func exact(_ a: F) -> Integer { Integer(bigEndian: a.bigEndianBytes) }
    #expect(exact(-1) == p - 1)
    for round in 0..<2000 {
      let a = round % 2 == 0 ? F.random() : extreme(P.self)
      let b = round % 3 == 0 ? F.random() : extreme(P.self)
      let small = Int64.random(in: .min ... .max) >> Int64.random(in: 0...63)
      let (x, y) = (exact(a), exact(b))
      #expect(x < p && exact(a + b) == (x + y) % p)
      #expect(exact(a - b) == (x - y).floorModulo(p))
      #expect(exact(a * b) == x * y % p && exact(a.squared()) == x * x % p)
      #expect(exact(-a) == (-x).floorModulo(p))
      #expect(exact(a.multiplied(bySmall: small)) == (x * Integer(small)).floorModulo(p))
      #expect(exact(a.inverse()) == x.inverse(modulo: p) ?? 0)
      let limbs = a.canonicalLimbs
      #expect(Integer(limbs: [limbs.0, limbs.1, limbs.2, limbs.3]) == x)
      #expect(F(canonicalBigEndian: x.bigEndianBytes(count: 32)) == a)
      #expect(F(canonicalBigEndian: (x + p).bigEndianBytes(count: 32)) == nil)
      let wide = x * p + y
      #expect(exact(try #require(F(wideBigEndian: wide.bigEndianBytes(count: 64)))) == y)
      #expect(exact(a.pow(limbs.0)) == x.power(Integer(limbs.0), modulo: p))
    }
  }

  @Test func `sums of products agree with exact integers`() {
    let p = Integer(bigEndian: Fr(-1).bigEndianBytes) + 1
    var (products, smalls) = (FrAccumulator(), SmallAccumulator())
    var (exactProducts, exactSmalls): (Integer, Integer) = (0, 0)
    for _ in 0..<2000 {
      let (a, b) = (extreme(FrParameters.self), extreme(FrParameters.self))
      let small = Int64.random(in: .min ... .max) >> Int64.random(in: 0...63)
      products.add(a, b)
      smalls.add(a, small: small)
      let x = Integer(bigEndian: a.bigEndianBytes)
      exactProducts += x * Integer(bigEndian: b.bigEndianBytes)
      exactSmalls += x * Integer(small)
    }
    #expect(Integer(bigEndian: products.value.bigEndianBytes) == exactProducts % p)
    #expect(Integer(bigEndian: smalls.value.bigEndianBytes) == exactSmalls.floorModulo(p))
  }
}
