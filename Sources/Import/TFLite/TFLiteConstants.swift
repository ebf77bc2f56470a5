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

  mutating func tensor(
    _ table: FlatTable, _ index: Int, _ notes: inout [String]
  ) throws(ModelError) -> Tensor {
    let name = try table.string(3).flatMap { $0.isEmpty ? nil : $0 } ?? "tensor \(index)"
    let place = "tensor \"\(name)\""
    let code = Int(try table.int8(1))
    guard let type = Self.types[code] else {
      let label =
        TFLiteSchema.types.indices.contains(code) ? TFLiteSchema.types[code] : "type \(code)"
      throw .unsupported(
        node: "", what: "\(place) holds \(label)", remedy: "convert the model to int8")
    }
    if try table.bool(5) {
      throw .unsupported(node: "", what: "\(place) is a variable", remedy: "export without state")
    }
    if try table.has(6) {
      throw .unsupported(node: "", what: "\(place) is sparse", remedy: "convert it densified")
    }
    let shape = try shape(table, place, &notes)
    var tensor = Tensor(name: name, shape: shape, type: type)
    tensor.quantization = try quantization(table.table(4), shape, place)
    try tensor.verify()
    tensor.constant = try constant(table, type, tensor.count, place)
    return tensor
  }

  private func shape(
    _ table: FlatTable, _ place: String, _ notes: inout [String]
  ) throws(ModelError) -> [Int] {
    let extents =
      try table.vector(0, size: 4)?.int32s(limit: ModelLimits.rank, "the shape of \(place)") ?? []
    let signature =
      try table.vector(7, size: 4)?.int32s(limit: ModelLimits.rank, "the shape of \(place)") ?? []
    for (axis, extent) in signature.enumerated() where extent < 0 {
      guard axis == 0, extents.first == 1 else {
        throw .unsupported(
          node: "", what: "\(place): dimension \(axis) has no fixed extent",
          remedy: "export the model with static shapes; only the first, the batch, may be open")
      }
      let note = "an open first dimension, the batch, is read as 1"
      if !notes.contains(note) { notes.append(note) }
    }
    return extents.map { Int($0) }
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
    _ table: FlatTable, _ type: ElementType, _ count: Int, _ place: String
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
    case .float32:
      return .real(
        try words(data, type).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) })
    case .int16: return .integer(try words(data, type).map { Int64(Int16(truncatingIfNeeded: $0)) })
    case .int32: return .integer(try words(data, type).map { Int64(Int32(truncatingIfNeeded: $0)) })
    case .int64: return .integer(try words(data, type).map { Int64(bitPattern: $0) })
    }
  }

  private func words(_ data: FlatVector, _ type: ElementType) throws(ModelError) -> [UInt64] {
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

  /// `TensorType`.
  private static let types: [Int: ElementType] = [
    0: .float32, 2: .int32, 3: .uint8, 4: .int64, 7: .int16, 9: .int8,
  ]
}
