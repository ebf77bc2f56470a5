import ConstraintSystem
import Foundation
import Proving
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// Proofs that were altered at random, of six kinds of statement: none is accepted, and none takes long.
///
/// `TACIT_ALTERED_PROOFS` says how many; `make altered` asks for a million, and writes what they did.
struct AlteredProofsTests {
  private static let asked =
    ProcessInfo.processInfo.environment["TACIT_ALTERED_PROOFS"].flatMap(Int.init)
  private static let count = asked ?? 3000

  /// Two honest proofs of one key, of unlike inputs.
  private struct Subject {
    var name: String
    var key: ModelVerifier
    var proofs: [[UInt8]]
    /// Of a chain: what the step has to be bound to, and follow.
    var chain: [UInt8]?

    func isAccepted(_ proof: [UInt8]) -> Bool {
      if let first = chain {
        return
          (try? key.verifyChain([first, proof], session: Array("session".utf8), steps: 2)) != nil
      }
      return (try? key.verify(proof)) != nil
    }
  }

  private static func subject(
    _ name: String, _ circuit: Circuit, inferences: Int = 1
  ) throws -> Subject {
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    let prover = try ModelProver(FileFormat.wrap(.prover, key.encoded))
    let port = circuit.system.inputs[0]
    var random = SplitMix64(seed: 3)
    let proofs = try (0..<2).map { _ in
      let values = random.integers(inferences * port.count, in: -8...7)
      return try prover.prove(NamedArrays(values, shape: [inferences] + port.shape))
    }
    return Subject(name: name, key: prover.verifier, proofs: proofs)
  }

  /// The second step of a chain of two.
  private static func chained() throws -> Subject {
    let circuit = Circuits.mlp([16, 8, 16], input: .committed, output: .committed)
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    let prover = try ModelProver(FileFormat.wrap(.prover, key.encoded))
    let zeros = try NamedArrays([Int64](repeating: 0, count: 16), shape: [16])
    let context = ChainContext(session: Array("session".utf8))
    let (first, opening, _) = try prover.proveOpening(
      zeros, context: context.bytes, commitments: [.declared()])
    let state = try #require(prover.run(zeros, lastSteps: false).integers)
    let proofs = try (0..<2).map { _ in
      try prover.proveOpening(
        NamedArrays(state, shape: [16]), context: context.next(after: first).bytes,
        commitments: [.reusing(opening)]
      ).proof
    }
    return Subject(name: "chained", key: prover.verifier, proofs: proofs, chain: first)
  }

  private static func subjects() throws -> [Subject] {
    [
      try subject("public", Circuits.mlp()),
      try subject("private", Circuits.mlp(input: .private, output: .private)),
      try subject(
        "committed", Circuits.mlp([16, 8, 16], input: .committed, output: .committed)),
      try subject("convolutions", Circuits.convnet()),
      try subject("batch", Circuits.mlp(), inferences: 5),
      try chained(),
    ]
  }

  /// One proof with something in it exchanged, nearly always for something that can be read.
  private static func altered(_ proofs: [[UInt8]], _ random: inout SplitMix64) -> [UInt8] {
    func below(_ count: Int) -> Int { Int(random.integer(in: 0...Int64(count - 1))) }
    let (original, other) = (proofs[0], proofs[1])
    var bytes = original
    // Points and scalars stand at the end, 32 bytes each.
    let elements = (bytes.count - 60) / 32
    func range(_ element: Int) -> Range<Int> {
      let end = bytes.count - 32 * element
      return end - 32..<end
    }
    switch below(8) {
    case 0: bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
    case 1: bytes.replaceSubrange(range(below(elements)), with: original[range(below(elements))])
    case 2:
      let place = range(below(elements))
      bytes.replaceSubrange(place, with: other[place])
    case 3:
      let place = range(below(elements)).upperBound - 1 - below(8)
      bytes[place] &+= UInt8(1 + below(255))
    case 4:
      let cut = 10 + below(bytes.count - 10)
      bytes = Array(original[..<cut] + other[cut...])
    case 5: bytes.replaceSubrange(range(below(elements)), with: [UInt8](repeating: 0, count: 32))
    case 6:
      let (a, b) = (range(below(elements)), range(below(elements)))
      bytes.replaceSubrange(a, with: original[b])
      bytes.replaceSubrange(b, with: original[a])
    default:
      let head = bytes.count - 32 * elements
      bytes[below(head)] &+= UInt8(1 + below(255))
    }
    return bytes
  }

  @Test func `no altered proof is accepted, nor takes twice as long as an honest one`() throws {
    var random = SplitMix64(seed: 17)
    var report: [String: [String: Double]] = [:]
    let subjects = try Self.subjects()
    for subject in subjects {
      func seconds(_ proof: [UInt8]) -> (accepted: Bool, seconds: Double) {
        let start = ContinuousClock.now
        let accepted = subject.isAccepted(proof)
        return (accepted, (ContinuousClock.now - start) / .seconds(1))
      }
      #expect(subject.proofs.allSatisfy { seconds($0).accepted }, "\(subject.name)")
      // Whatever else runs makes single measurements long, not the least of several.
      let usual = (0..<20).map { _ in seconds(subject.proofs[0]).seconds }.min() ?? 0
      var (altered, accepted, slowest) = (0, 0, 0.0)
      while altered < Self.count / subjects.count {
        let proof = Self.altered(subject.proofs, &random)
        if subject.proofs.contains(proof) { continue }
        altered += 1
        var (isAccepted, time) = seconds(proof)
        if isAccepted { accepted += 1 }
        for _ in 0..<9 where time > slowest * usual { time = min(time, seconds(proof).seconds) }
        slowest = max(slowest, time / usual)
      }
      #expect(accepted == 0, "\(subject.name)")
      // Beside all other tests a measurement is of those.
      if Self.asked != nil { #expect(slowest < 2, "\(subject.name): \(slowest)") }
      report[subject.name] = [
        "altered": Double(altered), "accepted": Double(accepted), "slowest": slowest,
      ]
    }
    if let path = ProcessInfo.processInfo.environment["TACIT_ALTERED_REPORT"] {
      let coder = JSONEncoder()
      coder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try coder.encode(report).write(to: URL(fileURLWithPath: path))
    }
  }
}
