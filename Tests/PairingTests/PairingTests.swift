import Curve
import Field
import Foundation
import TestSupport
import Testing

@testable import Pairing

struct PairingTests {
  private static func multiple(_ scalar: Fr) -> AffinePoint { (scalar * G1(.generator)).affine }

  private static let a: Fr = 0x1234_5678_9abc
  private static let b = Fr(reducing: (5, 6, 7, 8))

  @Test func `values are those of another implementation`() throws {
    let vectors = try PairingVectors.load()
    #expect(vectors.values.count == 2)
    for vector in vectors.values {
      let value = pairingProduct([
        (try PairingVectors.g1(vector.g1), PreparedG2(try PairingVectors.g2(vector.g2)))
      ])
      let expected = try vector.value.map {
        Fp2(try PairingVectors.coordinate($0[0]), try PairingVectors.coordinate($0[1]))
      }
      let coefficients = [
        value.a.a, value.b.a, value.a.b, value.b.b, value.a.c, value.b.c,
      ]
      #expect(coefficients == expected)
    }
  }

  @Test func `products are one or not, as another implementation says`() throws {
    for product in try PairingVectors.load().products {
      let pairs = try product.pairs.map {
        (try PairingVectors.g1($0.g1), try PairingVectors.g2($0.g2))
      }
      #expect(pairingProductIsOne(pairs) == product.isOne)
    }
  }

  @Test func `it is bilinear and not degenerate`() {
    let (p, q) = (AffinePoint.generator, G2Point.generator)
    let value = pairingProduct([(p, PreparedG2(q))])
    #expect(!value.isOne)
    #expect(pairingProduct([(Self.multiple(2), PreparedG2(q))]) == value.squared())
    #expect(pairingProduct([(p, PreparedG2(q + q))]) == value.squared())
    #expect(pairingProduct([(-p, PreparedG2(q))]) == value.inverse())
    #expect(pairingProduct([(p, PreparedG2(-q))]) == value.inverse())
    // Of order r.
    let r = FrParameters.modulus
    #expect(FieldTowerTests.naivePower(value, [r.0, r.1, r.2, r.3]).isOne)
    #expect(
      pairingProduct([(Self.multiple(Self.a), PreparedG2(Self.b * q))])
        == pairingProduct([(Self.multiple(Self.a * Self.b), PreparedG2(q))]))
  }

  @Test func `the identity on either side counts as one`() {
    let (p, q) = (AffinePoint.generator, PreparedG2(.generator))
    let identity = PreparedG2(.identity)
    #expect(pairingProductIsOne([] as [(g1: AffinePoint, g2: PreparedG2)]))
    #expect(pairingProductIsOne([(.identity, q)]))
    #expect(pairingProductIsOne([(p, identity)]))
    #expect(pairingProductIsOne([(.identity, identity)]))
    #expect(!pairingProductIsOne([(.identity, q), (p, q), (p, identity)]))
    #expect(pairingProductIsOne([(p, q), (.identity, q), (-p, q)]))
  }

  @Test func `a check holds for a multiple by the trapdoor and for no other point`() {
    let check = PairingCheck(tauG2: Self.a * .generator)
    let (left, right) = (Self.multiple(Self.a * Self.b), Self.multiple(Self.b))
    #expect(check.holds(left: left, right: right))
    #expect(!check.holds(left: right, right: left))
    #expect(!check.holds(left: -left, right: right))
    #expect(!check.holds(left: Self.multiple(Self.a * Self.b + 1), right: right))
    #expect(check.holds(left: .identity, right: .identity))
    #expect(!check.holds(left: .identity, right: right))
    #expect(!check.holds(left: left, right: .identity))
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `go-ethereum's vectors of the precompile`() throws {
    struct Case: Decodable {
      var Input: String
      var Expected: String
      var Name: String
    }
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(Shared.bytes("data/evm-precompile-vectors/bn256Pairing.json")))
    #expect(cases.count == 14)
    for test in cases {
      let bytes = PairingVectors.bytes(hex: test.Input)
      var pairs: [(g1: AffinePoint, g2: G2Point)] = []
      for place in stride(from: 0, to: bytes.count, by: 192) {
        pairs.append(
          (
            try #require(AffinePoint(eip196: bytes[place..<place + 64])),
            try #require(G2Point(eip197: bytes[place + 64..<place + 192]))
          ))
      }
      #expect(pairingProductIsOne(pairs) == test.Expected.hasSuffix("1"), "\(test.Name)")
    }
  }
}
