import Field

extension GeneratorTable {
  /// Characters of a line: 64 bytes in base64 without padding, and the line feed.
  private static let stride = 87

  /// Point `index` of the table.
  static func point(_ index: Int) -> AffinePoint {
    let bytes = bytes(index)
    guard let x = Fp(canonicalBigEndian: bytes[..<32]),
      let y = Fp(canonicalBigEndian: bytes[32...]),
      let point = AffinePoint(x: x, y: y)
    else { preconditionFailure("the generator table is damaged at \(index)") }
    return point
  }

  /// The 64 bytes of line `index`.
  static func bytes(_ index: Int) -> [UInt8] {
    precondition(0 <= index && index < count, "the table has \(count) lines")
    var bytes = [UInt8]()
    bytes.reserveCapacity(64)
    text.withUTF8Buffer { buffer in
      // SAFETY: the literal outlives the closure; reads go through the span's bounds checks.
      let characters = unsafe buffer.span
      var (word, bits): (UInt32, UInt32) = (0, 0)
      for i in index * stride..<index * stride + stride - 1 {
        word = word &<< 6 | sextet(characters[i])
        bits += 6
        if bits >= 8 {
          bits -= 8
          bytes.append(UInt8(truncatingIfNeeded: word &>> bits))
        }
      }
    }
    return bytes
  }

  private static func sextet(_ character: UInt8) -> UInt32 {
    switch character {
    case 0x41...0x5a: UInt32(character) - 0x41
    case 0x61...0x7a: UInt32(character) - 0x61 + 26
    case 0x30...0x39: UInt32(character) - 0x30 + 52
    case 0x2b: 62
    default: 63
    }
  }
}
