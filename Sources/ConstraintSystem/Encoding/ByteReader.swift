/// Reads the canonical binary form from bytes of anyone's making: every read is bounds-checked, every
/// count is checked against the bytes that are left before anything is allocated, and a value written
/// in any other than its one canonical way is refused.
package struct ByteReader: Sendable {
  private let bytes: [UInt8]
  /// Index of the next byte.
  package private(set) var position: Int
  private let end: Int

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    self.position = 0
    self.end = bytes.count
  }

  package var remaining: Int { end - position }

  /// Refuses leftovers.
  package func finish() throws(FormatError) {
    if remaining > 0 { throw .trailing(at: position, count: remaining) }
  }

  /// The next `count` bytes.
  package mutating func take(_ count: Int, _ part: String) throws(FormatError) -> ArraySlice<UInt8>
  {
    guard count >= 0, count <= remaining else {
      throw .truncated(part: part, at: position, needed: count, available: remaining)
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  package mutating func byte(_ part: String) throws(FormatError) -> UInt8 {
    guard position < end else {
      throw .truncated(part: part, at: position, needed: 1, available: 0)
    }
    defer { position += 1 }
    return bytes[position]
  }

  package mutating func flag(_ part: String) throws(FormatError) -> Bool {
    let at = position
    switch try byte(part) {
    case 0: return false
    case 1: return true
    case let code: throw .unknownCode(part: part, at: at, code: Int(code))
    }
  }

  /// An enumeration's raw byte.
  package mutating func code<T: RawRepresentable>(
    _ part: String, as type: T.Type = T.self
  ) throws(FormatError) -> T where T.RawValue == UInt8 {
    let at = position
    let raw = try byte(part)
    guard let value = T(rawValue: raw) else {
      throw .unknownCode(part: part, at: at, code: Int(raw))
    }
    return value
  }

  /// Little-endian, all bytes.
  package mutating func fixed<T: FixedWidthInteger>(
    _ part: String, as type: T.Type = T.self
  ) throws(FormatError) -> T {
    var value: T = 0
    for (index, byte) in try take(T.bitWidth / 8, part).enumerated() {
      value |= T(truncatingIfNeeded: byte) << T(index * 8)
    }
    return value
  }

  package mutating func double(_ part: String) throws(FormatError) -> Double {
    Double(bitPattern: try fixed(part))
  }

  package mutating func unsigned(_ part: String) throws(FormatError) -> UInt64 {
    let at = position
    var (value, shift) = (UInt64(0), UInt64(0))
    while true {
      let byte = try byte(part)
      // The tenth byte holds the one bit that is left of 64; a last byte of zero adds nothing.
      if shift == 63, byte > 1 { throw .notCanonical(part: part, at: at) }
      if shift > 0, byte == 0 { throw .notCanonical(part: part, at: at) }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  package mutating func signed(_ part: String) throws(FormatError) -> Int64 {
    let raw = try unsigned(part)
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  package mutating func signedInt(_ part: String) throws(FormatError) -> Int {
    let at = position
    let value = try signed(part)
    guard let value = Int(exactly: value) else {
      throw .outOfRange(part: part, at: at, value: "\(value)")
    }
    return value
  }

  /// A number of things that take at least `bytesEach` bytes each, all of them still to come.
  ///
  /// - Parameter limit: how many a reader accepts at most, whatever room there is for more.
  package mutating func count(
    _ part: String, bytesEach: Int = 1, limit: Int = .max
  ) throws(FormatError) -> Int {
    let at = position
    let value = try unsigned(part)
    guard let count = Int(exactly: value), count <= remaining / max(bytesEach, 1) else {
      throw .outOfRange(part: part, at: at, value: "\(value)")
    }
    guard count <= limit else { throw .tooMany(part: part, at: at, count: count, limit: limit) }
    return count
  }

  package mutating func text(_ part: String, limit: Int = .max) throws(FormatError) -> String {
    let count = try count(part, limit: limit)
    let at = position
    guard let text = String(validating: try take(count, part), as: UTF8.self) else {
      throw .notUTF8(part: part, at: at)
    }
    return text
  }

  package mutating func list<Element>(
    _ part: String, bytesEach: Int = 1, limit: Int = .max,
    _ element: (inout ByteReader) throws(FormatError) -> Element
  ) throws(FormatError) -> [Element] {
    let count = try count(part, bytesEach: bytesEach, limit: limit)
    var list: [Element] = []
    list.reserveCapacity(count)
    for _ in 0..<count { list.append(try element(&self)) }
    return list
  }
}
