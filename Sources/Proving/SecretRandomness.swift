package import ConstraintSystem
package import Field
import Hashing
import Compute
import Transcript

/// Uniform scalars that only the holder of the seed can tell from chance: SHA-256 over seed and
/// counter, 512 bits reduced modulo p for each.
package struct SecretRandomness: Sendable {
  package static let seedBytes = 32

  @Erased private var seed: [UInt8]
  private var counter: UInt64 = 0
  /// Scalars that come before the stream's own; empty but in tests, see `SecretRandomness+Testing`.
  var script: ArraySlice<Fr> = []

  /// A stream of its own for every scheme, version of the protocol and number of inferences: one blinder
  /// under two schemes would give away what it hides.
  ///
  /// - Parameter parts: everything else the scalars shall depend on; at least one part is system
  ///   randomness wherever reuse would reveal a secret.
  package init(
    label: String, scheme: ProofScheme, inferences: Int = 1, parts: [[UInt8]]
  ) {
    var hash = SHA256()
    defer { hash.erase() }
    hash.update(Array("tacit secret v\(Transcript.protocolVersion) \(label)".utf8))
    hash.update([scheme.rawValue] + withCount(inferences))
    for part in parts {
      hash.update(withCount(part.count))
      hash.update(part)
    }
    seed = hash.finalize().bytes
  }

  package mutating func scalar() -> Fr {
    if let next = script.popFirst() { return next }
    defer { counter += 1 }
    return scalar(at: counter)
  }

  private func scalar(at counter: UInt64) -> Fr {
    @Erased var block = seed
    block.reserveCapacity(block.count + 9)
    block += withCount(Int(counter)) + [0]
    @Erased var wide: [UInt8] = []
    wide.reserveCapacity(2 * SHA256.byteCount)
    for half: UInt8 in 0...1 {
      block[block.count - 1] = half
      wide.append(SHA256.hash(block))
    }
    // Two digests are 64 bytes, so the value is always there.
    return Fr(wideBigEndian: wide) ?? .zero
  }

  /// As many single ones.
  package mutating func scalars(_ count: Int) -> [Fr] {
    let scripted = script.prefix(count)
    script = script.dropFirst(count)
    let (first, stream) = (counter, self)
    counter += UInt64(count - scripted.count)
    let drawn = inParallel(making: count - scripted.count, of: Fr.zero, chunk: 64) { range, part in
      for (place, number) in range.enumerated() {
        part[place] = stream.scalar(at: first + UInt64(number))
      }
    }.values
    return scripted.isEmpty ? drawn : Array(scripted) + drawn
  }

  /// Fresh bytes from the system.
  package static func systemRandomness() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<seedBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}

private func withCount(_ count: Int) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
}
