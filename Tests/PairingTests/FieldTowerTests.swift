import Field
import TestSupport
import Testing

@testable import Pairing

/// The fields against arithmetic by definition: polynomials in w over Fp2 modulo w⁶ − ξ.
struct FieldTowerTests {
  /// The coefficients of w⁰ … w⁵.
  private static func coefficients(_ x: Fp12) -> [Fp2] {
    [x.a.a, x.b.a, x.a.b, x.b.b, x.a.c, x.b.c]
  }

  private static func element(_ c: [Fp2]) -> Fp12 {
    Fp12(Fp6(c[0], c[2], c[4]), Fp6(c[1], c[3], c[5]))
  }

  /// Schoolbook, with (a + bi)(c + di) written out and w⁶ = 9 + i.
  private static func naiveProduct(_ x: Fp12, _ y: Fp12) -> Fp12 {
    func product(_ p: Fp2, _ q: Fp2) -> Fp2 {
      Fp2(p.a * q.a - p.b * q.b, p.a * q.b + p.b * q.a)
    }
    let (a, b) = (coefficients(x), coefficients(y))
    var sum = [Fp2](repeating: .zero, count: 6)
    for i in 0..<6 {
      for j in 0..<6 {
        let term = product(a[i], b[j])
        sum[(i + j) % 6] += i + j < 6 ? term : product(term, Fp2(9, 1))
      }
    }
    return element(sum)
  }

  static func random(_ generator: inout SplitMix64) -> Fp12 {
    element((0..<6).map { _ in Fp2(.random(using: &generator), .random(using: &generator)) })
  }

  /// self^exponent by squares and products, most significant bit first.
  static func naivePower(_ x: Fp12, _ exponent: [UInt64]) -> Fp12 {
    var result = Fp12.one
    for limb in exponent.reversed() {
      for bit in (0..<UInt64(64)).reversed() {
        result = naiveProduct(result, result)
        if (limb >> bit) & 1 == 1 { result = naiveProduct(result, x) }
      }
    }
    return result
  }

  private static let q: [UInt64] = {
    let q = FpParameters.modulus
    return [q.0, q.1, q.2, q.3]
  }()

  @Test func `products, squares and inverses are those of polynomials`() {
    var generator = SplitMix64(seed: 1)
    let values = [Fp12.one] + (0..<6).map { _ in Self.random(&generator) }
    for x in values {
      #expect(x.squared() == Self.naiveProduct(x, x))
      #expect(Self.naiveProduct(x, x.inverse()).isOne)
      for y in values { #expect(x * y == Self.naiveProduct(x, y)) }
    }
    #expect(Fp12(.zero, .zero).inverse() == Fp12(.zero, .zero))
  }

  @Test func `a product by a line is a product`() {
    var generator = SplitMix64(seed: 2)
    let x = Self.random(&generator)
    let (slope, offset) = (
      Fp2(.random(using: &generator), 3),
      Fp2(.random(using: &generator), .random(using: &generator))
    )
    var product = x
    product.multiply(byLine: slope, offset)
    let line = Self.element([.one, slope, .zero, offset, .zero, .zero])
    #expect(product == Self.naiveProduct(x, line))
  }

  @Test func `the Frobenius map is the power q, the conjugate its sixth turn`() {
    var generator = SplitMix64(seed: 3)
    let x = Self.random(&generator)
    #expect(x.frobenius() == Self.naivePower(x, Self.q))
    #expect((0..<6).reduce(x) { y, _ in y.frobenius() } == x.conjugate)
  }

  @Test func `squares after the first part of the final exponentiation are squares`() {
    var generator = SplitMix64(seed: 4)
    let x = Self.random(&generator)
    let unitary = x.conjugate * x.inverse()
    let cyclotomic = unitary.frobenius().frobenius() * unitary
    #expect(cyclotomic.cyclotomicSquared() == Self.naiveProduct(cyclotomic, cyclotomic))
    #expect(cyclotomic * cyclotomic.conjugate == .one)
    // Of any other element it is another function.
    #expect(x.cyclotomicSquared() != x.squared())
  }

  /// The exponent c·(q¹² − 1)/r in 64-bit limbs, as Python computes it with c = 2u(6u² + 3u + 1).
  @Test func `the final exponentiation is one plain power`() throws {
    var generator = SplitMix64(seed: 5)
    let x = Self.random(&generator)
    #expect(FinalExponentiation.of(x) == Self.naivePower(x, FinalExponent.limbs))
  }
}
