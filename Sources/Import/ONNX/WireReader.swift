/// Reads Protocol Buffers' wire format from bytes that may be anything: every length is compared with the
/// bytes that are there before it is followed, so that hostile bytes end in an error.
///
/// Nothing is copied but what becomes a number or a string, and nothing here recurses. A message is read
/// field by field: the caller takes the value of a field that it knows in a form that it knows, and skips
/// every other one.
/// Source: "Encoding" in Protocol Buffers' documentation. As with Google's own readers a varint may be
/// longer than it needs to be, and bits beyond the 64th are dropped.
package struct WireReader {
  /// What a field's key says.
  package struct Field {
    package let number: Int
    package let form: Form
  }

  /// How a field's value is written ("wire type").
  package enum Form: UInt8, Sendable {
    case varint = 0
    case eightBytes = 1
    /// A length and as many bytes: a string, a message, or a list of numbers.
    case bytes = 2
    case groupStart = 3
    case groupEnd = 4
    case fourBytes = 5
  }

  /// Messages and groups in each other, the file's own message among them.
  private static let deepest = 100
  private static let longest = UInt64(Int32.max)

  private let file: [UInt8]
  private var position: Int
  private let end: Int
  private let depth: Int

  init(_ bytes: [UInt8]) { self.init(bytes, bytes.indices, depth: 1) }

  /// A reader of a message that lies in a file.
  init(_ file: [UInt8], at range: Range<Int>) { self.init(file, range, depth: 1) }

  private init(_ file: [UInt8], _ range: Range<Int>, depth: Int) {
    self.file = file
    position = range.lowerBound
    end = range.upperBound
    self.depth = depth
  }

  private var remaining: Int { end - position }

  /// The key of the next field, nil at the end of the message.
  package mutating func next() throws(WireError) -> Field? {
    guard remaining > 0 else { return nil }
    let field = try key()
    guard field.form != .groupEnd else { throw .malformed }
    return field
  }

  /// Passes over a field's value.
  package mutating func skip(_ field: Field) throws(WireError) {
    guard field.form == .groupStart else { return try pass(field.form) }
    var open = [field.number]
    while let last = open.last {
      let inner = try key()
      switch inner.form {
      case .groupStart:
        guard depth + open.count < Self.deepest else { throw .tooDeep }
        open.append(inner.number)
      case .groupEnd:
        guard inner.number == last else { throw .malformed }
        open.removeLast()
      default: try pass(inner.form)
      }
    }
  }

  /// A number of at most 64 bits, seven in each byte.
  package mutating func varint() throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < end else { throw .truncated }
      let byte = file[position]
      position += 1
      value |= UInt64(byte & 127) &<< shift
      if byte < 128 { return value }
    }
    throw .malformed
  }

  /// A little-endian number.
  package mutating func fourBytes() throws(WireError) -> UInt32 {
    let start = try take(4).lowerBound
    return (0..<4).reduce(0) { $0 | UInt32(file[start + $1]) &<< UInt32(8 * $1) }
  }

  /// A little-endian number.
  package mutating func eightBytes() throws(WireError) -> UInt64 {
    let low = UInt64(try fourBytes())
    return low | UInt64(try fourBytes()) &<< 32
  }

  /// Where the value of a field of bytes lies in the file.
  mutating func range() throws(WireError) -> Range<Int> {
    let count = try varint()
    guard count < Self.longest else { throw .malformed }
    return try take(Int(count))
  }

  /// The value of a field of bytes; it shares the file's memory.
  package mutating func bytes() throws(WireError) -> ArraySlice<UInt8> { file[try range()] }

  /// The value of a field of bytes that has to be UTF-8.
  package mutating func text() throws(WireError) -> String {
    guard let text = String(validating: try bytes(), as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  /// Appends the value of a field of varints: one of them, or the bytes of many.
  package mutating func append(
    _ form: Form, to values: inout [Int64]
  ) throws(WireError) {
    guard form == .bytes else {
      values.append(Int64(bitPattern: try varint()))
      return
    }
    var packed = WireReader(file, try range(), depth: depth)
    // Only for the first of them: many short lists would each move all that is there.
    if values.isEmpty {
      values.reserveCapacity(file[packed.position..<packed.end].count { $0 < 128 })
    }
    while packed.remaining > 0 { values.append(Int64(bitPattern: try packed.varint())) }
  }

  /// Appends the value of a field of reals of four bytes: one of them, or the bytes of many.
  package mutating func append(_ form: Form, to values: inout [Float]) throws(WireError) {
    guard form == .bytes else {
      values.append(Float(bitPattern: try fourBytes()))
      return
    }
    var packed = WireReader(file, try range(), depth: depth)
    guard packed.remaining % 4 == 0 else { throw .truncated }
    if values.isEmpty { values.reserveCapacity(packed.remaining / 4) }
    while packed.remaining > 0 { values.append(Float(bitPattern: try packed.fourBytes())) }
  }

  /// Appends the value of a field of reals of eight bytes: one of them, or the bytes of many.
  package mutating func append(_ form: Form, to values: inout [Double]) throws(WireError) {
    guard form == .bytes else {
      values.append(Double(bitPattern: try eightBytes()))
      return
    }
    var packed = WireReader(file, try range(), depth: depth)
    guard packed.remaining % 8 == 0 else { throw .truncated }
    if values.isEmpty { values.reserveCapacity(packed.remaining / 8) }
    while packed.remaining > 0 { values.append(Double(bitPattern: try packed.eightBytes())) }
  }

  /// Reads a message into what is known of it: fields that are given again replace numbers and texts, and
  /// continue lists and messages.
  package mutating func merge<Message: WireMessage>(
    into message: inout Message
  ) throws(WireError) {
    var inner = WireReader(file, try range(), depth: depth + 1)
    while let field = try inner.next() { try message.read(field, from: &inner) }
  }

  /// Reads a message into what is known of it, if anything is.
  package mutating func merge<Message: WireMessage>(
    into message: inout Message?
  ) throws(WireError) {
    var merged = message.take() ?? Message()
    try merge(into: &merged)
    message = merged
  }

  /// Reads one more message of a list.
  package mutating func append<Message: WireMessage>(
    to messages: inout [Message]
  ) throws(WireError) {
    var message = Message()
    try merge(into: &message)
    messages.append(message)
  }

  private mutating func key() throws(WireError) -> Field {
    let start = position
    let key = try varint()
    // A number of 29 bits and a form of three, in at most five bytes.
    guard position - start <= 5, key <= UInt64(UInt32.max), key >> 3 != 0,
      let form = Form(rawValue: UInt8(key & 7))
    else { throw .malformed }
    return Field(number: Int(key >> 3), form: form)
  }

  private mutating func pass(_ form: Form) throws(WireError) {
    switch form {
    case .varint: _ = try varint()
    case .eightBytes: _ = try take(8)
    case .bytes: _ = try range()
    case .fourBytes: _ = try take(4)
    case .groupStart, .groupEnd: throw .malformed
    }
  }

  private mutating func take(_ count: Int) throws(WireError) -> Range<Int> {
    guard count <= remaining else { throw .truncated }
    defer { position += count }
    return position..<position + count
  }
}

/// A message that knows its fields.
package protocol WireMessage {
  /// One of which no field has been given.
  init()

  /// Takes a field's value from the reader or skips it.
  mutating func read(_ field: WireReader.Field, from reader: inout WireReader) throws(WireError)
}

extension WireMessage {
  /// The message that all of `bytes` is.
  package init(reading bytes: [UInt8]) throws(WireError) {
    self.init()
    var reader = WireReader(bytes)
    while let field = try reader.next() { try read(field, from: &reader) }
  }
}

/// Why bytes are no message.
package enum WireError: Error, Hashable, Sendable {
  /// They end too early.
  case truncated
  /// A key, a length or the end of a group is none.
  case malformed
  /// A text is not UTF-8.
  case notUTF8
  case tooDeep
}
