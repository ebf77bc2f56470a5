package import Field

/// A point of BN254's G1, y² = x³ + 3 over Fp, by its coordinates.
///
/// The identity is (0, 0), which is not on the curve. The group has prime order, so y ≠ 0 for every
/// other point and there is no subgroup to check.
package struct AffinePoint: Hashable, Sendable {
  package var x: Fp
  package var y: Fp

  @inline(__always)
  init(uncheckedX x: Fp, y: Fp) {
    self.x = x
    self.y = y
  }

  /// The point (x, y), or nil when it is not on the curve.
  package init?(x: Fp, y: Fp) {
    self.init(uncheckedX: x, y: y)
    guard isOnCurve, !isIdentity else { return nil }
  }

  package static let identity = AffinePoint(uncheckedX: .zero, y: .zero)

  /// (1, 2), the generator of EIP-196.
  package static let generator = AffinePoint(uncheckedX: 1, y: 2)

  @inline(__always)
  package var isIdentity: Bool { y.isZero }

  /// True for the identity and for every solution of y² = x³ + 3.
  package var isOnCurve: Bool {
    (x.isZero && y.isZero) || y.squared() == x.squared() * x + 3
  }

  @inline(__always)
  package static prefix func - (p: AffinePoint) -> AffinePoint {
    AffinePoint(uncheckedX: p.x, y: -p.y)
  }
}
