import CKernels

/// SHA-256 [FIPS180, §6.2] of bytes that come piece by piece.
///
/// A copy continues where the original stands. Nothing is allocated on the heap.
package struct SHA256: Sendable {
  /// Length of a digest.
  package static let byteCount = 32
  /// Length of a block.
  package static let blockBytes = 64

  /// H, one word a lane.
  private var state = SIMD8<UInt32>(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19)
  /// The bytes after the last whole block; those beyond them have no meaning.
  private var pending = SIMD64<UInt8>()
  /// Bytes so far.
  private var length: UInt64 = 0
  private let kernel: Kernel

  package init(kernel: Kernel = .best) { self.kernel = kernel }

  /// The digest of all of `bytes`; the state that it went through is erased.
  package static func hash(_ bytes: [UInt8], kernel: Kernel = .best) -> Digest {
    hash(bytes[...], kernel: kernel)
  }

  /// The digest of all of `bytes`; the state that it went through is erased.
  package static func hash(_ bytes: ArraySlice<UInt8>, kernel: Kernel = .best) -> Digest {
    var hash = SHA256(kernel: kernel)
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
    let filled = Int(length % UInt64(Self.blockBytes))
    length &+= UInt64(bytes.count)
    var done = 0
    if filled > 0 {
      done = min(Self.blockBytes - filled, bytes.count)
      keep(bytes.extracting(first: done), at: filled)
      guard filled + done == Self.blockBytes else { return }
      compressPending()
    }
    let blocks = (bytes.count - done) / Self.blockBytes
    if blocks > 0 {
      kernel.compress(&state, bytes.extracting(droppingFirst: done), count: blocks)
      done += blocks * Self.blockBytes
    }
    keep(bytes.extracting(droppingFirst: done), at: 0)
  }

  /// The digest of everything so far; more may follow.
  package func finalize() -> Digest {
    // Padding [§5.1.1]: a one bit, zeros, and the number of bits as the last eight bytes of a block.
    var last = self
    defer { last.erase() }
    let filled = Int(length % UInt64(Self.blockBytes))
    let end = Self.blockBytes - MemoryLayout<UInt64>.size
    last.pad(from: filled, first: 0x80)
    if filled >= end {
      last.compressPending()
      last.pad(from: 0, first: 0)
    }
    let bits = length &* 8
    unsafe withUnsafeMutableBytes(of: &last.pending) { pending in
      unsafe pending.storeBytes(of: bits.bigEndian, toByteOffset: end, as: UInt64.self)
    }
    last.compressPending()
    return Digest(state: last.state)
  }

  /// Overwrites what is known of the bytes; the value is of no use afterwards.
  package mutating func erase() {
    // SAFETY: all members are plain numbers, for which zeros are values.
    unsafe withUnsafeMutableBytes(of: &state) { unsafe tacit_erase($0.baseAddress, $0.count) }
    unsafe withUnsafeMutableBytes(of: &pending) { unsafe tacit_erase($0.baseAddress, $0.count) }
    length = 0
  }

  private mutating func keep(_ bytes: Span<UInt8>, at place: Int) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe withUnsafeMutableBytes(of: &pending) { pending in
        // SAFETY: callers keep within the block, and as many bytes are copied as the range has.
        unsafe UnsafeMutableRawBufferPointer(rebasing: pending[place..<place + bytes.count])
          .copyBytes(from: bytes)
      }
    }
  }

  /// Fills the block up with `first` and zeros.
  private mutating func pad(from place: Int, first: UInt8) {
    unsafe withUnsafeMutableBytes(of: &pending) { pending in
      // SAFETY: `place` lies in the block, so that the range is not empty.
      let free = unsafe UnsafeMutableRawBufferPointer(rebasing: pending[place...])
      _ = unsafe free.initializeMemory(as: UInt8.self, repeating: 0)
      unsafe free[0] = first
    }
  }

  private mutating func compressPending() { kernel.compress(&state, block: &pending) }
}
