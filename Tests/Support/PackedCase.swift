import ConstraintSystem
package import Foundation

/// A model and what its runtime, or its specification, answers: a line of a file that
/// `Tests/Vectors/packed.py` wrote.
package struct PackedCase: Decodable, Sendable, CustomStringConvertible {
  package struct Row: Decodable, Sendable {
    package var inputs: [PackedArray]
    package var outputs: [PackedArray]
  }
  package var name: String
  package var model: Data
  package var rows: [Row]
  /// ONNX's name, where the case is about one operator.
  package var `operator`: String?
  /// What an error has to say, where the model is to be refused.
  package var words: [String]?
  /// Extents that the user gives of inputs that the model leaves open.
  package var shapes: [String: [Int]]?
  package var description: String { name }

  package var bytes: [UInt8] { [UInt8](model) }

  /// - Parameter path: under Tests/Vectors.
  package static func read(_ path: String) throws -> [PackedCase] {
    try JSONDecoder().decode([PackedCase].self, from: Data(contentsOf: Vectors.url(path)))
  }
}

/// An array as little-endian bytes.
package struct PackedArray: Decodable, Sendable {
  package var type: String
  package var shape: [Int]
  package var data: Data

  private func words(_ size: Int) -> [UInt64] {
    let bytes = [UInt8](data)
    return stride(from: 0, to: bytes.count - size + 1, by: size).map { start in
      (0..<size).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }
  }

  /// The values as integers; nil for reals.
  package var integers: [Int64]? {
    switch type {
    case "int8": words(1).map { Int64(Int8(truncatingIfNeeded: $0)) }
    case "uint8": words(1).map { Int64($0) }
    case "int32": words(4).map { Int64(Int32(truncatingIfNeeded: $0)) }
    case "int64": words(8).map { Int64(bitPattern: $0) }
    default: nil
    }
  }

  /// The values as reals, whatever their type.
  package var reals: [Float] {
    if let integers { return integers.map { Float($0) } }
    return words(4).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
  }
}
