package import Field
import Hashing

// RFC 9380, suite BN254G1_XMD:SHA-256_SVDW_RO_: the Shallue–van de Woestijne map, random-oracle
// variant, k = 128, L = 48. The curve has cofactor 1, so nothing is cleared.
//
// Written down in docs/protocol/encodings.md#hash-to-the-curve.

extension AffinePoint {
  /// `hash_to_curve(message)` of RFC 9380 §3 under a domain separation tag of 1 to 255 bytes.
  ///
  /// Time depends on the message: only for public strings. About 30 µs.
  package static func hash(_ message: [UInt8], domain: [UInt8]) -> AffinePoint {
    let bytes = expandMessage(message, domain: domain, count: 96)
    let u0 = Fp(hashed: bytes[..<48])
    let u1 = Fp(hashed: bytes[48...])
    return (G1(map(u0)) + map(u1)).affine
  }

  /// `expand_message_xmd` with SHA-256, RFC 9380 §5.3.1. At most 8,160 bytes.
  package static func expandMessage(_ message: [UInt8], domain: [UInt8], count: Int) -> [UInt8] {
    precondition(domain.count <= 255 && count <= 255 * 32, "RFC 9380 bounds of expand_message_xmd")
    let tag = domain + [UInt8(domain.count)]
    let length = [UInt8(count >> 8), UInt8(count & 0xff)]
    let pad = [UInt8](repeating: 0, count: 64)
    let first = SHA256.hash(pad + message + length + [0] + tag).bytes
    var block = SHA256.hash(first + [1] + tag).bytes
    var output = block
    var index: UInt8 = 1
    while output.count < count {
      index += 1
      let mixed = zip(first, block).map { $0 ^ $1 }
      block = SHA256.hash(mixed + [index] + tag).bytes
      output += block
    }
    return [UInt8](output[..<count])
  }

  /// `map_to_curve_svdw`, RFC 9380 §6.6.1 with Z = 1.
  package static func map(_ u: Fp) -> AffinePoint {
    let square = u.squared() * SVDW.c1
    let plus = 1 + square
    let minus = 1 - square
    let inverse = (plus * minus).inverse()
    let shift = u * minus * inverse * SVDW.c3
    let candidates = [
      SVDW.c2 - shift, SVDW.c2 + shift, 1 + SVDW.c4 * (plus.squared() * inverse).squared(),
    ]
    for x in candidates {
      guard let root = (x.squared() * x + 3).squareRoot() else { continue }
      return AffinePoint(uncheckedX: x, y: root.isOdd == u.isOdd ? root : -root)
    }
    // One of the three is always a square [SvdW06], so this is not reached.
    return .identity
  }
}

/// Constants of the map for Z = 1; a test derives them again.
enum SVDW {
  /// g(Z).
  static let c1: Fp = 4
  /// −Z/2.
  static let c2 = Fp(
    reducing: (
      0x9e10_460b_6c3e_7ea3, 0xcbc0_b548_b438_e546, 0xdc28_22db_40c0_ac2e, 0x1832_2739_7098_d014
    ))
  /// √(−g(Z)·3Z²), the even root.
  static let c3 = Fp(
    reducing: (
      0x5d8d_1cc5_dfff_fffa, 0x53c9_8fc6_b36d_713d, 0x6789_af3a_8352_2eb3, 0x0000_0000_0000_0001
    ))
  /// −4·g(Z)/(3Z²).
  static let c4 = Fp(
    reducing: (
      0x6960_2eb2_4829_a9bd, 0xdd2b_2385_cd7b_4384, 0xe81a_c1e7_8080_72c9, 0x1021_6f7b_a065_e00d
    ))
}

extension Fp {
  /// `sgn0` of RFC 9380 §4.1.
  var isOdd: Bool { canonicalLimbs.0 & 1 == 1 }

  /// One 48-byte block of `hash_to_field`.
  init(hashed bytes: ArraySlice<UInt8>) {
    let wide = [UInt8](repeating: 0, count: 64 - bytes.count) + bytes
    self = Fp(wideBigEndian: wide) ?? .zero
  }
}
