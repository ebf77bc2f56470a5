import ArgumentKernels
import Arguments
import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// A circuit with its key and its honest trace, of one inference or several.
struct Fixture: Sendable {
  /// Of all inferences.
  let circuit: Circuit
  let key: ProverKey
  let shape: ProofLayout
  let trace: Trace
  let rows: NaiveRows

  init(_ circuit: Circuit, inferences: Int = 1) throws {
    try self.init(circuit, as: circuit.batched(inferences))
  }

  /// - Parameter batch: of the circuit, with inputs of its own.
  init(_ circuit: Circuit, as batch: Circuit) throws {
    key = try ProverKey(
      circuit.system, cells: circuit.cells, seed: [UInt8](repeating: 7, count: 32))
    shape = try key.verifier.proofLayout(batch.system.inferences)
    self.circuit = batch
    trace = try batch.execute()
    rows = try NaiveRows(batch)
  }

  static func named(_ name: String) throws -> Fixture {
    try Fixture(#require(Circuits.all.first { $0.name == name }?.circuit))
  }

  static let entropy = [UInt8](1...32)

  /// - Parameter claimed: the trace whose public values are stated; the same one unless given.
  func prover(
    _ trace: Trace? = nil, claiming claimed: Trace? = nil, context: [UInt8] = []
  ) -> Prover {
    let trace = trace ?? self.trace
    var prover = Prover(
      claimed ?? trace, key: key, as: shape, context: context, entropy: Self.entropy)
    prover.trace = trace
    return prover
  }

  func proof(context: [UInt8] = []) throws -> Proof {
    var prover = prover(context: context)
    return try prover.run()
  }

  /// Why the verifier says no, or nil.
  func refusal(_ proof: Proof) -> VerificationError? {
    do throws(VerificationError) {
      try Verifier.verify(proof, key: key.verifier)
      return nil
    } catch {
      return error
    }
  }

  func block(_ name: String) throws -> Int {
    try #require(circuit.system.blocks.firstIndex { $0.name == name })
  }
}

extension Prover {
  /// Runs every step.
  mutating func run(
    alter: ((inout [Fr], inout [Fr], LookupChallenges) -> Void)? = nil
  ) throws -> Proof {
    commitWitness()
    let isCommitted = commitInverses(alter: alter)
    try #require(isCommitted)
    try argue()
    return proof()
  }
}
