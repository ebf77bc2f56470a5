import Foundation
import TestSupport

import Field

/// `Tests/Vectors/field/field.json`, computed by Python's integers (field.py beside it).
struct FieldVectors: Decodable {
  struct Sum: Decodable {
    var terms: [[String]]
    var products: String
    var small: String
  }
  var pairs: [[String]]
  var inverses: [[String]]
  var small: [[String]]
  var wide: [[String]]
  var refused: [String]
  var powers: [[String]]
  var sums: [Sum]
  var squareRoots: [[String]]?

  static func load(_ name: String) throws -> FieldVectors {
    let all = try JSONDecoder().decode(
      [String: FieldVectors].self, from: Data(Vectors.bytes("field/field.json")))
    guard let vectors = all[name] else { throw CocoaError(.coderValueNotFound) }
    return vectors
  }
}

func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex.utf8)
  return stride(from: 0, to: digits.count, by: 2).compactMap {
    UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
  }
}

struct NotCanonical: Error {}

extension PrimeField {
  init(hex: String) throws {
    guard let value = Self(canonicalBigEndian: bytes(hex: hex)) else { throw NotCanonical() }
    self = value
  }
}

func int(_ text: String) throws -> Int64 {
  guard let value = Int64(text) else { throw NotCanonical() }
  return value
}
