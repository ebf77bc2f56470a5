package import Curve
import Field

// The optimal ate pairing on BN254:
//
//   e(P, Q) = (f_{6u+2, Q}(P) · l_{(6u+2)Q, ψ(Q)}(P) · l_{(6u+2)Q + ψ(Q), −ψ²(Q)}(P))^((q¹² − 1)/r)
//
// with P in G1 and Q in G2 on the twist. Several pairs share the squarings of Miller's loop and one final
// exponentiation.
//
// Source: [Ver10] for the pairing, [BGM+10, algorithm 1] for the loop. Differs: lines are affine and
// scaled by 1/y, since an inversion by division steps costs little more than a projective step saves.

/// Whether Π e(Pᵢ, Qᵢ) = 1, as EIP-197 asks; true for no pairs.
///
/// - Complexity: for two prepared points about 20,000 products of Fp, 1 ms.
package func pairingProductIsOne(_ pairs: [(g1: AffinePoint, g2: PreparedG2)]) -> Bool {
  pairingProduct(pairs).isOne
}

/// The same with points that are not prepared, 0.2 ms more for each.
package func pairingProductIsOne(_ pairs: [(g1: AffinePoint, g2: G2Point)]) -> Bool {
  pairingProductIsOne(pairs.map { ($0.g1, PreparedG2($0.g2)) })
}

/// Π e(Pᵢ, Qᵢ), each to a power that is prime to r: `FinalExponentiation.cofactor`.
package func pairingProduct(_ pairs: [(g1: AffinePoint, g2: PreparedG2)]) -> Fp12 {
  FinalExponentiation.of(millerLoop(pairs))
}

/// The product before the final exponentiation.
func millerLoop(_ pairs: [(g1: AffinePoint, g2: PreparedG2)]) -> Fp12 {
  // e(0, Q) = e(P, 0) = 1.
  let pairs = pairs.filter { !$0.g1.isIdentity && !$0.g2.isIdentity }
  var inverses = pairs.map(\.g1.y)
  Fp.batchInvert(&inverses)
  let quotients = zip(pairs, inverses).map { pair, inverse in -(pair.g1.x * inverse) }
  var product = Fp12.one
  func multiply(byLine index: Int) {
    for (place, pair) in pairs.enumerated() {
      let line = pair.g2.lines[index]
      product.multiply(byLine: line.slope * quotients[place], line.offset * inverses[place])
    }
  }
  guard !pairs.isEmpty else { return product }
  var index = 0
  for digit in PreparedG2.digits {
    product = product.squared()
    multiply(byLine: index)
    index += 1
    if digit == 0 { continue }
    multiply(byLine: index)
    index += 1
  }
  multiply(byLine: index)
  multiply(byLine: index + 1)
  return product
}
