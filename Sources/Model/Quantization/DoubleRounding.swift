/// TFLite's `MultiplyByQuantizedMultiplier` and its parts, which round on the way.
/// Source: gemmlowp's fixedpoint.h.
struct DoubleRounding {
  var mantissa: Int64
  var exponent: Int

  init(mantissa: Int64, exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  init(_ ratio: Double) { (mantissa, exponent) = Self.parts(ratio) }

  /// Rounded to the multiplier's precision, and then to an integer.
  func callAsFunction(_ value: Int64) -> Int64 {
    Self.divide(
      Self.highProduct(value << Int64(max(exponent, 0)), mantissa, bits: 31, rounds: true),
      by: max(-exponent, 0))
  }

  /// ratio = mantissa · 2^(exponent − 31), the mantissa half away from zero; a ratio below 2^−32 is 0.
  static func parts(_ ratio: Double) -> (mantissa: Int64, exponent: Int) {
    guard ratio != 0, ratio.isFinite else { return (0, 0) }
    var exponent = Int(ratio.exponent) + 1
    let fraction = (ratio.sign == .minus ? -1 : 1) * ratio.significand / 2
    var mantissa = Int64((fraction * 0x1p31).rounded(.toNearestOrAwayFromZero))
    if mantissa.magnitude == 1 << 31 {
      mantissa /= 2
      exponent += 1
    }
    return exponent < -31 ? (0, 0) : (mantissa, exponent)
  }

  /// The high half of 2·a·b: rounded, or cut towards zero.
  static func highProduct(_ a: Int64, _ b: Int64, bits: Int64, rounds: Bool) -> Int64 {
    let half = Int64(1) << (bits - 1)
    let product = a * b
    let nudged = rounds ? product + (product >= 0 ? half : 1 - half) : product
    return (nudged / (1 << bits)).clamped(to: -(1 << bits)...((1 << bits) - 1))
  }

  /// value / 2^exponent, half away from zero.
  static func divide(_ value: Int64, by exponent: Int) -> Int64 {
    guard exponent > 0 else { return value }
    let mask = (Int64(1) << Int64(exponent)) - 1
    let threshold = (mask >> 1) + (value < 0 ? 1 : 0)
    return (value >> Int64(exponent)) + (value & mask > threshold ? 1 : 0)
  }
}
