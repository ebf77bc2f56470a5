import ConstraintSystem
import Model

/// Reads tensors: shape, type, quantization and, where a buffer holds data, the constant.
struct TFLiteConstants {
  private let file: FlatBuffer
  private let buffers: FlatVector?
  /// Elements still to be read: many tensors may name one buffer or one list of scales, and a small
  /// file must not grow into a large graph.
  private var budget: Int

  init(_ model: FlatTable) throws(ModelError) {
    file = model.buffer
    buffers = try model.vector(4, size: 4)
    budget = 4 * file.bytes.count
  }

  /// - Returns: the tensor, and the axes whose extents the file leaves open, of which it states 1.
  mutating func tensor(
    _ table: FlatTable, _ index: Int
  ) throws(ModelError) -> (tensor: Tensor, openAxes: [Int]) {
    let name = try table.string(3).flatMap { $0.isEmpty ? nil : $0 } ?? "tensor \(index)"
    let place = "tensor \"\(name)\""
    let code = Int(try table.int8(1))
    func refusal() -> ModelError {
      let label =
        TFLiteSchema.types.indices.contains(code) ? TFLiteSchema.types[code] : "type \(code)"
      return .unsupported(
        node: "", what: "\(place) holds \(label)", remedy: Self.remedies[label] ?? Self.remedy)
    }
    guard let stored = Self.types[code] else { throw refusal() }
    if try table.bool(5) {
      throw .unsupported(node: "", what: "\(place) is a variable", remedy: "export without state")
    }
    if try table.has(6) {
      throw .unsupported(node: "", what: "\(place) is sparse", remedy: "convert it densified")
    }
    let (shape, openAxes) = try shape(table, place)
    var tensor = Tensor(name: name, shape: shape, type: stored.element)
    if stored.isQuantizable {
      tensor.quantization = try quantization(table.table(4), shape, place)
    }
    try tensor.verify()
    tensor.constant = try constant(table, stored, tensor.count, place)
    guard tensor.constant != nil || !stored.isConstant else { throw refusal() }
    return (tensor, openAxes)
  }

  private func shape(
    _ table: FlatTable, _ place: String
  ) throws(ModelError) -> (shape: [Int], openAxes: [Int]) {
    func extents(_ field: Int) throws(ModelError) -> [Int] {
      let vector = try table.vector(field, size: 4)
      return try vector?.int32s(limit: ModelLimits.rank, "the shape of \(place)").map { Int($0) }
        ?? []
    }
    let (shape, signature) = (try extents(0), try extents(7))
    let open = shape.indices.filter { axis in
      shape[axis] < 0 || (signature.indices.contains(axis) && signature[axis] < 0)
    }
    return (shape.map { $0 < 0 ? 1 : $0 }, open)
  }

  private mutating func quantization(
    _ table: FlatTable?, _ shape: [Int], _ place: String
  ) throws(ModelError) -> Quantization? {
    guard let table else { return nil }
    if try table.uint8(4) != 0 {
      throw .unsupported(
        node: "", what: "\(place) has a custom quantization", remedy: "convert it to int8")
    }
    guard let scales = try table.vector(2, size: 4), scales.count > 0 else { return nil }
    let zeros = try table.vector(3, size: 8)
    guard let zeros, zeros.count == scales.count else {
      throw .invalid(
        node: "",
        what: "\(place) has \(scales.count) scales and \(zeros?.count ?? 0) zero points")
    }
    try spend(2 * scales.count)
    let axis = Int(try table.int32(6))
    // Biases of depthwise layers have one axis and carry their weight's axis number.
    let own = shape.count == 1 ? 0 : axis
    return Quantization(
      scales: try scales.numbers(limit: budget + scales.count, "scales").map {
        Float(bitPattern: UInt32(truncatingIfNeeded: $0))
      },
      zeroPoints: try zeros.numbers(limit: budget + zeros.count, "zero points").map {
        Int64(bitPattern: $0)
      },
      axis: scales.count == 1 ? nil : own)
  }

  private mutating func constant(
    _ table: FlatTable, _ type: StoredType, _ count: Int, _ place: String
  ) throws(ModelError) -> Constant? {
    let number = try table.int32(2)
    // Buffer 0 is empty by convention.
    guard number != 0 else { return nil }
    guard let buffers, number > 0, number < buffers.count else {
      throw .invalid(node: "", what: "\(place) names buffer \(number) of \(buffers?.count ?? 0)")
    }
    let buffer = try buffers.table(Int(number))
    if try buffer.uint64(1) > 1 {
      throw .unsupported(
        node: "", what: "\(place) keeps its data outside the FlatBuffer",
        remedy: "convert the model to a file below 2 GB")
    }
    guard let data = try buffer.vector(0, size: 1), data.count > 0 else { return nil }
    guard data.count == count * type.bytes else {
      throw .invalid(
        node: "",
        what: "\(place) has \(data.count) bytes of data for \(count) elements of \(type)")
    }
    try spend(count)
    let bytes = file.bytes[data.start..<(data.start + data.count)]
    switch type {
    case .int8: return .integer(bytes.map { Int64(Int8(bitPattern: $0)) })
    case .uint8: return .integer(bytes.map { Int64($0) })
    case .bool: return .integer(bytes.map { $0 == 0 ? 0 : 1 })
    case .float16:
      return .real(
        try words(data, type).map { Float(HalfPrecision.real(UInt16(truncatingIfNeeded: $0))) })
    case .float32:
      return .real(
        try words(data, type).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    case .int16: return .integer(try words(data, type).map { Int64(Int16(truncatingIfNeeded: $0)) })
    case .int32: return .integer(try words(data, type).map { Int64(Int32(truncatingIfNeeded: $0)) })
    case .int64: return .integer(try words(data, type).map { Int64(bitPattern: $0) })
    }
  }

  private func words(_ data: FlatVector, _ type: StoredType) throws(ModelError) -> [UInt64] {
    let count = data.count / type.bytes
    return try FlatVector(buffer: file, start: data.start, count: count, size: type.bytes)
      .numbers(limit: count, "data")
  }

  private mutating func spend(_ count: Int) throws(ModelError) {
    guard count <= budget else {
      throw .unsupported(
        node: "", what: "tensors share their data many times over",
        remedy: "convert the model again")
    }
    budget -= count
  }

  private static let remedy = "convert the model to float32, or to int8 with full quantization"
  private static let remedies = [
    "FLOAT16": "keep activations in float32: only weights may be float16",
    "INT4": "convert the model with weights of 8 bits",
    "INT2": "convert the model with weights of 8 bits",
  ]

  /// `TensorType`.
  private static let types: [Int: StoredType] = [
    0: .float32, 1: .float16, 2: .int32, 3: .uint8, 4: .int64, 6: .bool, 7: .int16, 9: .int8,
  ]

  /// How a file stores elements.
  private enum StoredType {
    case float32, float16, int32, uint8, int64, bool, int16, int8

    /// What they are read as.
    var element: ElementType {
      switch self {
      case .float32, .float16: .float32
      case .int32: .int32
      case .uint8, .bool: .uint8
      case .int64: .int64
      case .int16: .int16
      case .int8: .int8
      }
    }

    var bytes: Int { self == .float16 ? 2 : element.bytes }

    /// Whether only constants of it are read.
    var isConstant: Bool { self == .float16 || self == .bool }

    /// Whether a scale that a file states for it means something: converters also write some beside reals.
    var isQuantizable: Bool {
      switch self {
      case .int8, .uint8, .int16, .int32: true
      case .float32, .float16, .int64, .bool: false
      }
    }
  }
}
