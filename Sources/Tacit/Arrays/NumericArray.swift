import ConstraintSystem

/// An array of numbers: what a network takes and gives, read from a file or made of a program's own
/// arrays.
public struct NumericArray: Sendable, Hashable {
  /// The type that values are stored as in a file, by NumPy's name.
  public enum Element: String, Sendable, CaseIterable {
    /// IEEE 754 half precision.
    case float16
    /// IEEE 754 single precision.
    case float32
    /// IEEE 754 double precision.
    case float64
    /// Integers of 8 bits with a sign.
    case int8
    /// Integers of 8 bits without a sign.
    case uint8
    /// Integers of 16 bits with a sign.
    case int16
    /// Integers of 32 bits with a sign.
    case int32
    /// Integers of 64 bits with a sign.
    case int64

    /// Of one value in a file.
    public var bytes: Int {
      switch self {
      case .int8, .uint8: 1
      case .float16, .int16: 2
      case .float32, .int32: 4
      case .float64, .int64: 8
      }
    }
    var isReal: Bool {
      switch self {
      case .float16, .float32, .float64: true
      case .int8, .uint8, .int16, .int32, .int64: false
      }
    }
  }
  /// Row-major. Integers stay integers, so that 64 bits lose nothing.
  public enum Values: Sendable, Hashable {
    /// Of any floating-point type.
    case real([Double])
    /// Of any integer type.
    case integer([Int64])
  }

  /// Extents; empty for a single number.
  public let shape: [Int]
  /// The type that the values are written as.
  public let element: Element
  /// As many as the shape asks for, row-major.
  public let values: Values

  /// An array of values in their widest type.
  ///
  /// - Throws: `ArrayFileError` of kind `shape` when the shape asks for another number of values.
  public init(shape: [Int], element: Element, values: Values) throws(ArrayFileError) {
    let count =
      switch values {
      case .real(let values): values.count
      case .integer(let values): values.count
      }
    guard try Self.count(of: shape) == count else {
      throw ArrayFileError(.shape, "\(count) values for a shape of \(shape)")
    }
    self.init(counted: values, shape: shape, element: element)
  }

  /// - Parameter values: as many as the shape asks for.
  init(counted values: Values, shape: [Int], element: Element) {
    self.shape = shape
    self.element = element
    self.values = values
  }

  /// How many values there are.
  public var count: Int {
    switch values {
    case .real(let values): values.count
    case .integer(let values): values.count
    }
  }

  /// All values as single-precision numbers, row-major.
  public var reals: [Float] {
    switch values {
    case .real(let values): values.map { Float($0) }
    case .integer(let values): values.map { Float($0) }
    }
  }

  /// All values as integers, row-major; nil when one of them is none.
  public var integers: [Int64]? {
    switch values {
    case .integer(let values): return values
    case .real(let values):
      let exact = values.compactMap { Int64(exactly: $0) }
      return exact.count == values.count ? exact : nil
    }
  }

  /// The product of extents, each 0 or more.
  static func count(of shape: [Int]) throws(ArrayFileError) -> Int {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else {
        throw ArrayFileError(.shape, "a shape of \(shape) is not one")
      }
      product = next
    }
    return product
  }
}
