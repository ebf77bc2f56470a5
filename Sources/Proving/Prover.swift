package import ArgumentKernels
package import Compute
package import Verification
import Arguments
import Commitment
import ConstraintSystem
import Curve
package import Field
import Polynomial
package import Transcript
package import Witness

/// Proves an inference, or several at once. A value, used once: `prove` is the story, the steps are its chapters.
package struct Prover: Sendable {
  package let key: ProverKey
  /// What the proof is made of, from the key and the number of inferences.
  package let proofLayout: ProofLayout
  package let statement: Statement
  /// The witness of phase one.
  package var trace: Trace
  /// The weights that relations are argued over.
  package var cells: ModelCells
  /// h and g, the witness of phase two.
  @Erased package private(set) var inverses: [Fr] = []
  @Erased package private(set) var tableInverses: [Fr] = []
  /// s: pads, pad products, mask.
  @Erased package var pads: [Fr] = []
  package var channel: ProverChannel

  private var randomness: SecretRandomness
  @Erased private var padBlinder: Fr
  private var rowBlinders: RowBlinders
  private var lookup: LookupChallenges?
  private var columns: (any LookupColumns)?
  private var stopwatch = Stopwatch()

  private var shape: CircuitDimensions { proofLayout.shape }
  private var rows: RowPlan { proofLayout.rows }
  private var plan: PadLayout { proofLayout.plan }
  private var system: ConstraintSystem { proofLayout.system }
  private let committer: any RowCommitter

  /// Proves that the key's network takes the trace's inputs to its outputs.
  ///
  /// - Parameters:
  ///   - trace: of the circuit of `shape`.
  ///   - shape: of a batch, as the verifier key gives it; of one inference if nil.
  ///   - context: bytes the proof is bound to.
  ///   - entropy: 32 bytes from the system, never used for another proof; fresh ones if nil.
  package static func prove(
    _ trace: Trace, key: ProverKey, as shape: ProofLayout? = nil, context: [UInt8] = [],
    entropy: [UInt8]? = nil
  ) -> Proof {
    do throws(CancellationError) {
      return try measured(trace, key: key, as: shape, context: context, entropy: entropy).proof
    } catch {
      preconditionFailure("a job that can be cancelled asks for measured proofs")
    }
  }

  /// As `prove`, with what opens its commitments to tensors, and what it cost.
  ///
  /// - Parameter reused: blinders of committed tensors that are not to be drawn.
  /// - Throws: when the job that the proof is made in is cancelled.
  package static func measured(
    _ trace: Trace, key: ProverKey, as shape: ProofLayout? = nil, context: [UInt8] = [],
    reusing reused: ReusedBlinders = ReusedBlinders(),
    entropy: [UInt8]? = nil
  ) throws(CancellationError) -> (
    proof: Proof, openings: [TensorOpening], report: ProvingReport
  ) {
    @Erased var entropy = entropy ?? SecretRandomness.systemRandomness()
    var attempt: UInt8 = 0
    while true {
      @Erased var numbered = entropy + [attempt]
      var prover = Prover(
        trace, key: key, as: shape, context: context, reusing: reused, entropy: numbered)
      try Job.advance(to: 0.05, else: CancellationError())
      prover.commitWitness()
      try Job.advance(to: 0.25, else: CancellationError())
      let isSound = prover.commitInverses()
      // Inverses of which some were not made may look unsound.
      try Job.advance(to: 0.5, else: CancellationError())
      if isSound {
        try Job.part(0.5...1) { () throws(CancellationError) in try prover.argue() }
        return (prover.proof(), prover.openings, prover.stopwatch.report)
      }
      attempt &+= 1
    }
  }

  package init(
    _ trace: Trace, key: ProverKey, as shape: ProofLayout? = nil, context: [UInt8],
    reusing reused: ReusedBlinders = ReusedBlinders(), entropy: [UInt8]
  ) {
    let system = (shape ?? key.verifier.single).system
    // The rest of the witness follows from its inputs and the key.
    @Erased var inputs = Self.bytes(of: Self.inputs(trace, system))
    self.init(
      trace, key: key, as: shape, context: context, reusing: reused,
      randomness: SecretRandomness(
        label: "proof", scheme: system.parameters.scheme, inferences: system.inferences,
        parts: [entropy, key.verifier.modelID, key.seed, inputs, context]))
  }

  private static func inputs(_ trace: Trace, _ system: ConstraintSystem) -> [Int64] {
    trace.inputs(in: system).flatMap(\.values)
  }

  /// Eight bytes each, little-endian.
  private static func bytes(of values: [Int64]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 8 * values.count)
    for (place, value) in values.enumerated() where value != 0 {
      for step in 0..<8 { bytes[8 * place + step] = UInt8(truncatingIfNeeded: value >> (8 * step)) }
    }
    return bytes
  }

  package init(
    _ trace: Trace, key: ProverKey, as shape: ProofLayout? = nil, context: [UInt8],
    subject: Statement.Subject = .inferences,
    reusing reused: ReusedBlinders = ReusedBlinders(), randomness secrets: SecretRandomness
  ) {
    let proofLayout = shape ?? key.verifier.single
    let system = proofLayout.system
    let committer = key.committer
    self.committer = committer
    self.key = key
    self.proofLayout = proofLayout
    self.trace = trace
    cells = key.cells
    randomness = secrets
    let plan = proofLayout.plan
    let messages = randomness.scalars(plan.messages)
    var s: [Fr] = []
    s.reserveCapacity(plan.cells)
    s += messages
    for product in plan.products { s.append(messages[product.left] * messages[product.right]) }
    s.append(randomness.scalar())
    pads = s
    padBlinder = randomness.scalar()

    // Committed tensors belong to the statement.
    let committed = proofLayout.rows.committed
    let all = proofLayout.rows
    var blinders = RowBlinders(
      capacity: committed.joined().count + all.phaseOne.count + all.phaseTwo.count)
    for row in committed.joined() { blinders.set(randomness.scalar(), of: row) }
    blinders.merge(reused.blinders)
    rowBlinders = blinders
    var statement = Statement(
      inferences: system.inferences, context: context,
      inputs: zip(system.inputs, trace.inputs(in: system)).map { port, values in
        port.visibility == .public ? port.runtime(values) : nil
      },
      outputs: system.outputs.map { port in
        port.visibility == .public ? port.runtime(trace.values(at: port, in: system)) : nil
      }, counts: trace.counts)
    statement.subject = subject
    let length = system.commitmentRowLength
    statement.commitments = committed.map { rows in
      committer.commit(
        rows.map { row in
          CommitmentRow(trace.outputs.row(row.index, length), blinder: blinders[row] ?? .zero)
        })
    }
    self.statement = statement
    channel = ProverChannel(
      transcript: statement.transcript(key: key.verifier), plan: plan, pads: messages)
  }

  /// 1. P → V: the pads, then every small column.
  package mutating func commitWitness() {
    let reserved = system.commitmentRowLength
    drawBlinders(of: rows.phaseOne)
    let points = committer.commit(
      [committer.padRow(pads, rowLength: reserved, blinder: padBlinder)]
        + rows.phaseOne.map { row in
          CommitmentRow(
            integers(row.column).row(row.index, reserved), blinder: rowBlinders[row] ?? .zero)
        })
    channel.sendPoints([points[0]], as: .pads)
    channel.sendPoints(Array(points.dropFirst()), as: .phaseOneRows)
    stopwatch.lap("commit witness")
  }

  private mutating func drawBlinders(of rows: [RowReference]) {
    @Erased var drawn = randomness.scalars(rows.count)
    for (row, blinder) in zip(rows, drawn) { rowBlinders.set(blinder, of: row) }
  }

  /// 2. V → P: α, β.  P → V: the inverse columns.
  ///
  /// - Returns: false when a fingerprint is zero; start again with fresh pads.
  package mutating func commitInverses(
    alter: ((inout [Fr], inout [Fr], LookupChallenges) -> Void)? = nil
  ) -> Bool {
    let drawn = channel.challenges(2, .lookup)
    guard
      let lookup = LookupChallenges(
        alpha: drawn[0], beta: drawn[1], parameters: system.parameters),
      var columns = shape.lookupColumns.init(
        shape, trace: trace, cells: cells, lookup: lookup)
    else { return false }
    (inverses, tableInverses) = (columns.inverses, columns.tableInverses)
    if let alter {
      var (own, ofTable) = (inverses, tableInverses)
      alter(&own, &ofTable, lookup)
      (inverses, tableInverses) = (own, ofTable)
      (columns.inverses, columns.tableInverses) = (own, ofTable)
    }
    self.lookup = lookup
    self.columns = columns
    let length = system.commitmentRowLength
    drawBlinders(of: rows.phaseTwo)
    let points = committer.commit(
      rows.phaseTwo.map { row in
        let column = row.column == .inverses ? inverses : tableInverses
        return CommitmentRow(column.row(row.index, length), blinder: rowBlinders[row] ?? .zero)
      })
    channel.sendPoints(points, as: .phaseTwoRows)
    stopwatch.lap("commit inverses")
    return true
  }

  /// 3. Rows and look-ups, relations, claims, and the opening.
  ///
  /// - Throws: when the job that the proof is made in is cancelled.
  package mutating func argue() throws(CancellationError) {
    guard let lookup, let groups = columns?.groups, let witness = columns.take()?.witness else {
      preconditionFailure("helpers are committed before anything is argued")
    }
    var replay = ReplayChannel(channel)
    let argued: CircuitArgument.Outcome
    do throws(ProofError) {
      argued = try CircuitArgument.prove(
        shape.reading(statement.circuitInputs(of: system)), lookup: lookup,
        known: statement.tensors(on: system), rows: consume witness,
        columns: ClaimReduction.Columns(
          integers: columnIntegers, groups: groups, model: cells.cells, inverses: inverses,
          tableInverses: tableInverses),
        over: &replay,
        finished: { stage in
          stopwatch.lap(stage.rawValue)
          Job.report(stage.share)
        })
    } catch {
      precondition(error == .cancelled, "a prover hears only what it said")
      throw CancellationError()
    }
    channel = replay.prover
    open(argued.batch, equations: replay.equations)
    stopwatch.lap("opening")
  }

  private mutating func open(_ claims: ClaimReduction.Outcome, equations: [MaskedValue]) {
    let kappa = channel.challenge(.equationsBatch)
    let opening = Opening.Statement(
      rowWeights: shape.rowWeights(at: claims.point), claim: claims.value,
      zeros: equations, kappa: kappa, plan: plan)
    let length = system.commitmentRowLength
    let references = rows.committed.flatMap(\.self) + rows.phaseOne + rows.phaseTwo + rows.model
    let coefficients = shape.coefficients(of: references, claims: claims)

    // t = Σ coefficient · row, and its blinder.
    var blinder = Fr.zero
    let witness = references.count - rows.model.count
    for (row, coefficient) in zip(references[..<witness], coefficients) {
      blinder += coefficient * (rowBlinders[row] ?? .zero)
    }
    for (modelBlinder, coefficient) in zip(key.blinders, coefficients[witness...]) {
      blinder += coefficient * modelBlinder
    }
    let (byColumn, inverses, tableInverses) = (columnIntegers, inverses, tableInverses)
    OperationCounter.count(smallMultiplications: witness * length)
    @Erased var parts = inParallel(count: witness, grain: 16) { range in
      var small = IntegerRowSum(length: length)
      var full = [Fr](repeating: .zero, count: length)
      var sums = full.mutableSpan
      for index in range {
        let (row, coefficient) = (references[index], coefficients[index])
        if let column = byColumn[row.column] {
          small.add(column.row(row.index, length), times: coefficient)
        } else {
          let column = row.column == .inverses ? inverses : tableInverses
          Fr.add(column.row(row.index, length), times: coefficient, to: &sums, from: 0)
        }
      }
      return zip(small.values, full).map { $0 + $1 }
    }
    @Erased var combined = [Fr](repeating: .zero, count: length)
    for part in parts { combined.add(part) }
    let model = IntegerRows(cells.cells, columnBits: system.parameters.commitmentRowBits)
    var factors = [Fr](repeating: .zero, count: model.count)
    for (row, coefficient) in zip(rows.model, coefficients[witness...]) {
      factors[row.index] = coefficient
    }
    combined.add(model.combination(factors))
    Opening.prove(
      opening,
      secrets: Opening.Secrets(
        row: combined, rowBlinder: blinder, pads: pads,
        padBlinder: padBlinder, rowMask: randomness.scalars(length),
        rowMaskBlinder: randomness.scalar(), padMask: randomness.scalars(plan.cells),
        padMaskBlinder: randomness.scalar()),
      by: committer, over: &channel)
  }

  func blinders(of rows: [RowReference]) -> [Fr] { rows.map { rowBlinders[$0] ?? .zero } }

  package func proof() -> Proof {
    Proof(modelID: key.verifier.modelID, statement: statement, body: channel.proof)
  }

  private var columnIntegers: [Column: [Int64]] {
    let columns: [Column] =
      [.output, .multiplicity] + (shape.pairsLookups ? [.quotient] : [])
      + trace.limbs.indices.map { .limb($0) }
    return Dictionary(uniqueKeysWithValues: columns.map { ($0, integers($0)) })
  }

  private func integers(_ column: Column) -> [Int64] {
    switch column {
    case .limb(let index): trace.limbs[index]
    case .output: trace.outputs
    case .quotient: trace.quotients
    case .multiplicity: trace.multiplicities
    case .model, .inverses, .tableInverses: []
    }
  }
}

extension CircuitArgument.Stage {
  /// How much of the arguments and the opening is done, about, at its end.
  fileprivate var share: Double {
    switch self {
    case .rows: 0.5
    case .einsum: 0.7
    case .claims: 0.9
    }
  }
}

extension [Fr] {
  /// Adds another row, which is no longer, place by place.
  fileprivate mutating func add(_ other: [Fr]) {
    for (place, value) in other.enumerated() { self[place] += value }
  }
}

extension Array {
  /// The cells of row `index` that exist.
  func row(_ index: Int, _ length: Int) -> ArraySlice<Element> {
    self[Swift.min(index * length, count)..<Swift.min((index + 1) * length, count)]
  }
}
