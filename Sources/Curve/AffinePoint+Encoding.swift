import Field
import Compute

// A point in 32 bytes: x big-endian, and in the two bits that x < 2^254 leaves free
//   10  the smaller of the two y      11  the larger      01  the identity, all other bits zero
// as gnark-crypto writes BN254. Each point has one encoding and every other string is refused.
//
// Written down in docs/protocol/encodings.md#points.

extension AffinePoint {
  package static let byteCount = 32

  /// The point of a canonical 32-byte encoding, or nil: another length, x not below q or not on
  /// the curve, flags 00, or an identity with other bits set. Costs a square root, about 5 µs.
  package init?(compressed bytes: Span<UInt8>) {
    guard let (x, flag) = Self.parts(of: bytes) else { return nil }
    guard flag != .identity else {
      self = .identity
      return
    }
    guard let root = (x.squared() * x + 3).squareRoot() else { return nil }
    self.init(x, root: root, flag)
  }

  private enum Flag {
    case smaller
    case larger
    case identity
  }

  /// x and which y; nil for anything but a canonical encoding, short of whether x is on the curve.
  private static func parts(of bytes: Span<UInt8>) -> (x: Fp, flag: Flag)? {
    guard bytes.count == Self.byteCount else { return nil }
    var plain = [UInt8]()
    plain.reserveCapacity(Self.byteCount)
    for i in 0..<Self.byteCount { plain.append(bytes[i]) }
    plain[0] &= 0x3f
    guard let x = Fp(canonicalBigEndian: plain) else { return nil }
    switch bytes[0] >> 6 {
    case 0b01: return x.isZero ? (x, .identity) : nil
    case 0b10: return (x, .smaller)
    case 0b11: return (x, .larger)
    default: return nil
    }
  }

  private init?(_ x: Fp, root: Fp, _ flag: Flag) {
    guard !root.isZero else { return nil }
    self.init(uncheckedX: x, y: root.isLarger == (flag == .larger) ? root : -root)
  }

  package init?(compressed bytes: [UInt8]) { self.init(compressed: bytes.span) }

  package init?(compressed bytes: ArraySlice<UInt8>) { self.init(compressed: bytes.span) }

  /// `bytes.count / 32` points one after another, decoded on all threads; nil when any is refused
  /// or bytes are left over.
  package static func decompress(_ bytes: ArraySlice<UInt8>) -> [AffinePoint]? {
    guard bytes.count % byteCount == 0 else { return nil }
    let start = bytes.startIndex
    let parts = inParallel(count: bytes.count / byteCount, grain: 16) { range in
      decompress(
        bytes[start + range.lowerBound * byteCount..<start + range.upperBound * byteCount],
        count: range.count)
    }
    var points = [AffinePoint]()
    for part in parts {
      guard let part else { return nil }
      points += part
    }
    return points
  }

  /// Points of whole encodings, their square roots in one batch.
  private static func decompress(_ bytes: ArraySlice<UInt8>, count: Int) -> [AffinePoint]? {
    var read = [(x: Fp, flag: Flag)]()
    read.reserveCapacity(count)
    let span = bytes.span
    for i in 0..<count {
      guard let part = parts(of: span.extracting(i * byteCount..<(i + 1) * byteCount)) else {
        return nil
      }
      read.append(part)
    }
    var roots = read.map { $0.x.squared() * $0.x + 3 }
    let squares = roots
    Fp.rootCandidates(&roots)
    var points = [AffinePoint]()
    points.reserveCapacity(count)
    for i in 0..<count {
      if read[i].flag == .identity {
        points.append(.identity)
        continue
      }
      guard roots[i].squared() == squares[i],
        let point = AffinePoint(read[i].x, root: roots[i], read[i].flag)
      else { return nil }
      points.append(point)
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

// A point in 64 bytes, as contracts and EIP-196 have it: x, y, each big-endian; zeros for the identity.

extension AffinePoint {
  package static let eip196ByteCount = 64

  /// The point of EIP-196's encoding, or nil: another length, a coordinate not below q, or no point of the
  /// curve. The identity is read.
  package init?(eip196 bytes: ArraySlice<UInt8>) {
    guard bytes.count == Self.eip196ByteCount else { return nil }
    let middle = bytes.startIndex + Fp.byteCount
    guard let x = Fp(canonicalBigEndian: bytes[..<middle]),
      let y = Fp(canonicalBigEndian: bytes[middle...])
    else { return nil }
    self.init(uncheckedX: x, y: y)
    guard isOnCurve else { return nil }
  }

  package init?(eip196 bytes: [UInt8]) { self.init(eip196: bytes[...]) }

  /// Appends the 64 bytes of EIP-196's encoding.
  package func write(eip196To bytes: inout [UInt8]) {
    x.write(to: &bytes)
    y.write(to: &bytes)
  }

  /// The 64 bytes of EIP-196's encoding.
  package var eip196: [UInt8] {
    var bytes = [UInt8]()
    bytes.reserveCapacity(Self.eip196ByteCount)
    write(eip196To: &bytes)
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
