import ConstraintSystem
import TacitVerifier

/// Numbers of a result in bytes of their own, so that millions of them need not be read as text. Each array begins at
/// a multiple of eight bytes; its elements are little endian.
struct LooseNumbers {
  private(set) var bytes: [UInt8] = []

  private mutating func place(
    count: Int, as type: TensorType, _ write: (inout [UInt8]) -> Void
  ) -> JSONValue {
    bytes += [UInt8](repeating: 0, count: -bytes.count & 7)
    let start = bytes.count
    write(&bytes)
    return .object([
      ("at", .integer(start)), ("count", .integer(count)), ("type", .text(type.rawValue)),
    ])
  }

  /// - Returns: where the integers stand, which are of that type.
  fileprivate mutating func place(_ integers: [Int64], as type: TensorType) -> JSONValue {
    place(count: integers.count, as: type == .float32 ? .int32 : type) { bytes in
      switch type {
      case .int8, .uint8: for value in integers { bytes.append(UInt8(truncatingIfNeeded: value)) }
      case .int16: Self.append(integers, as: UInt16.self, to: &bytes)
      // Of float32 they are the patterns of its bits.
      case .int32, .float32: Self.append(integers, as: UInt32.self, to: &bytes)
      case .int64: Self.append(integers, as: UInt64.self, to: &bytes)
      }
    }
  }

  /// - Returns: where the reals stand.
  fileprivate mutating func place(_ reals: [Float]) -> JSONValue {
    place(count: reals.count, as: .float32) { bytes in
      for value in reals { Self.append(value.bitPattern, to: &bytes) }
    }
  }

  private static func append<Value: FixedWidthInteger>(
    _ integers: [Int64], as type: Value.Type, to bytes: inout [UInt8]
  ) {
    for value in integers { append(Value(truncatingIfNeeded: value), to: &bytes) }
  }

  private static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
    for place in 0..<Value.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(8 * place)))
    }
  }
}

extension LooseNumbers? {
  /// Integers of a type: a list, or where they stand.
  mutating func json(_ integers: [Int64], as type: TensorType) -> JSONValue {
    self?.place(integers, as: type) ?? .list(integers.map { .integer($0) })
  }

  /// Reals: a list, or where they stand.
  mutating func json(_ reals: [Float]) -> JSONValue {
    self?.place(reals) ?? .list(reals.map { .real(Double("\($0)") ?? Double($0)) })
  }
}
