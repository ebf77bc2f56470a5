import Testing

import Field

struct EncodingTests {
  @Test func `values not below the modulus are refused`() throws {
    for text in try FieldVectors.load("r").refused {
      #expect(Fr(canonicalBigEndian: bytes(hex: text)) == nil)
    }
    for text in try FieldVectors.load("q").refused {
      #expect(Fp(canonicalBigEndian: bytes(hex: text)) == nil)
    }
  }

  @Test(arguments: [0, 1, 31, 33, 64]) func `another length is refused`(count: Int) {
    #expect(Fr(canonicalBigEndian: [UInt8](repeating: 0, count: count)) == nil)
  }

  @Test(arguments: [0, 32, 63, 65]) func `another wide length is refused`(count: Int) {
    #expect(Fr(wideBigEndian: [UInt8](repeating: 0, count: count)) == nil)
  }

  @Test func `a slice is read from its own start`() {
    let bytes = [UInt8](repeating: 0xff, count: 3) + Fr(77).bigEndianBytes
    #expect(Fr(canonicalBigEndian: bytes[3...]) == 77)
    #expect(Fr(canonicalBigEndian: bytes[2..<34]) == nil)
  }

  @Test func `wide integers are reduced`() throws {
    for row in try FieldVectors.load("r").wide {
      #expect(try Fr(wideBigEndian: bytes(hex: row[0])) == Fr(hex: row[1]))
    }
    for row in try FieldVectors.load("q").wide {
      #expect(try Fp(wideBigEndian: bytes(hex: row[0])) == Fp(hex: row[1]))
    }
  }
}
