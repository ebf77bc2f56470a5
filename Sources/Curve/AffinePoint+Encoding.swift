import Field

// A point in 32 bytes: x big-endian, and in the two bits that x < 2^254 leaves free
//   10  the smaller of the two y      11  the larger      01  the identity, all other bits zero
// as gnark-crypto writes BN254. Each point has one encoding and every other string is refused.

extension AffinePoint {
  package static let byteCount = 32

  /// The point of a canonical 32-byte encoding, or nil: another length, x not below q or not on
  /// the curve, flags 00, or an identity with other bits set. Costs a square root, about 5 µs.
  package init?(compressed bytes: Span<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    let flags = bytes[0] >> 6
    var plain = [UInt8]()
    plain.reserveCapacity(Self.byteCount)
    for i in 0..<Self.byteCount { plain.append(bytes[i]) }
    plain[0] &= 0x3f
    guard let x = Fp(canonicalBigEndian: plain) else { return nil }
    switch flags {
    case 0b01:
      guard x.isZero else { return nil }
      self = .identity
    case 0b10, 0b11:
      guard let root = (x.squared() * x + 3).squareRoot(), !root.isZero else { return nil }
      self.init(uncheckedX: x, y: root.isLarger == (flags == 0b11) ? root : -root)
    default:
      return nil
    }
  }

  package init?(compressed bytes: [UInt8]) { self.init(compressed: bytes.span) }

  package init?(compressed bytes: ArraySlice<UInt8>) { self.init(compressed: bytes.span) }

  /// `bytes.count / 32` points one after another, decoded on all threads; nil when any is refused
  /// or bytes are left over.
  package static func decompress(_ bytes: ArraySlice<UInt8>) -> [AffinePoint]? {
    guard bytes.count % byteCount == 0 else { return nil }
    let start = bytes.startIndex
    let parts = inParallel(count: bytes.count / byteCount, grain: 16) { range in
      var points = [AffinePoint]()
      points.reserveCapacity(range.count)
      for i in range {
        let offset = start + i * byteCount
        guard let point = AffinePoint(compressed: bytes[offset..<offset + byteCount]) else {
          return [AffinePoint]?.none
        }
        points.append(point)
      }
      return points
    }
    var points = [AffinePoint]()
    for part in parts {
      guard let part else { return nil }
      points += part
    }
    return points
  }

  /// Appends the 32-byte encoding.
  package func write(to bytes: inout [UInt8]) {
    let start = bytes.count
    x.write(to: &bytes)
    bytes[start] |= isIdentity ? 0x40 : y.isLarger ? 0xc0 : 0x80
  }

  /// The 32-byte encoding.
  package var compressed: [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(Self.byteCount)
    write(to: &bytes)
    return bytes
  }
}

extension Fp {
  /// True when the value is above (q − 1)/2, so above that of its negative.
  var isLarger: Bool {
    let (a, b) = (canonicalLimbs, (-self).canonicalLimbs)
    if a.3 != b.3 { return a.3 > b.3 }
    if a.2 != b.2 { return a.2 > b.2 }
    if a.1 != b.1 { return a.1 > b.1 }
    return a.0 > b.0
  }
}
