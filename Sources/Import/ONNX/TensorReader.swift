import ConstraintSystem
import Model

/// Reads constants and shapes. Every count is compared with the bytes that are there before anything
/// is allocated.
enum TensorReader {
  /// More than any tensor of a network that can be proven; keeps products of extents far from
  /// overflow.
  static let mostElements = 1 << 31
  static let highestRank = 8

  static func value(_ proto: TensorProto, named name: String) throws(ModelError) -> FoldedValue {
    func refuse(_ what: String, _ remedy: String) -> ModelError {
      .unsupported(node: "", what: "tensor \"\(name)\" \(what)", remedy: remedy)
    }
    guard let type = DataType(rawValue: proto.dataType) else {
      throw refuse("has an unknown data type \(proto.dataType)", "")
    }
    let shape = try extents(proto.dims, of: name, mayBeEmpty: true)
    guard type.constantElement != nil else {
      throw refuse("holds \(type.label)", "constants are reals, integers or truth values")
    }
    let count = shape.reduce(1, *)
    func check(_ actual: Int) throws(ModelError) {
      guard actual == count else {
        throw .invalid(
          node: "", what: "tensor \"\(name)\" has \(actual) elements where its shape says \(count)")
      }
    }
    let value: FoldedValue
    if let data = proto.rawData {
      guard data.count % type.bytes == 0 else {
        throw .invalid(node: "", what: "tensor \"\(name)\" is cut off inside an element")
      }
      try check(data.count / type.bytes)
      value = raw(data, type, shape)
    } else {
      switch type {
      case .float:
        try check(proto.floatData.count)
        value = FoldedValue(type, shape, .real(proto.floatData))
      case .double:
        try check(proto.doubleData.count)
        value = FoldedValue(type, shape, exactly: proto.doubleData)
      case .float16, .bfloat16:
        try check(proto.int32Data.count)
        value = FoldedValue(
          type, shape,
          .real(proto.int32Data.map { real(UInt16(truncatingIfNeeded: $0), type) }))
      default:
        let integers =
          switch type {
          case .int64: proto.int64Data
          case .uint32, .uint64: proto.uint64Data
          default: proto.int32Data
          }
        try check(integers.count)
        value = FoldedValue(type, shape, integers: integers)
      }
    }
    if let range = type.range, let integers = value.integers,
      let outside = integers.first(where: { !range.contains($0) })
    {
      // Numbers beyond int64 have a sign here.
      guard type != .uint64 else {
        throw refuse("holds \(UInt64(bitPattern: outside))", "constants are below 2^63")
      }
      throw .invalid(node: "", what: "tensor \"\(name)\" holds values that are not \(type.label)")
    }
    return value
  }

  /// Extents that are positive, or zero where that is allowed, and whose product is bounded.
  static func extents(
    _ dims: [Int64], of name: String, mayBeEmpty: Bool = false
  ) throws(ModelError) -> [Int] {
    guard dims.count <= highestRank else {
      throw .unsupported(
        node: "", what: "tensor \"\(name)\" has \(dims.count) dimensions",
        remedy: "at most \(highestRank) are read")
    }
    var product = 1
    for extent in dims {
      guard extent > 0 || (mayBeEmpty && extent == 0), extent <= mostElements else {
        throw .invalid(node: "", what: "tensor \"\(name)\" has an extent of \(extent)")
      }
      product *= max(Int(extent), 1)
      guard product <= mostElements else {
        throw .invalid(node: "", what: "tensor \"\(name)\" has more than 2^31 elements")
      }
    }
    return dims.map { Int($0) }
  }

  /// Little-endian elements, a whole number of them.
  private static func raw(
    _ bytes: ArraySlice<UInt8>, _ type: DataType, _ shape: [Int]
  ) -> FoldedValue {
    func word(_ offset: Int, _ size: Int) -> UInt64 {
      (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
    func words<T>(_ size: Int, _ convert: (UInt64) -> T) -> [T] {
      stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { convert(word($0, size)) }
    }
    switch type {
    case .float:
      return FoldedValue(
        type, shape, .real(words(4) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }))
    case .double:
      return FoldedValue(type, shape, exactly: words(8) { Double(bitPattern: $0) })
    case .float16, .bfloat16:
      return FoldedValue(
        type, shape, .real(words(2) { real(UInt16(truncatingIfNeeded: $0), type) }))
    default: break
    }
    let integers: [Int64] =
      switch type {
      // A truth value is whatever is not zero.
      case .bool: bytes.map { $0 == 0 ? 0 : 1 }
      case .uint8: bytes.map { Int64($0) }
      case .int8: bytes.map { Int64(Int8(bitPattern: $0)) }
      case .uint16: words(2) { Int64($0) }
      case .int16: words(2) { Int64(Int16(truncatingIfNeeded: $0)) }
      case .uint32: words(4) { Int64($0) }
      case .int32: words(4) { Int64(Int32(truncatingIfNeeded: $0)) }
      default: words(8) { Int64(bitPattern: $0) }
      }
    return FoldedValue(type, shape, integers: integers)
  }

  /// Reals of 16 bits, all of which single precision holds.
  private static func real(_ bits: UInt16, _ type: DataType) -> Float {
    type == .float16
      ? Float(HalfPrecision.real(bits)) : Float(bitPattern: UInt32(bits) << 16)
  }
}
