package import Ceremony
package import Curve
package import Field
import Pairing
import Transcript

/// Whose τ a scheme's generators are powers of.
package protocol PublicTau: Sendable {
  /// τ·G and τ·G₂, all that a verifier knows of it.
  static var ceremony: Ceremony { get }
}

/// The τ of the scheme `srs`.
package enum CeremonyTau: PublicTau {
  package static var ceremony: Ceremony { .challenge85 }
}

/// A τ that everybody knows, so that tests have powers without a file and can try what its owner could.
package enum KnownTau: PublicTau {
  package static let tau: Fr = {
    var transcript = Transcript()
    transcript.absorb(.scheme, Array("a tau that everybody knows, for tests".utf8))
    return transcript.challenges(1, .reciprocalPoint)[0]
  }()

  package static let ceremony = Ceremony(
    name: "a tau that everybody knows", tau: (tau * G1(.generator)).affine,
    tauG2: tau * G2Point.generator)

  /// Of rows and pads of up to 512 cells.
  package static let committer = KZGCommitter(powers: powers(1 << 9))

  /// G, τ·G, τ²·G, ….
  package static func powers(_ count: Int) -> [AffinePoint] {
    let generator = FixedBase(
      FixedBases([.generator], blinding: KZGCommitter.blinding), width: 8)
    var power = Fr.one
    return generator.commit(
      (0..<count).map { _ in
        defer { power *= tau }
        return CommitmentRow([power][...], blinder: .zero)
      }
    ).points
  }
}
