import CGMP

/// An exact integer of any size: a value, copied on write, over GMP's `mpz`.
///
/// The exact side of the compiler (ranges, scales, constants) and the oracle of the field tests; never a
/// hot loop, since each operation allocates its result. Memory is the only limit; GMP ends the process
/// when it runs out, so sizes that come from data are bounded by the caller before they get here
/// (`pow`, `<<`, text).
public struct Integer: Sendable {
  var storage: IntegerStorage

  public static let zero = Integer(small: 0)
  public static let one = Integer(small: 1)

  @inlinable
  public init<Value: BinaryInteger>(_ value: Value) {
    if let small = Int64(exactly: value) {
      self.init(small: small)
    } else {
      self.init(magnitude: value.magnitude.words.map { UInt64($0) }, isNegative: value < 0)
    }
  }

  @usableFromInline
  init(small value: Int64) {
    // SAFETY: see `IntegerStorage`.
    unsafe self.init { unsafe tacit_mpz_set_si($0, Int(value)) }
  }

  /// −1, 0 or 1.
  public var sign: Int {
    // SAFETY: read only.
    Int(unsafe read { unsafe tacit_mpz_sgn($0) }).signum()
  }

  public var isZero: Bool { sign == 0 }

  /// Bits of the magnitude, ⌊log₂ |x|⌋ + 1; zero has none.
  public var bitWidth: Int {
    // SAFETY: read only; sizeinbase is exact for base 2, and 1 for zero.
    isZero ? 0 : Int(unsafe read { unsafe tacit_mpz_sizeinbase($0, 2) })
  }

  /// The fewest bits of a two's complement word that holds the value: 1 for 0 and −1, 8 for 127 and −128.
  public var signedBitWidth: Int {
    (sign < 0 ? -self - 1 : self).bitWidth + 1
  }

  /// Bit `index` of the infinite two's complement form, so every high bit of a negative number is set.
  public func testBit(_ index: Int) -> Bool {
    precondition(index >= 0, "bits are counted from zero")
    // SAFETY: read only.
    return unsafe read { unsafe tacit_mpz_tstbit($0, UInt(index)) } != 0
  }

  /// The value if it lies in −2⁶³ … 2⁶³ − 1.
  public var asInt64: Int64? {
    // SAFETY: read only; get_si is exact when the value fits.
    unsafe read { unsafe tacit_mpz_fits_slong($0) != 0 ? Int64(tacit_mpz_get_si($0)) : nil }
  }
}

extension Integer: ExpressibleByIntegerLiteral {
  /// Literals of any width: `let r: Integer = 0x3064…0001`.
  public init(integerLiteral value: StaticBigInt) {
    guard value.bitWidth > 64 else {
      self.init(small: Int64(Int(bitPattern: value[0])))
      return
    }
    let words = (0..<(value.bitWidth + 63) / 64).map { UInt64(value[$0]) }
    self.init(limbs: words)
    // Two's complement: a negative literal reads as its value plus 2^(64·words).
    if value.signum() < 0 { self -= Integer.one << (64 * words.count) }
  }
}

extension Integer: Hashable, Comparable {
  public static func == (a: Integer, b: Integer) -> Bool { compare(a, b) == 0 }
  public static func < (a: Integer, b: Integer) -> Bool { compare(a, b) < 0 }

  private static func compare(_ a: Integer, _ b: Integer) -> CInt {
    // SAFETY: read only.
    unsafe a.read { a in unsafe b.read { b in unsafe tacit_mpz_cmp(a, b) } }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(sign)
    hasher.combine(limbs)
  }
}

extension FixedWidthInteger {
  /// The value if the type can hold it, nil otherwise.
  public init?(exactly value: Integer) {
    let fits =
      Self.isSigned
      ? value.signedBitWidth <= Self.bitWidth
      : value.sign >= 0 && value.bitWidth <= Self.bitWidth
    guard fits else { return nil }
    let magnitude = value.limbs.reversed().reduce(into: Self.zero) {
      $0 = ($0 << 64) | Self(truncatingIfNeeded: $1)
    }
    self = value.sign < 0 ? 0 &- magnitude : magnitude
  }
}
