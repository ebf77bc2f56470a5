extension Keccak256 {
  /// Keccak-f[1600], 24 rounds of θ, ρ, π, χ, ι [Keccak, §1.2].
  ///
  /// A row of the sheet is made at once: π takes its five lanes from five columns and rows of the state
  /// before, each rotated by ρ.
  static func permuted(_ lanes: InlineArray<25, UInt64>) -> InlineArray<25, UInt64> {
    var a = lanes
    for constant in roundConstants {
      let c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20]
      let c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21]
      let c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22]
      let c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23]
      let c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24]
      let d0 = c4 ^ rotated(c1, 1)
      let d1 = c0 ^ rotated(c2, 1)
      let d2 = c1 ^ rotated(c3, 1)
      let d3 = c2 ^ rotated(c4, 1)
      let d4 = c3 ^ rotated(c0, 1)
      var b = InlineArray<25, UInt64>(repeating: 0)
      row(
        &b, 0, a[0] ^ d0, rotated(a[6] ^ d1, 44), rotated(a[12] ^ d2, 43),
        rotated(a[18] ^ d3, 21), rotated(a[24] ^ d4, 14))
      row(
        &b, 5, rotated(a[3] ^ d3, 28), rotated(a[9] ^ d4, 20), rotated(a[10] ^ d0, 3),
        rotated(a[16] ^ d1, 45), rotated(a[22] ^ d2, 61))
      row(
        &b, 10, rotated(a[1] ^ d1, 1), rotated(a[7] ^ d2, 6), rotated(a[13] ^ d3, 25),
        rotated(a[19] ^ d4, 8), rotated(a[20] ^ d0, 18))
      row(
        &b, 15, rotated(a[4] ^ d4, 27), rotated(a[5] ^ d0, 36), rotated(a[11] ^ d1, 10),
        rotated(a[17] ^ d2, 15), rotated(a[23] ^ d3, 56))
      row(
        &b, 20, rotated(a[2] ^ d2, 62), rotated(a[8] ^ d3, 55), rotated(a[14] ^ d4, 39),
        rotated(a[15] ^ d0, 41), rotated(a[21] ^ d1, 2))
      b[0] ^= constant
      a = b
    }
    return a
  }

  /// χ of five lanes into those from `place` on.
  @inline(__always)
  private static func row(
    _ lanes: inout InlineArray<25, UInt64>, _ place: Int, _ b0: UInt64, _ b1: UInt64,
    _ b2: UInt64, _ b3: UInt64, _ b4: UInt64
  ) {
    lanes[place] = b0 ^ (~b1 & b2)
    lanes[place + 1] = b1 ^ (~b2 & b3)
    lanes[place + 2] = b2 ^ (~b3 & b4)
    lanes[place + 3] = b3 ^ (~b4 & b0)
    lanes[place + 4] = b4 ^ (~b0 & b1)
  }

  @inline(__always)
  private static func rotated(_ lane: UInt64, _ bits: UInt64) -> UInt64 {
    lane &<< bits | lane &>> (64 &- bits)
  }

  /// ι of each round: bit 2^j − 1 is output j + 7·round of the shift register x⁸ + x⁶ + x⁵ + x⁴ + 1.
  private static let roundConstants: [UInt64] = {
    var register: UInt64 = 1
    return (0..<24).map { _ in
      var constant: UInt64 = 0
      for j in 0..<7 {
        constant |= (register & 1) &<< (1 &<< UInt64(j) &- 1)
        register = register &<< 1
        if register & 0x100 != 0 { register ^= 0x171 }
      }
      return constant
    }
  }()
}
