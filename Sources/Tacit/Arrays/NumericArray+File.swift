extension NumericArray {
  /// Reads by content, and by `name` where content leaves it open: .npy, .npz, JSON, CSV.
  ///
  /// - Parameter name: of the file; its ending tells JSON from CSV.
  public static func read(_ bytes: [UInt8], named name: String) throws(ArrayFileError)
    -> NumericArray
  {
    if bytes.starts(with: NumPy.magic) { return try NumPy.read(bytes) }
    if bytes.starts(with: [0x50, 0x4B]) {
      let arrays = try NumPyArchive.read(bytes)
      guard arrays.count == 1, let only = arrays.first else {
        let names = arrays.map(\.name).joined(separator: ", ")
        throw ArrayFileError(
          "the archive holds \(arrays.count) arrays (\(names)); it should hold one")
      }
      return only.array
    }
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    switch ending {
    case "npy", "npz": throw ArrayFileError("\"\(name)\" is not an \(ending) file, or cut off")
    case "csv", "txt": return try CSVNumbers.read(bytes)
    case "json": return try JSONNumbers.read(bytes)
    default:
      let first = bytes.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
      return first == UInt8(ascii: "[") ? try JSONNumbers.read(bytes) : try CSVNumbers.read(bytes)
    }
  }
}
