extension NumPyArchive {
  /// A ZIP archive of stored entries, as `np.savez` writes it; a name that stands there already gets a
  /// number.
  static func write(_ arrays: [(name: String, array: NumericArray)]) -> [UInt8] {
    var (bytes, directory, names) = ([UInt8](), [UInt8](), Set<String>())
    for (name, array) in arrays {
      var unique = name
      var number = 1
      while !names.insert(unique).inserted {
        number += 1
        unique = "\(name) \(number)"
      }
      let (path, content) = (Array((unique + ".npy").utf8), NumPy.write(array))
      let place = bytes.count
      // Version 2.0, UTF-8 names, stored, 1980-01-01.
      let common =
        words([20, 0x0800, 0, 0, 0x0021]) + word(Int(Zlib.crc32(content[...])), 4)
        + word(content.count, 4) + word(content.count, 4) + words([path.count, 0])
      bytes += [0x50, 0x4B, 3, 4] + common + path + content
      directory +=
        [0x50, 0x4B, 1, 2] + words([20]) + common + words([0, 0, 0]) + word(0, 4) + word(place, 4)
        + path
    }
    let end =
      [0x50, 0x4B, 5, 6] + words([0, 0, arrays.count, arrays.count]) + word(directory.count, 4)
      + word(bytes.count, 4) + words([0])
    return bytes + directory + end
  }

  private static func words(_ values: [Int]) -> [UInt8] { values.flatMap { word($0, 2) } }

  private static func word(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

extension NumericArray {
  /// The bytes of a `.npz` file, as `numpy.savez` writes it: arrays by their names, row-major and
  /// little-endian.
  public static func npz(_ arrays: [(name: String, array: NumericArray)]) -> [UInt8] {
    NumPyArchive.write(arrays)
  }
}
