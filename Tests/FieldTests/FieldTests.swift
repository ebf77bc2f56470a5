import Testing

import Field

/// Everything is asked of both fields: `r` is `Fr`, `q` is `Fp`.
struct FieldTests {
  @Test func `the scalar field agrees with Python`() throws { try agrees(FrParameters.self, "r") }
  @Test func `the base field agrees with Python`() throws { try agrees(FpParameters.self, "q") }

  func agrees<P: FieldParameters>(_: P.Type, _ name: String) throws {
    typealias F = PrimeField<P>
    let vectors = try FieldVectors.load(name)
    for row in vectors.pairs {
      let (a, b) = (try F(hex: row[0]), try F(hex: row[1]))
      #expect(try a + b == F(hex: row[2]))
      #expect(try a - b == F(hex: row[3]))
      #expect(try a * b == F(hex: row[4]))
      #expect(-a + a == .zero && -(-a) == a)
      #expect(a.squared() == a * a && a.doubled() == a + a)
      #expect((a == b) == (row[0] == row[1]))
      #expect(a.isZero == (a == .zero))
      #expect(a.bigEndianBytes == bytes(hex: row[0]))
    }
    for row in vectors.inverses {
      #expect(try F(hex: row[0]).inverse() == F(hex: row[1]))
    }
    for row in vectors.small {
      let (a, s) = (try F(hex: row[0]), try int(row[1]))
      #expect(try a.multiplied(bySmall: s) == F(hex: row[2]))
      #expect(try a * F(s) == F(hex: row[2]))
      var sum = SmallProductAccumulator<P>()
      sum.add(a, small: s)
      #expect(try sum.value == F(hex: row[2]))
    }
    for row in vectors.powers {
      let exponent = try #require(UInt64(row[1]))
      #expect(try F(hex: row[0]).pow(exponent) == F(hex: row[2]))
    }
  }

  @Test func `integer literals and conversions`() {
    #expect(Fr(5) == 5 && Fr(-5) == -Fr(UInt64(5)))
    #expect(Fr(Int64.min) == -Fr(UInt64(1) << 63))
    #expect(Fr(UInt64.max) + 1 == Fr(canonicalLimbs: (0, 1, 0, 0)))
    #expect(Fr(UInt64(7)).canonicalLimbs == (7, 0, 0, 0))
    #expect(
      Fr(-1).description == "0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000000")
  }

  @Test func `batch inversion keeps zeros and matches single inversion`() throws {
    let values = try FieldVectors.load("r").inverses.map { try Fr(hex: $0[0]) }
    var inverted = values + [.zero, .zero]
    Fr.batchInvert(&inverted)
    #expect(inverted == values.map { $0.inverse() } + [.zero, .zero])
    var none = [Fr]()
    Fr.batchInvert(&none)
    #expect(none.isEmpty)
  }

  @Test func `square roots exist exactly for squares`() throws {
    let rows = try #require(try FieldVectors.load("q").squareRoots)
    for row in rows {
      let a = try Fp(hex: row[0])
      let root = a.squareRoot()
      #expect((root != nil) == (row[1] == "square"))
      if let root { #expect(root * root == a) }
    }
  }

  @Test func `random elements differ and follow their generator`() {
    #expect(Fr.random() != Fr.random())
    struct Counter: RandomNumberGenerator {
      var state: UInt64 = 0
      mutating func next() -> UInt64 {
        state += 1
        return state
      }
    }
    var (first, second) = (Counter(), Counter())
    #expect(Fp.random(using: &first) == Fp.random(using: &second))
  }
}
