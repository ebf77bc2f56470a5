import ConstraintSystem
import Foundation
import TestSupport
import Testing

/// Functions of last steps against values that Python's decimal arithmetic rounded
/// (Tests/Vectors/model/make-reals.py), half of them next to the middle between two singles.
struct RoundedRealsTests {
  struct Cases: Decodable {
    var exponential: [[UInt64]]
    var sigmoid: [[UInt32]]
    var tanh: [[UInt32]]
    var logarithm: [[UInt64]]
  }
  private let cases: Cases

  init() throws {
    cases = try JSONDecoder().decode(Cases.self, from: Data(Vectors.bytes("model/reals.json")))
  }

  @Test func `each value is the nearest single`() {
    #expect(cases.exponential.count == 600 && cases.sigmoid.count == 300 && cases.tanh.count == 300)
    for pair in cases.exponential {
      let value = RoundedReals.exponential(Double(bitPattern: pair[0]))
      #expect(UInt64(value.bitPattern) == pair[1], "\(Double(bitPattern: pair[0]))")
    }
    for pair in cases.sigmoid {
      let value = RoundedReals.sigmoid(Float(bitPattern: pair[0]))
      #expect(value.bitPattern == pair[1], "\(Float(bitPattern: pair[0]))")
    }
    for pair in cases.tanh {
      let value = RoundedReals.hyperbolicTangent(Float(bitPattern: pair[0]))
      #expect(value.bitPattern == pair[1], "\(Float(bitPattern: pair[0]))")
    }
  }

  @Test func `logarithms are the nearest doubles`() {
    #expect(cases.logarithm.count == 203)
    for pair in cases.logarithm {
      let value = RoundedReals.logarithm(Double(bitPattern: pair[0])).high
      #expect(value.bitPattern == pair[1], "\(Double(bitPattern: pair[0]))")
    }
    #expect(RoundedReals.logarithm(1).high == 0)
  }

  @Test func `ends and what is no number`() {
    #expect(RoundedReals.exponential(0) == 1)
    #expect(RoundedReals.exponential(-.infinity) == 0 && RoundedReals.exponential(-104) == 0)
    #expect(RoundedReals.exponential(-103.9) == Float.leastNonzeroMagnitude)
    #expect(RoundedReals.exponential(.infinity) == .infinity)
    #expect(RoundedReals.exponential(88.73) == .infinity)
    #expect(RoundedReals.exponential(88.72).isFinite)
    #expect(RoundedReals.exponential(.nan).isNaN)
    #expect(RoundedReals.sigmoid(0) == 0.5 && RoundedReals.sigmoid(20) == 1)
    #expect(RoundedReals.sigmoid(-.infinity) == 0 && RoundedReals.sigmoid(.infinity) == 1)
    #expect(RoundedReals.sigmoid(-104.5) == 0 && RoundedReals.sigmoid(.nan).isNaN)
    for x: Float in [
      0, Float.leastNonzeroMagnitude, 1e-30, 0.25, 0.16, 0.17, 1, 9, 9.1, 11, .infinity,
    ] {
      let y = RoundedReals.hyperbolicTangent(x)
      #expect(y == Float(tanh(Double(x))) && RoundedReals.hyperbolicTangent(-x) == -y)
    }
    #expect(RoundedReals.hyperbolicTangent(.nan).isNaN)
  }

  @Test func `sums and products of two doubles lose nothing`() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<1000 {
      let (a, b) = (Double(random.next() >> 11), Double(random.next() >> 40) * 0x1p-20)
      let sum = DoubleDouble(sum: a, b)
      let product = DoubleDouble(product: a, b)
      #expect(sum.high == a + b && product.high == a * b)
      #expect(product.low == (-product.high).addingProduct(a, b))
      #expect(sum.low == (a - sum.high) + b)
      let ratio = DoubleDouble(a) / DoubleDouble(b + 1) * DoubleDouble(b + 1) - DoubleDouble(a)
      #expect(abs(ratio.high) <= a * 0x1p-98)
    }
  }
}
