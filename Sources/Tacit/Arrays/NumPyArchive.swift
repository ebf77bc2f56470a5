/// NumPy's `.npz`: a ZIP archive of `.npy` files, stored without compression as `np.savez` does.
/// Source: PKWARE APPNOTE 6.3.10, §4.3.7 (local header), §4.3.12 (central directory), §4.3.16 (end).
enum NumPyArchive {
  struct Entry {
    var name: String
    var array: NumericArray
  }

  static func read(_ bytes: [UInt8]) throws(ArrayFileError) -> [Entry] {
    func word(_ offset: Int, _ size: Int) throws(ArrayFileError) -> Int {
      guard offset >= 0, offset <= bytes.count - size else {
        throw ArrayFileError("the .npz archive is cut off")
      }
      return (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    // The end record is the last thing in the file but for a comment of at most 65,535 bytes.
    let earliest = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = (earliest...(bytes.count - 22)).last(where: {
        bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4B && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
      })
    else { throw ArrayFileError("not a .npz archive, or cut off") }
    let count = try word(end + 10, 2)
    var place = try word(end + 16, 4)
    var entries: [Entry] = []
    for _ in 0..<count {
      guard try word(place, 4) == 0x0201_4B50 else {
        throw ArrayFileError("the .npz archive is damaged")
      }
      let (method, nameLength) = (try word(place + 10, 2), try word(place + 28, 2))
      let skipped = try word(place + 30, 2) + word(place + 32, 2)
      let (local, stored) = (try word(place + 42, 4), try word(place + 20, 4))
      guard place + 46 + nameLength <= bytes.count else {
        throw ArrayFileError("the .npz archive is cut off")
      }
      let name = String(decoding: bytes[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self)
      guard method == 0 else {
        throw ArrayFileError(
          "\"\(name)\" in the archive is compressed; save it with numpy.savez, not savez_compressed"
        )
      }
      guard try word(local, 4) == 0x0403_4B50 else {
        throw ArrayFileError("the .npz archive is damaged at \"\(name)\"")
      }
      let start = try local + 30 + word(local + 26, 2) + word(local + 28, 2)
      guard start <= bytes.count, stored <= bytes.count - start else {
        throw ArrayFileError("\"\(name)\" in the archive is cut off")
      }
      let array = try NumPy.read(Array(bytes[start..<start + stored]))
      entries.append(
        Entry(name: name.hasSuffix(".npy") ? String(name.dropLast(4)) : name, array: array))
      place += 46 + nameLength + skipped
    }
    guard !entries.isEmpty else { throw ArrayFileError("the .npz archive is empty") }
    return entries
  }
}
