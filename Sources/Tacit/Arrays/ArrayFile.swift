/// What a file of numbers holds: .npy, .npz, JSON or CSV.
struct ArrayFile {
  var entries: [(name: String?, array: NumericArray)]
  /// Whether the arrays are the inputs in their order, each of them flat.
  var isEZKL = false
  /// What a reader of the file should know.
  var notes: [String] = []

  /// Reads by content, and by `name` where content leaves it open.
  static func read(_ bytes: [UInt8], named name: String) throws(ArrayFileError) -> ArrayFile {
    if bytes.starts(with: NumPy.magic) {
      return ArrayFile(entries: [(nil, try NumPy(bytes[...]).array())])
    }
    if bytes.starts(with: NumPyArchive.magic) {
      return ArrayFile(entries: try NumPyArchive.read(bytes).map { ($0.name, $0.array) })
    }
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if ending == "npy" || ending == "npz" {
      throw ArrayFileError(.damaged, "\"\(name)\" is not an \(ending) file, or cut off")
    }
    let text = try text(of: bytes)
    switch ending {
    case "json": return try JSONNumbers.read(text)
    case "csv", "tsv", "txt": break
    default:
      let first = text.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
      if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
        return try JSONNumbers.read(text)
      }
    }
    let (array, notes) = try CSVNumbers.read(text)
    return ArrayFile(entries: [(nil, array)], notes: notes)
  }

  /// Without a byte order mark.
  private static func text(of bytes: [UInt8]) throws(ArrayFileError) -> ArraySlice<UInt8> {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return bytes.dropFirst(3) }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw ArrayFileError(
        .unsupported, "the text is in UTF-16, as its byte order mark says; save it in UTF-8")
    }
    return bytes[...]
  }
}
