import CGMP

/// The magnitude as bytes and words; the sign is the caller's to keep.
extension Integer {
  /// Most significant byte first; leading zeros are allowed and nothing is zero.
  public init(bigEndian bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    // SAFETY: GMP reads exactly `count` bytes.
    unsafe self.init { result in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return }
        unsafe tacit_mpz_import_bytes(result, bytes.count, start)
      }
    }
  }

  /// The fewest bytes of |self|, most significant first; none for zero.
  public var bigEndianBytes: [UInt8] {
    bigEndianBytes(count: (bitWidth + 7) / 8)
  }

  /// |self| in exactly `count` bytes, most significant first.
  public func bigEndianBytes(count: Int) -> [UInt8] {
    let needed = (bitWidth + 7) / 8
    precondition(needed <= count, "the magnitude fits in the bytes asked for")
    var bytes = [UInt8](repeating: 0, count: count)
    // SAFETY: export writes `needed` bytes, and that many stand after the padding.
    unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      guard needed > 0, let start = bytes.baseAddress else { return }
      unsafe read { unsafe tacit_mpz_export_bytes(start + (count - needed), $0) }
    }
    return bytes
  }

  /// Words of 64 bits, least significant first.
  public init(limbs: [UInt64]) {
    self.init(magnitude: limbs, isNegative: false)
  }

  /// The fewest words of |self|, least significant first; none for zero.
  public var limbs: [UInt64] {
    // SAFETY: read only; getlimbn takes any index below the size.
    unsafe read { number in
      (0..<Int(unsafe tacit_mpz_size(number))).map { index in
        UInt64(unsafe tacit_mpz_getlimbn(number, index))
      }
    }
  }

  /// |self| in exactly `count` words, least significant first.
  public func limbs(count: Int) -> [UInt64] {
    let limbs = limbs
    precondition(limbs.count <= count, "the magnitude fits in the words asked for")
    return limbs + [UInt64](repeating: 0, count: count - limbs.count)
  }

  @usableFromInline
  init(magnitude limbs: [UInt64], isNegative: Bool) {
    let words = limbs.map { UInt($0) }
    // SAFETY: GMP reads exactly `count` words, and negates in place.
    unsafe self.init { result in
      unsafe words.withUnsafeBufferPointer { words in
        guard let start = words.baseAddress else { return }
        unsafe tacit_mpz_import_words(result, words.count, start)
      }
      if isNegative { unsafe tacit_mpz_neg(result, UnsafePointer(result)) }
    }
  }
}
