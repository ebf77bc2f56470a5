extension PrimeField {
  /// Bytes of one encoded element.
  public static var byteCount: Int { 32 }

  /// The element of a 32-byte big-endian encoding; nil for another length or a value not below p.
  public init?(canonicalBigEndian bytes: Span<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init(
      canonicalLimbs: (
        Self.limb(bytes, 24), Self.limb(bytes, 16), Self.limb(bytes, 8), Self.limb(bytes, 0)
      ))
  }

  public init?(canonicalBigEndian bytes: [UInt8]) { self.init(canonicalBigEndian: bytes.span) }

  public init?(canonicalBigEndian bytes: ArraySlice<UInt8>) {
    self.init(canonicalBigEndian: bytes.span)
  }

  /// A 64-byte big-endian integer modulo p, for hash outputs: uniform up to 2^−258. Nil for another
  /// length.
  public init?(wideBigEndian bytes: Span<UInt8>) {
    guard bytes.count == 64 else { return nil }
    let high = Self(
      reducing: (
        Self.limb(bytes, 24), Self.limb(bytes, 16), Self.limb(bytes, 8), Self.limb(bytes, 0)
      ))
    let low = Self(
      reducing: (
        Self.limb(bytes, 56), Self.limb(bytes, 48), Self.limb(bytes, 40), Self.limb(bytes, 32)
      ))
    self = high * .radixSquared + low
  }

  public init?(wideBigEndian bytes: [UInt8]) { self.init(wideBigEndian: bytes.span) }

  public init?(wideBigEndian bytes: ArraySlice<UInt8>) { self.init(wideBigEndian: bytes.span) }

  /// Eight bytes from `offset` as a big-endian integer; the caller has checked the length.
  private static func limb(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    var limb: UInt64 = 0
    for i in offset..<offset + 8 { limb = limb &<< 8 | UInt64(bytes[i]) }
    return limb
  }

  /// Appends the 32-byte canonical encoding.
  public func write(to bytes: inout [UInt8]) {
    let limbs = canonicalLimbs
    for limb in [limbs.3, limbs.2, limbs.1, limbs.0] {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: limb &>> shift))
      }
    }
  }

  /// The 32-byte canonical encoding.
  public var bigEndianBytes: [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(32)
    write(to: &bytes)
    return bytes
  }
}

extension PrimeField: CustomStringConvertible {
  /// The value in hexadecimal.
  public var description: String {
    let digits = bigEndianBytes.map { byte in
      let text = String(byte, radix: 16)
      return byte < 16 ? "0" + text : text
    }
    return "0x" + digits.joined()
  }
}
