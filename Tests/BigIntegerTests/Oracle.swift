import BigInteger
import Foundation
import TestSupport
import Testing

/// The vectors of `Tests/Vectors/biginteger`, computed by Python.
enum Oracle {
  static func cases<Case: Decodable>(_ file: String) throws -> [Case] {
    let bytes = try Vectors.bytes("biginteger/\(file).json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(bytes))
    try #require(!cases.isEmpty)
    return cases
  }
}

/// Decimal text of the vectors, written as itself in a test.
func integer(_ text: String) throws -> Integer {
  try #require(Integer(text), "\(text) is not an integer")
}

/// `n` or `n/d`, as Python prints a Fraction.
func rational(_ text: String) throws -> Rational {
  let parts = text.split(separator: "/").map(String.init)
  return Rational(try integer(parts[0]), parts.count == 2 ? try integer(parts[1]) : 1)
}
