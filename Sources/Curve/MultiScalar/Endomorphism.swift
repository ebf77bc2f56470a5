import Field

// The curve has j-invariant 0: φ(x, y) = (βx, y) with β³ = 1 is multiplication by λ, λ³ = 1 mod r.
// A scalar k = k₁ + λ·k₂ with halves of 127 bits halves all doublings [GLV01].
//
// The lattice of (a, b) with a + λb = 0 mod r has the short basis (a₁, −b₁), (a₂, a₁) below. Rounding
// down instead of to nearest, with k < 2^253 and cᵢ short by less than 1 + 1/8, leaves
// 0 ≤ k₁ < 9/8·(a₁ + a₂) < 2^127 and |k₂| < 9/8·b₁ < 2^127; a k below 2^126 is its own first half.

enum Endomorphism {
  static let beta = Fp(
    reducing: (0x5763_4731_77ff_fffe, 0xd4f2_63f1_acdb_5c4f, 0x59e2_6bce_a0d4_8bac, 0))

  private static let a1: UInt128 = 0x89d3_2568_94d2_13e3
  private static let a2: UInt128 = 0x6f4d_8248_eeb8_59fd_0be4_e154_1221_250b
  private static let b1: UInt128 = 0x6f4d_8248_eeb8_59fc_8211_bbeb_7d4f_1128
  /// ⌊2^256·a₁/r⌋ and ⌊2^256·b₁/r⌋; the second has another 2·2^128 on top.
  private static let g1: UInt128 = 0x2_d91d_232e_c7e0_b3d7
  private static let g2: UInt128 = 0x4cce_f014_a773_d2cf_7a7b_d9d4_391e_b18d

  /// Bits that hold either half of a scalar.
  static let bits = 127

  /// The halves k₁ and k₂ of a scalar.
  static func split(_ scalar: SignedMagnitude) -> (SignedMagnitude, SignedMagnitude) {
    let limbs = scalar.limbs
    let low = UInt128(limbs.0) | UInt128(limbs.1) &<< 64
    let high = UInt128(limbs.2) | UInt128(limbs.3) &<< 64
    let c1 = quotient(low, high, g1, 0)
    let c2 = quotient(low, high, g2, 2)
    // Both halves are below 2^127 in magnitude, so they are exact modulo 2^128.
    let first = low &- c1 &* a1 &- c2 &* a2
    let second = c1 &* b1 &- c2 &* a1
    let sign = second &>> 127 == 1
    return (
      SignedMagnitude(first, negative: scalar.negative),
      SignedMagnitude(sign ? 0 &- second : second, negative: scalar.negative != sign)
    )
  }

  /// ⌊k·(2^128·top + g)/2^256⌋.
  private static func quotient(
    _ low: UInt128, _ high: UInt128, _ g: UInt128, _ top: UInt128
  ) -> UInt128 {
    let a = high.multipliedFullWidth(by: g)
    let b = low.multipliedFullWidth(by: g)
    let c = low.multipliedFullWidth(by: top)
    let (first, carry1) = a.low.addingReportingOverflow(b.high)
    let (_, carry2) = first.addingReportingOverflow(c.low)
    return high &* top &+ a.high &+ c.high &+ (carry1 ? 1 : 0) &+ (carry2 ? 1 : 0)
  }
}

extension SignedMagnitude {
  init(_ magnitude: UInt128, negative: Bool) {
    self.negative = negative
    limbs = (
      UInt64(truncatingIfNeeded: magnitude), UInt64(truncatingIfNeeded: magnitude &>> 64), 0, 0
    )
  }
}

extension AffinePoint {
  /// φ(self) = λ·self.
  var image: AffinePoint { AffinePoint(uncheckedX: x * Endomorphism.beta, y: y) }
}
