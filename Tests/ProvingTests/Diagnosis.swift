import ArgumentKernels
import Arguments
import Commitment
import ConstraintSystem
import Curve
import Field
import Polynomial
import Proving
import Verification
import Witness
import Testing
import Transcript

/// The verifier's work on a proof up to its opening, claim by claim.
struct Replay {
  var rows: RowArgument.Outcome
  var claims: [(name: String, claim: LinearClaim)]
  var equations: [(name: String, form: MaskedValue)]
  var outcome: ClaimReduction.Outcome
  var opening: Opening.Statement
  var combination: [RowReference]
  var coefficients: [Fr]
  /// At the opening.
  var channel: VerifierChannel

  /// - Parameter proofLayout: of a batch; of one inference if nil.
  init(
    _ proof: Proof, key: VerifierKey, as proofLayout: ProofLayout? = nil,
    transcript: Transcript? = nil
  ) throws {
    let proofLayout = proofLayout ?? key.single
    let (shape, plan) = (proofLayout.shape, proofLayout.plan)
    var channel = VerifierChannel(
      transcript: transcript ?? proof.statement.transcript(key: key),
      proof: ProofReader(proof.body), plan: plan)
    _ = try channel.receivePoints(1, as: .pads)
    _ = try channel.receivePoints(proofLayout.rows.phaseOne.count, as: .phaseOneRows)
    let drawn = channel.challenges(2, .lookup)
    let lookup = try #require(
      LookupChallenges(
        alpha: drawn[0], beta: drawn[1], parameters: proofLayout.system.parameters))
    _ = try channel.receivePoints(proofLayout.rows.phaseTwo.count, as: .phaseTwoRows)

    let argued = try CircuitArgument.verify(
      shape, lookup: lookup, known: proof.statement.tensors(on: proofLayout.system),
      over: &channel)
    (rows, outcome) = (argued.rows, argued.batch)
    let limbs = key.system.parameters.limbs
    var names: [String]
    if shape.pairsLookups {
      names = ["h", "first", "second"]
      if rows.claims.count > names.count + 2 { names.append("M") }
      names += ["step", "balance"]
    } else {
      names = ["h", "table", "balance"] + (0..<limbs).map { "limb \($0)" }
      if rows.claims.count > names.count + 1 { names.append("M") }
      names.append("looked")
    }
    claims = zip(names, rows.claims).map { ($0, $1) }
    for (place, claim) in argued.einsum.enumerated() {
      let pair = (place - 1) / 2
      let name = place == 0 ? "linear" : place % 2 == 1 ? "first \(pair)" : "second \(pair)"
      claims.append((name, claim))
    }
    for (place, claim) in argued.publics.enumerated() {
      claims.append(("public \(place)", claim))
    }
    for (place, claim) in argued.padding.enumerated() {
      claims.append(("padding \(place)", claim))
    }
    // Of the levels, of each product that is sent, of the rows, and of the contractions.
    let levels = shape.treeLevels
    let settled = levels + plan.listing.count { $0.label == .rowProducts } + 1
    equations = channel.equations.enumerated().map {
      (
        $0 < levels
          ? "fraction \($0)"
          : $0 < settled - 1 ? "product \($0 - levels)" : $0 < settled ? "rows" : "contraction", $1
      )
    }
    opening = Opening.Statement(
      rowWeights: shape.rowWeights(at: outcome.point), claim: outcome.value,
      zeros: channel.equations, kappa: channel.challenge(.equationsBatch), plan: plan)
    let all = proofLayout.rows
    combination = all.committed.flatMap(\.self) + all.phaseOne + all.phaseTwo + all.model
    coefficients = shape.coefficients(of: combination, claims: outcome)
    self.channel = channel
  }
}

/// Which of the verifier's claims are false, in a prover's knowledge: the names of what refuses it.
struct Diagnosis {
  let prover: Prover
  let replay: Replay

  init(_ prover: Prover, transcript: Transcript? = nil) throws {
    self.prover = prover
    replay = try Replay(
      prover.proof(), key: prover.key.verifier, as: prover.proofLayout, transcript: transcript)
  }

  /// What a form is, its pads being known.
  func value(_ form: MaskedValue) -> Fr {
    form.parts.reduce(form.constant) { $0 + $1.coefficient * prover.pads[$1.cell] }
  }

  static func cells(of column: Column, in prover: Prover) -> [Fr] {
    switch column {
    case .limb(let index): prover.trace.limbs[index].map { Fr($0) }
    case .output: prover.trace.outputs.map { Fr($0) }
    case .quotient: prover.trace.quotients.map { Fr($0) }
    case .inverses: prover.inverses
    case .multiplicity: prover.trace.multiplicities.map { Fr($0) }
    case .tableInverses: prover.tableInverses
    case .model: prover.cells.cells.map { Fr($0) }
    }
  }

  /// The cells of one committed row, short at the column's end.
  static func cells(of row: RowReference, in prover: Prover) -> [Fr] {
    let system = prover.proofLayout.system
    let length =
      row.column == .model ? system.parameters.commitmentRowLength : system.commitmentRowLength
    let column = cells(of: row.column, in: prover)
    return Array(column.dropFirst(row.index * length).prefix(length))
  }

  private func value(_ functional: LinearFunctional) -> Fr {
    let cells = Self.cells(of: functional.column, in: prover)
    let weights: [Fr]
    switch functional.weights {
    case .tracePoint: weights = Equality.table(replay.rows.tracePoint)
    case .tablePoint: weights = Equality.table(replay.rows.tablePoint)
    case .inversePoint: weights = Equality.table(replay.rows.inversePoint)
    case .ones: weights = cells.map { _ in Fr.one }
    case .tensor(let tensor):
      var dense = [Fr](repeating: .zero, count: cells.count)
      tensor.add(to: &dense, scale: .one)
      weights = dense
    }
    return functional.coefficient * zip(cells, weights).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
  }

  /// How far a claim is from true.
  func residual(_ name: String) throws -> Fr {
    if let claim = replay.claims.first(where: { $0.name == name })?.claim { return residual(claim) }
    return value(try #require(replay.equations.first { $0.name == name }).form)
  }
  private func residual(_ claim: LinearClaim) -> Fr {
    claim.functionals.reduce(Fr.zero) { $0 + value($1) } - value(claim.value)
  }

  /// t of the opening.
  var row: [Fr] {
    var t = [Fr](repeating: .zero, count: prover.proofLayout.system.commitmentRowLength)
    for (row, coefficient) in zip(replay.combination, replay.coefficients) {
      for (j, cell) in Self.cells(of: row, in: prover).enumerated() { t[j] += coefficient * cell }
    }
    return t
  }

  /// <t,ψ> + <s,ω> − v.
  var openingResidual: Fr {
    zip(row, replay.opening.rowWeights.cells).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
      + zip(prover.pads, replay.opening.padWeights).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
      - replay.opening.value
  }

  /// False claims, equations and pad products; the batch of claims only where no claim explains it.
  var violated: Set<String> {
    var names = replay.claims.filter { !residual($0.claim).isZero }.map(\.name)
    let t = zip(row, replay.opening.rowWeights.cells).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    if names.isEmpty, t != value(replay.outcome.value) { names.append("batch") }
    names += replay.equations.filter { !value($0.form).isZero }.map(\.name)
    let plan = prover.proofLayout.plan
    for (index, product) in plan.products.enumerated()
    where prover.pads[product.left] * prover.pads[product.right]
      != prover.pads[plan.messages + index]
    {
      names.append("pad product \(index)")
    }
    return Set(names)
  }
}
