import Compute
import ConstraintSystem
import Foundation
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Proofs of one statement under two models, byte by byte: which model was used shows in none.
///
/// `TACIT_DISTINGUISHER` says how many proofs of each; `make distinguisher` asks for a million, so that every position
/// has a million bytes of each model.
struct DistinguisherTests {
  private static let count =
    ProcessInfo.processInfo.environment["TACIT_DISTINGUISHER"].flatMap(Int.init) ?? 2000

  /// How often each byte stands at each position.
  private struct Histogram {
    var counts: [UInt32]

    init(positions: Int) { counts = [UInt32](repeating: 0, count: 256 * positions) }

    mutating func add(_ other: Histogram) {
      for place in counts.indices { counts[place] += other.counts[place] }
    }

    mutating func add(_ bytes: [UInt8]) {
      for (position, byte) in bytes.enumerated() { counts[256 * position + Int(byte)] += 1 }
    }

    /// By position how far two samples of one size are apart: chi-squared over the bytes that occur, less its mean, in
    /// standard deviations. Of one distribution it is about normal.
    func distances(to other: Histogram) -> [Double] {
      stride(from: 0, to: counts.count, by: 256).map { start in
        var (sum, freedom) = (0.0, -1.0)
        for byte in start..<start + 256 {
          let (a, b) = (Double(counts[byte]), Double(other.counts[byte]))
          // Rare bytes, of which chi-squared says nothing.
          guard a + b >= 10 else { continue }
          sum += (a - b) * (a - b) / (a + b)
          freedom += 1
        }
        return freedom > 0 ? (sum - freedom) / (2 * freedom).squareRoot() : 0
      }
    }
  }

  /// Weights of the first layer exchanged with those of another input that is the same: other models, the same
  /// function of this input.
  private static func fixtures() throws -> [Fixture] {
    var circuits = [Circuits.tiny(input: .public), Circuits.tiny(input: .public)]
    for model in 0..<2 { circuits[model].inputs[0] = [3, 3] }
    for row in 0..<2 { circuits[1].values[0].swapAt(2 * row, 2 * row + 1) }
    return try circuits.map { try Fixture($0) }
  }

  /// Of proofs of both models, and of the second's with a bit of one byte set in every other proof.
  private struct Sample {
    var models: [Histogram]
    var marked: Histogram

    init(positions: Int) {
      models = [Histogram](repeating: Histogram(positions: positions), count: 2)
      marked = models[0]
    }

    init(_ fixtures: [Fixture], positions: Int, proofs: Range<Int>) {
      self.init(positions: positions)
      for proof in proofs {
        for (model, fixture) in fixtures.enumerated() {
          var body = Prover.prove(fixture.trace, key: fixture.key).body
          models[model].add(body)
          if model == 1 {
            if proof % 2 == 0 { body[positions / 2] |= 8 }
            marked.add(body)
          }
        }
      }
    }

    mutating func add(_ other: Sample) {
      for model in 0..<2 { models[model].add(other.models[model]) }
      marked.add(other.marked)
    }
  }

  @Test func `which model a proof is of shows in no byte`() throws {
    let fixtures = try Self.fixtures()
    let statements = fixtures.map { $0.prover().statement }
    #expect(statements[0] == statements[1])
    #expect(fixtures[0].key.verifier.modelID != fixtures[1].key.verifier.modelID)
    let positions = try fixtures[0].proof().body.count
    // A proof is too small to be worth two threads.
    let parts = inParallel(count: Self.count, grain: 100) { proofs in
      Sample(fixtures, positions: positions, proofs: proofs)
    }
    var sample = Sample(positions: positions)
    for part in parts { sample.add(part) }
    let distances = sample.models[0].distances(to: sample.models[1])
    // Of a few thousand positions: one in 10⁴ runs of honest proofs has a distance of more than seven.
    let largest = distances.max() ?? 0
    #expect(largest < 7, "\(largest) at byte \(distances.firstIndex(of: largest) ?? 0)")
    // Nor is the mean of all positions off.
    let mean = distances.reduce(0, +) / Double(distances.count)
    #expect(abs(mean) < 0.2, "\(mean)")
    // It sees what is there to see.
    let seen = sample.models[0].distances(to: sample.marked)
    #expect(seen[positions / 2] > 5)
    print(
      "\(Self.count) proofs of each model, \(positions) positions: largest distance \(largest), mean \(mean)"
    )
  }
}
