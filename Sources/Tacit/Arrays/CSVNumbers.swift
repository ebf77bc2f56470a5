/// Numbers in rows, one a line, separated by commas, semicolons or tabs; the first line may be a
/// heading.
///
/// Nothing is left out: what is neither a number nor part of a heading is an error that names its
/// line and column.
struct CSVNumbers {
  static func read(
    _ bytes: ArraySlice<UInt8>
  ) throws(ArrayFileError) -> (array: NumericArray, notes: [String]) {
    var reader = CSVNumbers(bytes)
    try reader.readLines()
    guard reader.rows > 0 else { throw ArrayFileError(.arrays, "the file holds no numbers") }
    return (try reader.numbers.array([reader.rows, reader.width]), reader.notes)
  }

  /// Names are looked at more closely than numbers, so a heading has a bound.
  private static let mostNames = 1 << 16

  private struct Heading {
    var line: Int
    var count: Int
    var text: String
  }

  private let bytes: ArraySlice<UInt8>
  private let separator: UInt8
  private var line = 0
  private var numbers = TextNumbers()
  private var rows = 0
  private var width = 0
  private var notes: [String] = []
  /// A first line of names, until a row of numbers shows what they name.
  private var heading: Heading?
  /// The first empty line after a row.
  private var gap: Int?
  /// What the first fraction of the file stands after.
  private var decimal: UInt8?

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    separator = Self.separator(in: bytes)
  }

  /// A semicolon where one stands outside of quotes, else a tab, else a comma: where commas are
  /// decimal points, or spaces around numbers are tabs, none but these separate.
  private static func separator(in bytes: ArraySlice<UInt8>) -> UInt8 {
    var (isQuoted, hasTab) = (false, false)
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case 0x0A, 0x0D: isQuoted = false
      case UInt8(ascii: ";") where !isQuoted: return byte
      case 0x09 where !isQuoted: hasTab = true
      default: break
      }
    }
    return hasTab ? 0x09 : UInt8(ascii: ",")
  }

  private mutating func readLines() throws(ArrayFileError) {
    var fields: [Range<Int>] = []
    var place = bytes.startIndex
    while place < bytes.endIndex {
      line += 1
      let end = bytes[place...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.endIndex
      if bytes[place..<end].allSatisfy({ isBlank($0) }) {
        if rows > 0, gap == nil { gap = line }
      } else {
        try split(place..<end, into: &fields)
        try readRow(fields)
      }
      let isPair = end + 1 < bytes.endIndex && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      place = end + (isPair ? 2 : 1)
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte == 0x09 && separator != 0x09)
  }

  private func failure(
    _ kind: ArrayFileError.Kind, _ what: String, column: Int
  ) -> ArrayFileError {
    let position = ArrayFileError.Position.line(line, column: column + 1)
    return ArrayFileError(kind, "CSV \(position): \(what)", at: position)
  }

  /// The fields of a line, without the quotes and spaces around them.
  private func split(
    _ row: Range<Int>, into fields: inout [Range<Int>]
  ) throws(ArrayFileError) {
    fields.removeAll(keepingCapacity: true)
    let quote = UInt8(ascii: "\"")
    var place = row.lowerBound
    while true {
      while place < row.upperBound, isBlank(bytes[place]) { place += 1 }
      let isQuoted = place < row.upperBound && bytes[place] == quote
      if isQuoted {
        let start = place + 1
        var end = start
        while end < row.upperBound, bytes[end] != quote || isDoubled(end, row) {
          end += bytes[end] == quote ? 2 : 1
        }
        guard end < row.upperBound else {
          throw failure(.syntax, "a quote that does not end on its line", column: fields.count)
        }
        fields.append(trimmed(start..<end))
        place = end + 1
        while place < row.upperBound, isBlank(bytes[place]) { place += 1 }
        guard place == row.upperBound || bytes[place] == separator else {
          throw failure(.syntax, "something stands behind the quotes", column: fields.count - 1)
        }
      } else {
        let start = place
        while place < row.upperBound, bytes[place] != separator { place += 1 }
        fields.append(trimmed(start..<place))
      }
      if place == row.upperBound { return }
      place += 1
    }
  }

  private func isDoubled(_ place: Int, _ row: Range<Int>) -> Bool {
    place + 1 < row.upperBound && bytes[place + 1] == bytes[place]
  }

  private func trimmed(_ field: Range<Int>) -> Range<Int> {
    var (start, end) = (field.lowerBound, field.upperBound)
    while start < end, isBlank(bytes[start]) { start += 1 }
    while start < end, isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private mutating func readRow(_ fields: [Range<Int>]) throws(ArrayFileError) {
    if rows == 0, heading == nil, fields.count <= Self.mostNames,
      fields.allSatisfy({ CSVHeading.isName(bytes[$0]) })
    {
      let names = fields.prefix(8).map { TextPiece.quoted(bytes[$0]) }.joined(separator: ", ")
      heading = Heading(
        line: line, count: fields.count, text: names + (fields.count > 8 ? ", …" : ""))
      return
    }
    for (column, field) in fields.enumerated() {
      numbers.append(try number(bytes[field], column: column))
    }
    if let heading, rows == 0 {
      guard heading.count == fields.count else {
        throw ArrayFileError(
          .shape,
          "CSV line \(heading.line) has \(heading.count) names (\(heading.text)) and line \(line) "
            + "has \(fields.count) numbers; a heading has one name for each")
      }
      notes.append("line \(heading.line) is a heading: \(heading.text)")
    }
    guard rows == 0 || fields.count == width else {
      throw ArrayFileError(
        .shape,
        "CSV line \(line) has \(fields.count) number\(fields.count == 1 ? "" : "s") where others "
          + "have \(width)")
    }
    if let gap, fields.count == 1 {
      throw ArrayFileError(
        .shape,
        "CSV line \(gap) is empty among lines of one number; fill in what is missing, or take the "
          + "line out")
    }
    width = fields.count
    rows += 1
  }

  private mutating func number(
    _ text: ArraySlice<UInt8>, column: Int
  ) throws(ArrayFileError) -> Numeral {
    let (point, comma) = (UInt8(ascii: "."), UInt8(ascii: ","))
    // Only who separates by semicolons needs no comma for it.
    let mark = text.first { $0 == point || ($0 == comma && separator == UInt8(ascii: ";")) }
    guard let numeral = Numeral(text, decimal: mark ?? point) else {
      throw failure(.notANumber, Self.reason(text), column: column)
    }
    if let mark {
      if let decimal, decimal != mark {
        throw failure(
          .notANumber,
          "\(TextPiece.quoted(text)) has a decimal \(mark == comma ? "comma" : "point") where "
            + "others have a \(mark == comma ? "point" : "comma")", column: column)
      }
      if decimal == nil, mark == comma {
        notes.append(
          "commas are read as decimal points, as in line \(line), column \(column + 1): "
            + TextPiece.quoted(text))
      }
      decimal = mark
    }
    return numeral
  }

  private static func reason(_ text: ArraySlice<UInt8>) -> String {
    let shown = TextPiece.quoted(text)
    if text.isEmpty { return "nothing stands where a number is wanted" }
    if text.contains(0) { return "\(shown) holds a NUL character and is not a number" }
    if CSVHeading.isMissing(text) {
      return "\(shown) is not a number; fill in what is missing, or leave its row out"
    }
    let parts = text.split(whereSeparator: { $0 == 0x20 || $0 == UInt8(ascii: ",") })
    if parts.count > 1, parts.allSatisfy({ Numeral($0) != nil }) {
      return text.contains(UInt8(ascii: ","))
        ? "\(shown) is not a number; write decimals with a point"
        : "\(shown) is not a number; separate numbers by commas, semicolons or tabs"
    }
    return Numeral.isTooLarge(text)
      ? "\(shown) is larger than any float" : "\(shown) is not a number"
  }
}
