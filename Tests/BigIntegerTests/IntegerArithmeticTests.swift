import BigInteger
import Testing

struct IntegerArithmeticTests {
  struct Pair: Decodable {
    var a, b, sum, difference, product, gcd: String
    var order: Int
    var quotient, remainder, floorQuotient, floorModulo: String?
  }

  @Test func `sums, products and order are Python's`() throws {
    for pair in try Oracle.cases("pairs") as [Pair] {
      let (a, b) = (try integer(pair.a), try integer(pair.b))
      #expect("\(a + b)" == pair.sum)
      #expect("\(a - b)" == pair.difference)
      #expect("\(a * b)" == pair.product)
      #expect("\(a.gcd(b))" == pair.gcd)
      #expect((a == b) == (pair.order == 0))
      #expect((a < b) == (pair.order < 0))
      #expect((a > b) == (pair.order > 0))
    }
  }

  @Test func `both divisions are Python's`() throws {
    for pair in try Oracle.cases("pairs") as [Pair] where pair.b != "0" {
      let (a, b) = (try integer(pair.a), try integer(pair.b))
      #expect("\(a / b)" == pair.quotient)
      #expect("\(a % b)" == pair.remainder)
      #expect("\(a.floorDivide(by: b))" == pair.floorQuotient)
      #expect("\(a.floorModulo(b))" == pair.floorModulo)
      let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
      #expect("\(quotient)" == pair.quotient)
      #expect("\(remainder)" == pair.remainder)
    }
  }

  @Test func `in-place operations give what the others give`() throws {
    for pair in try Oracle.cases("pairs") as [Pair] {
      let b = try integer(pair.b)
      // A freshly read number is uniquely referenced: these run in place.
      var (x, y, z) = (try integer(pair.a), try integer(pair.a), try integer(pair.a))
      x += b
      y -= b
      z *= b
      #expect("\(x)" == pair.sum)
      #expect("\(y)" == pair.difference)
      #expect("\(z)" == pair.product)
      guard !b.isZero else { continue }
      var (q, r) = (try integer(pair.a), try integer(pair.a))
      q /= b
      r %= b
      #expect("\(q)" == pair.quotient)
      #expect("\(r)" == pair.remainder)
    }
  }

  struct Modular: Decodable {
    var a, exponent, modulus, power: String
    var inverse: String?
  }

  @Test func `modular powers and inverses are Python's`() throws {
    for test in try Oracle.cases("modular") as [Modular] {
      let (a, modulus) = (try integer(test.a), try integer(test.modulus))
      #expect("\(a.power(try integer(test.exponent), modulo: modulus))" == test.power)
      #expect(a.inverse(modulo: modulus)?.description == test.inverse)
    }
  }

  @Test func `dividing by zero stops the process`() async {
    await #expect(processExitsWith: .failure) { _ = Integer(7) / Integer.zero }
    await #expect(processExitsWith: .failure) { _ = Integer(7).floorModulo(.zero) }
    await #expect(processExitsWith: .failure) { _ = Rational(.one, .zero) }
  }
}
