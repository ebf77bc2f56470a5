package import Curve
package import Field
import Hashing
import Compute

/// Fiat–Shamir: every message of both sides in one hash, each framed by its label and its length; a challenge
/// is drawn from the hash of all before it and then continues the hash.
///
///     SHA-256     state  H₀ = SHA-256 stream over  protocol ‖ (label ‖ length ‖ bytes)*
///                 draw   d = finish;  c = SHA-256(d ‖ label ‖ i ‖ 0) ‖ SHA-256(d ‖ label ‖ i ‖ 1)  mod p
///                        the stream restarts as  protocol ‖ d
///     Keccak-256  as `KeccakTranscript` says, for the EVM
///
/// With SHA-256 a challenge is 512 bits reduced modulo p: its distance from uniform is below 2^−256.
///
/// Written down in docs/protocol/transcript.md#framing.
package struct Transcript: Sendable {
  /// What it hashes by.
  package enum Hash: Sendable, CaseIterable {
    case sha256
    case keccak256
  }

  /// Changes with every change of what a proof's bytes mean.
  package static let protocolVersion: UInt16 = 7
  static let name = Array("tacit proof v\(protocolVersion)".utf8)

  private var hash = SHA256()
  /// In place of `hash` where a scheme is for the EVM.
  private var keccak: KeccakTranscript?
  /// Whether messages reach the hash; see `Transcript+Testing` for one that they do not.
  private let listens: Bool

  package init(_ hash: Hash = .sha256) {
    self.init(beginning: Self.name, listens: true)
    if hash == .keccak256 { keccak = KeccakTranscript(beginning: Self.name) }
  }

  init(beginning: [UInt8], listens: Bool) {
    self.listens = listens
    hash.update(beginning)
  }

  package mutating func absorb(_ label: Label, _ bytes: [UInt8]) {
    guard listens else { return }
    OperationCounter.count(bytesHashed: 9 + bytes.count)
    if keccak != nil {
      keccak?.absorb(label, bytes)
      return
    }
    hash.update([label.rawValue] + Self.bigEndian(UInt64(bytes.count)))
    hash.update(bytes)
  }

  /// Points: in 32 bytes each, as files hold them, or for the EVM in 64, as its precompiles take them.
  ///
  /// - Parameter compressed: their encodings, where somebody has them.
  package mutating func absorb(
    _ label: Label, _ points: [AffinePoint], compressed: @autoclosure () -> [UInt8]
  ) {
    absorb(label, keccak == nil ? compressed() : points.flatMap(\.eip196))
  }

  /// As the other, whose encodings nobody has.
  package mutating func absorb(_ label: Label, _ points: [AffinePoint]) {
    absorb(label, points, compressed: points.flatMap(\.compressed))
  }

  /// `count` field elements that depend on everything absorbed so far.
  package mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    if let drawn = keccak?.challenges(count, label) { return drawn }
    let digest = hash.finalize()
    var drawn: [Fr] = []
    drawn.reserveCapacity(count)
    for index in 0..<UInt64(count) {
      let seed = digest.bytes + [label.rawValue] + Self.bigEndian(index)
      let wide = SHA256.hash(seed + [0]).bytes + SHA256.hash(seed + [1]).bytes
      // Two digests are 64 bytes, so the value is always there.
      drawn.append(Fr(wideBigEndian: wide) ?? .zero)
    }
    hash = SHA256()
    hash.update(Self.name)
    hash.update(digest)
    return drawn
  }

  static func bigEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
  }
}
