import ConstraintSystem
import Model

/// `TensorProto.DataType`.
enum DataType: Int32 {
  case float = 1
  case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64
  case complex64, complex128, bfloat16

  /// What a tensor of the network holds; nil for types that only constants may have.
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

  /// What a constant of the network holds: reals are rounded to float32, as a Cast does it, and integers stand
  /// in a type that has room for them.
  var constantElement: ElementType? {
    switch self {
    case .float16, .bfloat16, .double: .float32
    case .bool: .uint8
    case .uint16: .int32
    case .uint32, .uint64: .int64
    default: element
    }
  }

  /// Of an element of raw data.
  var bytes: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float, .uint32, .int32: 4
    default: 8
    }
  }

  var isReal: Bool { constantElement == .float32 }

  /// Of its integers, as far as int64 holds them; nil for reals.
  var range: ClosedRange<Int64>? {
    switch self {
    case .bool: 0...1
    case .uint16: 0...65535
    case .uint32: 0...Int64(UInt32.max)
    case .uint64: 0...Int64.max
    case .string, .complex64, .complex128: nil
    default: element?.range
    }
  }

  /// The nearest real of this type.
  func rounded(_ real: Double) -> Double {
    switch self {
    case .float: Double(Float(real))
    case .float16: HalfPrecision.real(HalfPrecision.bits(real))
    case .bfloat16: Double(Self.brain(Float(real)))
    default: real
    }
  }

  /// bfloat16 is the upper half of float32: to the nearest, ties to even.
  private static func brain(_ real: Float) -> Float {
    guard !real.isNaN else { return real }
    let bits = real.bitPattern
    let (sum, overflow) = bits.addingReportingOverflow(0x7FFF + (bits >> 16 & 1))
    return Float(bitPattern: (overflow ? bits : sum) & 0xFFFF_0000)
  }

  /// The type of integers and reals that a tensor of the network holds.
  init(_ element: ElementType) {
    self =
      switch element {
      case .float32: .float
      case .uint8: .uint8
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      case .int64: .int64
      }
  }

  var label: String { self == .float ? "float32" : "\(self)" }
}
