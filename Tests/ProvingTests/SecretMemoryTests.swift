import Commitment
import Compute
import ConstraintSystem
import Curve
import Field
import Proving
import Synchronization
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Seeds, pads, blinders, the trace and the weights are zero in memory when their prover has gone.
struct SecretMemoryTests {
  /// Memory that holds a secret.
  private struct Place: Hashable, Sendable {
    var name: String
    var address: UInt
    var count: Int

    init<Element>(_ name: String, _ array: [Element]) {
      self.name = name
      address = unsafe array.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
      count = array.count * MemoryLayout<Element>.stride
    }
  }

  private final class Seen: Sendable {
    private let found = Mutex<Set<Erasure.Remains>>([])
    var all: Set<Erasure.Remains> { found.withLock { $0 } }
    func add(_ remains: Erasure.Remains) { _ = found.withLock { $0.insert(remains) } }
  }

  /// The places of a prover's long secrets, once it has proven.
  private static func places(_ prover: Prover) -> [Place] {
    [
      Place("seed", prover.key.seed), Place("blinders of the model", prover.key.blinders),
      Place("weights", prover.key.cells.cells.bytes),
      Place("accumulators", prover.trace.accumulators), Place("outputs", prover.trace.outputs),
      Place("multiplicities", prover.trace.multiplicities), Place("pads", prover.pads),
      Place("inverses", prover.inverses), Place("inverses of the table", prover.tableInverses),
    ] + prover.trace.limbs.map { Place("limbs", $0) }
      + prover.openings.map { Place("blinders of a tensor", $0.blinders) }
  }

  /// Proves in a scope of its own, which all secrets leave.
  private static func prove(_ circuit: Circuit) throws -> [Place] {
    let key = try ProverKey(
      circuit.system, cells: ModelCells(cells: Array(circuit.cells.cells)),
      seed: SecretRandomness.systemRandomness())
    var prover = Prover(
      try circuit.execute(), key: key, context: [],
      entropy: SecretRandomness.systemRandomness())
    _ = try prover.run()
    // An opening is made anew whenever it is asked for.
    return places(prover).filter { $0.name != "blinders of a tensor" }
  }

  @Test(arguments: ["mlp committed", "mlp"])
  func `what a prover held is zero when it has gone`(name: String) throws {
    let circuit =
      name == "mlp"
      ? Circuits.mlp([16, 8, 4]) : Circuits.mlp([16, 8, 16], input: .committed, output: .committed)
    let seen = Seen()
    let places = try Erasure.observe({ seen.add($0) }, during: { try Self.prove(circuit) })
    let remains = seen.all
    #expect(places.count >= 11)
    for place in places {
      #expect(place.count > 0, "\(place.name)")
      #expect(
        remains.contains(
          Erasure.Remains(address: place.address, count: place.count, isZero: true)),
        "\(place.name)")
    }
  }

  /// Every array and every field element that such a value has is one that is overwritten, or public.
  @Test func `types that own secrets own nothing that stays`() throws {
    let fixture = try Fixture(Circuits.mlp([16, 8, 16], input: .committed, output: .committed))
    var prover = fixture.prover()
    _ = try prover.run()
    let secrets = Opening.Secrets(
      row: [.one], rowBlinder: .one, pads: [.one], padBlinder: .one, rowMask: [.one],
      rowMaskBlinder: .one, padMask: [.one], padMaskBlinder: .one)
    let owners: [(Any, public: Set<String>)] = [
      (prover, []), (prover.trace, ["indices", "counts"]), (prover.key, []),
      (prover.key.cells.cells, ["starts"]), (prover.channel, ["proof", "sent", "drawn"]),
      (prover.openings[0], ["commitments"]), (secrets, []),
      // Empty but in tests.
      (SecretRandomness(script: []), ["script"]),
      (CommitmentRow([Fr.one][...], blinder: .one), []),
    ]
    for (owner, exempt) in owners {
      for child in Mirror(reflecting: owner).children {
        let label = child.label ?? ""
        let type = "\(type(of: child.value))"
        let isPlain =
          ["Array<", "ArraySlice<", "PrimeField<", "Dictionary<"].contains { type.hasPrefix($0) }
        #expect(!isPlain || exempt.contains(label), "\(Swift.type(of: owner)).\(label): \(type)")
      }
    }
  }
}
