import CKernels

/// Keccak-256 of the EVM, of bytes that come piece by piece.
///
/// It is the sponge of Keccak with a capacity of 512 bits and the padding of its submission, one bit, zeros,
/// one bit: the first byte of the padding is 0x01. SHA3-256 of FIPS 202 differs in that byte alone, 0x06.
///
/// A copy continues where the original stands. Nothing is allocated on the heap.
///
/// - Source: [Keccak, §2.1, §2.2]; [Yellow, §3] for its use as `KEC`.
package struct Keccak256: Sendable {
  /// Length of a digest.
  package static let byteCount = 32
  /// Bytes that one permutation takes in: 1,600 bits less the capacity.
  package static let blockBytes = 136

  /// Lane x + 5y, whose bytes are little-endian.
  private var lanes = InlineArray<25, UInt64>(repeating: 0)
  /// Bytes of the current block that are in the lanes already.
  private var filled = 0

  package init() {}

  /// The digest of all of `bytes`; the state that it went through is erased.
  package static func hash(_ bytes: [UInt8]) -> Digest { hash(bytes[...]) }

  /// The digest of all of `bytes`; the state that it went through is erased.
  package static func hash(_ bytes: ArraySlice<UInt8>) -> Digest {
    var hash = Keccak256()
    hash.update(bytes)
    defer { hash.erase() }
    return hash.finalize()
  }

  package mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

  package mutating func update(_ bytes: ArraySlice<UInt8>) { update(bytes.span) }

  /// Continues with the 32 bytes of a digest.
  package mutating func update(_ digest: Digest) {
    unsafe digest.withUnsafeBytes { bytes in
      unsafe update(bytes.assumingMemoryBound(to: UInt8.self).span)
    }
  }

  package mutating func update(_ bytes: Span<UInt8>) {
    var done = 0
    while done < bytes.count {
      if filled % 8 == 0, bytes.count - done >= 8 {
        var word: UInt64 = 0
        for i in 0..<8 { word |= UInt64(bytes[done + i]) &<< UInt64(8 * i) }
        lanes[filled / 8] ^= word
        filled += 8
        done += 8
      } else {
        absorb(bytes[done])
        filled += 1
        done += 1
      }
      if filled == Self.blockBytes {
        lanes = Self.permuted(lanes)
        filled = 0
      }
    }
  }

  /// The digest of everything so far; more may follow.
  package func finalize() -> Digest {
    var last = self
    defer { last.erase() }
    last.absorb(0x01)
    last.filled = Self.blockBytes - 1
    last.absorb(0x80)
    last.lanes = Self.permuted(last.lanes)
    return Digest(lanes: SIMD4(last.lanes[0], last.lanes[1], last.lanes[2], last.lanes[3]))
  }

  /// Overwrites what is known of the bytes; the value is of no use afterwards.
  package mutating func erase() {
    // SAFETY: all lanes are plain numbers, for which zeros are values.
    unsafe withUnsafeMutableBytes(of: &lanes) { unsafe tacit_erase($0.baseAddress, $0.count) }
    filled = 0
  }

  /// Adds a byte to the block at its place.
  private mutating func absorb(_ byte: UInt8) {
    lanes[filled / 8] ^= UInt64(byte) &<< UInt64(8 * (filled % 8))
  }
}

extension Keccak256 {
  /// The 32 bytes that Keccak-256 makes.
  package struct Digest: Hashable, Sendable {
    /// As they lie in memory they are the digest's bytes.
    private let words: SIMD4<UInt64>

    init(lanes: SIMD4<UInt64>) {
      var words = lanes
      for lane in words.indices { words[lane] = lanes[lane].littleEndian }
      self.words = words
    }

    package var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
      unsafe Swift.withUnsafeBytes(of: words) { unsafe body($0) }
    }
  }
}

extension [UInt8] {
  /// Appends a digest's 32 bytes.
  package mutating func append(_ digest: Keccak256.Digest) {
    unsafe digest.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}
