import Curve
import Field
import TestSupport
import Testing

@testable import Pairing

struct G2PointTests {
  /// r·point, by doubling and adding over the order's bits: the subgroup by its definition.
  private static func isKilledByOrder(_ point: TwistPoint) -> Bool {
    let r = FrParameters.modulus
    var sum = TwistPoint.identity
    for limb in [r.3, r.2, r.1, r.0] {
      for bit in (0..<UInt64(64)).reversed() {
        sum = sum.doubled()
        if (limb >> bit) & 1 == 1 { sum = sum + point }
      }
    }
    return sum.isIdentity
  }

  /// Points of the twist outside of the subgroup; the last three of the cofactor's order, of order 10069,
  /// and a sum of that with the generator.
  private static func outside() throws -> [TwistPoint] {
    try PairingVectors.load().outside.map { digits in
      let coordinates = try stride(from: 0, to: 256, by: 64).map { place in
        try PairingVectors.coordinate(String(digits.dropFirst(place).prefix(64)))
      }
      return TwistPoint(
        x: Fp2(coordinates[1], coordinates[0]), y: Fp2(coordinates[3], coordinates[2]))
    }
  }

  @Test func `multiples of the generator are those of another implementation`() throws {
    for multiple in try PairingVectors.load().multiples {
      let scalar = try PairingVectors.scalar(multiple.scalar)
      let bytes = PairingVectors.bytes(hex: multiple.point)
      let point = scalar * G2Point.generator
      #expect(point.eip197 == bytes)
      #expect(G2Point(eip197: bytes) == point)
      #expect(Self.isKilledByOrder(point.point))
    }
    #expect((0 * G2Point.generator).isIdentity)
    #expect((-1 * G2Point.generator) == -G2Point.generator)
    #expect((G2Point.generator + -G2Point.generator).isIdentity)
  }

  @Test func `points outside of the subgroup are refused`() throws {
    let outside = try Self.outside()
    #expect(outside.count == 6)
    for point in outside {
      #expect(point.isOnCurve && !point.isIdentity)
      #expect(!Self.isKilledByOrder(point))
      #expect(!point.isInSubgroup)
      #expect(G2Point(x: point.x, y: point.y) == nil)
    }
    // The order of the fifth is small, so that its multiples meet every case of the group law.
    let small = outside[4]
    #expect(small.times(10069).isIdentity)
    #expect(small.times(10068) == -small)
    #expect(small.times(10070) == small)
  }

  @Test func `the test of the subgroup is multiplication by its order`() throws {
    let outside = try Self.outside()
    let inside = [1, 2, 10069, -5].map { ($0 * G2Point.generator).point }
    for point in inside + outside + [outside[0] + inside[0], outside[4] + inside[1]] {
      #expect(point.isInSubgroup == Self.isKilledByOrder(point))
    }
    #expect(TwistPoint.identity.isInSubgroup)
  }

  /// The test of the subgroup alone does not see the curve's constant: (4x, 8y) is of the same order on
  /// y² = x³ + 3·64/ξ.
  @Test func `a point of an isomorphic curve is refused`() {
    let generator = G2Point.generator.point
    let moved = TwistPoint(x: generator.x * 4, y: generator.y * 8)
    #expect(moved.isInSubgroup && !moved.isOnCurve)
    #expect(G2Point(x: moved.x, y: moved.y) == nil)
    let bytes = [moved.x.b, moved.x.a, moved.y.b, moved.y.a].flatMap(\.bigEndianBytes)
    #expect(G2Point(eip197: bytes) == nil)
  }

  @Test func `every other string is refused`() throws {
    let good = G2Point.generator.eip197
    #expect(G2Point(eip197: good.dropLast()) == nil)
    #expect(G2Point(eip197: good + [0]) == nil)
    #expect(G2Point(eip197: [UInt8]()) == nil)
    // Not on the curve: another y, another x, coefficients in the other order.
    for place in [31, 63, 95, 127] {
      var bad = good
      bad[place] ^= 1
      #expect(G2Point(eip197: bad) == nil)
    }
    #expect(G2Point(eip197: Array(good[32..<64] + good[..<32] + good[64...])) == nil)
    // A coordinate plus q.
    let q = FpParameters.modulus
    let limbs = [q.3, q.2, q.1, q.0]
    for coordinate in 0..<4 {
      var (bad, carry) = (good, 0)
      for place in (0..<32).reversed() {
        let byte = Int(limbs[place / 8] >> UInt64(56 - 8 * (place % 8)) & 0xff)
        let sum = Int(bad[32 * coordinate + place]) + byte + carry
        bad[32 * coordinate + place] = UInt8(sum & 0xff)
        carry = sum >> 8
      }
      if carry == 0 { #expect(G2Point(eip197: bad) == nil) }
    }
    #expect(G2Point(eip197: [UInt8](repeating: 0xff, count: 128)) == nil)
    let zeros = [UInt8](repeating: 0, count: 128)
    #expect(G2Point(eip197: zeros)?.isIdentity == true)
    #expect(G2Point.identity.eip197 == zeros)
    // Zeros are the identity only all together.
    #expect(G2Point(eip197: Array(good[..<64] + zeros[..<64])) == nil)
    #expect(G2Point(eip197: Array(zeros[..<64] + good[64...])) == nil)
  }
}
