/// The power c·(q¹² − 1)/r with c = 2u(6u² + 3u + 1), which is prime to r: one exactly where the power
/// (q¹² − 1)/r is.
///
/// - Source: [FKR11] for the multiple. The powers of f are those of
///   c·(q⁴ − q² + 1)/r = (1 + 6u + 12u² + 12u³) + (4u + 6u² + 12u³)·q + (6u + 6u² + 12u³)·q²
///   + (−1 + 4u + 6u² + 12u³)·q³.
enum FinalExponentiation {
  static func of(_ value: Fp12) -> Fp12 {
    // The power (q⁶ − 1)(q² + 1), whose results have conjugates for inverses.
    let unitary = value.conjugate * value.inverse()
    let f = unitary.frobenius().frobenius() * unitary
    // Then the powers named above.
    let f2u = power(f).cyclotomicSquared()
    let f6u = f2u.cyclotomicSquared() * f2u
    let f6uu = power(f6u)
    let f12uuu = power(f6uu.cyclotomicSquared())
    let common = f6uu * f12uuu
    let second = common * f6u * f2u.conjugate
    let first = common * f6u * f6uu * f
    let third = common * f6u
    let fourth = second * f.conjugate
    return first
      * (second * (third * fourth.frobenius()).frobenius()).frobenius()
  }

  /// f^u for f whose power q⁴ − q² + 1 is one.
  private static func power(_ f: Fp12) -> Fp12 {
    var result = f
    for bit in (0..<UInt64(62)).reversed() {
      result = result.cyclotomicSquared()
      if (TwistPoint.u >> bit) & 1 == 1 { result *= f }
    }
    return result
  }
}
