import Field
import Hashing

/// Fiat–Shamir over the EVM's Keccak-256, in as few words as a contract can hash.
///
///     begin   s = Keccak-256(protocol),  m = ""
///     absorb  m ← m ‖ label ‖ length as 8 bytes ‖ bytes
///     draw    s ← Keccak-256(s ‖ m ‖ label ‖ count as 8 bytes),  m ← ""
///             one:      c = s mod p
///             several:  c_i = Keccak-256(s ‖ i as 32 bytes) mod p
///
/// No two of these inputs are alike. Those of a draw are read from the front: behind the 32 bytes of s a
/// message begins with its label, and what ends the input begins with a challenge's. Behind s as it stands in
/// front of an index there is a zero, which is no label.
///
/// A word modulo p takes no value with a chance above 6/2^256 = 1.14/p.
///
/// Written down in docs/protocol/scheme-srs.md#transcript.
struct KeccakTranscript: Sendable {
  private var hash = Keccak256()

  init(beginning: [UInt8]) {
    hash.update(Keccak256.hash(beginning))
  }

  mutating func absorb(_ label: Label, _ bytes: [UInt8]) {
    hash.update([label.rawValue] + Transcript.bigEndian(UInt64(bytes.count)))
    hash.update(bytes)
  }

  mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    hash.update([label.rawValue] + Transcript.bigEndian(UInt64(count)))
    let state = hash.finalize()
    hash = Keccak256()
    hash.update(state)
    if count == 1 { return [Self.reduced(state)] }
    return (0..<UInt64(count)).map { index in
      Self.reduced(
        Keccak256.hash(
          state.bytes + [UInt8](repeating: 0, count: 24) + Transcript.bigEndian(index)))
    }
  }

  private static func reduced(_ word: Keccak256.Digest) -> Fr {
    // 64 bytes, so the value is always there.
    Fr(wideBigEndian: [UInt8](repeating: 0, count: 32) + word.bytes) ?? .zero
  }
}
