/// a + b·v + c·v² with v³ = ξ over Fp2.
package struct Fp6: Hashable, Sendable, BitwiseCopyable {
  package var a: Fp2
  package var b: Fp2
  package var c: Fp2

  package init(_ a: Fp2, _ b: Fp2, _ c: Fp2) {
    self.a = a
    self.b = b
    self.c = c
  }

  static var zero: Fp6 { Fp6(.zero, .zero, .zero) }
  static var one: Fp6 { Fp6(.one, .zero, .zero) }

  static func + (x: Fp6, y: Fp6) -> Fp6 { Fp6(x.a + y.a, x.b + y.b, x.c + y.c) }
  static func - (x: Fp6, y: Fp6) -> Fp6 { Fp6(x.a - y.a, x.b - y.b, x.c - y.c) }
  static prefix func - (x: Fp6) -> Fp6 { Fp6(-x.a, -x.b, -x.c) }

  /// Six products of Fp2 [DOSD06].
  static func * (x: Fp6, y: Fp6) -> Fp6 {
    let (aa, bb, cc) = (x.a * y.a, x.b * y.b, x.c * y.c)
    return Fp6(
      aa + ((x.b + x.c) * (y.b + y.c) - bb - cc).timesXi,
      (x.a + x.b) * (y.a + y.b) - aa - bb + cc.timesXi,
      (x.a + x.c) * (y.a + y.c) - aa - cc + bb)
  }

  /// self·(x + y·v): five products of Fp2.
  func times(_ x: Fp2, _ y: Fp2) -> Fp6 {
    let (ax, by) = (a * x, b * y)
    return Fp6(ax + (c * y).timesXi, (a + b) * (x + y) - ax - by, c * x + by)
  }

  /// v·self.
  var timesV: Fp6 { Fp6(c.timesXi, a, b) }

  func doubled() -> Fp6 { Fp6(a.doubled(), b.doubled(), c.doubled()) }

  /// 1/self; zero for zero. Of the norm to Fp2: self times its two conjugates over it.
  func inverse() -> Fp6 {
    let first = a.squared() - (b * c).timesXi
    let second = c.squared().timesXi - a * b
    let third = b.squared() - a * c
    let norm = a * first + (c * second + b * third).timesXi
    let inverse = norm.inverse()
    return Fp6(first * inverse, second * inverse, third * inverse)
  }
}
