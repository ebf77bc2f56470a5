public import CKernels

/// An element of a 254-bit prime field: four limbs of a·2^256 mod p, always fully reduced.
///
/// One implementation serves both BN254 fields. Everything small is inlined and specialises across
/// modules. Products scan one operand a limb at a time (CIOS), carries travel in the upper half of
/// 128-bit products, and the final choice between t and t − p is a mask, so multiplication,
/// addition and subtraction take the same time for all values.
///
/// - Source: [Mon85]; [KAK96, the CIOS method]. Differs: the modulus leaves two bits free, so no limb overflows.
@frozen
public struct PrimeField<P: FieldParameters>: Hashable, Sendable, BitwiseCopyable {
  /// Limbs of the Montgomery form, least significant first.
  public var l0: UInt64
  public var l1: UInt64
  public var l2: UInt64
  public var l3: UInt64

  /// An element from its Montgomery form, which must be below p.
  @inlinable @inline(__always)
  public init(montgomery l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64) {
    self.l0 = l0
    self.l1 = l1
    self.l2 = l2
    self.l3 = l3
  }

  @inlinable @inline(__always)
  init(_ limbs: (UInt64, UInt64, UInt64, UInt64)) {
    self.init(montgomery: limbs.0, limbs.1, limbs.2, limbs.3)
  }

  @inlinable @inline(__always)
  public static var zero: Self { Self(montgomery: 0, 0, 0, 0) }

  @inlinable @inline(__always)
  public static var one: Self { Self(P.radix) }

  /// 2^256 as an element; its Montgomery form is 2^512 mod p.
  @inlinable @inline(__always)
  static var radixSquared: Self { Self(P.radixSquared) }

  @inlinable @inline(__always)
  public var isZero: Bool { l0 | l1 | l2 | l3 == 0 }

  @inlinable @inline(__always)
  public static func == (a: Self, b: Self) -> Bool {
    (a.l0 ^ b.l0) | (a.l1 ^ b.l1) | (a.l2 ^ b.l2) | (a.l3 ^ b.l3) == 0
  }
}

/// Low word of t + a·b + carry; the high word becomes the carry.
@inlinable @inline(__always)
func multiplyAdd(_ t: UInt64, _ a: UInt64, _ b: UInt64, _ carry: inout UInt64) -> UInt64 {
  let sum = tacit_multiply_add(t, a, b, carry)
  carry = sum.carry
  return sum.word
}

/// Low word of a + b + carry; the carry is 0 or 1.
@inlinable @inline(__always)
func addCarry(_ a: UInt64, _ b: UInt64, _ carry: inout UInt64) -> UInt64 {
  let sum = tacit_add_carry(a, b, carry)
  carry = sum.carry
  return sum.word
}

/// Low word of a − b − borrow; the borrow is 0 or 1.
@inlinable @inline(__always)
func subtractBorrow(_ a: UInt64, _ b: UInt64, _ borrow: inout UInt64) -> UInt64 {
  let difference = tacit_subtract_borrow(a, b, borrow)
  borrow = difference.carry
  return difference.word
}
