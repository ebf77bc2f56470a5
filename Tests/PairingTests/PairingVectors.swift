import Curve
import Field
import Foundation
import Pairing
import TestSupport

/// `Tests/Vectors/pairing/pairing.json`, by py_ecc (make.py beside it).
struct PairingVectors: Decodable {
  struct Multiple: Decodable {
    var scalar: String
    var point: String
  }
  struct Pair: Decodable {
    var g1: [String]
    var g2: String
  }
  struct Value: Decodable {
    var g1: [String]
    var g2: String
    var value: [[String]]
  }
  struct Product: Decodable {
    var pairs: [Pair]
    var isOne: Bool
  }
  var multiples: [Multiple]
  var outside: [String]
  var values: [Value]
  var products: [Product]

  static func load() throws -> PairingVectors {
    try JSONDecoder().decode(
      PairingVectors.self, from: Data(Vectors.bytes("pairing/pairing.json")))
  }

  struct Unreadable: Error {}

  static func scalar(_ digits: String) throws -> Fr {
    guard let value = Fr(canonicalBigEndian: bytes(hex: digits)) else { throw Unreadable() }
    return value
  }

  static func coordinate(_ digits: String) throws -> Fp {
    guard let value = Fp(canonicalBigEndian: bytes(hex: digits)) else { throw Unreadable() }
    return value
  }

  static func g1(_ digits: [String]) throws -> AffinePoint {
    guard let point = AffinePoint(eip196: bytes(hex: digits.joined())) else { throw Unreadable() }
    return point
  }

  static func g2(_ digits: String) throws -> G2Point {
    guard let point = G2Point(eip197: bytes(hex: digits)) else { throw Unreadable() }
    return point
  }

  static func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
  }
}
