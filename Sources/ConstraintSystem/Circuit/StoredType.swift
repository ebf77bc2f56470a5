extension ModelTensor {
  /// What a key's maker says that the values of a tensor are, as a key proof shows.
  ///
  /// Written down in docs/protocol/circuit.md#stored-types.
  package enum StoredType: UInt8, Sendable, CaseIterable {
    case int8 = 1
    case int16 = 2
    case int32 = 4
    case int64 = 8
    /// 0 or 1.
    case bit = 16
    /// −1 or 1.
    case sign = 17
    /// 0 or 1, and in each row along the last axis exactly one 1.
    case oneHot = 18

    /// Of a value in a file.
    package var bytes: Int {
      switch self {
      case .int8, .bit, .sign, .oneHot: 1
      case .int16: 2
      case .int32: 4
      case .int64: 8
      }
    }

    /// Whether a value's bytes may be those of a value that the type does not have.
    package var isPartOfItsBytes: Bool { rawValue >= 16 }

    /// From the least value to the greatest.
    package var range: ClosedRange<Int64> {
      switch self {
      case .int8: Int64(Int8.min)...Int64(Int8.max)
      case .int16: Int64(Int16.min)...Int64(Int16.max)
      case .int32: Int64(Int32.min)...Int64(Int32.max)
      case .int64: Int64.min...Int64.max
      case .bit, .oneHot: 0...1
      case .sign: -1...1
      }
    }
  }

  /// The place, row-major, of the first value that the tensor's type does not have; of a row with another
  /// number of ones than one its first.
  ///
  /// - Parameter values: as many as `count`.
  package func firstFault(in values: [Int64]) -> Int? {
    switch type {
    case .int8, .int16, .int32, .int64, .bit:
      let range = type.range
      return values.firstIndex { !range.contains($0) }
    case .sign: return values.firstIndex { $0 != 1 && $0 != -1 }
    case .oneHot:
      let length = shape.last ?? 1
      return stride(from: 0, to: values.count, by: length).first { first in
        let row = values[first..<first + length]
        return !row.allSatisfy { $0 == 0 || $0 == 1 } || row.reduce(0, +) != 1
      }
    }
  }
}
