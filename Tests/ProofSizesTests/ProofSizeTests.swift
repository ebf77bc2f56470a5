import Arguments
import Commitment
import Compiler
import ConstraintSystem
import ProofSizes
import Proving
import TestSupport
import Testing
import Transcript
import Verification

/// Sizes that are counted from a few numbers, against what the verifier's code asks for and what
/// proofs hold.
struct ProofSizeTests {
  private func circuit(_ name: String) throws -> Circuit {
    try #require(Circuits.all.first { $0.name == name }?.circuit)
  }

  /// Of a finished circuit, which may have gaps that a cost model knows nothing of.
  private func argument(_ proof: ProofLayout) -> ArgumentSize {
    let (system, shape) = (proof.system, proof.shape)
    var size = CostModel(
      CostModel.Workload(system), scheme: system.parameters.scheme
    ).argument(
      limbs: system.parameters.limbs, limbBits: system.parameters.limbBits,
      commitmentRowBits: system.commitmentRowBits)
    (size.traceBits, size.tableBits) = (shape.traceBits, shape.tableBits)
    size.columnBits = shape.columnVariables
    return size
  }

  /// The circuits by both schemes, one of which pairs look-ups.
  private static let circuits = Circuits.all.map(\.name).flatMap { name in
    [ProofScheme.transparent, .knownSRS].map { (name, $0) }
  }

  @Test(arguments: circuits, [1, 5])
  func `every part of the argument sends what its size says`(
    circuit: (name: String, scheme: ProofScheme), inferences: Int
  ) throws {
    let proof = ProofLayout(
      try self.circuit(circuit.name).over(circuit.scheme).system.batched(inferences))
    let (size, plan) = (argument(proof), proof.plan)
    func sent(_ labels: Set<Label>) -> Int {
      plan.listing.reduce(0) { labels.contains($1.label) ? $0 + $1.count : $0 }
    }
    #expect(size.treeLevels == proof.shape.treeLevels)
    #expect(size.inverseBits == proof.shape.inverseBits)
    #expect(size.inverseArgument == sent([.inverseRound, .inverseClaims]))
    #expect(size.fractions == sent([.fractionRound, .fractionClaims]))
    #expect(size.pairs == sent([.pairRound, .pairClaims]))
    #expect(size.rowCheck == sent([.rowRound, .rowClaims, .rowProducts]))
    #expect(
      size.relations
        == sent([.einsumLinear, .einsumRound, .einsumTermRound, .einsumClaims]))
    #expect(size.claims == sent([.claimsRound]))
    #expect(size.messages == plan.messages)
    #expect(size.products == plan.products.count)
    #expect(size.pads == plan.cells)
    #expect(size.opened == plan.opened.count)
    #expect(size.folded == plan.folded.count)
  }

  /// A row of the greatest length leaves room for the pads of any circuit, which is why no key is refused for
  /// them.
  @Test func `there are generators for a row and the pads of every circuit within the limits`() {
    let terms = Limits.blocks * Limits.termsPerBlock
    for tableBits in 2...Limits.tableBits {
      let largest = ArgumentSize(
        limbs: Limits.limbs.upperBound, traceBits: Limits.traceBits, tableBits: tableBits,
        columnBits: max(Limits.traceBits, Limits.tableBits, Limits.modelBits),
        hasModelMultipliers: true, hasLinearTerms: true, contractions: terms,
        contractionBits: Limits.contractionBits)
      #expect(largest.pads + 1 << Limits.commitmentRowBits.upperBound <= Pedersen.cells)
    }
  }

  @Test(arguments: circuits, [1, 5])
  func `as many rows are committed to as are counted`(
    circuit: (name: String, scheme: ProofScheme), inferences: Int
  ) throws {
    let proof = ProofLayout(
      try self.circuit(circuit.name).over(circuit.scheme).system.batched(inferences))
    let rows = proof.rows
    let committed = rows.committed.reduce(0) { $0 + $1.count }
    #expect(
      argument(proof).committedRows(
        traceRows: rows.rowsPerTraceColumn, tableCells: proof.shape.table.count,
        commitmentRowBits: proof.system.commitmentRowBits)
        == committed + rows.phaseOne.count + rows.phaseTwo.count)
  }

  @Test(arguments: circuits.filter { ["tiny", "mlp", "wide", "convnet"].contains($0.0) }, [1, 3])
  func `a proof has the length that is counted before it is made`(
    circuit: (name: String, scheme: ProofScheme), inferences: Int
  ) throws {
    let scheme = circuit.scheme
    let circuit = try self.circuit(circuit.name).over(scheme)
    let key = try ProverKey(circuit.system, cells: circuit.cells)
    let shape = try key.verifier.proofLayout(inferences)
    let trace = try circuit.batched(inferences).execute()
    let proof = Prover.prove(trace, key: key, as: shape)
    let size = argument(shape)
    let rows = size.committedRows(
      traceRows: shape.rows.rowsPerTraceColumn, tableCells: shape.shape.table.count,
      commitmentRowBits: shape.system.commitmentRowBits)
    let committed = shape.rows.committed.reduce(0) { $0 + $1.count }
    let opening =
      scheme == .transparent
      ? OpeningSize(
        rowLength: shape.system.commitmentRowLength, opened: size.opened, folded: size.folded)
      : OpeningSize(byQuotients: size.opened)
    #expect(
      proof.body.count
        == ProofSize(rows: rows - committed, messages: size.messages, opening: opening).bytes)
  }

  @Test func `a vector is halved to about the root of its length`() {
    for length in 1...5000 {
      let size = InnerProductSize(length: length)
      #expect(size.halves.count == size.rounds && size.halves.last ?? length == size.remaining)
      #expect(size.remaining <= 60 || size.remaining * size.remaining <= 4 * length)
      var left = length
      for half in size.halves {
        #expect(half == (left + 1) / 2)
        left = half
      }
    }
  }
}
