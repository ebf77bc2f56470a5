/// Nested JSON arrays of numbers, all lists of a level equally long: `[[0, 1.5], [2, 3]]`; several
/// by name, `{"x": [0, 1.5], "y": [2]}`; or EZKL's `{"input_data": [[0, 1.5], [2]]}`, one list an
/// input.
struct JSONNumbers {
  private static let deepest = 16
  /// No network takes more.
  private static let mostArrays = 1024
  private static let inputData = "input_data"

  static func read(_ bytes: ArraySlice<UInt8>) throws(ArrayFileError) -> ArrayFile {
    var reader = JSONNumbers(bytes)
    reader.skipSpace()
    let file =
      reader.next == UInt8(ascii: "{")
      ? try reader.object() : ArrayFile(entries: [(nil, try reader.array())])
    reader.skipSpace()
    guard reader.next == nil else { throw reader.wanted("the end of the file") }
    return file
  }

  private let bytes: ArraySlice<UInt8>
  private var place: Int

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  private var next: UInt8? { place < bytes.endIndex ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte), byte != 0x0B, byte != 0x0C
    {
      place += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  // MARK: Values

  /// What stands at one level of nesting after another, while an array is read.
  private struct Shape {
    /// Extents by level; -1 until a first list of that level has ended.
    var extents: [Int] = []
    /// The level at which numbers stand.
    var leaf: Int?
    var numbers = TextNumbers()
  }

  private mutating func array() throws(ArrayFileError) -> NumericArray {
    var shape = Shape()
    try value(level: 0, &shape)
    return try shape.numbers.array(shape.extents)
  }

  private mutating func value(level: Int, _ shape: inout Shape) throws(ArrayFileError) {
    skipSpace()
    let start = place
    guard take("[") else { return try number(level, &shape) }
    guard level < Self.deepest else {
      throw failure(.tooLarge, "lists are nested more than \(Self.deepest) deep", at: start)
    }
    if let leaf = shape.leaf, leaf <= level {
      throw failure(.shape, "a list stands where others have a number", at: start)
    }
    if shape.extents.count == level { shape.extents.append(-1) }
    var count = 0
    if !take("]") {
      repeat {
        try value(level: level + 1, &shape)
        count += 1
      } while take(",")
      guard take("]") else { throw wanted("a comma or the end of the list") }
    }
    guard shape.extents[level] == -1 || shape.extents[level] == count else {
      throw failure(
        .shape, "a list of \(count) stands where another has \(shape.extents[level])", at: start)
    }
    shape.extents[level] = count
  }

  private mutating func number(
    _ level: Int, _ shape: inout Shape
  ) throws(ArrayFileError) {
    let start = place
    while let byte = next, Self.isOfNumber(byte) { place += 1 }
    guard place > start, let numeral = Numeral(bytes[start..<place], isJSON: true) else {
      let text = bytes[start..<place]
      place = start
      if Numeral.isTooLarge(text) {
        throw failure(.notANumber, "\(TextPiece.quoted(text)) is larger than any float", at: start)
      }
      throw wanted(level == 0 ? "a list of numbers" : "a number or a list of numbers", .notANumber)
    }
    guard shape.leaf ?? level == level, shape.extents.count <= level else {
      throw failure(.shape, "a number stands where others have a list", at: start)
    }
    shape.leaf = level
    shape.numbers.append(numeral)
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  // MARK: Objects

  private mutating func object() throws(ArrayFileError) -> ArrayFile {
    let start = place
    _ = take("{")
    var entries: [(name: String?, array: NumericArray)] = []
    var names: Set<String> = []
    var inputs: [NumericArray]?
    var unread: [String] = []
    if !take("}") {
      repeat {
        skipSpace()
        let key = place
        let name = try string()
        guard names.insert(name).inserted else {
          throw failure(.arrays, "\(TextPiece.quoted(name.utf8)) is named twice", at: key)
        }
        guard names.count <= Self.mostArrays else {
          throw failure(.tooLarge, "more than \(Self.mostArrays) arrays", at: key)
        }
        guard take(":") else { throw wanted("a colon") }
        if name == Self.inputData {
          inputs = try lists()
        } else if Self.besides.contains(name) {
          try skipValue(level: 0)
          unread.append(name)
        } else {
          entries.append((name, try array()))
        }
      } while take(",")
      guard take("}") else { throw wanted("a comma or the end of the object") }
    }
    if let inputs, entries.isEmpty {
      let notes =
        unread.isEmpty
        ? [] : ["beside input_data, \(unread.joined(separator: ", ")) of the file is not read"]
      return ArrayFile(entries: inputs.map { (nil, $0) }, isEZKL: true, notes: notes)
    }
    let strange = inputs == nil ? unread.first : entries.first?.name
    if let strange {
      throw failure(
        .arrays,
        "\(TextPiece.quoted(strange.utf8)) stands "
          + (inputs == nil ? "without EZKL's input_data" : "beside EZKL's input_data"), at: start)
    }
    guard !entries.isEmpty else { throw failure(.arrays, "an object without arrays", at: start) }
    return ArrayFile(entries: entries)
  }

  /// What EZKL writes beside `input_data`.
  private static let besides: Set<String> = [
    "input_shapes", "output_data", "output_shapes", "processed_inputs", "processed_outputs",
    "processed_params", "max_lookup_inputs", "min_lookup_inputs", "max_range_size",
  ]

  private mutating func lists() throws(ArrayFileError) -> [NumericArray] {
    guard take("[") else { throw wanted("a list of one list per input") }
    var result: [NumericArray] = []
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "[") else { throw wanted("a list of the numbers of one input") }
      guard result.count < Self.mostArrays else {
        throw failure(.tooLarge, "more than \(Self.mostArrays) inputs", at: place)
      }
      result.append(try array())
    } while take(",")
    guard take("]") else { throw wanted("a comma or the end of the list") }
    return result
  }

