import Curve
import Field
import TestSupport
import Testing

struct PointEncodingTests {
  @Test func `points survive the round trip`() {
    for p in [.identity, .generator, -.generator] + somePoints(20) {
      #expect(AffinePoint(compressed: p.compressed) == p)
      #expect(AffinePoint(compressed: (-p).compressed) == -p)
    }
    #expect(AffinePoint.generator.compressed == [0x80] + [UInt8](repeating: 0, count: 30) + [1])
    #expect(AffinePoint.identity.compressed == [0x40] + [UInt8](repeating: 0, count: 31))
  }

  @Test func `every other string is refused`() {
    let good = AffinePoint.generator.compressed
    #expect(AffinePoint(compressed: good.dropLast()) == nil)
    #expect(AffinePoint(compressed: good + [0]) == nil)
    #expect(AffinePoint(compressed: [UInt8]()) == nil)
    var bad = good
    bad[0] = 0  // flags 00
    #expect(AffinePoint(compressed: bad) == nil)
    bad[0] = 0x40  // an identity with another bit
    #expect(AffinePoint(compressed: bad) == nil)
    bad = [UInt8](repeating: 0, count: 32)
    #expect(AffinePoint(compressed: bad) == nil)
    bad[0] = 0x50
    #expect(AffinePoint(compressed: bad) == nil)
    // x = 4: 4³ + 3 = 67 is not a square. x = 0: 3 is not a square either.
    #expect(AffinePoint(compressed: [0x80] + [UInt8](repeating: 0, count: 30) + [4]) == nil)
    #expect(AffinePoint(compressed: [0x80] + [UInt8](repeating: 0, count: 31)) == nil)
    // x = q + 1, the generator's x in a second form.
    var second = bytes(hex: "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd48")
    #expect(second.count == 32)
    second[0] |= 0x80
    #expect(AffinePoint(compressed: second) == nil)
    #expect(AffinePoint(compressed: [UInt8](repeating: 0xff, count: 32)) == nil)
  }

  @Test func `EIP-196's encoding is read and written, and nothing else`() {
    let zeros = [UInt8](repeating: 0, count: 64)
    #expect(AffinePoint(eip196: zeros) == .identity)
    #expect(AffinePoint.identity.eip196 == zeros)
    #expect(AffinePoint.generator.eip196 == Array(zeros[..<31]) + [1] + zeros[..<31] + [2])
    for p in somePoints(5) { #expect(AffinePoint(eip196: p.eip196) == p) }
    let good = AffinePoint.generator.eip196
    #expect(AffinePoint(eip196: good.dropLast()) == nil)
    #expect(AffinePoint(eip196: good + [0]) == nil)
    #expect(AffinePoint(eip196: Array(good[..<63]) + [3]) == nil)
    // x = q + 1.
    let second = bytes(hex: "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd48")
    #expect(AffinePoint(eip196: second + good[32...]) == nil)
    #expect(AffinePoint(eip196: Array(good[..<32] + zeros[..<32])) == nil)
  }

  @Test func `a run of points is decoded or refused as a whole`() {
    let points = somePoints(50)
    let data = [0xff] + points.flatMap(\.compressed)
    #expect(AffinePoint.decompress(data[1...]) == points)
    #expect(AffinePoint.decompress([]) == [])
    #expect(AffinePoint.decompress(data[1..<100]) == nil)
    var bad = data
    bad[1 + 32 * 49] = 0
    #expect(AffinePoint.decompress(bad[1...]) == nil)
    // x = 4 is that of no point.
    bad = data
    bad.replaceSubrange(
      (1 + 32 * 20)..<(1 + 32 * 21), with: [0x80] + [UInt8](repeating: 0, count: 30) + [4])
    #expect(AffinePoint.decompress(bad[1...]) == nil)
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `gnark's points are read and written back`() throws {
    let data = try Shared.bytes("data/srs/eigenda_g1_65536.point")[..<(32 * 4096)]
    let points = try #require(AffinePoint.decompress(data))
    #expect(points.count == 4096)
    #expect(points.allSatisfy { $0.isOnCurve && !$0.isIdentity })
    #expect(points.flatMap(\.compressed) == [UInt8](data))
    #expect(points[0] == .generator)
  }
}
