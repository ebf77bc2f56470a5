/// Σ aᵢ·sᵢ of field elements and signed 64-bit integers, kept as a plain signed integer.
///
/// Bound: a term is below p·2^63 < 2^317 in magnitude and six limbs of two's complement hold
/// 2^383, so 2^66 terms fit; a `UInt64` count of terms cannot overflow it.
@frozen
public struct SmallProductAccumulator<P: FieldParameters>: Sendable {
  @usableFromInline var t0: UInt64 = 0
  @usableFromInline var t1: UInt64 = 0
  @usableFromInline var t2: UInt64 = 0
  @usableFromInline var t3: UInt64 = 0
  @usableFromInline var t4: UInt64 = 0
  @usableFromInline var t5: UInt64 = 0

  @inlinable @inline(__always)
  public init() {}

  /// A sum that is known, below 2^364: limbs of 52 bits and their carries, least significant first.
  @inlinable
  package init(limbs: InlineArray<7, UInt64>) {
    var limb = limbs
    var carry: UInt64 = 0
    for j in limb.indices {
      let word = limb[j] &+ carry
      (limb[j], carry) = (word & (1 << 52 - 1), word >> 52)
    }
    t0 = limb[0] | limb[1] << 52
    t1 = limb[1] >> 12 | limb[2] << 40
    t2 = limb[2] >> 24 | limb[3] << 28
    t3 = limb[3] >> 36 | limb[4] << 16
    t4 = limb[4] >> 48 | limb[5] << 4 | limb[6] << 56
    t5 = limb[6] >> 8
  }

  /// Adds a·small.
  @inlinable @inline(__always)
  public mutating func add(_ a: PrimeField<P>, small: Int64) {
    let s = small.magnitude
    // −v = ~v + 1: the complement of each limb, and the one goes in as the first carry.
    let sign = UInt64(bitPattern: small &>> 63)
    var high: UInt64 = 0
    let v0 = multiplyAdd(0, a.l0, s, &high)
    let v1 = multiplyAdd(0, a.l1, s, &high)
    let v2 = multiplyAdd(0, a.l2, s, &high)
    let v3 = multiplyAdd(0, a.l3, s, &high)
    var carry = sign & 1
    t0 = addCarry(t0, v0 ^ sign, &carry)
    t1 = addCarry(t1, v1 ^ sign, &carry)
    t2 = addCarry(t2, v2 ^ sign, &carry)
    t3 = addCarry(t3, v3 ^ sign, &carry)
    t4 = addCarry(t4, high ^ sign, &carry)
    t5 = t5 &+ sign &+ carry
  }

  /// Adds another sum, so that threads can each keep their own.
  @inlinable
  public mutating func add(_ other: Self) {
    var carry: UInt64 = 0
    t0 = addCarry(t0, other.t0, &carry)
    t1 = addCarry(t1, other.t1, &carry)
    t2 = addCarry(t2, other.t2, &carry)
    t3 = addCarry(t3, other.t3, &carry)
    t4 = addCarry(t4, other.t4, &carry)
    t5 = t5 &+ other.t5 &+ carry
  }

  /// The sum in the field. Costs about two products.
  @inlinable
  public var value: PrimeField<P> {
    typealias F = PrimeField<P>
    let sign = UInt64(bitPattern: Int64(bitPattern: t5) &>> 63)
    var carry = sign & 1
    let m0 = addCarry(t0 ^ sign, 0, &carry)
    let m1 = addCarry(t1 ^ sign, 0, &carry)
    let m2 = addCarry(t2 ^ sign, 0, &carry)
    let m3 = addCarry(t3 ^ sign, 0, &carry)
    let m4 = addCarry(t4 ^ sign, 0, &carry)
    let m5 = (t5 ^ sign) &+ carry
    let low = F.montgomeryProduct(.one, m0, m1, m2, m3)
    let magnitude = low + F.montgomeryProduct(.radixSquared, m4, m5, 0, 0)
    return sign == 0 ? magnitude : -magnitude
  }
}

/// Σ aᵢ·sᵢ over the scalar field, sᵢ a signed integer.
public typealias SmallAccumulator = SmallProductAccumulator<FrParameters>
