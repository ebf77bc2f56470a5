package import Field

/// a + b·i with i² = −1 over the base field.
///
/// −1 is no square modulo q, which is 3 modulo 4. Products are three of Fp, squares two.
package struct Fp2: Hashable, Sendable, BitwiseCopyable {
  package var a: Fp
  package var b: Fp

  package init(_ a: Fp, _ b: Fp) {
    self.a = a
    self.b = b
  }

  package static var zero: Fp2 { Fp2(.zero, .zero) }
  package static var one: Fp2 { Fp2(.one, .zero) }

  /// ξ = 9 + i, which is neither a square nor a cube: Fp12 is made by its sixth root.
  static var xi: Fp2 { Fp2(9, .one) }

  package var isZero: Bool { a.isZero && b.isZero }

  package static func + (x: Fp2, y: Fp2) -> Fp2 { Fp2(x.a + y.a, x.b + y.b) }
  package static func - (x: Fp2, y: Fp2) -> Fp2 { Fp2(x.a - y.a, x.b - y.b) }
  package static prefix func - (x: Fp2) -> Fp2 { Fp2(-x.a, -x.b) }
  package static func += (x: inout Fp2, y: Fp2) { x = x + y }
  package static func -= (x: inout Fp2, y: Fp2) { x = x - y }
  package static func *= (x: inout Fp2, y: Fp2) { x = x * y }

  package static func * (x: Fp2, y: Fp2) -> Fp2 {
    let (real, imaginary) = (x.a * y.a, x.b * y.b)
    return Fp2(real - imaginary, (x.a + x.b) * (y.a + y.b) - real - imaginary)
  }

  package static func * (x: Fp2, y: Fp) -> Fp2 { Fp2(x.a * y, x.b * y) }

  package func squared() -> Fp2 {
    Fp2((a + b) * (a - b), (a * b).doubled())
  }

  package func doubled() -> Fp2 { Fp2(a.doubled(), b.doubled()) }

  /// a − b·i, which is the q-th power.
  package var conjugate: Fp2 { Fp2(a, -b) }

  /// ξ·self.
  var timesXi: Fp2 {
    let (a8, b8) = (a.doubled().doubled().doubled(), b.doubled().doubled().doubled())
    return Fp2(a8 + a - b, b8 + b + a)
  }

  /// 1/self; zero for zero. Costs an inversion of Fp.
  package func inverse() -> Fp2 {
    let inverse = (a.squared() + b.squared()).inverse()
    return Fp2(a * inverse, -(b * inverse))
  }

  /// self^exponent for an exponent of little-endian limbs. Time depends on the exponent.
  func pow(_ exponent: [UInt64]) -> Fp2 {
    var result = Fp2.one
    for limb in exponent.reversed() {
      for bit in (0..<64).reversed() {
        result = result.squared()
        if (limb >> UInt64(bit)) & 1 == 1 { result *= self }
      }
    }
    return result
  }
}
