import BigInteger
import Testing

struct IntegerFormTests {
  struct Single: Decodable {
    var a, negated, magnitude: String
    var sign, bits, signedBits: Int
    var fitsInt64, fitsUInt64, fitsInt128: Bool
    var bytes: [UInt8]
    var limbs: [String]
    var texts: [String: String]
    var shifts: [Int]
    var left, right, powers: [String]
    var bitsSet: [Bool]
  }

  @Test func `sign, widths, shifts and powers are Python's`() throws {
    for test in try Oracle.cases("singles") as [Single] {
      let a = try integer(test.a)
      #expect("\(-a)" == test.negated)
      #expect("\(a.magnitude)" == test.magnitude)
      #expect(a.sign == test.sign)
      #expect(a.isZero == (test.sign == 0))
      #expect(a.bitWidth == test.bits)
      #expect(a.signedBitWidth == test.signedBits)
      for (index, count) in test.shifts.enumerated() {
        #expect("\(a << count)" == test.left[index])
        #expect("\(a >> count)" == test.right[index])
        #expect("\(a >> -count)" == test.left[index])
        #expect("\(a << -count)" == test.right[index])
        #expect(a.testBit(count) == test.bitsSet[index])
      }
      for (exponent, power) in test.powers.enumerated() {
        #expect("\(a.pow(exponent))" == power)
      }
    }
  }

  @Test func `bytes and words are Python's and read back`() throws {
    for test in try Oracle.cases("singles") as [Single] {
      let a = try integer(test.a)
      let limbs = try test.limbs.map { try #require(UInt64($0, radix: 16)) }
      #expect(a.bigEndianBytes == test.bytes)
      #expect(
        a.bigEndianBytes(count: 80) == [UInt8](repeating: 0, count: 80 - test.bytes.count)
          + test.bytes)
      #expect(a.limbs(count: 8) == limbs)
      #expect(a.limbs == Array(limbs.prefix((test.bits + 63) / 64)))
      #expect(Integer(bigEndian: test.bytes) == a.magnitude)
      #expect(Integer(bigEndian: [0, 0, 0] + test.bytes) == a.magnitude)
      #expect(Integer(limbs: limbs) == a.magnitude)
    }
    #expect(Integer(bigEndian: []) == 0)
    #expect(Integer(limbs: []) == 0)
  }

  @Test func `texts of every radix are Python's and read back`() throws {
    for test in try Oracle.cases("singles") as [Single] {
      let a = try integer(test.a)
      for (name, text) in test.texts {
        let radix = try #require(Int(name))
        #expect(a.text(radix: radix) == text)
        #expect(Integer(text, radix: radix) == a)
        #expect(Integer(text.uppercased(), radix: radix) == a)
      }
    }
    #expect(Integer("+12") == 12)
    #expect(Integer("-0") == 0)
    #expect(Integer("000123") == 123)
  }

  @Test(arguments: [
    "", "-", "+", "--1", "+-1", " 1", "1 ", "1\n", "1\0", "\0", "1_000", "1,000", "0x10", "1.0",
    "1e3", "a", "१",
    "−1", "12a",
  ])
  func `other text is no integer`(_ text: String) {
    #expect(Integer(text) == nil)
  }

  @Test func `a digit past the radix is no integer`() {
    #expect(Integer("2", radix: 2) == nil)
    #expect(Integer("g", radix: 16) == nil)
    #expect(Integer("f", radix: 16) == 15)
    #expect(Integer("Z", radix: 36) == 35)
  }

  @Test func `machine integers convert exactly, or not at all`() throws {
    for test in try Oracle.cases("singles") as [Single] {
      let a = try integer(test.a)
      #expect(a.asInt64 == Int64(test.a))
      #expect((a.asInt64 != nil) == test.fitsInt64)
      #expect(Int64(exactly: a) == Int64(test.a))
      #expect(UInt64(exactly: a) == (test.fitsUInt64 ? UInt64(test.a) : nil))
      #expect(Int128(exactly: a) == (test.fitsInt128 ? Int128(test.a) : nil))
      #expect(Int8(exactly: a) == Int8(test.a))
      if let value = Int128(test.a) { #expect("\(Integer(value))" == test.a) }
      if let value = UInt64(test.a) { #expect("\(Integer(value))" == test.a) }
      if let value = Int(test.a) { #expect("\(Integer(value))" == test.a) }
    }
    #expect("\(Integer(UInt128.max))" == "340282366920938463463374607431768211455")
    #expect("\(Integer(Int128.min))" == "-170141183460469231731687303715884105728")
  }

  @Test func `literals of any width are exact`() {
    let literals: [(Integer, String)] = [
      (0, "0"), (-1, "-1"), (9_223_372_036_854_775_807, "9223372036854775807"),
      (-9_223_372_036_854_775_808, "-9223372036854775808"),
      (9_223_372_036_854_775_808, "9223372036854775808"),
      (-9_223_372_036_854_775_809, "-9223372036854775809"),
      (18_446_744_073_709_551_615, "18446744073709551615"),
      (18_446_744_073_709_551_616, "18446744073709551616"),
      (-18_446_744_073_709_551_616, "-18446744073709551616"),
      (
        -340_282_366_920_938_463_463_374_607_431_768_211_455,
        "-340282366920938463463374607431768211455"
      ),
      (
        0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001,
        "21888242871839275222246405745257275088548364400416034343698204186575808495617"
      ),
    ]
    for (value, text) in literals { #expect("\(value)" == text) }
  }
}
