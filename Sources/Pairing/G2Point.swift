package import Field

/// A point of BN254's G2: of the twist y² = x³ + 3/ξ over Fp2, in its subgroup of order r. There is no way
/// to make one that is not.
package struct G2Point: Hashable, Sendable {
  let point: TwistPoint

  private init(unchecked point: TwistPoint) { self.point = point }

  package static var identity: G2Point { G2Point(unchecked: .identity) }

  /// The generator of EIP-197.
  package static var generator: G2Point { G2Point(unchecked: .generator) }

  /// Bytes of a point in EIP-197's encoding.
  package static let byteCount = 128

  package var isIdentity: Bool { point.isIdentity }

  package static prefix func - (p: G2Point) -> G2Point { G2Point(unchecked: -p.point) }

  package static func + (p: G2Point, q: G2Point) -> G2Point {
    G2Point(unchecked: p.point + q.point)
  }

  /// scalar · point. Variable time, some 500 inversions: for set-up and tests.
  package static func * (scalar: Fr, p: G2Point) -> G2Point {
    let limbs = scalar.canonicalLimbs
    var sum = TwistPoint.identity
    for limb in [limbs.3, limbs.2, limbs.1, limbs.0] {
      for bit in (0..<UInt64(64)).reversed() {
        sum = sum.doubled()
        if (limb >> bit) & 1 == 1 { sum = sum + p.point }
      }
    }
    return G2Point(unchecked: sum)
  }

  /// The point of EIP-197's encoding: x then y, of each the coefficient of i first, each 32 bytes
  /// big-endian; zeros for the identity.
  ///
  /// - Returns: nil for another length, a coordinate not below q, a point that is not on the curve, or one
  ///   that is not in the subgroup. The last costs 190 additions of points, about 0.4 ms.
  package init?(eip197 bytes: ArraySlice<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    func coordinate(_ place: Int) -> Fp? {
      let start = bytes.startIndex + Fp.byteCount * place
      return Fp(canonicalBigEndian: bytes[start..<start + Fp.byteCount])
    }
    guard let xb = coordinate(0), let xa = coordinate(1), let yb = coordinate(2),
      let ya = coordinate(3)
    else { return nil }
    self.init(x: Fp2(xa, xb), y: Fp2(ya, yb))
  }

  package init?(eip197 bytes: [UInt8]) { self.init(eip197: bytes[...]) }

  /// The point (x, y), or the identity for zeros; nil where it is not on the curve or not in the subgroup.
  package init?(x: Fp2, y: Fp2) {
    let point = TwistPoint(x: x, y: y)
    guard point.isOnCurve, point.isInSubgroup else { return nil }
    self.point = point
  }

  /// The 128 bytes of EIP-197's encoding.
  package var eip197: [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(Self.byteCount)
    for coordinate in [point.x.b, point.x.a, point.y.b, point.y.a] { coordinate.write(to: &bytes) }
    return bytes
  }
}
