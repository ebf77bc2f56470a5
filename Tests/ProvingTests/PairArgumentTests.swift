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

/// Look-ups in pairs, of which a scheme for chains proves that they are in the table, and lies about them.
struct PairArgumentTests {
  private static func mlp(limbs: Int) -> Circuit {
    Circuits.mlp(limbs: limbs, limbBits: 4).over(.knownSRS)
  }

  private func expect(
    _ prover: Prover, violates names: Set<String>, _ fixture: Fixture,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try Diagnosis(prover).violated == names, sourceLocation: sourceLocation)
    #expect(
      fixture.refusal(prover.proof()) == .refused(.rejected(.equation)),
      sourceLocation: sourceLocation)
  }

  /// K + 1 look-ups of a row: with dummies and without, and slots of dummies alone.
  @Test(arguments: [1, 2, 3, 4, 5, 6], [1, 3])
  func `honest proofs are accepted, whatever the number of limbs`(
    limbs: Int, inferences: Int
  ) throws {
    let fixture = try Fixture(Self.mlp(limbs: limbs), inferences: inferences)
    var prover = fixture.prover()
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
    // The definitions that lies are told with agree with the execution.
    var trace = fixture.trace
    fixture.rows.redo(&trace, from: 0)
    #expect(fixture.rows.recount(&trace) == 0)
    #expect(trace == fixture.trace)
  }

  @Test func `slots of dummies alone are not committed to`() throws {
    let fixture = try Fixture(Self.mlp(limbs: 4))
    let (shape, rows) = (fixture.shape.shape, fixture.shape.rows)
    #expect(fixture.circuit.system.parameters.dummyLookups == 3)
    #expect(shape.inverseBits == shape.traceBits + 2)
    #expect(rows.phaseTwo.count { $0.column == .inverses } == 3 * rows.rowsPerTraceColumn)
  }

  // MARK: Lies in a row

  /// A lie in row (1) of the first layer, later layers following it, with counts as its columns have them.
  private func told(
    _ limbs: Int, _ tell: (inout Trace, Fixture, Int) -> Void
  ) throws -> (Fixture, Prover) {
    let fixture = try Fixture(Self.mlp(limbs: limbs))
    var trace = fixture.trace
    let block = try fixture.block("l0")
    tell(&trace, fixture, fixture.rows.row(block, [1]))
    fixture.rows.redo(&trace, from: block + 1)
    fixture.rows.recount(&trace)
    #expect(trace != fixture.trace)
    var prover = fixture.prover(trace)
    _ = try prover.run()
    return (fixture, prover)
  }

  /// q one higher, and y of it.
  private static func raise(_ trace: inout Trace, _ fixture: Fixture, _ row: Int) {
    let function = fixture.circuit.system.functions[1]
    trace.quotients[row] += function(trace.quotients[row] + 1) == nil ? -1 : 1
    trace.outputs[row] = function(trace.quotients[row]) ?? 0
  }

  @Test(arguments: [2, 3, 4, 5])
  func `q is what the row's step makes it`(limbs: Int) throws {
    let (fixture, prover) = try told(limbs, Self.raise)
    try expect(prover, violates: ["step"], fixture)
  }

  @Test(arguments: [2, 3, 4, 5])
  func `a wrong q is refused though y is right`(limbs: Int) throws {
    let (fixture, prover) = try told(limbs) { trace, _, row in trace.quotients[row] += 4096 }
    try expect(prover, violates: ["step", "balance"], fixture)
  }

  /// The last look-up is alone where their number is odd.
  @Test(arguments: [2, 3, 4, 5])
  func `q and one more with the last limb below its range is refused`(limbs: Int) throws {
    let (fixture, prover) = try told(limbs) { trace, fixture, row in
      let before = trace.quotients[row]
      Self.raise(&trace, fixture, row)
      trace.limbs[limbs - 1][row] -= 16 * (trace.quotients[row] - before)
    }
    try expect(prover, violates: ["balance"], fixture)
  }

  @Test(arguments: [2, 3, 4, 5])
  func `a carry that was not taken is refused`(limbs: Int) throws {
    let (fixture, prover) = try told(limbs) { trace, _, row in
      trace.limbs[limbs - 2][row] += 16
      trace.limbs[limbs - 1][row] -= 1
    }
    try expect(prover, violates: ["balance"], fixture)
  }

  @Test(arguments: [2, 3])
  func `a limb moved within its range is refused`(limbs: Int) throws {
    let (fixture, prover) = try told(limbs) { trace, _, row in trace.limbs[0][row] ^= 1 }
    try expect(prover, violates: ["step"], fixture)
  }

  @Test(arguments: [2, 3])
  func `a y that is not the function of q is refused`(limbs: Int) throws {
    let (fixture, prover) = try told(limbs) { trace, _, row in
      trace.outputs[row] += trace.outputs[row] == 15 ? -1 : 1
    }
    try expect(prover, violates: ["balance"], fixture)
  }

  @Test func `rows of no cell hold nothing`() throws {
    let lies: [(Set<String>, (inout Trace, Int) -> Void)] = [
      (["linear"], { $0.accumulators[$1] = 5 }),
      (["balance"], { $0.outputs[$1] = 3 }),
      (["step", "balance"], { $0.quotients[$1] = 1 }),
      (
        ["balance"],
        { trace, row in
          trace.quotients[row] = 1
          trace.limbs[1][row] = -16
        }
      ),
      (["step"], { $0.limbs[0][$1] = 1 }),
    ]
    for (names, tell) in lies {
      let fixture = try Fixture(Self.mlp(limbs: 2))
      var trace = fixture.trace
      tell(&trace, fixture.rows.row(1, [6]))
      fixture.rows.recount(&trace)
      var prover = fixture.prover(trace)
      _ = try prover.run()
      try expect(prover, violates: names, fixture)
    }
  }

  // MARK: Lies in the helpers

  private func lying(
    _ limbs: Int, trace: Trace? = nil,
    _ alter: @escaping (inout [Fr], inout [Fr], LookupChallenges, Fixture) -> Void
  ) throws -> (Fixture, Prover) {
    let fixture = try Fixture(Self.mlp(limbs: limbs))
    var prover = fixture.prover(trace)
    _ = try prover.run { alter(&$0, &$1, $2, fixture) }
    return (fixture, prover)
  }

  @Test func `errors in two slots that cancel are refused`() throws {
    for (first, second) in [(0, 1), (0, 2), (1, 2)] {
      let (fixture, prover) = try lying(4) { inverses, _, _, fixture in
        let (row, bits) = (fixture.rows.row(1, [1]), fixture.shape.shape.traceBits)
        inverses[first << bits + row] += .one
        inverses[second << bits + row] -= .one
      }
      try expect(prover, violates: ["step"], fixture)
    }
  }

  @Test func `errors in two rows that cancel are refused`() throws {
    let (fixture, prover) = try lying(3) { inverses, _, _, fixture in
      inverses[fixture.rows.row(1, [1])] += .one
      inverses[fixture.rows.row(1, [2])] -= .one
    }
    try expect(prover, violates: ["step"], fixture)
  }

  @Test func `padding of the first slot does not stand for that of the second`() throws {
    let (fixture, prover) = try lying(2) { inverses, _, lookup, fixture in
      let padding = LookupSlots(fixture.circuit.system.parameters, lookup: lookup).fractions
      let bits = fixture.shape.shape.traceBits
      for index in 0..<6 {
        inverses[1 << bits + fixture.rows.row(1, [index])] += padding[1] - padding[0]
      }
    }
    try expect(prover, violates: ["step", "balance"], fixture)
  }

  /// The dummy beside the last of three look-ups, used for a row of the table that nothing else looks up.
  @Test func `a dummy is no look-up of anything else`() throws {
    var fixture = try Fixture(Self.mlp(limbs: 2))
    var trace = fixture.trace
    let row = try #require(trace.multiplicities.lastIndex(of: 0))
    trace.multiplicities[0] -= 1
    trace.multiplicities[row] += 1
    var triples: [(tag: Int64, input: Int64, output: Int64)] = []
    fixture.shape.shape.table.forEachRow { triples.append(($0, $1, $2)) }
    let triple = triples[row]
    let prover: Prover
    (fixture, prover) = try lying(2, trace: trace) { inverses, _, lookup, fixture in
      let print = lookup.fingerprint(Fr(triple.tag), Fr(triple.input), Fr(triple.output))
      inverses[1 << fixture.shape.shape.traceBits + fixture.rows.row(1, [1])] +=
        print.inverse() - lookup.alpha.inverse()
    }
    try expect(prover, violates: ["step"], fixture)
  }

  @Test(arguments: [0, 1])
  func `a wrong inverse of the table is refused`(place: Int) throws {
    let (fixture, prover) = try lying(3) { _, table, _, _ in table[place] += .one }
    try expect(prover, violates: ["step", "balance"], fixture)
  }

  /// A row's error and one of the table beside it, opposite in the zero-check if their weights were one.
  @Test func `errors of rows and of the table do not make up for each other`() throws {
    let fixture = try Fixture(Self.mlp(limbs: 3))
    let row = fixture.rows.row(1, [1])
    var prover = fixture.prover()
    _ = try prover.run { inverses, table, lookup in
      inverses[row] += .one
      table[1] += .one
    }
    try expect(prover, violates: ["step"], fixture)
  }

  @Test func `counts are those of the look-ups`() throws {
    for change in [(40, Int64(1)), (1, -1), (0, -1)] {
      let fixture = try Fixture(Self.mlp(limbs: 2))
      var trace = fixture.trace
      trace.multiplicities[change.0] += change.1
      var prover = fixture.prover(trace)
      _ = try prover.run()
      try expect(prover, violates: ["balance"], fixture)
    }
  }

  // MARK: Lies in what is said

  /// A wrong q, hidden by each of the values that are sent at the end: the claim on that value is all that is left.
  @Test(arguments: [
    (["h"], [0, 3]), (["first"], [1, 3]), (["second"], [2]), (["rows"], [3]), (["M"], [5]),
  ])
  func `each value at the end is claimed`(names: [String], places: [Int]) throws {
    let fixture = try Fixture(Self.mlp(limbs: 3))
    var trace = fixture.trace
    Self.raise(&trace, fixture, fixture.rows.row(try fixture.block("l0"), [1]))
    fixture.rows.redo(&trace, from: 2)
    fixture.rows.recount(&trace)
    func run(_ offsets: [Int: Fr]) throws -> Prover {
      var prover = fixture.prover(trace)
      prover.channel.alter = { label, _, scalars in
        label == .pairClaims
          ? scalars.enumerated().map { $1 + (offsets[$0] ?? .zero) } : scalars
      }
      _ = try prover.run()
      return prover
    }
    var direction = [places[0]: Fr.one]
    if places.count == 2 {
      // The product follows its factor.
      direction[places[1]] = try Diagnosis(try run(direction)).residual("rows")
      #expect(try Diagnosis(try run(direction)).residual("rows").isZero)
    }
    let still = try Diagnosis(try run([:])).residual("step")
    let moved = try Diagnosis(try run(direction)).residual("step")
    let scale = -still * (moved - still).inverse()
    try expect(try run(direction.mapValues { $0 * scale }), violates: Set(names), fixture)
  }

  @Test func `a lie in any round is refused`() throws {
    let fixture = try Fixture(Self.mlp(limbs: 2))
    let rounds = fixture.shape.shape.inverseRounds
    for place in 0..<3 * rounds {
      var prover = fixture.prover()
      prover.channel.alter = { _, first, scalars in
        scalars.enumerated().map { first + $0 == place ? $1 + .one : $1 }
      }
      _ = try prover.run()
      try expect(prover, violates: ["step"], fixture)
    }
  }
}
