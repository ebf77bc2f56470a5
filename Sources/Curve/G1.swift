import Field

/// A point of BN254's G1 in homogeneous coordinates (X : Y : Z), x = X/Z, y = Y/Z.
///
/// Addition and doubling are complete: the same formulas hold for equal points, opposite points and
/// the identity, without a branch. 12 products an addition, 11 with an affine point, 8 a doubling.
///
/// - Source: [RCB16, algorithms 7, 8, 9] with 3b = 9.
package struct G1: Sendable {
  private(set) var x: Fp
  private(set) var y: Fp
  private(set) var z: Fp

  package static let identity = G1(x: .zero, y: .one, z: .zero)

  private init(x: Fp, y: Fp, z: Fp) {
    self.x = x
    self.y = y
    self.z = z
  }

  package init(_ p: AffinePoint) {
    self = p.isIdentity ? .identity : G1(x: p.x, y: p.y, z: .one)
  }

  package var isIdentity: Bool { z.isZero }

  /// The coordinates; costs one inversion.
  package var affine: AffinePoint {
    let inverse = z.inverse()
    return AffinePoint(uncheckedX: x * inverse, y: y * inverse)
  }

  /// The coordinates of many points for one inversion.
  package static func affine(_ points: [G1]) -> [AffinePoint] {
    var inverses = points.map(\.z)
    Fp.batchInvert(&inverses)
    return zip(points, inverses).map { point, inverse in
      AffinePoint(uncheckedX: point.x * inverse, y: point.y * inverse)
    }
  }

  @inline(__always)
  private static func ninefold(_ a: Fp) -> Fp { a.doubled().doubled().doubled() + a }

  package static prefix func - (p: G1) -> G1 { G1(x: p.x, y: -p.y, z: p.z) }

  package static func + (p: G1, q: G1) -> G1 {
    let xx = p.x * q.x
    let yy = p.y * q.y
    let zz = p.z * q.z
    let xy = (p.x + p.y) * (q.x + q.y) - (xx + yy)
    let yz = (p.y + p.z) * (q.y + q.z) - (yy + zz)
    let xz = (p.x + p.z) * (q.x + q.z) - (xx + zz)
    return combine(xx: xx, yy: yy, b3zz: ninefold(zz), xy: xy, yz: yz, b3xz: ninefold(xz))
  }

  package static func + (p: G1, q: AffinePoint) -> G1 {
    if q.isIdentity { return p }
    let xx = p.x * q.x
    let yy = p.y * q.y
    let xy = (p.x + p.y) * (q.x + q.y) - (xx + yy)
    let yz = q.y * p.z + p.y
    let xz = q.x * p.z + p.x
    return combine(xx: xx, yy: yy, b3zz: ninefold(p.z), xy: xy, yz: yz, b3xz: ninefold(xz))
  }

  /// The common end of both additions.
  @inline(__always)
  private static func combine(xx: Fp, yy: Fp, b3zz: Fp, xy: Fp, yz: Fp, b3xz: Fp) -> G1 {
    let xx3 = xx.doubled() + xx
    let sum = yy + b3zz
    let difference = yy - b3zz
    return G1(
      x: xy * difference - yz * b3xz,
      y: difference * sum + b3xz * xx3,
      z: sum * yz + xx3 * xy)
  }

  package static func - (p: G1, q: G1) -> G1 { p + -q }

  package static func += (p: inout G1, q: G1) { p = p + q }

  package static func += (p: inout G1, q: AffinePoint) { p = p + q }

  package func doubled() -> G1 {
    let yy = y.squared()
    let yy8 = yy.doubled().doubled().doubled()
    let b3zz = Self.ninefold(z.squared())
    let rest = yy - (b3zz.doubled() + b3zz)
    return G1(
      x: (rest * (x * y)).doubled(), y: rest * (yy + b3zz) + b3zz * yy8, z: (y * z) * yy8)
  }
}

extension G1 {
  /// φ(self) = λ·self.
  var image: G1 { G1(x: x * Endomorphism.beta, y: y, z: z) }
}

extension G1: Equatable {
  package static func == (p: G1, q: G1) -> Bool {
    p.x * q.z == q.x * p.z && p.y * q.z == q.y * p.z
  }
}
