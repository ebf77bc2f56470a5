// Modular inversion by division steps, about 1 µs where Fermat's power takes 8.
//
// The pair (f, g) starts at (p, x) and shrinks to (±1, 0); (d, e) follows with d·x = f, e·x = g mod p.
// Sixty-two steps at a time depend only on the low words of f and g, so they run on single words and
// give a 2×2 matrix that is then applied to the long numbers.
//
// Source: [BY19], in the form of libsecp256k1's modinv64 (variable time): η = −δ, a run of zero bits
// of g is taken at once, and up to six bits of g are cancelled by one multiple of f.

/// A signed integer of five limbs of 62 bits; the last one carries the sign.
@usableFromInline
struct Signed62 {
  var v0, v1, v2, v3, v4: Int64

  static let mask = (Int64(1) << 62) - 1

  init(_ v0: Int64, _ v1: Int64, _ v2: Int64, _ v3: Int64, _ v4: Int64) {
    (self.v0, self.v1, self.v2, self.v3, self.v4) = (v0, v1, v2, v3, v4)
  }

  init(_ limbs: (UInt64, UInt64, UInt64, UInt64)) {
    let mask = UInt64.max >> 2
    v0 = Int64(bitPattern: limbs.0 & mask)
    v1 = Int64(bitPattern: (limbs.0 >> 62 | limbs.1 << 2) & mask)
    v2 = Int64(bitPattern: (limbs.1 >> 60 | limbs.2 << 4) & mask)
    v3 = Int64(bitPattern: (limbs.2 >> 58 | limbs.3 << 6) & mask)
    v4 = Int64(bitPattern: limbs.3 >> 56)
  }

  /// The limbs of a value in 0..<2^256 whose own limbs are in range.
  var limbs: (UInt64, UInt64, UInt64, UInt64) {
    let (a, b, c) = (UInt64(bitPattern: v0), UInt64(bitPattern: v1), UInt64(bitPattern: v2))
    let (d, e) = (UInt64(bitPattern: v3), UInt64(bitPattern: v4))
    return (a | b << 62, b >> 2 | c << 60, c >> 4 | d << 58, d >> 6 | e << 56)
  }

  var isZero: Bool { v0 | v1 | v2 | v3 | v4 == 0 }

  /// Carries moved up, so that all limbs but the last are in 0..<2^62.
  var carried: Signed62 {
    var r = self
    r.v1 &+= r.v0 >> 62
    r.v2 &+= r.v1 >> 62
    r.v3 &+= r.v2 >> 62
    r.v4 &+= r.v3 >> 62
    let mask = Signed62.mask
    return Signed62(r.v0 & mask, r.v1 & mask, r.v2 & mask, r.v3 & mask, r.v4)
  }

  /// self + (other masked).
  func plus(_ other: Signed62, masked mask: Int64) -> Signed62 {
    Signed62(
      v0 &+ other.v0 & mask, v1 &+ other.v1 & mask, v2 &+ other.v2 & mask, v3 &+ other.v3 & mask,
      v4 &+ other.v4 & mask)
  }

  func negated(masked mask: Int64) -> Signed62 {
    Signed62(
      (v0 ^ mask) &- mask, (v1 ^ mask) &- mask, (v2 ^ mask) &- mask, (v3 ^ mask) &- mask,
      (v4 ^ mask) &- mask)
  }

  /// For self in (−2p, p): ±self mod p in 0..<p, negated where `sign` is negative.
  func normalized(sign: Int64, modulus: Signed62) -> Signed62 {
    let once = plus(modulus, masked: v4 >> 63).negated(masked: sign >> 63).carried
    return once.plus(modulus, masked: once.v4 >> 63).carried
  }
}

/// 62 division steps as a matrix: 2^62·(f, g)' = (u·f + v·g, q·f + r·g).
private struct DivisionSteps {
  var u: Int64
  var v: Int64
  var q: Int64
  var r: Int64

