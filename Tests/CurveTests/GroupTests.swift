import Curve
import Field
import Foundation
import TestSupport
import Testing

struct GroupTests {
  let edges: [AffinePoint] = {
    let points = somePoints(3)
    return [.identity, .generator, -.generator] + points + points.map { -$0 }
  }()

  @Test func `complete formulas agree with slopes in every case`() {
    for p in edges {
      #expect(p.isOnCurve)
      #expect(G1(p).affine == p)
      #expect(G1(p).doubled().affine == naiveSum(p, p))
      #expect((-G1(p)).affine == -p)
      #expect(G1(p).isIdentity == p.isIdentity)
      for q in edges {
        #expect((G1(p) + G1(q)).affine == naiveSum(p, q))
        #expect((G1(p) + q).affine == naiveSum(p, q))
        // Coordinates that are not normalised: (p + q) + (p + q) against doubling.
        let sum = G1(p) + q
        #expect(sum + sum == sum.doubled())
        #expect(sum - sum == .identity && (sum - sum).isIdentity)
        #expect((sum == G1(p)) == q.isIdentity)
      }
    }
    #expect(G1.affine(edges.map { G1($0).doubled() }) == edges.map { naiveSum($0, $0) })
  }

  @Test func `multiples agree with double and add`() {
    var random = SplitMix(state: 1)
    let scalars: [Fr] = [0, 1, 2, 7, 8, 9, 15, 16, -1, -2, -8, -9, Fr(UInt64.max), Fr(Int64.min)]
    for scalar in scalars + (0..<5).map({ _ in Fr.random(using: &random) }) {
      for p in edges.prefix(4) {
        #expect((scalar * G1(p)).affine == naiveMultiple(scalar, p))
      }
    }
  }

  /// Scalars around multiples of λ and of the lattice's vectors, where a half is extreme or zero.
  @Test func `halved scalars agree with double and add`() {
    let lambda = Fr(
      reducing: (0x8b17_ea66_b99c_90dd, 0x5bfc_4108_8d8d_aaa7, 0xb3c4_d79d_41a9_1758, 0))
    #expect(lambda * lambda * lambda == 1)
    let half = Fr(2).inverse()
    let a1 = Fr(0x89d3_2568_94d2_13e3 as UInt64)
    let b1 = Fr(reducing: (0x8211_bbeb_7d4f_1128, 0x6f4d_8248_eeb8_59fc, 0, 0))
    let p = G1(edges[4])
    for base in [lambda, -lambda, half, lambda * half, a1, b1, a1 * lambda, b1 * lambda, -b1] {
      for offset in [0, 1, -1, lambda, -lambda] as [Fr] {
        let scalar = base + offset
        #expect((scalar * p).affine == naiveMultiple(scalar, edges[4]))
      }
    }
  }

  @Test func `points off the curve are refused`() {
    #expect(AffinePoint(x: 1, y: 3) == nil)
    #expect(AffinePoint(x: 0, y: 0) == nil)
    #expect(AffinePoint(x: 1, y: -2) == -.generator)
  }

  struct Precompile: Decodable {
    var Input: String
    var Expected: String

    func point(_ text: String, _ offset: Int) -> AffinePoint? {
      var data = bytes(hex: text)
      data += [UInt8](repeating: 0, count: max(0, 128 - data.count))
      guard let x = Fp(canonicalBigEndian: data[offset..<offset + 32]),
        let y = Fp(canonicalBigEndian: data[offset + 32..<offset + 64])
      else { return nil }
      return x.isZero && y.isZero ? .identity : AffinePoint(x: x, y: y)
    }

    static func load(_ name: String) throws -> [Precompile] {
      try JSONDecoder().decode(
        [Precompile].self, from: Data(Shared.bytes("data/evm-precompile-vectors/" + name)))
    }
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `EIP-196 additions`() throws {
    let vectors = try Precompile.load("bn256Add.json")
    #expect(vectors.count > 10)
    for vector in vectors {
      let p = try #require(vector.point(vector.Input, 0))
      let q = try #require(vector.point(vector.Input, 64))
      #expect((G1(p) + q).affine == vector.point(vector.Expected, 0))
    }
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `EIP-196 multiplications`() throws {
    let vectors = try Precompile.load("bn256ScalarMul.json")
    #expect(vectors.count > 10)
    for vector in vectors {
      let p = try #require(vector.point(vector.Input, 0))
      var data = bytes(hex: vector.Input)
      data += [UInt8](repeating: 0, count: max(0, 96 - data.count))
      // The precompile takes any 256-bit scalar and reduces it.
      let wide = [UInt8](repeating: 0, count: 32) + data[64..<96]
      let scalar = try #require(Fr(wideBigEndian: wide))
      #expect((scalar * G1(p)).affine == vector.point(vector.Expected, 0))
    }
  }
}
