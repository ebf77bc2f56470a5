/// Nested JSON arrays of numbers, all lists of a level equally long: `[[0, 1.5], [2, 3]]`.
enum JSONNumbers {
  private static let deepest = 16

  static func read(_ bytes: [UInt8]) throws(ArrayFileError) -> NumericArray {
    var parser = Parser(bytes: bytes)
    try parser.value(level: 0)
    parser.skipSpace()
    guard parser.place == bytes.count else { throw parser.failure("something after the numbers") }
    return try CSVNumbers.array(parser.numbers, shape: parser.shape)
  }

  private struct Parser {
    let bytes: [UInt8]
    var place = 0
    /// Extents by level, known once a first list of that level has ended.
    var shape: [Int] = []
    var numbers: [Substring] = []
    private var leaf: Int?

    init(bytes: [UInt8]) { self.bytes = bytes }

    func failure(_ what: String) -> ArrayFileError {
      ArrayFileError("JSON: \(what) at byte \(place)", at: "byte \(place)")
    }

    mutating func skipSpace() {
      while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    mutating func take(_ character: Character) -> Bool {
      skipSpace()
      guard place < bytes.count, bytes[place] == character.asciiValue else { return false }
      place += 1
      return true
    }

    mutating func value(level: Int) throws(ArrayFileError) {
      guard take("[") else { return try number(level) }
      guard level < deepest else { throw failure("lists nested more than \(deepest) deep") }
      if let leaf, leaf <= level { throw failure("a list where numbers stand elsewhere") }
      if shape.count == level { shape.append(-1) }
      var count = 0
      if !take("]") {
        repeat {
          try value(level: level + 1)
          count += 1
        } while take(",")
        guard take("]") else { throw failure("a list that does not end") }
      }
      guard shape[level] == -1 || shape[level] == count else {
        throw failure("a list of \(count) where another has \(shape[level])")
      }
      shape[level] = count
    }

    private mutating func number(_ level: Int) throws(ArrayFileError) {
      let start = place
      while place < bytes.count, "+-.0123456789eE".utf8.contains(bytes[place]) { place += 1 }
      guard place > start else { throw failure("neither a number nor a list") }
      guard leaf ?? level == level, shape.count <= level else {
        throw failure("a number where lists stand elsewhere")
      }
      leaf = level
      numbers.append(Substring(String(decoding: bytes[start..<place], as: UTF8.self)))
    }
  }
}
