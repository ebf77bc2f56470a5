import ArgumentKernels
import Arguments
import ConstraintSystem
import Field
import Polynomial
import TestSupport
import Testing
import Transcript

/// What the verifier computes of the circuit alone, against the same column by column.
struct ShapeTests {
  @Test(arguments: Circuits.all.map(\.name))
  func `the table's fingerprint is that of its rows`(name: String) throws {
    try check(CircuitDimensions(circuit(name).system))
  }

  @Test func `functions given by their values are read as well`() throws {
    var circuit = try circuit("tiny")
    circuit.system.functions += [
      TableFunction(name: "values", body: .values(lowest: -5, [7, -3, 0, 4, 4, 9, 1])),
      .identity(3...3),
      TableFunction(name: "one", body: .values(lowest: 2, [-8])),
      .clamp(width: 4, domain: -9...1),
    ]
    try check(CircuitDimensions(circuit.system))
  }

  private func check(_ shape: CircuitDimensions) throws {
    var samples = Samples(seed: 3)
    let drawn = samples.scalars(2)
    let lookup = try #require(
      LookupChallenges(
        alpha: drawn[0], beta: drawn[1], parameters: shape.system.parameters))
    var column: [Fr] = []
    shape.table.forEachRow { tag, input, output in
      column.append(lookup.fingerprint(Fr(tag), Fr(input), Fr(output)))
    }
    #expect(column.count == shape.table.count)
    // The table is padded with zero triples.
    column += [Fr](repeating: drawn[0], count: (1 << shape.tableBits) - column.count)
    let point = samples.scalars(shape.tableBits)
    #expect(
      shape.tableFingerprint(at: point, lookup: lookup) == inner(column, Equality.table(point)))
  }

  @Test func `claims that cancel do not vanish in the batch`() throws {
    let shape = CircuitDimensions(try circuit("tiny").system)
    let rounds = shape.columnVariables
    var planner = PlanningChannel()
    _ = try RowArgument.verify(shape, lookup: lookup(shape), over: &planner)
    let rows = planner.plan.listing.count
    for _ in 0..<rounds { _ = try planner.receive(2, as: .claimsRound) }
    // A proof of zeros: what remains of two claims is their batch by powers of ρ.
    var channel = VerifierChannel(
      transcript: Transcript(),
      proof: ProofReader([UInt8](repeating: 0, count: 32 * planner.plan.messages)),
      plan: planner.plan)
    let outcome = try RowArgument.verify(shape, lookup: lookup(shape), over: &channel)
    #expect(rows > 0)
    let claims = [Fr.one, -Fr.one].map {
      LinearClaim(MaskedValue($0), [LinearFunctional(.inverses, .ones)])
    }
    let batch = try ClaimReduction.verify(claims, shape: shape, rows: outcome, over: &channel)
    #expect(!batch.value.constant.isZero)
    // The functionals are weighted as their claims are.
    #expect(batch.weights[.inverses] != Fr.zero)
  }

  private func lookup(_ shape: CircuitDimensions) throws -> LookupChallenges {
    try #require(LookupChallenges(alpha: 3, beta: 5, parameters: shape.system.parameters))
  }

  @Test(arguments: Circuits.all.map(\.name))
  func `public columns are those of the blocks' cells`(name: String) throws {
    let circuit = try circuit(name)
    let (shape, rows) = (CircuitDimensions(circuit.system), try NaiveRows(circuit))
    var samples = Samples(seed: 4)
    let drawn = samples.scalars(2)
    let lookup = try #require(
      LookupChallenges(
        alpha: drawn[0], beta: drawn[1], parameters: circuit.system.parameters))
    let point = samples.scalars(shape.traceBits)
    let eq = Equality.table(point)
    var (looked, multiplier) = (Fr.zero, Fr.zero)
    for (index, block) in circuit.system.blocks.enumerated() {
      let constant = lookup.fingerprint(
        Fr(Table.firstFunctionTag + Int64(block.function)), Fr(block.shift), Fr(block.shift))
      for position in NaiveRows.indices(block.shape) {
        let weight = eq[rows.row(index, position)]
        looked += weight * (constant - lookup.alpha)
        multiplier += weight * Fr(rows.multiplier(index, at: position))
      }
    }
    let known = PublicColumns(
      shape, blocks: circuit.system.blocks.map { BlockWeights($0, at: point) }, lookup: lookup)
    #expect(known.lookedUp == looked)
    var claimed = known.multiplier
    let model = rows.cells.map { Fr($0) }
    for functional in known.modelMultiplier {
      var dense = [Fr](repeating: .zero, count: model.count)
      guard case .tensor(let weights) = functional.weights else { continue }
      weights.add(to: &dense, scale: functional.coefficient)
      claimed += inner(dense, model)
    }
    #expect(claimed == multiplier)
  }
}
