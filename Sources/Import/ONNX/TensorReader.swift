import ConstraintSystem
import Model

/// Reads constants and shapes. Every count is compared with the bytes that are there before anything
/// is allocated.
enum TensorReader {
  /// More than any tensor of a network that can be proven; keeps products of extents far from
  /// overflow.
  static let mostElements = 1 << 31
  static let highestRank = 8

  static func tensor(_ proto: TensorProto, named name: String) throws(ModelError) -> Tensor {
    func refuse(_ what: String, _ remedy: String) -> ModelError {
      .unsupported(node: "", what: "tensor \"\(name)\" \(what)", remedy: remedy)
    }
    if proto.dataLocation != 0 || proto.externalData > 0 {
      throw refuse("keeps its data in another file", "save the model with its weights inside")
    }
    guard let type = DataType(rawValue: proto.dataType) else {
      throw refuse("has an unknown data type \(proto.dataType)", "")
    }
    let shape = try extents(proto.dims, of: name)
    let count = shape.reduce(1, *)
    let constant = try elements(proto, type, count, named: name)
    guard let element = type.element, let constant else {
      throw refuse(
        "holds \(type.label)", "constants are float32, int8, uint8, int16, int32 or int64")
    }
    return Tensor(name: name, shape: shape, type: element, constant: constant)
  }

  /// Extents that are positive and whose product is bounded.
  static func extents(_ dims: [Int64], of name: String) throws(ModelError) -> [Int] {
    guard dims.count <= highestRank else {
      throw .unsupported(
        node: "", what: "tensor \"\(name)\" has \(dims.count) dimensions",
        remedy: "at most \(highestRank) are read")
    }
    var product = 1
    for extent in dims {
      guard extent > 0, extent <= mostElements else {
        throw .invalid(node: "", what: "tensor \"\(name)\" has an extent of \(extent)")
      }
      product *= Int(extent)
      guard product <= mostElements else {
        throw .invalid(node: "", what: "tensor \"\(name)\" has more than 2^31 elements")
      }
    }
    return dims.map { Int($0) }
  }

  private static func elements(
    _ proto: TensorProto, _ type: DataType, _ count: Int, named name: String
  ) throws(ModelError) -> Constant? {
    guard let size = type.element?.bytes else { return nil }
    func check(_ actual: Int) throws(ModelError) {
      guard actual == count else {
        throw .invalid(
          node: "", what: "tensor \"\(name)\" has \(actual) elements where its shape says \(count)")
      }
    }
    if let data = proto.rawData {
      guard data.count % size == 0 else {
        throw .invalid(node: "", what: "tensor \"\(name)\" is cut off inside an element")
      }
      try check(data.count / size)
      return raw(data, type)
    }
    switch type {
    case .float:
      try check(proto.floatData.count)
      return .real(proto.floatData)
    case .int64:
      try check(proto.int64Data.count)
      return .integer(proto.int64Data)
    default:
      try check(proto.int32Data.count)
      let values = proto.int32Data
      guard let range = type.element?.range, values.allSatisfy(range.contains) else {
        throw .invalid(
          node: "", what: "tensor \"\(name)\" holds values that are not \(type.label)")
      }
      return .integer(values)
    }
  }

  /// Little-endian elements, a whole number of them.
  private static func raw(_ bytes: ArraySlice<UInt8>, _ type: DataType) -> Constant {
    func word(_ offset: Int, _ size: Int) -> UInt64 {
      (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
    func words<T>(_ size: Int, _ convert: (UInt64) -> T) -> [T] {
      stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { convert(word($0, size)) }
    }
    switch type {
    case .float: return .real(words(4) { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    case .uint8: return .integer(bytes.map { Int64($0) })
    case .int8: return .integer(bytes.map { Int64(Int8(bitPattern: $0)) })
    case .int16: return .integer(words(2) { Int64(Int16(truncatingIfNeeded: $0)) })
    case .int32: return .integer(words(4) { Int64(Int32(truncatingIfNeeded: $0)) })
    default: return .integer(words(8) { Int64(bitPattern: $0) })
    }
  }

  /// `TensorProto.DataType`.
  enum DataType: Int32, CaseIterable {
    case float = 1
    case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64
    case complex64, complex128, bfloat16

    var element: ElementType? {
      switch self {
      case .float: .float32
      case .uint8: .uint8
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      case .int64: .int64
      default: nil
      }
    }
    var label: String { self == .float ? "float32" : "\(self)" }
  }
}