  init(eta: inout Int64, f0: Int64, g0: Int64) {
    var (u, v, q, r): (UInt64, UInt64, UInt64, UInt64) = (1, 0, 0, 1)
    var f = UInt64(bitPattern: f0)
    var g = UInt64(bitPattern: g0)
    var left: UInt64 = 62
    while true {
      let zeros = UInt64(truncatingIfNeeded: (g | UInt64.max &<< left).trailingZeroBitCount)
      g = g &>> zeros
      u = u &<< zeros
      v = v &<< zeros
      eta &-= Int64(bitPattern: zeros)
      left &-= zeros
      if left == 0 { break }
      let swap = eta < 0
      if swap {
        eta = 0 &- eta
        (f, g) = (g, 0 &- f)
        (u, q) = (q, 0 &- u)
        (v, r) = (r, 0 &- v)
      }
      // Cancel as many low bits of g as no step would swap before, up to six (or four) of them.
      let limit = min(UInt64(bitPattern: eta &+ 1), left)
      let reach = UInt64.max &>> (64 &- limit)
      let w: UInt64
      if swap {
        w = f &* g &* (f &* f &- 2) & reach & 63
      } else {
        w = (0 &- (f &+ ((f &+ 1) & 4) &<< 1)) &* g & reach & 15
      }
      g = g &+ f &* w
      q = q &+ u &* w
      r = r &+ v &* w
    }
    self.u = Int64(bitPattern: u)
    self.v = Int64(bitPattern: v)
    self.q = Int64(bitPattern: q)
    self.r = Int64(bitPattern: r)
  }

  /// The matrix over 2^62 applied to (f, g); the division is exact.
  func apply(_ f: inout Signed62, _ g: inout Signed62) {
    let (f0, g0) = (f, g)
    f = Self.combine(u, f0, v, g0, 0, f0)
    g = Self.combine(q, f0, r, g0, 0, f0)
  }

  /// The matrix over 2^62 applied to (d, e) modulo p; both stay in (−2p, p).
  func apply(_ d: inout Signed62, _ e: inout Signed62, modulus: Signed62, inverse: Int64) {
    let (d0, e0) = (d, e)
    let (sd, se) = (d.v4 >> 63, e.v4 >> 63)
    // The multiple of p that clears the low 62 bits, offset so that the result stays in range.
    @inline(__always) func multiple(_ a: Int64, _ b: Int64) -> Int64 {
      let m = (a & sd) &+ (b & se)
      let low = a &* d0.v0 &+ b &* e0.v0
      return m &- ((inverse &* low &+ m) & Signed62.mask)
    }
    d = Self.combine(u, d0, v, e0, multiple(u, v), modulus)
    e = Self.combine(q, d0, r, e0, multiple(q, r), modulus)
  }

  /// (a·x + b·y + c·z) / 2^62.
  @inline(__always)
  private static func combine(
    _ a: Int64, _ x: Signed62, _ b: Int64, _ y: Signed62, _ c: Int64, _ z: Signed62
  ) -> Signed62 {
    @inline(__always) func term(_ x: Int64, _ y: Int64, _ z: Int64) -> Int128 {
      Int128(a) &* Int128(x) &+ Int128(b) &* Int128(y) &+ Int128(c) &* Int128(z)
    }
    @inline(__always) func low(_ sum: Int128) -> Int64 {
      Int64(truncatingIfNeeded: sum) & Signed62.mask
    }
    var sum = term(x.v0, y.v0, z.v0) >> 62
    sum = sum &+ term(x.v1, y.v1, z.v1)
    let v0 = low(sum)
    sum = (sum >> 62) &+ term(x.v2, y.v2, z.v2)
    let v1 = low(sum)
    sum = (sum >> 62) &+ term(x.v3, y.v3, z.v3)
    let v2 = low(sum)
    sum = (sum >> 62) &+ term(x.v4, y.v4, z.v4)
    return Signed62(v0, v1, v2, low(sum), Int64(truncatingIfNeeded: sum >> 62))
  }
}

/// x⁻¹ mod p for x < p, or zero for zero; time depends on x.
///
/// - Parameter negatedInverse: −p⁻¹ mod 2^64.
@usableFromInline
func modularInverse(
  _ x: (UInt64, UInt64, UInt64, UInt64), modulus: (UInt64, UInt64, UInt64, UInt64),
  negatedInverse: UInt64
) -> (UInt64, UInt64, UInt64, UInt64) {
  let p = Signed62(modulus)
  let inverse = Int64(bitPattern: (0 &- negatedInverse) & (UInt64.max >> 2))
  var (f, g) = (p, Signed62(x))
  var (d, e) = (Signed62(0, 0, 0, 0, 0), Signed62(1, 0, 0, 0, 0))
  var eta: Int64 = -1
  while !g.isZero {
    let steps = DivisionSteps(eta: &eta, f0: f.v0, g0: g.v0)
    steps.apply(&d, &e, modulus: p, inverse: inverse)
    steps.apply(&f, &g)
  }
  return d.normalized(sign: f.v4, modulus: p).limbs
}
