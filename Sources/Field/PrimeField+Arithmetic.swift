extension PrimeField: AdditiveArithmetic {
  /// t mod p for t < 2p.
  @inlinable @inline(__always)
  static func reduceOnce(_ t0: UInt64, _ t1: UInt64, _ t2: UInt64, _ t3: UInt64) -> Self {
    let p = P.modulus
    var borrow: UInt64 = 0
    let d0 = subtractBorrow(t0, p.0, &borrow)
    let d1 = subtractBorrow(t1, p.1, &borrow)
    let d2 = subtractBorrow(t2, p.2, &borrow)
    return addingBack(d0, d1, d2, t3 &- p.3 &- borrow)
  }

  /// d or, where it is negative, d + p; |d| < 2^255, so that the top bit is its sign.
  @inlinable @inline(__always)
  static func addingBack(_ d0: UInt64, _ d1: UInt64, _ d2: UInt64, _ d3: UInt64) -> Self {
    let p = P.modulus
    let negative = UInt64(bitPattern: Int64(bitPattern: d3) &>> 63)
    var carry: UInt64 = 0
    let t0 = addCarry(d0, p.0 & negative, &carry)
    let t1 = addCarry(d1, p.1 & negative, &carry)
    let t2 = addCarry(d2, p.2 & negative, &carry)
    return Self(montgomery: t0, t1, t2, d3 &+ (p.3 & negative) &+ carry)
  }

  @inlinable @inline(__always)
  public static func + (a: Self, b: Self) -> Self {
    var carry: UInt64 = 0
    let t0 = addCarry(a.l0, b.l0, &carry)
    let t1 = addCarry(a.l1, b.l1, &carry)
    let t2 = addCarry(a.l2, b.l2, &carry)
    return reduceOnce(t0, t1, t2, a.l3 &+ b.l3 &+ carry)
  }

  @inlinable @inline(__always)
  public static func - (a: Self, b: Self) -> Self {
    var borrow: UInt64 = 0
    let d0 = subtractBorrow(a.l0, b.l0, &borrow)
    let d1 = subtractBorrow(a.l1, b.l1, &borrow)
    let d2 = subtractBorrow(a.l2, b.l2, &borrow)
    return addingBack(d0, d1, d2, a.l3 &- b.l3 &- borrow)
  }

  @inlinable @inline(__always)
  public static prefix func - (a: Self) -> Self { .zero - a }

  /// a·b/2^256 mod p for a < p and any 256-bit b.
  ///
  /// Each step keeps t below 2p: (t + a·bᵢ + m·p)/2^64 < 2p whatever bᵢ is. A row of products is summed by
  /// itself and then added, two chains of carries: so each word's carry is one bit.
  @inlinable @inline(__always)
  static func montgomeryProduct(
    _ a: Self, _ b0: UInt64, _ b1: UInt64, _ b2: UInt64, _ b3: UInt64
  ) -> Self {
    let p = Self(P.modulus)
    var (t0, t1, t2, t3): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    @inline(__always) func step(_ b: UInt64) {
      let row = a.multiplied(by: b)
      var carry: UInt64 = 0
      t0 = addCarry(t0, row.0, &carry)
      t1 = addCarry(t1, row.1, &carry)
      t2 = addCarry(t2, row.2, &carry)
      t3 = addCarry(t3, row.3, &carry)
      let t4 = row.4 &+ carry
      let multiple = p.multiplied(by: t0 &* P.negatedInverse)
      carry = 0
      _ = addCarry(t0, multiple.0, &carry)
      t0 = addCarry(t1, multiple.1, &carry)
      t1 = addCarry(t2, multiple.2, &carry)
      t2 = addCarry(t3, multiple.3, &carry)
      t3 = t4 &+ multiple.4 &+ carry
    }
    step(b0)
    step(b1)
    step(b2)
    step(b3)
    return reduceOnce(t0, t1, t2, t3)
  }

  /// The limbs times a word.
  @inlinable @inline(__always)
  func multiplied(by b: UInt64) -> (UInt64, UInt64, UInt64, UInt64, UInt64) {
    let (h0, t0) = l0.multipliedFullWidth(by: b)
    let (h1, m1) = l1.multipliedFullWidth(by: b)
    let (h2, m2) = l2.multipliedFullWidth(by: b)
    let (h3, m3) = l3.multipliedFullWidth(by: b)
    var carry: UInt64 = 0
    let t1 = addCarry(h0, m1, &carry)
    let t2 = addCarry(h1, m2, &carry)
    let t3 = addCarry(h2, m3, &carry)
    return (t0, t1, t2, t3, h3 &+ carry)
  }

  @inlinable @inline(__always)
  public static func * (a: Self, b: Self) -> Self {
    montgomeryProduct(a, b.l0, b.l1, b.l2, b.l3)
  }

  @inlinable @inline(__always)
  public static func += (a: inout Self, b: Self) { a = a + b }

  @inlinable @inline(__always)
  public static func -= (a: inout Self, b: Self) { a = a - b }

  @inlinable @inline(__always)
  public static func *= (a: inout Self, b: Self) { a = a * b }

  /// self². A dedicated squaring (ten limb products and a separate reduction) measured the same.
  @inlinable @inline(__always)
  public func squared() -> Self { self * self }

  @inlinable @inline(__always)
  public func doubled() -> Self { self + self }

  /// self^exponent; 0^0 is 1. Time depends on the exponent.
  @inlinable
  public func pow(_ exponent: UInt64) -> Self { pow([exponent]) }

  /// self^exponent for an exponent of little-endian limbs, in windows of four bits. Time depends on
  /// the exponent.
  @inlinable
  public func pow(_ exponent: [UInt64]) -> Self {
    var powers = [Self.one]
    for i in 1..<16 { powers.append(powers[i - 1] * self) }
    var result = Self.one
    for limb in exponent.reversed() {
      for shift in stride(from: UInt64(60), through: 0, by: -4) {
        result = result.squared().squared().squared().squared()
        let digit = Int(truncatingIfNeeded: (limb &>> shift) & 15)
        if digit != 0 { result *= powers[digit] }
      }
    }
    return result
  }
}
