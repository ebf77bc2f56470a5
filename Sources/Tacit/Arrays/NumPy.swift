import Foundation

/// NumPy's `.npy`, versions 1 to 3: a magic number, a Python dictionary as text, the elements.
/// Source: numpy/lib/format.py.
enum NumPy {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  static func read(_ bytes: [UInt8]) throws(ArrayFileError) -> NumericArray {
    guard bytes.count >= 10, bytes.starts(with: magic) else {
      throw ArrayFileError("not a .npy file, or cut off")
    }
    let (length, start): (Int, Int)
    switch bytes[6] {
    case 1: (length, start) = (Int(bytes[8]) | Int(bytes[9]) << 8, 10)
    case 2, 3:
      guard bytes.count >= 12 else { throw ArrayFileError("the .npy file is cut off") }
      length = (0..<4).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
      start = 12
    default: throw ArrayFileError(".npy version \(bytes[6]) is not known")
    }
    guard length <= bytes.count - start else { throw ArrayFileError("the .npy file is cut off") }
    let header = try Header(String(decoding: bytes[start..<start + length], as: UTF8.self))
    let count = try NumericArray.count(of: header.shape)
    let data = bytes[(start + length)...]
    guard data.count.isMultiple(of: header.element.bytes),
      data.count / header.element.bytes == count
    else {
      throw ArrayFileError(
        "the .npy file holds \(data.count) bytes of data; shape \(header.shape) of "
          + "\(header.element.rawValue) asks for another number")
    }
    return try NumericArray(
      shape: header.shape, element: header.element, values: decode(Array(data), header.element))
  }

  /// Version 1, C order, little-endian; data starts at a multiple of 64.
  static func write(_ array: NumericArray) -> [UInt8] {
    let comma = array.shape.count == 1 ? "," : ""
    let shape = array.shape.map(String.init).joined(separator: ", ") + comma
    let type = typeNames.first { $0.value == array.element }?.key ?? "<f8"
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape)), }"
    let padding = 63 - (10 + text.utf8.count) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    var bytes = magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF)]
    bytes += Array(text.utf8)
    func append(_ word: UInt64) {
      for byte in 0..<array.element.bytes {
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * byte)))
      }
    }
    switch (array.values, array.element) {
    case (.real(let values), .float32):
      for value in values { append(UInt64(Float(value).bitPattern)) }
    case (.real(let values), .float64): for value in values { append(value.bitPattern) }
    case (.real(let values), _):
      for value in values { append(UInt64(bitPattern: Int64(exactly: value.rounded()) ?? 0)) }
    case (.integer(let values), .float32):
      for value in values { append(UInt64(Float(value).bitPattern)) }
    case (.integer(let values), .float64):
      for value in values { append(Double(value).bitPattern) }
    case (.integer(let values), _):
      for value in values { append(UInt64(bitPattern: value)) }
    }
    return bytes
  }

  fileprivate static let typeNames: [String: NumericArray.Element] = [
    "<f4": .float32, "<f8": .float64, "|i1": .int8, "|u1": .uint8, "<i2": .int16, "<i4": .int32,
    "<i8": .int64,
  ]

  private static func decode(
    _ bytes: [UInt8], _ element: NumericArray.Element
  ) -> NumericArray.Values {
    let size = element.bytes
    func words<T>(_ convert: (UInt64) -> T) -> [T] {
      stride(from: 0, to: bytes.count, by: size).map { start in
        convert((0..<size).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) })
      }
    }
    switch element {
    case .float32:
      return .real(words { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) })
    case .float64: return .real(words { Double(bitPattern: $0) })
    case .int8: return .integer(words { Int64(Int8(truncatingIfNeeded: $0)) })
    case .uint8: return .integer(words { Int64($0 & 0xFF) })
    case .int16: return .integer(words { Int64(Int16(truncatingIfNeeded: $0)) })
    case .int32: return .integer(words { Int64(Int32(truncatingIfNeeded: $0)) })
    case .int64: return .integer(words { Int64(bitPattern: $0) })
    }
  }

  /// `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 64), }`
  private struct Header {
    var element: NumericArray.Element
    var shape: [Int]

    init(_ text: String) throws(ArrayFileError) {
      func after(_ key: String) throws(ArrayFileError) -> Substring {
        guard let found = text.range(of: "'\(key)':") else {
          throw ArrayFileError("the .npy header lacks '\(key)'")
        }
        return text[found.upperBound...].drop { $0 == " " }
      }
      let descr = try after("descr").dropFirst().prefix { $0 != "'" }
      guard let element = NumPy.typeNames[String(descr)] else {
        throw ArrayFileError(
          "elements of type \(descr) are not read; save float32, int8, uint8, int16, int32 or int64"
        )
      }
      self.element = element
      let order = try after("fortran_order")
      guard order.hasPrefix("False") else {
        throw ArrayFileError("the array is in Fortran order; save numpy.ascontiguousarray(array)")
      }
      let tuple = try after("shape")
      guard tuple.hasPrefix("("), let end = tuple.firstIndex(of: ")") else {
        throw ArrayFileError("the .npy header has no shape")
      }
      shape = []
      for part in tuple[..<end].dropFirst().split(separator: ",") {
        let digits = part.filter { $0 != " " }
        if digits.isEmpty { continue }
        guard shape.count < 32, let extent = Int(digits), extent >= 0 else {
          throw ArrayFileError("the .npy header has an extent of \(digits)")
        }
        shape.append(extent)
      }
    }
  }
}

extension NumericArray {
  /// The bytes of a `.npy` file.
  public func npy() -> [UInt8] { NumPy.write(self) }
}