  /// The text of a string; its escapes are undone.
  private mutating func string() throws(ArrayFileError) -> String {
    guard take("\"") else { throw wanted("a name in double quotes") }
    let start = place
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw wanted("the rest of a name") }
      place += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard place < bytes.endIndex else { throw wanted("the end of a name") }
    defer { place += 1 }
    let text = bytes[start..<place]
    guard text.contains(UInt8(ascii: "\\")) else { return String(decoding: text, as: UTF8.self) }
    guard let name = JSONString.unescaped(text) else {
      throw failure(.syntax, "a name with an escape that JSON does not know", at: start)
    }
    return name
  }

  /// Steps over a value of any kind.
  private mutating func skipValue(level: Int) throws(ArrayFileError) {
    skipSpace()
    guard level < Self.deepest else {
      throw failure(.tooLarge, "values are nested more than \(Self.deepest) deep", at: place)
    }
    let (open, close): (Unicode.Scalar, Unicode.Scalar)
    switch next {
    case UInt8(ascii: "\""):
      _ = try string()
      return
    case UInt8(ascii: "["): (open, close) = ("[", "]")
    case UInt8(ascii: "{"): (open, close) = ("{", "}")
    default:
      let start = place
      while let byte = next, Self.isOfNumber(byte) || (0x61...0x7A).contains(byte) { place += 1 }
      let text = bytes[start..<place]
      let isWord = ["true", "false", "null"].contains { text.elementsEqual($0.utf8) }
      guard isWord || Numeral(text, isJSON: true) != nil else {
        place = start
        throw wanted("a value")
      }
      return
    }
    _ = take(open)
    if take(close) { return }
    repeat {
      if open == "{" {
        _ = try string()
        guard take(":") else { throw wanted("a colon") }
      }
      try skipValue(level: level + 1)
    } while take(",")
    guard take(close) else { throw wanted("a comma or \"\(close)\"") }
  }

  // MARK: Errors

  private func failure(
    _ kind: ArrayFileError.Kind, _ what: String, at place: Int
  ) -> ArrayFileError {
    let before = bytes[..<min(place, bytes.endIndex)]
    let line = before.count { $0 == 0x0A } + 1
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? bytes.startIndex
    let column = String(decoding: before[start...], as: UTF8.self).count + 1
    let position = ArrayFileError.Position.line(line, column: column)
    return ArrayFileError(kind, "JSON \(position): \(what)", at: position)
  }

  private func wanted(
    _ what: String, _ kind: ArrayFileError.Kind = .syntax
  ) -> ArrayFileError {
    failure(kind, "\(what) is wanted, \(found) stands there", at: place)
  }

  /// What stands at the current place.
  private var found: String {
    guard let next else { return "the end of the file" }
    switch next {
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "a list"
    default:
      let rest = bytes[place...].prefix(60)
      if next == UInt8(ascii: "\"") {
        let end = rest.dropFirst().firstIndex(of: next)
        return "the text \(TextPiece.quoted(rest.dropFirst().prefix { $0 != next }))"
          + (end == nil ? "…" : "")
      }
      let word = rest.prefix { Self.isOfNumber($0) || $0 >= 0x80 || isLetter($0) }
      return TextPiece.quoted(word.isEmpty ? rest.prefix(1) : word)
    }
  }

  private func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
