/// NumPy's `.npz`: a ZIP archive of `.npy` files, stored as `np.savez` does or deflated as
/// `np.savez_compressed` does. Source: PKWARE APPNOTE 6.3.10, §4.3.7 (local header), §4.3.12
/// (central directory), §4.3.16 (end).
struct NumPyArchive {
  struct Entry {
    var name: String
    var array: NumericArray
  }

  /// Of a local header, and of the end of an archive without files.
  static let magic: [UInt8] = [0x50, 0x4B]

  static func read(_ bytes: [UInt8]) throws(ArrayFileError) -> [Entry] {
    var archive = NumPyArchive(bytes)
    return try archive.entries()
  }

  private let bytes: [UInt8]
  /// Bytes of the file that may still be an entry's: every byte is one entry's at most, so that a
  /// small file cannot name one part of it a thousand times.
  private var unread: Int
  /// What the arrays may still take in memory.
  private var memory: Int

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    unread = bytes.count
    memory = 192 << 20 + 64 * bytes.count
  }

  private func word(_ offset: Int, _ size: Int) throws(ArrayFileError) -> Int {
    guard offset >= 0, offset <= bytes.count - size else {
      throw ArrayFileError(.damaged, "the .npz archive is cut off")
    }
    return (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  private mutating func entries() throws(ArrayFileError) -> [Entry] {
    // The end record is the last thing in the file but for a comment of at most 65,535 bytes.
    let earliest = max(0, bytes.count - 22 - 65_535)
    guard bytes.count >= 22,
      let end = (earliest...(bytes.count - 22)).last(where: {
        bytes[$0] == 0x50 && bytes[$0 + 1] == 0x4B && bytes[$0 + 2] == 5 && bytes[$0 + 3] == 6
      })
    else { throw ArrayFileError(.damaged, "not a .npz archive, or cut off") }
    // Bytes before or after would make it two archives, of which programs take one or the other.
    guard try end + 22 + word(end + 20, 2) == bytes.count else {
      throw ArrayFileError(
        .damaged, "something stands behind the .npz archive; save it again")
    }
    let count = try word(end + 10, 2)
    var place = try word(end + 16, 4)
    guard try place + word(end + 12, 4) == end else {
      throw ArrayFileError(
        .damaged,
        "the .npz archive does not begin where the file does, or is damaged; save it again")
    }
    var entries: [Entry] = []
    var names: Set<String> = []
    for _ in 0..<count {
      let header = try centralHeader(place)
      guard names.insert(header.arrayName).inserted else {
        throw ArrayFileError(
          .arrays, "\(header.shown) is in the archive twice", entry: header.name)
      }
      do throws(ArrayFileError) {
        entries.append(Entry(name: header.arrayName, array: try array(header)))
      } catch {
        throw ArrayFileError(
          error.kind, "\(header.shown) in the archive: \(error)", entry: header.name)
      }
      place = header.end
    }
    guard !entries.isEmpty else {
      throw ArrayFileError(.arrays, "the .npz archive is empty")
    }
    return entries
  }

  /// A file as the central directory lists it.
  private struct Header {
    var nameBytes: ArraySlice<UInt8>
    var isEncrypted: Bool
    var method: Int
    var checksum: Int
    var stored: Int
    var size: Int
    /// Of the local header, and of the next entry of the directory.
    var local: Int
    var end: Int

    var name: String { String(decoding: nameBytes, as: UTF8.self) }
    var shown: String { TextPiece.quoted(nameBytes) }
    var arrayName: String { name.hasSuffix(".npy") ? String(name.dropLast(4)) : name }
  }

  private func centralHeader(_ place: Int) throws(ArrayFileError) -> Header {
    guard try word(place, 4) == 0x0201_4B50 else {
      throw ArrayFileError(.damaged, "the .npz archive is damaged")
    }
    let nameLength = try word(place + 28, 2)
    let end = try place + 46 + nameLength + word(place + 30, 2) + word(place + 32, 2)
    guard end <= bytes.count else { throw ArrayFileError(.damaged, "the .npz archive is cut off") }
    return Header(
      nameBytes: bytes[(place + 46)...].prefix(nameLength),
      isEncrypted: try word(place + 8, 2) & 1 != 0, method: try word(place + 10, 2),
      checksum: try word(place + 16, 4), stored: try word(place + 20, 4),
      size: try word(place + 24, 4), local: try word(place + 42, 4), end: end)
  }

  private mutating func array(_ header: Header) throws(ArrayFileError) -> NumericArray {
    guard !header.isEncrypted else { throw ArrayFileError(.unsupported, "it is encrypted") }
    guard try word(header.local, 4) == 0x0403_4B50 else {
      throw ArrayFileError(.damaged, "the archive is damaged there")
    }
    let nameLength = try word(header.local + 26, 2)
    let start = try header.local + 30 + nameLength + word(header.local + 28, 2)
    guard start <= bytes.count, header.stored <= bytes.count - start else {
      throw ArrayFileError(.damaged, "it is cut off")
    }
    guard bytes[(header.local + 30)...].prefix(nameLength).elementsEqual(header.nameBytes) else {
      throw ArrayFileError(.damaged, "the file itself has another name")
    }
    guard header.stored <= unread else {
      throw ArrayFileError(.damaged, "the archive's entries are longer than the archive")
    }
    unread -= header.stored
    let content = try content(header, bytes[start..<start + header.stored])
    guard Int(Zlib.crc32(content)) == header.checksum else {
      throw ArrayFileError(
        .damaged, "its CRC-32 is wrong: the file is damaged, save or download it again")
    }
    let numbers = try NumPy(content)
    // A value takes eight bytes as it is read and eight as the network takes it.
    guard numbers.count <= (memory - content.count) / 16 else { throw tooMuch(content.count) }
    memory -= 16 * numbers.count
    return try numbers.array()
  }

  private func tooMuch(_ size: Int) -> ArrayFileError {
    ArrayFileError(
      .tooLarge,
      "it would be \(size) bytes, more than an archive of \(bytes.count) may become; save it with "
        + "numpy.savez, without compression")
  }

  private func content(
    _ header: Header, _ stored: ArraySlice<UInt8>
  ) throws(ArrayFileError) -> ArraySlice<UInt8> {
    switch header.method {
    case 0:
      guard header.stored == header.size else {
        throw ArrayFileError(
          .damaged, "it has two sizes, \(header.stored) and \(header.size)")
      }
      return stored
    case 8:
      guard header.size <= memory else { throw tooMuch(header.size) }
      guard let content = Zlib.inflate(stored, count: header.size) else {
        throw ArrayFileError(
          .damaged,
          "it does not inflate to the \(header.size) bytes that it promises: the file is damaged")
      }
      return content[...]
    default:
      throw ArrayFileError(
        .unsupported,
        "compression method \(header.method) is not read; save it with numpy.savez or "
          + "numpy.savez_compressed")
    }
  }
}
