package import Ceremony
package import Curve
package import Field
import Pairing

/// A ceremony whose τ everybody knows, for tests that need powers: it is none of `Ceremony.known`, so that no
/// verb accepts it, and stands here and not in the sources.
package enum TestCeremony {
  /// From a seed that says what it is.
  package static let trapdoor: Fr =
    Fr(wideBigEndian: [UInt8]("insecure".utf8) + [UInt8](repeating: 0x17, count: 56)) ?? 0

  package static let ceremony = ceremony(trapdoor)

  /// The first `count` powers of the trapdoor.
  package static func powers(_ count: Int) throws -> PowersOfTau {
    try PowersOfTau(checking: points(count, trapdoor), of: ceremony)
  }

  package static func ceremony(_ trapdoor: Fr) -> Ceremony {
    Ceremony(
      name: "insecure test ceremony", tau: (trapdoor * G1(.generator)).affine,
      tauG2: trapdoor * .generator)
  }

  /// trapdoor^i·G.
  package static func points(_ count: Int, _ trapdoor: Fr) -> [AffinePoint] {
    var power = Fr.one
    var points: [G1] = []
    for _ in 0..<count {
      points.append(power * G1(.generator))
      power *= trapdoor
    }
    return G1.affine(points)
  }
}
