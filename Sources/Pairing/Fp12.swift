/// a + b·w with w² = v over Fp6, so that w⁶ = ξ: where values of the pairing lie.
package struct Fp12: Hashable, Sendable, BitwiseCopyable {
  package var a: Fp6
  package var b: Fp6

  package init(_ a: Fp6, _ b: Fp6) {
    self.a = a
    self.b = b
  }

  package static var one: Fp12 { Fp12(.one, .zero) }

  package var isOne: Bool { self == .one }

  /// Three products of Fp6.
  package static func * (x: Fp12, y: Fp12) -> Fp12 {
    let (aa, bb) = (x.a * y.a, x.b * y.b)
    return Fp12(aa + bb.timesV, (x.a + x.b) * (y.a + y.b) - aa - bb)
  }

  package static func *= (x: inout Fp12, y: Fp12) { x = x * y }

  /// Multiplies by 1 + (a + b·v)·w, the form of a line at a point: ten products of Fp2.
  mutating func multiply(byLine a: Fp2, _ b: Fp2) {
    self = Fp12(self.a + self.b.times(a, b).timesV, self.b + self.a.times(a, b))
  }

  /// Two products of Fp6.
  package func squared() -> Fp12 {
    let ab = a * b
    return Fp12((a + b) * (a + b.timesV) - ab - ab.timesV, ab.doubled())
  }

  /// The square of an element whose power q⁴ − q² + 1 is one, as after the first part of the final
  /// exponentiation: nine squares of Fp2.
  ///
  /// - Source: [GS10].
  func cyclotomicSquared() -> Fp12 {
    // Three squares in Fp4 = Fp2(w³), whose coefficients lie at w⁰ and w³, w and w⁴, w² and w⁵.
    let first = Self.quarticSquare(a.a, b.b)
    let second = Self.quarticSquare(b.a, a.c)
    let third = Self.quarticSquare(a.b, b.c)
    let rest = third.odd.timesXi
    return Fp12(
      Fp6(
        Self.combine(first.even, -a.a), Self.combine(second.even, -a.b),
        Self.combine(third.even, -a.c)),
      Fp6(
        Self.combine(rest, b.a), Self.combine(first.odd, b.b), Self.combine(second.odd, b.c)))
  }

  /// (x + y·s)² with s² = ξ.
  private static func quarticSquare(_ x: Fp2, _ y: Fp2) -> (even: Fp2, odd: Fp2) {
    let (xx, yy) = (x.squared(), y.squared())
    return (xx + yy.timesXi, (x + y).squared() - xx - yy)
  }

  /// 3x + 2y.
  private static func combine(_ x: Fp2, _ y: Fp2) -> Fp2 { (x + y).doubled() + x }

  /// a − b·w, which is the q⁶-th power; of an element of norm one, its inverse.
  package var conjugate: Fp12 { Fp12(a, -b) }

  /// 1/self; zero for zero.
  package func inverse() -> Fp12 {
    let inverse = (a * a - (b * b).timesV).inverse()
    return Fp12(a * inverse, -(b * inverse))
  }

  /// self^q: each coefficient's conjugate times ξ^(k(q−1)/6), k its power of w.
  package func frobenius() -> Fp12 {
    let gamma = Frobenius.gamma
    return Fp12(
      Fp6(a.a.conjugate, a.b.conjugate * gamma[2], a.c.conjugate * gamma[4]),
      Fp6(b.a.conjugate * gamma[1], b.b.conjugate * gamma[3], b.c.conjugate * gamma[5]))
  }
}

/// What raising to the q-th power multiplies coefficients with.
enum Frobenius {
  /// ξ^(k(q−1)/6) for k = 0 … 5.
  static let gamma: [Fp2] = {
    // (q − 1)/6.
    let root = Fp2.xi.pow([
      0x34b0_1759_2414_d4e1, 0xee95_91c2_e6bd_a1c2, 0xf40d_60f3_c040_3964, 0x0810_b7bd_d032_f006,
    ])
    return (0..<6).map { k in (0..<k).reduce(Fp2.one) { power, _ in power * root } }
  }()
}
