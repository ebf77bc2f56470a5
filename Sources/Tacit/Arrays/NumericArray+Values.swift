extension NumericArray {
  /// Integers as a program has them.
  ///
  /// - Parameters:
  ///   - values: row-major.
  ///   - shape: extents, the first of which may count inferences.
  /// - Throws: `ArrayFileError` of kind `shape` where the shape asks for another number of values,
  ///   and of kind `notANumber` for a value that no `Int64` holds.
  public init<Value: FixedWidthInteger>(
    _ values: [Value], shape: [Int]
  ) throws(ArrayFileError) {
    let integers = values.compactMap { Int64(exactly: $0) }
    guard integers.count == values.count else {
      throw ArrayFileError(.notANumber, "an integer is beyond 64 bits with a sign")
    }
    try self.init(
      shape: shape, element: Element(holding: Value.self), values: .integer(integers))
  }

  /// Reals as a program has them.
  ///
  /// - Parameters:
  ///   - values: row-major.
  ///   - shape: extents, the first of which may count inferences.
  /// - Throws: `ArrayFileError` of kind `shape` where the shape asks for another number of values.
  public init<Value: BinaryFloatingPoint>(
    _ values: [Value], shape: [Int]
  ) throws(ArrayFileError) {
    try self.init(
      shape: shape, element: Element(holding: Value.self), values: .real(values.map { Double($0) }))
  }

  /// The values as integers of a type, row-major.
  ///
  /// - Returns: nil when one of them is no integer, or none of the type.
  public func values<Value: FixedWidthInteger>(as type: Value.Type) -> [Value]? {
    guard let integers else { return nil }
    let exact = integers.compactMap { Value(exactly: $0) }
    return exact.count == integers.count ? exact : nil
  }

  /// The values as reals of a type, row-major, each rounded to the nearest that there is.
  public func values<Value: BinaryFloatingPoint>(as type: Value.Type) -> [Value] {
    switch values {
    case .real(let values): values.map { Value($0) }
    case .integer(let values): values.map { Value($0) }
    }
  }
}

extension NumericArray.Element {
  /// The narrowest that holds all values of a type, if there is one.
  fileprivate init<Value: FixedWidthInteger>(holding type: Value.Type) {
    switch (Value.bitWidth, Value.isSigned) {
    case (...8, true): self = .int8
    case (...8, false): self = .uint8
    case (...16, true): self = .int16
    case (...16, false), (...32, true): self = .int32
    default: self = .int64
    }
  }

  fileprivate init<Value: BinaryFloatingPoint>(holding type: Value.Type) {
    switch Value.significandBitCount {
    case ...10: self = .float16
    case ...23: self = .float32
    default: self = .float64
    }
  }
}

extension NamedArrays {
  /// One array of integers, for a network with one input.
  ///
  /// - Parameters:
  ///   - values: row-major.
  ///   - shape: the input's own, or with a first extent that counts inferences.
  ///   - reading: what the numbers are taken for; without it reals where the model's own input is
  ///     float, and integers of its type where it is quantized.
  /// - Throws: as `NumericArray.init(_:shape:)`.
  public init<Value: FixedWidthInteger>(
    _ values: [Value], shape: [Int], reading: InputReading = .automatic
  ) throws(ArrayFileError) {
    self.init(try NumericArray(values, shape: shape), reading: reading)
  }

  /// One array of reals, for a network with one input.
  ///
  /// - Parameters:
  ///   - values: row-major.
  ///   - shape: the input's own, or with a first extent that counts inferences.
  ///   - reading: what the numbers are taken for; without it reals where the model's own input is
  ///     float, and integers of its type where it is quantized.
  /// - Throws: as `NumericArray.init(_:shape:)`.
  public init<Value: BinaryFloatingPoint>(
    _ values: [Value], shape: [Int], reading: InputReading = .automatic
  ) throws(ArrayFileError) {
    self.init(try NumericArray(values, shape: shape), reading: reading)
  }
}
