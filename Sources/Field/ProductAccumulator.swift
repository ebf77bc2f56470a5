/// Σ aᵢ·bᵢ kept as a plain integer, reduced once at the end.
///
/// Bound: a term of Montgomery limbs is below p² < 2^508 and nine limbs hold 576 bits, so 2^68 terms
/// fit; a `UInt64` count of terms cannot overflow it.
@frozen
public struct ProductAccumulator<P: FieldParameters>: Sendable {
  @usableFromInline var t0: UInt64 = 0
  @usableFromInline var t1: UInt64 = 0
  @usableFromInline var t2: UInt64 = 0
  @usableFromInline var t3: UInt64 = 0
  @usableFromInline var t4: UInt64 = 0
  @usableFromInline var t5: UInt64 = 0
  @usableFromInline var t6: UInt64 = 0
  @usableFromInline var t7: UInt64 = 0
  @usableFromInline var t8: UInt64 = 0

  @inlinable @inline(__always)
  public init() {}

  /// Adds a·b.
  @inlinable @inline(__always)
  public mutating func add(_ a: PrimeField<P>, _ b: PrimeField<P>) {
    var carry: UInt64 = 0
    t0 = multiplyAdd(t0, a.l0, b.l0, &carry)
    t1 = multiplyAdd(t1, a.l1, b.l0, &carry)
    t2 = multiplyAdd(t2, a.l2, b.l0, &carry)
    t3 = multiplyAdd(t3, a.l3, b.l0, &carry)
    var over = carry
    carry = 0
    t1 = multiplyAdd(t1, a.l0, b.l1, &carry)
    t2 = multiplyAdd(t2, a.l1, b.l1, &carry)
    t3 = multiplyAdd(t3, a.l2, b.l1, &carry)
    t4 = multiplyAdd(t4, a.l3, b.l1, &carry)
    // `over` belongs to limb 4, `carry` to limb 5; each row leaves its carry one limb further up.
    var link: UInt64 = 0
    t4 = addCarry(t4, over, &link)
    t5 = addCarry(t5, carry, &link)
    t6 = addCarry(t6, 0, &link)
    t7 = addCarry(t7, 0, &link)
    t8 &+= link
    carry = 0
    t2 = multiplyAdd(t2, a.l0, b.l2, &carry)
    t3 = multiplyAdd(t3, a.l1, b.l2, &carry)
    t4 = multiplyAdd(t4, a.l2, b.l2, &carry)
    t5 = multiplyAdd(t5, a.l3, b.l2, &carry)
    over = carry
    carry = 0
    t3 = multiplyAdd(t3, a.l0, b.l3, &carry)
    t4 = multiplyAdd(t4, a.l1, b.l3, &carry)
    t5 = multiplyAdd(t5, a.l2, b.l3, &carry)
    t6 = multiplyAdd(t6, a.l3, b.l3, &carry)
    link = 0
    t6 = addCarry(t6, over, &link)
    t7 = addCarry(t7, carry, &link)
    t8 &+= link
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
    t5 = addCarry(t5, other.t5, &carry)
    t6 = addCarry(t6, other.t6, &carry)
    t7 = addCarry(t7, other.t7, &carry)
    t8 = t8 &+ other.t8 &+ carry
  }

  /// The sum in the field. Costs about three products.
  ///
  /// With T = low + 2^256·middle + 2^512·high the Montgomery form of the sum is T/2^256.
  @inlinable
  public var value: PrimeField<P> {
    typealias F = PrimeField<P>
    let low = F.montgomeryProduct(F(montgomery: 1, 0, 0, 0), t0, t1, t2, t3)
    let middle = F.montgomeryProduct(.one, t4, t5, t6, t7)
    let high = F.montgomeryProduct(.radixSquared, t8, 0, 0, 0)
    return low + middle + high
  }
}

/// Σ aᵢ·bᵢ over the scalar field.
public typealias FrAccumulator = ProductAccumulator<FrParameters>
