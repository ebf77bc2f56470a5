/// Writes the canonical binary form: what `ByteReader` reads, each value in exactly one way.
///
/// Written down in docs/protocol/encodings.md#numbers.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func write(_ byte: UInt8) { bytes.append(byte) }
  package mutating func write(raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }
  package mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  /// Little-endian, all bytes.
  package mutating func write<T: FixedWidthInteger>(fixed value: T) {
    for index in 0..<(T.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> T(index * 8)))
    }
  }

  /// The eight bytes of the IEEE 754 pattern.
  package mutating func write(_ value: Double) { write(fixed: value.bitPattern) }

  /// Seven bits a byte, least significant first, no more bytes than needed (LEB128).
  package mutating func write(unsigned value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Zigzag (0, −1, 1, −2, …), then as unsigned.
  package mutating func write(signed value: Int64) {
    write(unsigned: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  package mutating func write(signed value: Int) { write(signed: Int64(value)) }

  /// A count, then as many bytes of UTF-8.
  package mutating func write(_ text: String) {
    write(unsigned: UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// A count, then each element.
  package mutating func write<Element>(
    list: [Element], _ element: (inout ByteWriter, Element) -> Void
  ) {
    write(unsigned: UInt64(list.count))
    for item in list { element(&self, item) }
  }
}
