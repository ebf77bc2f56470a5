package import Curve
package import Hashing
package import Pairing

/// A ceremony that made powers of a secret τ: many people, each with a secret of their own, of whom one
/// honest one is enough.
///
/// It is told by τ·G and τ·G₂. Which ceremonies are accepted is pinned in the program, `known`, and cannot
/// be left to pairings: the powers of a τ whose own power τⁿ is 1 for a small n are consecutive powers too,
/// and two different sums of them are the same point. So are those of a τ that somebody knows.
package struct Ceremony: Sendable {
  /// In a few words.
  package let name: String
  /// τ·G.
  package let tau: AffinePoint
  /// τ·G₂.
  package let tauG2: G2Point
  /// SHA-256 of a prefix that nothing else is hashed with, G, τ·G (64 bytes each, as EIP-196 has them) and
  /// τ·G₂ (128 bytes, EIP-197): the ceremony's identity, whatever number of its powers a file holds.
  package let digest: SHA256.Digest
  /// SHA-256 of the payload of files of powers that were checked when they were pinned.
  let checkedFiles: [[UInt8]]
  /// e(left, G₂) = e(right, τ·G₂).
  package let pairingCheck: PairingCheck

  /// - Parameters:
  ///   - tau: not the identity.
  ///   - tauG2: not the identity.
  package init(name: String, tau: AffinePoint, tauG2: G2Point, checkedFiles: [[UInt8]] = []) {
    self.name = name
    self.tau = tau
    self.tauG2 = tauG2
    self.checkedFiles = checkedFiles
    digest = Self.digest(tau: tau, tauG2: tauG2)
    pairingCheck = PairingCheck(tauG2: tauG2)
  }

  package static func digest(tau: AffinePoint, tauG2: G2Point) -> SHA256.Digest {
    var bytes = Array("tacit-v1-ceremony".utf8)
    AffinePoint.generator.write(eip196To: &bytes)
    tau.write(eip196To: &bytes)
    return SHA256.hash(bytes + tauG2.eip197)
  }
}

extension Ceremony: Hashable {
  package static func == (a: Ceremony, b: Ceremony) -> Bool { a.digest == b.digest }
  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
