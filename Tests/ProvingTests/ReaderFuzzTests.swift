import ConstraintSystem
import Proving
import Verification
import TestSupport
import Testing

/// Damaged files of every kind: an error or a value, never a trap. Bounded in time, seeded, so that
/// a failure comes back.
struct ReaderFuzzTests {
  private static let budget = Duration.seconds(2)

  /// A few random edits: bits flipped, bytes set to extremes, ranges cut, repeated or exchanged.
  private static func damage(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<random.integer(in: 1...4) where !bytes.isEmpty {
      let place = Int(random.integer(in: 0...Int64(bytes.count - 1)))
      let length = min(Int(random.integer(in: 1...40)), bytes.count - place)
      switch random.integer(in: 0...5) {
      case 0: bytes[place] ^= 1 << UInt8(random.integer(in: 0...7))
      case 1: bytes[place] = 0xff
      case 2: bytes[place] = 0
      case 3: bytes.removeSubrange(place..<place + length)
      case 4: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
      default: bytes = Array(bytes[place...] + bytes[..<place])
      }
    }
    return bytes
  }

  /// - Returns: how many damaged files were read to the end all the same, of how many.
  private static func fuzz(
    _ corpus: [[UInt8]], seed: UInt64, _ read: ([UInt8]) throws -> Void
  ) -> (read: Int, all: Int) {
    var random = SplitMix64(seed: seed)
    let end = ContinuousClock.now + budget
    var (accepted, all) = (0, 0)
    while ContinuousClock.now < end {
      let bytes = damage(corpus[all % corpus.count], &random)
      all += 1
      if (try? read(bytes)) != nil { accepted += 1 }
    }
    return (accepted, all)
  }

  private static func keys() throws -> [ProverKey] {
    try Circuits.all.map { try ProverKey($0.circuit.system, cells: $0.circuit.cells) }
  }

  @Test func `damaged verifier keys never trap`() throws {
    let corpus = try Self.keys().map { FileFormat.wrap(.verifier, $0.verifier.encoded) }
    let result = Self.fuzz(corpus, seed: 1) { bytes in
      var reader = try FileFormat.open(.verifier, bytes)
      let key = try VerifierKey(decoding: &reader)
      try reader.finish()
      // What is read is canonical.
      #expect(FileFormat.wrap(.verifier, key.encoded) == bytes)
    }
    #expect(result.all > 100)
  }

  @Test func `damaged prover keys never trap`() throws {
    let keys = try Self.keys()
    // Under a digest that fits, as whoever means harm writes it.
    let result = Self.fuzz(keys.map(\.encoded), seed: 2) { payload in
      var reader = try FileFormat.open(.prover, FileFormat.wrap(.prover, payload))
      let key = try ProverKey(decoding: &reader)
      try reader.finish()
      #expect(key.encoded == payload)
    }
    #expect(result.all > 100)
  }

  @Test func `damaged proofs are refused`() throws {
    var corpus: [(key: VerifierKey, bytes: [UInt8])] = []
    for (_, circuit) in Circuits.all {
      let key = try ProverKey(circuit.system, cells: circuit.cells)
      let proof = Prover.prove(try circuit.execute(), key: key)
      let bytes = FileFormat.wrap(.proof, proof.encoded(for: circuit.system))
      corpus.append((key.verifier, bytes))
      let shape = try key.verifier.proofLayout(3)
      let batch = Prover.prove(try circuit.batched(3).execute(), key: key, as: shape)
      corpus.append(
        (key.verifier, FileFormat.wrap(.proof, batch.encoded(for: circuit.system))))
    }
    var turn = 0
    let result = Self.fuzz(corpus.map(\.bytes), seed: 3) { bytes in
      let original = corpus[turn % corpus.count]
      turn += 1
      if bytes == original.bytes { throw CancellationError() }
      var reader = try FileFormat.open(.proof, bytes)
      let proof = try Proof(decoding: &reader, for: original.key)
      try Verifier.verify(proof, key: original.key)
    }
    #expect(result.read == 0)
    #expect(result.all > 100)
  }
}
