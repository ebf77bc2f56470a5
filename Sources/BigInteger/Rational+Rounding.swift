/// The ways to a whole number. They differ only at a half, and each model format fixes one of them.
extension Rational {
  /// The greatest integer not above.
  public var floor: Integer { numerator.floorDivide(by: denominator) }

  /// The least integer not below.
  public var ceiling: Integer { -(-numerator).floorDivide(by: denominator) }

  /// ⌊x + ½⌋: 2.5 → 3, −2.5 → −2.
  public var roundedHalfUp: Integer {
    ((numerator << 1) + denominator).floorDivide(by: denominator << 1)
  }

  /// The nearest integer, C's `round`: 2.5 → 3, −2.5 → −3.
  public var roundedHalfAwayFromZero: Integer {
    sign < 0 ? -(-self).roundedHalfUp : roundedHalfUp
  }

  /// The nearest integer, IEEE 754's default: 2.5 → 2, 3.5 → 4.
  public var roundedHalfToEven: Integer {
    let up = roundedHalfUp
    let isTie = denominator == 2
    return isTie && up.testBit(0) ? up - 1 : up
  }

  /// The nearest double, ties to even, correctly rounded over the whole range: subnormals and signs
  /// included, infinity from 2¹⁰²⁴ − 2⁹⁷⁰ on.
  public var asDouble: Double {
    guard !isZero else { return 0 }
    let exponent = max(magnitude.binaryExponent - 52, -1074)
    // At most 53 bits are left, or 2⁵³ itself: one word, and no second rounding.
    let significand = magnitude.scaled(byPowerOfTwo: -exponent).roundedHalfToEven.limbs.first ?? 0
    let value = Double(sign: .plus, exponent: exponent, significand: Double(significand))
    return sign < 0 ? -value : value
  }

  /// ⌊log₂ x⌋ of a positive x.
  private var binaryExponent: Int {
    let estimate = numerator.bitWidth - denominator.bitWidth
    let isReached =
      estimate >= 0
      ? numerator >= denominator << estimate : numerator << -estimate >= denominator
    return isReached ? estimate : estimate - 1
  }
}
