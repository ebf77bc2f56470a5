import Field

/// A point of the curve's sextic twist y² = x³ + 3/ξ over Fp2, whatever its order; the identity is (0, 0).
///
/// Affine, with an inversion for each sum and every case by itself: this is for points that are read once,
/// and a point of small order meets every case.
struct TwistPoint: Hashable, Sendable {
  var x: Fp2
  var y: Fp2

  static var identity: TwistPoint { TwistPoint(x: .zero, y: .zero) }

  /// EIP-197's generator of G2.
  static let generator = TwistPoint(
    x: Fp2(
      Fp(
        reducing: (
          0x46de_bd5c_d992_f6ed, 0x6743_22d4_f75e_dadd, 0x426a_0066_5e5c_4479, 0x1800_deef_121f_1e76
        )),
      Fp(
        reducing: (
          0x97e4_85b7_aef3_12c2, 0xf1aa_4933_35a9_e712, 0x7260_bfb7_31fb_5d25, 0x198e_9393_920d_483a
        ))),
    y: Fp2(
      Fp(
        reducing: (
          0x4ce6_cc01_66fa_7daa, 0xe3d1_e769_0c43_d37b, 0x4aab_7180_8dcb_408f, 0x12c8_5ea5_db8c_6deb
        )),
      Fp(
        reducing: (
          0x55ac_dadc_d122_975b, 0xbc4b_3133_70b3_8ef3, 0xec9e_99ad_690c_3395, 0x0906_89d0_585f_f075
        ))))

  /// 3/ξ.
  private static let constant = Fp2(3, .zero) * Fp2.xi.inverse()

  var isIdentity: Bool { y.isZero }

  /// True for the identity and for every solution of the equation.
  ///
  /// No solution has y = 0: the number of points, r(2q − r), is odd.
  var isOnCurve: Bool {
    (x.isZero && y.isZero) || y.squared() == x.squared() * x + Self.constant
  }

  static prefix func - (p: TwistPoint) -> TwistPoint { TwistPoint(x: p.x, y: -p.y) }

  static func + (p: TwistPoint, q: TwistPoint) -> TwistPoint {
    if p.isIdentity { return q }
    if q.isIdentity { return p }
    guard p.x == q.x else {
      return p.sum(q, slope: (q.y - p.y) * (q.x - p.x).inverse())
    }
    return p.y == q.y ? p.doubled() : .identity
  }

  func doubled() -> TwistPoint { isIdentity ? self : sum(self, slope: tangent) }

  /// The slope of the curve at this point, which is not the identity.
  var tangent: Fp2 {
    let square = x.squared()
    return (square.doubled() + square) * y.doubled().inverse()
  }

  /// The third point, negated, of a line through this one and `other`.
  func sum(_ other: TwistPoint, slope: Fp2) -> TwistPoint {
    let third = slope.squared() - x - other.x
    return TwistPoint(x: third, y: slope * (x - third) - y)
  }

  /// multiple · self.
  func times(_ multiple: UInt64) -> TwistPoint {
    var sum = TwistPoint.identity
    for bit in (0..<UInt64(64 - multiple.leadingZeroBitCount)).reversed() {
      sum = sum.doubled()
      if (multiple >> bit) & 1 == 1 { sum = sum + self }
    }
    return sum
  }

  /// ψ(self): to the curve over Fp12, the q-th power there, and back.
  ///
  /// - Source: [GS08].
  var image: TwistPoint {
    let gamma = Frobenius.gamma
    return TwistPoint(x: x.conjugate * gamma[2], y: y.conjugate * gamma[3])
  }

  /// Whether r·self is the identity.
  ///
  /// With t = 6u² + 1 the trace of Frobenius, ψ² − t·ψ + q = 0 on all points of the twist [GS08]. Where
  /// ψ(Q) = (t − 1)·Q, therefore ((t − 1)² − t(t − 1) + q)·Q = (q + 1 − t)·Q = r·Q is the identity. The
  /// other way round, r divides the number of points r(2q − r) once only, so that the points killed by r are
  /// one group of order r, and ψ is a number on it: by the equation 1 or q, and not 1, since the points that
  /// Frobenius fixes have coordinates in Fp and are not of the twist. Modulo r, q is t − 1. The method is that
  /// of [Scott21], there for another family of curves.
  var isInSubgroup: Bool { times(Self.u).times(Self.u).times(6) == image }

  /// The parameter u of the curve: q = 36u⁴ + 36u³ + 24u² + 6u + 1 and r = q − 6u² [BN05].
  static var u: UInt64 { 0x44e9_92b4_4a69_09f1 }
}
