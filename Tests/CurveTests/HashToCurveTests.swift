import Curve
import Field
import Foundation
import Hashing
import TestSupport
import Testing

struct HashToCurveTests {
  struct Expansion: Decodable {
    struct Test: Decodable {
      var message: String
      var length: Int
      var output: String
    }
    var dst: String
    var tests: [Test]
  }

  @Test func `expand_message_xmd of RFC 9380 K.1`() throws {
    let vectors = try JSONDecoder().decode(
      Expansion.self, from: Data(Vectors.bytes("curve/expand_message_xmd.json")))
    #expect(vectors.tests.count == 10)
    for test in vectors.tests {
      let output = AffinePoint.expandMessage(
        Array(test.message.utf8), domain: Array(vectors.dst.utf8), count: test.length)
      #expect(output == bytes(hex: test.output))
    }
  }

  struct Hashes: Decodable {
    struct Hash: Decodable {
      var message: String
      var x: String
      var y: String
    }
    var dst: String
    var hashes: [Hash]
    var maps: [[String]]
  }

  @Test func `hash to curve and map to curve`() throws {
    let vectors = try JSONDecoder().decode(
      Hashes.self, from: Data(Vectors.bytes("curve/hash_to_curve.json")))
    func field(_ text: String) throws -> Fp {
      try #require(Fp(canonicalBigEndian: bytes(hex: text)))
    }
    #expect(vectors.hashes.count == 5 && vectors.maps.count > 10)
    for vector in vectors.hashes {
      let p = AffinePoint.hash(Array(vector.message.utf8), domain: Array(vectors.dst.utf8))
      #expect(try p.x == field(vector.x))
      #expect(try p.y == field(vector.y))
    }
    for row in vectors.maps {
      let p = try AffinePoint.map(field(row[0]))
      #expect(try p.x == field(row[1]))
      #expect(try p.y == field(row[2]))
    }
  }
}

struct GeneratorsTests {
  /// Of all 4097 points, as `hash_to_curve.py` derived them.
  let digest = "448ef5fad3a3798b58b429d282033014af3e19b9447b80738355324a0194a6ac"

  @Test func `the table is what its labels hash to`() {
    let domain = Array(Generators.domain.utf8)
    var hash = SHA256()
    let table = Generators.withBlinding(Generators.limit)
    #expect(table.count == 4097)
    for (i, point) in table.enumerated() {
      var label = Array((i == 0 ? "tacit-v1-H" : "tacit-v1-G").utf8)
      if i > 0 { label += [0, 0, UInt8(i >> 8), UInt8(i & 0xff)] }
      #expect(AffinePoint.hash(label, domain: domain) == point)
      hash.update(point.x.bigEndianBytes + point.y.bigEndianBytes)
    }
    let text = hash.finalize().bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
    #expect(text.joined() == digest)
    #expect(Set(table).count == table.count)
  }

  @Test func `prefixes are parts of one list`() {
    #expect(Generators.prefix(5).count == 5)
    #expect(Array(Generators.prefix(5)) == Array(Generators.prefix(9).prefix(5)))
    #expect(Generators.prefix(0).isEmpty)
    #expect(Generators.blinding == Generators.withBlinding(3).first)
  }
}
