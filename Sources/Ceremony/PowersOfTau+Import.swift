import ConstraintSystem
import Curve
import Hashing

extension PowersOfTau {
  /// Reads what a ceremony published, by its first bytes: snarkjs' `.ptau`, or gnark's compressed points.
  ///
  /// - Parameters:
  ///   - limit: how many powers are kept, the first ones; all of them by default.
  ///   - ceremonies: those that are accepted.
  /// - Complexity: of 2^16 compressed points 0.1 s for the roots and 0.1 s for the check.
  package init(
    importing bytes: [UInt8], limit: Int = .max, accepting ceremonies: [Ceremony] = Ceremony.known
  ) throws(CeremonyError) {
    if bytes.starts(with: PtauFile.magic) {
      try self.init(PtauFile(bytes), limit: limit, accepting: ceremonies)
    } else if bytes.starts(with: AffinePoint.generator.compressed) {
      try self.init(compressed: bytes, limit: limit, accepting: ceremonies)
    } else {
      throw .unknownForm
    }
  }

  /// Compressed points one after another, as gnark-crypto writes them. τ·G₂ is the pinned one of the ceremony
  /// that has the second of them.
  private init(
    compressed bytes: [UInt8], limit: Int, accepting ceremonies: [Ceremony]
  ) throws(CeremonyError) {
    let size = AffinePoint.byteCount
    let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: size)
    guard rest == 0 else { throw .format(.trailing(at: count * size, count: rest)) }
    guard count >= 2 else { throw .tooFew(count, needed: 2) }
    guard let tau = AffinePoint(compressed: bytes[size..<2 * size]) else {
      throw .malformedPower(index: 1)
    }
    guard let ceremony = ceremonies.first(where: { $0.tau == tau }) else {
      throw .unknownCeremony(digest: nil)
    }
    let kept = bytes[..<(size * min(count, limit))]
    guard let g1 = AffinePoint.decompress(kept), !g1.contains(where: \.isIdentity) else {
      let index = (0..<kept.count / size).first { index in
        AffinePoint(compressed: kept[index * size..<(index + 1) * size])?.isIdentity ?? true
      }
      throw .malformedPower(index: index ?? 0)
    }
    try self.init(checking: g1, of: ceremony)
  }

  private init(
    _ file: PtauFile, limit: Int, accepting ceremonies: [Ceremony]
  ) throws(CeremonyError) {
    let tauG2 = try file.tauG2()
    let tau = try file.powers(2)[1]
    let digest = Ceremony.digest(tau: tau, tauG2: tauG2)
    guard let ceremony = ceremonies.first(where: { $0.digest == digest }) else {
      throw .unknownCeremony(digest: digest.bytes)
    }
    try self.init(checking: file.powers(min(limit, file.count)), of: ceremony)
  }
}
