import Model

/// NumPy's `.npy`, versions 1 to 3: a magic number, a Python dictionary as text, the elements.
/// Source: numpy/lib/format.py.
struct NumPy {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  private let header: NumPyHeader
  private let data: ArraySlice<UInt8>
  /// Number of values, for which there are as many bytes as they take.
  let count: Int

  init(_ bytes: ArraySlice<UInt8>) throws(ArrayFileError) {
    let start = bytes.startIndex
    guard bytes.count >= 10, bytes.starts(with: Self.magic) else {
      throw ArrayFileError(.damaged, "not a .npy file, or cut off")
    }
    func length(_ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[start + 8 + $1]) << (8 * $1) }
    }
    let prefix: Int
    switch bytes[start + 6] {
    case 1: prefix = 2
    case 2, 3: prefix = 4
    default:
      throw ArrayFileError(.unsupported, ".npy version \(bytes[start + 6]) is not known")
    }
    guard bytes.count >= 8 + prefix, length(prefix) <= bytes.count - 8 - prefix else {
      throw ArrayFileError(.damaged, "the .npy file is cut off")
    }
    let text = bytes[(start + 8 + prefix)...].prefix(length(prefix))
    header = try NumPyHeader(String(decoding: text, as: UTF8.self))
    count = try NumericArray.count(of: header.shape)
    data = bytes[text.endIndex...]
    let size = header.element.bytes
    guard data.count.isMultiple(of: size), data.count / size == count else {
      throw ArrayFileError(
        .damaged,
        "the .npy file holds \(data.count) bytes of data; shape \(header.shape) of "
          + "\(header.element.rawValue) asks for another number")
    }
  }

  func array() throws(ArrayFileError) -> NumericArray {
    let values = NumPyElements(data, header).values(
      header.isFortran ? FortranOrder(header.shape) : nil)
    return try NumericArray(shape: header.shape, element: header.element, values: values)
  }

  /// Version 1, C order, little-endian; data starts at a multiple of 64.
  static func write(_ array: NumericArray) -> [UInt8] {
    let comma = array.shape.count == 1 ? "," : ""
    let shape = array.shape.map(String.init).joined(separator: ", ") + comma
    let order = array.element.bytes == 1 ? "|" : "<"
    let type = order + NumPyHeader.name(of: array.element)
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
    func append(_ real: Double) {
      switch array.element {
      case .float16: append(UInt64(HalfPrecision.bits(real)))
      case .float32: append(UInt64(Float(real).bitPattern))
      case .float64: append(real.bitPattern)
      default: append(UInt64(bitPattern: Int64(exactly: real.rounded()) ?? 0))
      }
    }
    switch array.values {
    case .real(let values): for value in values { append(value) }
    case .integer(let values) where array.element.isReal:
      for value in values { append(Double(value)) }
    case .integer(let values): for value in values { append(UInt64(bitPattern: value)) }
    }
    return bytes
  }
}

/// The elements of a `.npy` file, of either byte order.
private struct NumPyElements {
  private let bytes: ArraySlice<UInt8>
  private let element: NumericArray.Element
  private let isBigEndian: Bool

  init(_ bytes: ArraySlice<UInt8>, _ header: NumPyHeader) {
    self.bytes = bytes
    element = header.element
    isBigEndian = header.isBigEndian
  }

  /// In row-major order.
  func values(_ order: FortranOrder?) -> NumericArray.Values {
    switch element {
    case .float16: .real(words(order) { HalfPrecision.real(UInt16(truncatingIfNeeded: $0)) })
    case .float32:
      .real(words(order) { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) })
    case .float64: .real(words(order) { Double(bitPattern: $0) })
    case .int8: .integer(words(order) { Int64(Int8(truncatingIfNeeded: $0)) })
    case .uint8: .integer(words(order) { Int64($0 & 0xFF) })
    case .int16: .integer(words(order) { Int64(Int16(truncatingIfNeeded: $0)) })
    case .int32: .integer(words(order) { Int64(Int32(truncatingIfNeeded: $0)) })
    case .int64: .integer(words(order) { Int64(bitPattern: $0) })
    }
  }

  private func words<Value>(_ order: FortranOrder?, _ convert: (UInt64) -> Value) -> [Value] {
    let size = element.bytes
    func word(_ index: Int) -> UInt64 {
      var word: UInt64 = 0
      let start = bytes.startIndex + index * size
      for byte in 0..<size {
        let place = isBigEndian ? start + byte : start + size - 1 - byte
        word = word << 8 | UInt64(bytes[place])
      }
      return word
    }
    let count = bytes.count / size
    guard var order else { return (0..<count).map { convert(word($0)) } }
    return (0..<count).map { _ in
      let value = convert(word(order.place))
      order.advance()
      return value
    }
  }
}

/// Walks an array in row-major order where it is stored with its first axis innermost.
private struct FortranOrder {
  private let shape: [Int]
  private let strides: [Int]
  private var index: [Int]
  /// Where the current element is stored.
  private(set) var place = 0

  /// - Parameter shape: whose product does not overflow.
  init(_ shape: [Int]) {
    self.shape = shape
    var (stride, strides) = (1, [Int]())
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    self.strides = strides
    index = Array(repeating: 0, count: shape.count)
  }

  mutating func advance() {
    for axis in shape.indices.reversed() {
      index[axis] += 1
      place += strides[axis]
      if index[axis] < shape[axis] { return }
      place -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
}

extension NumericArray {
  /// The bytes of a `.npy` file, version 1, row-major and little-endian.
  public func npy() -> [UInt8] { NumPy.write(self) }
}
