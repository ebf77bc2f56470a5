import BigInteger
import Testing

struct RationalTests {
  struct Pair: Decodable {
    var x, y, sum, difference, product: String
    var quotient: String?
    var order: Int
  }

  @Test func `arithmetic and order are Python's fractions`() throws {
    for pair in try Oracle.cases("rational_pairs") as [Pair] {
      let (x, y) = (try rational(pair.x), try rational(pair.y))
      #expect("\(x)" == pair.x)
      #expect("\(x + y)" == pair.sum)
      #expect("\(x - y)" == pair.difference)
      #expect("\(x * y)" == pair.product)
      if let quotient = pair.quotient { #expect("\(x / y)" == quotient) }
      #expect((x < y) == (pair.order < 0))
      #expect((x == y) == (pair.order == 0))
      var (sum, product) = (x, x)
      sum += y
      product *= y
      #expect("\(sum)" == pair.sum)
      #expect("\(product)" == pair.product)
    }
  }

  struct Single: Decodable {
    var n, d, floor, ceiling, halfUp, halfAway, halfToEven, double: String
  }

  @Test func `every rounding is Python's`() throws {
    for test in try Oracle.cases("rationals") as [Single] {
      let x = Rational(try integer(test.n), try integer(test.d))
      #expect("\(x.floor)" == test.floor)
      #expect("\(x.ceiling)" == test.ceiling)
      #expect("\(x.roundedHalfUp)" == test.halfUp)
      #expect("\(x.roundedHalfAwayFromZero)" == test.halfAway)
      #expect("\(x.roundedHalfToEven)" == test.halfToEven)
    }
  }

  @Test func `the nearest double is Python's, ties and subnormals included`() throws {
    for test in try Oracle.cases("rationals") as [Single] {
      let x = Rational(try integer(test.n), try integer(test.d))
      let expected = Double(bitPattern: try #require(UInt64(test.double, radix: 16)))
      // A negative value too small for any subnormal keeps its sign in both.
      #expect(x.asDouble.bitPattern == expected.bitPattern, "\(x)")
    }
  }

  struct Bits: Decodable {
    var bits, n, d: String
  }

  @Test func `a double is taken exactly and given back`() throws {
    for test in try Oracle.cases("doubles") as [Bits] {
      let value = Double(bitPattern: try #require(UInt64(test.bits, radix: 16)))
      let exact = try #require(Rational(exactly: value))
      #expect("\(exact.numerator)" == test.n)
      #expect("\(exact.denominator)" == test.d)
      #expect(exact.asDouble.bitPattern == value.bitPattern)
    }
    #expect(Rational(exactly: -0.0) == 0)
    #expect(Rational(exactly: .nan) == nil)
    #expect(Rational(exactly: .infinity) == nil)
    #expect(Rational(exactly: -.infinity) == nil)
  }

  @Test func `lowest terms, and the sign above`() {
    let x = Rational(-6, -4)
    #expect(x.numerator == 3 && x.denominator == 2)
    let y = Rational(6, -4)
    #expect(y.numerator == -3 && y.denominator == 2)
    #expect(Rational(0, -5).denominator == 1)
    #expect(y.sign == -1 && y.magnitude == x && -y == x)
    #expect(!y.isInteger && Rational(4, 2).isInteger && Rational(0, 9).isZero)
    #expect(Rational(3, 8).scaled(byPowerOfTwo: 4) == 6)
    #expect(Rational(3, 1).scaled(byPowerOfTwo: -2) == Rational(3, 4))
  }
}
