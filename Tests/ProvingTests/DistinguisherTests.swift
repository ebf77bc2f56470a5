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

  /// Weights of the first layer exchanged with those of another input that is the same: other models, the same function
  /// of this input.
  private static func fixtures() throws -> [Fixture] {
    var circuits = [Circuits.mlp(), Circuits.mlp()]
    for index in 0..<2 { circuits[index].inputs[0] = [3, 3, 0, -2, 5, 1, 0, 4] }
    // Column by column: two inputs of one value may have any weights of one sum, an input of zero any at all.
    for row in 0..<6 {
      circuits[1].values[0].swapAt(8 * row, 8 * row + 1)
      circuits[1].values[0][8 * row + 2] = -circuits[0].values[0][8 * row + 2]
      circuits[1].values[0][8 * row + 6] = Int64(row) - 3
    }
    return try circuits.map { try Fixture($0) }
  }

  @Test func `which model a proof is of shows in no byte`() throws {
    let fixtures = try Self.fixtures()
    let statements = fixtures.map { $0.prover().statement }
    #expect(statements[0] == statements[1])
    #expect(fixtures[0].key.verifier.modelID != fixtures[1].key.verifier.modelID)
    let positions = try fixtures[0].proof().body.count
    var histograms = [Histogram](repeating: Histogram(positions: positions), count: 2)
    // The second model's, a bit of one byte being set in every other proof.
    var marked = Histogram(positions: positions)
    for proof in 0..<Self.count {
      for (model, fixture) in fixtures.enumerated() {
        var body = Prover.prove(fixture.trace, key: fixture.key).body
        histograms[model].add(body)
        if model == 1 {
          if proof % 2 == 0 { body[positions / 2] |= 8 }
          marked.add(body)
        }
      }
    }
    let distances = histograms[0].distances(to: histograms[1])
    // Of a few thousand positions: one in 10⁴ runs of honest proofs has a distance of more than seven.
    let largest = distances.max() ?? 0
    #expect(largest < 7, "\(largest) at byte \(distances.firstIndex(of: largest) ?? 0)")
    // Nor is the mean of all positions off.
    let mean = distances.reduce(0, +) / Double(distances.count)
    #expect(abs(mean) < 0.2, "\(mean)")
    // It sees what is there to see.
    let seen = histograms[0].distances(to: marked)
    #expect(seen[positions / 2] > 5)
  }
}
