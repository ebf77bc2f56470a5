extension PrimeField: ExpressibleByIntegerLiteral {
  @inlinable @inline(__always)
  public init(_ value: UInt64) {
    self = Self.montgomeryProduct(.radixSquared, value, 0, 0, 0)
  }

  /// A signed integer: −n is p − n.
  @inlinable @inline(__always)
  public init(_ value: Int64) {
    let magnitude = Self(value.magnitude)
    self = value < 0 ? -magnitude : magnitude
  }

  @inlinable @inline(__always)
  public init(_ value: Int) { self.init(Int64(value)) }

  @inlinable @inline(__always)
  public init(integerLiteral value: Int64) { self.init(value) }

  /// The element with this canonical value, little-endian limbs; nil when it is not below p.
  @inlinable
  public init?(canonicalLimbs limbs: (UInt64, UInt64, UInt64, UInt64)) {
    guard Self.isCanonical(limbs) else { return nil }
    self = Self.montgomeryProduct(.radixSquared, limbs.0, limbs.1, limbs.2, limbs.3)
  }

  /// The element congruent to a 256-bit integer of little-endian limbs.
  @inlinable
  public init(reducing limbs: (UInt64, UInt64, UInt64, UInt64)) {
    self = Self.montgomeryProduct(.radixSquared, limbs.0, limbs.1, limbs.2, limbs.3)
  }

  /// The value in 0..<p as little-endian limbs.
  @inlinable
  public var canonicalLimbs: (UInt64, UInt64, UInt64, UInt64) {
    let plain = Self.montgomeryProduct(self, 1, 0, 0, 0)
    return (plain.l0, plain.l1, plain.l2, plain.l3)
  }

  @inlinable
  static func isCanonical(_ limbs: (UInt64, UInt64, UInt64, UInt64)) -> Bool {
    let p = P.modulus
    var borrow: UInt64 = 0
    _ = subtractBorrow(limbs.0, p.0, &borrow)
    _ = subtractBorrow(limbs.1, p.1, &borrow)
    _ = subtractBorrow(limbs.2, p.2, &borrow)
    _ = subtractBorrow(limbs.3, p.3, &borrow)
    return borrow == 1
  }

  /// self · small, about a third of the cost of a full product.
  ///
  /// The 5-limb product v < p·2^63 is reduced by an estimated quotient q = ⌊⌊v/2^253⌋·μ/2^64⌋ with
  /// μ = ⌊2^317/p⌋, which satisfies v/p − 3 < q ≤ v/p; so v − q·p < 3p fits four limbs.
  @inlinable @inline(__always)
  public func multiplied(bySmall small: Int64) -> Self {
    let s = small.magnitude
    var carry: UInt64 = 0
    let v0 = multiplyAdd(0, l0, s, &carry)
    let v1 = multiplyAdd(0, l1, s, &carry)
    let v2 = multiplyAdd(0, l2, s, &carry)
    let v3 = multiplyAdd(0, l3, s, &carry)
    let top = (carry &<< 3) | (v3 &>> 61)
    let q = top.multipliedFullWidth(by: P.reciprocal).high
    let p = P.modulus
    var (product, borrow): (UInt64, UInt64) = (0, 0)
    let r0 = subtractBorrow(v0, multiplyAdd(0, p.0, q, &product), &borrow)
    let r1 = subtractBorrow(v1, multiplyAdd(0, p.1, q, &product), &borrow)
    let r2 = subtractBorrow(v2, multiplyAdd(0, p.2, q, &product), &borrow)
    let r3 = v3 &- (p.3 &* q &+ product) &- borrow
    // r − p < 2p, so the first reduceOnce still reads a true sign.
    let magnitude = Self.reduceBelowThreeP(r0, r1, r2, r3)
    return small < 0 ? -magnitude : magnitude
  }

  /// t mod p for t < 3p.
  @inlinable @inline(__always)
  static func reduceBelowThreeP(_ t0: UInt64, _ t1: UInt64, _ t2: UInt64, _ t3: UInt64) -> Self {
    let first = reduceOnce(t0, t1, t2, t3)
    return reduceOnce(first.l0, first.l1, first.l2, first.l3)
  }
}
