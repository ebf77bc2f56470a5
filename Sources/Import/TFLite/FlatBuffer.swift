import Model

/// Reads FlatBuffers that may be anything: every offset, vtable and length is checked against the
/// bytes before it is followed, so that hostile bytes end in an error.
///
/// Nothing here recurses and nothing is copied but what a caller asks for; a caller bounds how much
/// it asks for, since many offsets may lead to one object.
/// Source: FlatBuffers' "Internals" page.
struct FlatBuffer {
  let bytes: [UInt8]

  /// The table that the file's first offset leads to.
  func root() throws(ModelError) -> FlatTable {
    try FlatTable(self, at: follow(0))
  }

  func damage(_ what: String, at position: Int) -> ModelError {
    .invalid(node: "", what: "the TFLite file is cut off or damaged: \(what) at byte \(position)")
  }

  func check(_ position: Int, _ count: Int) throws(ModelError) {
    guard position >= 0, count >= 0, position <= bytes.count, count <= bytes.count - position else {
      throw damage("\(count) bytes are missing", at: position)
    }
  }

  /// A little-endian unsigned number of `size` ≤ 8 bytes.
  func number(at position: Int, size: Int) throws(ModelError) -> UInt64 {
    try check(position, size)
    var value: UInt64 = 0
    for index in 0..<size { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    return value
  }

  func uint16(at position: Int) throws(ModelError) -> Int {
    Int(try number(at: position, size: 2))
  }

  func int32(at position: Int) throws(ModelError) -> Int32 {
    Int32(truncatingIfNeeded: try number(at: position, size: 4))
  }

  /// Where the unsigned offset at `position` leads.
  func follow(_ position: Int) throws(ModelError) -> Int {
    let offset = Int(try number(at: position, size: 4))
    // A zero offset would be an object inside its own reference.
    guard offset > 0, offset <= bytes.count - position else {
      throw damage("an offset leads out of the file", at: position)
    }
    return position + offset
  }
}

/// A table: fields by number, absent ones standing for their default.
struct FlatTable {
  let buffer: FlatBuffer
  private let position: Int
  private let size: Int
  private let vtable: Int
  /// Fields that the vtable has room for.
  let fieldCount: Int

  init(_ buffer: FlatBuffer, at position: Int) throws(ModelError) {
    self.buffer = buffer
    self.position = position
    vtable = position - Int(try buffer.int32(at: position))
    let vtableSize = try buffer.uint16(at: vtable)
    size = try buffer.uint16(at: vtable + 2)
    guard vtableSize >= 4, vtableSize % 2 == 0, size >= 4 else {
      throw buffer.damage("a table of no size", at: position)
    }
    try buffer.check(vtable, vtableSize)
    try buffer.check(position, size)
    fieldCount = (vtableSize - 4) / 2
  }

  /// Where field `id` of `size` bytes lies; nil when it is absent.
  private func place(_ id: Int, _ size: Int) throws(ModelError) -> Int? {
    guard id < fieldCount else { return nil }
    let offset = try buffer.uint16(at: vtable + 4 + 2 * id)
    guard offset != 0 else { return nil }
    guard offset >= 4, offset + size <= self.size else {
      throw buffer.damage("a field outside its table", at: position)
    }
    return position + offset
  }

  func has(_ id: Int) throws(ModelError) -> Bool { try place(id, 0) != nil }

  func int8(_ id: Int, default standard: Int8 = 0) throws(ModelError) -> Int8 {
    guard let place = try place(id, 1) else { return standard }
    return Int8(truncatingIfNeeded: try buffer.number(at: place, size: 1))
  }

  func uint8(_ id: Int) throws(ModelError) -> UInt8 { UInt8(bitPattern: try int8(id)) }

  func bool(_ id: Int, default standard: Bool = false) throws(ModelError) -> Bool {
    try int8(id, default: standard ? 1 : 0) != 0
  }

  func int32(_ id: Int, default standard: Int32 = 0) throws(ModelError) -> Int32 {
    guard let place = try place(id, 4) else { return standard }
    return try buffer.int32(at: place)
  }

  func uint64(_ id: Int) throws(ModelError) -> UInt64 {
    guard let place = try place(id, 8) else { return 0 }
    return try buffer.number(at: place, size: 8)
  }

  func float(_ id: Int) throws(ModelError) -> Float {
    Float(bitPattern: UInt32(bitPattern: try int32(id)))
  }

  func table(_ id: Int) throws(ModelError) -> FlatTable? {
    guard let place = try place(id, 4) else { return nil }
    return try FlatTable(buffer, at: buffer.follow(place))
  }

  /// A vector whose elements take `size` bytes each; all of it lies in the file.
  func vector(_ id: Int, size: Int) throws(ModelError) -> FlatVector? {
    guard let place = try place(id, 4) else { return nil }
    let start = try buffer.follow(place)
    let count = Int(try buffer.number(at: start, size: 4))
    guard count <= (buffer.bytes.count - start) / size else {
      throw buffer.damage("a list of \(count) elements", at: start)
    }
    try buffer.check(start + 4, count * size)
    return FlatVector(buffer: buffer, start: start + 4, count: count, size: size)
  }

  /// At most `limit` bytes of a string; invalid UTF-8 is replaced.
  func string(_ id: Int, limit: Int = 200) throws(ModelError) -> String? {
    guard let vector = try vector(id, size: 1) else { return nil }
    let end = vector.start + min(vector.count, limit)
    return String(decoding: buffer.bytes[vector.start..<end], as: UTF8.self)
  }
}

/// A vector that lies in the file as a whole.
struct FlatVector {
  let buffer: FlatBuffer
  let start: Int
  let count: Int
  let size: Int

  /// Element `index` as a table, for vectors of tables.
  func table(_ index: Int) throws(ModelError) -> FlatTable {
    guard index >= 0, index < count else { throw buffer.damage("no element \(index)", at: start) }
    return try FlatTable(buffer, at: buffer.follow(start + index * size))
  }

  /// The elements as unsigned numbers, when there are at most `limit`.
  func numbers(limit: Int, _ what: String) throws(ModelError) -> [UInt64] {
    guard count <= limit else {
      throw .unsupported(
        node: "", what: "\(what) of \(count) elements", remedy: "at most \(limit) are read")
    }
    var result: [UInt64] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      result.append(try buffer.number(at: start + index * size, size: size))
    }
    return result
  }

  func int32s(limit: Int, _ what: String) throws(ModelError) -> [Int32] {
    try numbers(limit: limit, what).map { Int32(truncatingIfNeeded: $0) }
  }
}
