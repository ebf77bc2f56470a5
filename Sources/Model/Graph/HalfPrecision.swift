/// IEEE 754 binary16, in integers: not every platform of Swift has the type.
package enum HalfPrecision {
  package static func real(_ bits: UInt16) -> Double {
    let sign: Double = bits >> 15 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
  }

  /// To the nearest, ties to even; infinite beyond 65,504.
  package static func bits(_ real: Double) -> UInt16 {
    if real.isNaN { return 0x7E00 }
    let sign: UInt16 = real.sign == .minus ? 0x8000 : 0
    let size = real.magnitude
    if size < 0x1p-14 { return sign | UInt16((size * 0x1p24).rounded(.toNearestOrEven)) }
    guard size < 0x1p16 else { return sign | 0x7C00 }
    // A carry of the rounding moves on into the exponent, and from the largest to infinity.
    let fraction = (size.significand * 1024).rounded(.toNearestOrEven)
    return sign | (UInt16(Int(size.exponent) + 14) << 10 + UInt16(fraction))
  }
}
