import ArgumentKernels
import Witness
import Arguments
import Commitment
import ConstraintSystem
import Curve
import Field
import Polynomial
import Proving
import Verification
import TestSupport
import Testing
import Transcript

/// What a proof reveals: nothing that cannot be made without the witness.
struct ZeroKnowledgeTests {
  /// Speaks for a prover that knows nothing: every padded scalar is drawn at random.
  private struct SimulatorChannel: Channel {
    var replay: ReplayChannel
    var random: SplitMix64

    mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [MaskedValue] {
      var scalars: [Fr] = []
      for _ in 0..<count { scalars.append(Fr.random(using: &random)) }
      replay.prover.send(scalars, as: label)
      return try replay.receive(count, as: label)
    }
    mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
      _ = replay.prover.challenges(count, label)
      return replay.challenges(count, label)
    }
    mutating func product(_ a: MaskedValue, _ b: MaskedValue) -> MaskedValue {
      replay.product(a, b)
    }
    mutating func require(zero: MaskedValue) { replay.require(zero: zero) }
  }

  /// A proof of a statement from the key and the tape alone.
  private func simulate(
    _ statement: Statement, as proof: ProofLayout, key: VerifierKey, tape: Transcript
  ) throws -> [UInt8] {
    let (shape, plan, rows) = (proof.shape, proof.plan, proof.rows)
    var random = SplitMix64(seed: 11)
    func scalars(_ count: Int) -> [Fr] { (0..<count).map { _ in Fr.random(using: &random) } }
    let committer = key.system.parameters.scheme.committer
    func points(_ count: Int) -> [AffinePoint] {
      committer.commit(scalars(count).map { CommitmentRow([Int64]()[...], blinder: $0) })
    }
    var speaker = ProverChannel(
      transcript: tape, plan: plan, pads: [Fr](repeating: .zero, count: plan.messages))
    let pads = points(1)
    let (phaseOne, phaseTwo) = (points(rows.phaseOne.count), points(rows.phaseTwo.count))
    speaker.sendPoints(pads, as: .pads)
    speaker.sendPoints(phaseOne, as: .phaseOneRows)
    let drawn = speaker.challenges(2, .lookup)
    let lookup = try #require(
      LookupChallenges(alpha: drawn[0], beta: drawn[1], parameters: proof.system.parameters))
    speaker.sendPoints(phaseTwo, as: .phaseTwoRows)
    var simulator = SimulatorChannel(
      replay: ReplayChannel(speaker), random: SplitMix64(seed: 12))
    let claims = try CircuitArgument.verify(
      shape, lookup: lookup, known: statement.tensors(on: proof.system), over: &simulator
    ).batch
    speaker = simulator.replay.prover
    let opening = Opening.Statement(
      rowWeights: shape.rowWeights(at: claims.point), claim: claims.value,
      zeros: simulator.replay.equations, kappa: speaker.challenge(.equationsBatch), plan: plan)
    let references = rows.committed.flatMap(\.self) + rows.phaseOne + rows.phaseTwo + rows.model
    let row = multiScalarMultiply(
      statement.commitments.flatMap(\.self) + phaseOne + phaseTwo + key.modelRows,
      shape.coefficients(of: references, claims: claims))
    simulate(
      opening, row: row, pads: pads[0], by: committer, random: &random, over: &speaker)
    return speaker.proof
  }

  /// An opening of commitments of which nobody knows what they hold.
  private func simulate(
    _ opening: Opening.Statement, row: G1, pads: AffinePoint, by committer: some RowCommitter,
    random: inout SplitMix64, over speaker: inout ProverChannel
  ) {
    let plan = opening.plan
    func scalars(_ count: Int) -> [Fr] { (0..<count).map { _ in Fr.random(using: &random) } }
    let theta = speaker.challenge(.productsBatch)
    // The tape says δ before it is asked.
    var ahead = speaker.transcript
    let delta = ahead.challenges(1, .openingChallenge)[0]

    let (t, s) = (scalars(opening.rowWeights.count), scalars(plan.cells))
    let (blinders, x1) = (scalars(2), scalars(1)[0])
    // D = [t'] − δ[t] and D_s = [s'] − δ[s].
    let opened = committer.commit([
      CommitmentRow(t[...], blinder: blinders[0]),
      committer.padRow(s, rowLength: t.count, blinder: blinders[1]),
    ])
    let maskRow = (G1(opened[0]) - delta * row).affine
    let maskPads = (G1(opened[1]) - delta * G1(pads)).affine
    // X₀ from the last equation.
    var x0 = s[plan.mask] - delta * x1 - delta * delta * opening.value
    var power = theta
    for (index, product) in plan.products.enumerated() {
      x0 += power * (s[product.left] * s[product.right] - delta * s[plan.messages + index])
      power *= theta
    }
    var value = zip(opening.rowWeights.cells, t).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    for cell in plan.folded { value += opening.padWeights[cell] * s[cell] }
    x0 += delta * value
    for cell in plan.opened { x0 += delta * opening.padWeights[cell] * s[cell] }

    speaker.sendPoints([maskRow], as: .maskRow)
    speaker.sendPoints([maskPads], as: .maskPads)
    speaker.sendBare([x0, x1], as: .crossTerms)
    _ = speaker.challenge(.openingChallenge)
    speaker.sendBare(plan.opened.map { s[$0] }, as: .openedPads)
    speaker.sendBare([value], as: .openedValue)
    // The rest follows from t' and s', as a prover makes it.
    committer.prove(
      MaskedClaim(
        rowWeights: opening.rowWeights, padWeights: opening.padWeights, plan: plan,
        shown: plan.opened.map { s[$0] }, value: value),
      row: BlindedRow(cells: t, blinder: blinders[0]),
      pads: BlindedRow(cells: s, blinder: blinders[1]), over: &speaker)
  }

  @Test(
    arguments: Circuits.all.map(\.name).flatMap { name in
      [1, 5].flatMap { count in
        [ProofScheme.transparent, .knownSRS].map { (name, count, $0) }
      }
    })
  func `a simulator without a witness is accepted under programmed challenges`(
    name: String, inferences: Int, scheme: ProofScheme
  ) throws {
    let circuit = try #require(Circuits.all.first { $0.name == name }?.circuit)
    let fixture = try Fixture(circuit.over(scheme), inferences: inferences)
    let key = fixture.key.verifier
    let tape = Transcript(tape: [1, 2, 3])
    var statement = fixture.prover().statement
    // Even of a false statement.
    for isTrue in [true, false] {
      if !isTrue { statement.outputs[0]?[0] ^= 1 }
      let body = try simulate(statement, as: fixture.shape, key: key, tape: tape)
      try Verifier.verify(
        body, statement: statement, as: fixture.shape, key: key, transcript: tape)
      // And refused where nobody knows the challenges beforehand.
      #expect(
        fixture.refusal(Proof(modelID: key.modelID, statement: statement, body: body)) != nil)
    }
  }

  /// So a key's proof tells nothing of the model either.
  @Test(arguments: ["mlp", "convnet"], [ProofScheme.transparent, .knownSRS])
  func `a simulator without a model is accepted as the proof of a key`(
    name: String, scheme: ProofScheme
  ) throws {
    let circuit = try #require(Circuits.all.first { $0.name == name }?.circuit)
    let key = try Fixture(circuit.over(scheme)).key.verifier
    let part = try #require(try ModelRangeCircuit.parts(of: key.system).first)
    let (layout, tape) = (ProofLayout(part), Transcript(tape: [4, 5]))
    let statement = KeyProof.statement(part: 0, of: part.system)
    let body = try simulate(statement, as: layout, key: key, tape: tape)
    try Verifier.verify(body, statement: statement, as: layout, key: key, transcript: tape)
    #expect(throws: VerificationError.self) {
      try Verifier.verify(KeyProof(modelID: key.modelID, bodies: [body]), key: key)
    }
  }

  /// A proof on a tape with every secret scalar of the prover's given, as numbers: scalars as they
  /// are, points by their discrete logarithms to generators of the test's choice.
  ///
  /// - Parameters:
  ///   - reused: of tensors that another proof committed to.
  ///   - model: the circuit of the key's proof and its trace, for that proof.
  private func revealed(
    _ fixture: Fixture, _ script: [Fr], generators: [Fr],
    tape: Transcript = Transcript(tape: [1, 2, 3]),
    reusing reused: ReusedBlinders = ReusedBlinders(),
    of model: (layout: ProofLayout, trace: Trace)? = nil
  ) throws -> [Fr] {
    let key = model?.layout ?? fixture.key.verifier.single
    let (plan, length) = (key.plan, key.system.parameters.commitmentRowLength)
    let scheme = key.system.parameters.scheme
    // Pads begin behind a row, or with it.
    let first = scheme.usesPowers ? 0 : length
    var prover = Prover(
      model?.trace ?? fixture.trace, key: fixture.key, as: key, context: [],
      subject: model == nil ? .inferences : .model(part: 0), reusing: reused,
      randomness: SecretRandomness(script: script))
    prover.channel = ProverChannel(
      transcript: tape, plan: plan,
      pads: Array(prover.pads.prefix(plan.messages)))
    let body = try prover.run().body
    // The order in which the prover draws.
    var next = script[...]
    func take(_ count: Int) -> [Fr] {
      defer { next = next.dropFirst(count) }
      return Array(next.prefix(count))
    }
    let blinding = generators[generators.count - 1]
    func logarithm(_ cells: [Fr], from first: Int = 0, _ blinder: Fr) -> Fr {
      zip(cells, generators[first...]).reduce(blinder * blinding) { $0 + $1.0 * $1.1 }
    }
    _ = take(plan.messages + 1)
    var logarithms = [logarithm(prover.pads, from: first, take(1)[0])]
    let committed = key.rows.committed.flatMap(\.self)
    for (row, drawn) in zip(committed, take(committed.count)) {
      logarithms.append(
        logarithm(Diagnosis.cells(of: row, in: prover), reused.blinders[row] ?? drawn))
    }
    var commitments: [CommitmentRow] = []
    for row in key.rows.phaseOne + key.rows.phaseTwo {
      let (cells, blinder) = (Diagnosis.cells(of: row, in: prover), take(1)[0])
      logarithms.append(logarithm(cells, blinder))
      commitments.append(CommitmentRow(cells[...], blinder: blinder))
    }
    // The numbers stand for the points that the proof holds.
    let sent = fixture.key.committer.commit(commitments).flatMap(\.compressed)
    #expect(Array(body[32..<32 + sent.count]) == sent)
    let mask = take(length)
    logarithms.append(logarithm(mask, take(1)[0]))
    let padMask = take(plan.cells)
    logarithms.append(logarithm(padMask, from: first, take(1)[0]))
    #expect(next.isEmpty)

    // The scalars, and the points of the inner product: t' = d + δt and s' = d_s + δs, and γ.
    let diagnosis = try Diagnosis(prover, transcript: tape)
    var reader = diagnosis.replay.channel
    for index in 1 + commitments.count..<1 + commitments.count + plan.messages {
      logarithms.append(
        try #require(Fr(canonicalBigEndian: body[32 * index..<32 * (index + 1)])))
    }
    return logarithms
      + (try opened(
        diagnosis.replay.opening, row: diagnosis.row, pads: prover.pads, mask: mask,
        padMask: padMask, generators: generators, by: scheme, over: &reader))
  }

  /// An opening's scalars, and its points as numbers, but for the commitments to the masks.
  private func opened(
    _ opening: Opening.Statement, row: [Fr], pads: [Fr], mask: [Fr], padMask: [Fr],
    generators: [Fr], by scheme: ProofScheme = .transparent, over reader: inout VerifierChannel
  ) throws -> [Fr] {
    let (plan, length) = (opening.plan, row.count)
    let blinding = generators[generators.count - 1]
    var logarithms: [Fr] = []
    _ = reader.challenge(.productsBatch)
    _ = try reader.receivePoints(1, as: .maskRow)
    _ = try reader.receivePoints(1, as: .maskPads)
    logarithms += try reader.receiveBare(2, as: .crossTerms)
    let delta = reader.challenge(.openingChallenge)
    let shown = try reader.receiveBare(plan.opened.count, as: .openedPads)
    logarithms += shown + (try reader.receiveBare(1, as: .openedValue))
    if scheme.usesPowers {
      return logarithms
        + (try quotients(
          opening, row: zip(mask, row).map { $0 + delta * $1 },
          pads: zip(padMask, pads).map { $0 + delta * $1 }, generators: generators, over: &reader))
    }
    let gamma = reader.challenge(.commitmentsBatch)
    logarithms += try reader.receiveBare(1, as: .openedBlinder)
    var vector = zip(mask, row).map { $0 + delta * $1 }
    vector += plan.folded.map { gamma * (padMask[$0] + delta * pads[$0]) }
    var weights = opening.rowWeights.cells.map { gamma * $0 }
    weights += plan.folded.map { opening.padWeights[$0] }
    var bases = Array(generators[..<length]) + plan.folded.map { generators[length + $0] }
    let w = reader.challenge(.innerProductScale)
    for _ in 0..<InnerProduct.rounds(vector.count) {
      let half = (vector.count + 1) / 2
      let filler = [Fr](repeating: .zero, count: 2 * half - vector.count)
      (vector, weights, bases) = (vector + filler, weights + filler, bases + filler)
      func cross(_ first: Range<Int>, _ second: Range<Int>) -> Fr {
        zip(vector[first], zip(weights[second], bases[second])).reduce(.zero) {
          $0 + $1.0 * ($1.1.1 + w * blinding * $1.1.0)
        }
      }
      logarithms += [cross(0..<half, half..<2 * half), cross(half..<2 * half, 0..<half)]
      _ = try reader.receivePoints(2, as: .innerProductRound)
      let x = reader.challenge(.innerProductChallenge)
      vector = (0..<half).map { vector[$0] + x * vector[$0 + half] }
      weights = (0..<half).map { x * weights[$0] + weights[$0 + half] }
      bases = (0..<half).map { x * bases[$0] + bases[$0 + half] }
    }
    let last = try reader.receiveBare(vector.count, as: .innerProductVector)
    #expect(last == vector)
    return logarithms + last
  }

  /// The rest of an opening over powers of τ, its points as numbers: S, W₁ and W₂ at τ.
  private func quotients(
    _ opening: Opening.Statement, row: [Fr], pads: [Fr], generators: [Fr],
    over reader: inout VerifierChannel
  ) throws -> [Fr] {
    func at(_ x: Fr, _ cells: [Fr]) -> Fr { cells.reversed().reduce(Fr.zero) { $0 * x + $1 } }
    let tau = generators[1]
    var logarithms = try reader.receiveBare(2, as: .openedBlinder)
    var (weights, power) = (opening.padWeights, reader.challenge(.shownBatch))
    let chi = power
    for cell in opening.plan.opened {
      weights[cell] = power
      power *= chi
    }
    let psi = opening.rowWeights.cells
    var sums = [Fr](repeating: .zero, count: max(row.count, pads.count) - 1)
    for (cells, weights) in [(row, psi), (pads, weights)] {
      for (i, cell) in cells.enumerated() {
        for (j, weight) in weights.enumerated() where i != j {
          sums[abs(i - j) - 1] += cell * weight
        }
      }
    }
    logarithms.append(at(tau, sums))
    _ = try reader.receivePoints(1, as: .reciprocals)
    let z = reader.challenge(.reciprocalPoint)
    func combined(_ x: Fr, at place: Fr) -> Fr {
      let reciprocal = x.inverse()
      return at(reciprocal, psi) * at(place, row) + at(reciprocal, weights) * at(place, pads)
        - x * at(place, sums)
    }
    let value = try reader.receiveBare(1, as: .quotientValue)[0]
    #expect(value == combined(z, at: z))
    _ = try reader.receivePoints(2, as: .quotients)
    logarithms.append(value)
    for x in [z, z.inverse()] {
      logarithms.append((combined(x, at: tau) - combined(x, at: x)) * (tau - x).inverse())
    }
    return logarithms
  }

  /// The rank of what is revealed in the fresh randomness, short of its size by how many.
  private func corank(
    _ fixture: Fixture, of model: (layout: ProofLayout, trace: Trace)? = nil,
    fixing fixed: (PadLayout, Int) -> Range<Int>
  ) throws -> Int {
    let key = model?.layout ?? fixture.key.verifier.single
    let (plan, length) = (key.plan, key.system.parameters.commitmentRowLength)
    let count = draws(key)
    var random = SplitMix64(seed: 21)
    func scalars(_ count: Int) -> [Fr] { (0..<count).map { _ in Fr.random(using: &random) } }
    var base = scalars(count)
    var generators = scalars(length + plan.cells + 1)
    if key.system.parameters.scheme.usesPowers {
      let tau = generators[1]
      generators[0] = .one
      for place in 2..<generators.count - 1 { generators[place] = generators[place - 1] * tau }
    }
    let constant = fixed(plan, count)
    for index in constant { base[index] = .zero }
    let matrix = try jacobian(base, (0..<count).filter { !constant.contains($0) }) {
      try revealed(fixture, $0, generators: generators, of: model)
    }
    return matrix[0].count - rank(matrix)
  }

  /// The verifier's: one in the field and one in the group. Of a vector that is sent whole, what it weighs is
  /// an equation apart from what it is committed to by.
  private func equations(_ plan: PadLayout, _ length: Int) -> Int {
    InnerProduct.rounds(length + plan.folded.count) == 0 ? 3 : 2
  }

  /// Scalars that a proof draws.
  private func draws(_ key: ProofLayout) -> Int {
    let (plan, rows) = (key.plan, key.rows)
    return plan.messages + 2 + rows.committed.joined().count + rows.phaseOne.count
      + rows.phaseTwo.count + key.system.parameters.commitmentRowLength + 1 + plan.cells + 1
  }

  /// The derivatives of what is revealed, which is quadratic, by each scalar drawn.
  private func jacobian(
    _ base: [Fr], _ indices: some Sequence<Int>, _ revealed: ([Fr]) throws -> [Fr]
  ) rethrows -> [[Fr]] {
    try indices.map { index in
      var (up, down) = (base, base)
      up[index] += .one
      down[index] -= .one
      return zip(try revealed(up), try revealed(down)).map { ($0 - $1) * Sumcheck.half }
    }
  }

  /// Of two conversations in which one committed row has one blinder: by how many what both reveal together
  /// falls short of uniform.
  ///
  /// - Parameters:
  ///   - first: of a proof, whose blinder of the row is `shared` among its scalars.
  ///   - second: by the blinder of the row, and scalars of its own.
  private func corank(
    _ fixture: Fixture, second count: Int, fixing fixed: Range<Int> = 0..<0,
    _ second: ([Fr], [Fr], ReusedBlinders) throws -> [Fr]
  ) throws -> Int {
    let key = fixture.key.verifier.single
    let length = key.system.parameters.commitmentRowLength
    var random = SplitMix64(seed: 31)
    func scalars(_ count: Int) -> [Fr] { (0..<count).map { _ in Fr.random(using: &random) } }
    let (base, generators) = (scalars(draws(key)), scalars(length + key.plan.cells + 1))
    var own = scalars(count)
    for index in fixed { own[index] = .zero }
    let shared = key.plan.messages + 2
    func told(_ first: [Fr], _ own: [Fr]) throws -> [Fr] {
      let rows = key.rows.committed[0]
      let blinders = Array(first[shared..<shared + rows.count])
      let opening = TensorOpening(
        name: "x", isOutput: false,
        identity: key.system.identity(of: key.system.inputs[0], inferences: 1),
        commitments: ReusedBlinders.commitments(
          to: rows, of: fixture.trace, under: blinders, in: key.system,
          by: fixture.key.committer), blinders: blinders)
      var reused = ReusedBlinders()
      try reused.reuse(
        [opening], at: 0, identity: opening.identity, of: fixture.trace, as: fixture.shape,
        by: fixture.key.committer)
      return try second(own, generators, reused)
    }
    let zeros = try told(base, own).map { _ in Fr.zero }
    // By the first one's scalars, of which the second knows the shared blinder alone.
    var matrix = try jacobian(base, base.indices) { script in
      try revealed(fixture, script, generators: generators)
    }
    let across = try jacobian(base, [shared]) { try told($0, own) }[0]
    for index in matrix.indices { matrix[index] += index == shared ? across : zeros }
    let blank = matrix[0].dropLast(zeros.count).map { _ in Fr.zero }
    matrix += try jacobian(own, own.indices.filter { !fixed.contains($0) }) { own in
      try told(base, own)
    }.map { blank + $0 }
    return matrix[0].count - rank(matrix)
  }

  /// The two equations of each, and that the commitment is the same: nothing else ties what two proofs of one
  /// tensor reveal together.
  @Test func `two proofs of one commitment reveal no more than either`() throws {
    let fixture = try Fixture(Circuits.tiny(width: 4, input: .committed))
    let key = fixture.key.verifier
    #expect(key.rows.committed.map(\.count) == [1])
    let all = draws(key.single)
    let corank = try corank(fixture, second: all) { own, generators, reused in
      try revealed(
        fixture, own, generators: generators, tape: Transcript(tape: [4, 5, 6]), reusing: reused)
    }
    let equations = equations(key.plan, key.system.commitmentRowLength)
    #expect(corank == equations + equations + 1)
  }

  /// The randomness of a key's proof and that of an inference have nothing in common but the blinders of the model's rows,
  /// which are fixed and enter only under fresh masks. So together they reveal what each does, if the key's proof
  /// too is uniform but for its equations; and one simulator makes both from the key.
  @Test func `a key's proof with an inference under it reveals no more than either`() throws {
    let fixture = try Fixture(Circuits.tiny(width: 4, input: .private))
    let key = fixture.key.verifier
    let circuit = try #require(try ModelRangeCircuit.parts(of: key.system).first)
    let layout = ProofLayout(circuit)
    let trace = try Trace.execute(
      circuit.system, fixture.key.cells,
      inputs: Prover.digits(circuit, of: fixture.key.cells))
    let equations = equations(layout.plan, key.system.parameters.commitmentRowLength)
    #expect(try corank(fixture, of: (layout, trace)) { _, _ in 0..<0 } == equations)
    // Without the mask cell more is revealed.
    #expect(
      try corank(fixture, of: (layout, trace)) { plan, _ in plan.messages..<plan.messages + 1 }
        > equations)

    let (first, second) = (Transcript(tape: [1, 2, 3]), Transcript(tape: [4, 5]))
    let statement = fixture.prover().statement
    let inference = try simulate(statement, as: fixture.shape, key: key, tape: first)
    try Verifier.verify(
      inference, statement: statement, as: fixture.shape, key: key, transcript: first)
    let part = KeyProof.statement(part: 0, of: circuit.system)
    let proof = try simulate(part, as: layout, key: key, tape: second)
    try Verifier.verify(proof, statement: part, as: layout, key: key, transcript: second)
  }

  /// What a reveal reveals of the tensor that a proof committed to, beside the values told: nothing.
  @Test(arguments: [true, false])
  func `a reveal with its proof reveals no more than what it tells`(isMasked: Bool) throws {
    let fixture = try Fixture(Circuits.tiny(width: 4, input: .committed))
    let (key, layout) = (fixture.key.verifier, fixture.shape)
    let (port, length) = (key.system.inputs[0], key.system.parameters.commitmentRowLength)
    let tape = Transcript(tape: [4, 5, 6])
    let plan = Reveal.plan
    let count = plan.cells + 1 + length + 1 + plan.cells + 1
    let masks = plan.cells + 1..<plan.cells + 1 + length
    let corank = try corank(fixture, second: count, fixing: isMasked ? 0..<0 : masks) {
      own, generators, reused in
      let rows = key.rows.committed[0]
      let blinders = rows.map { reused.blinders[$0] ?? .zero }
      let values = port.runtime(fixture.trace.values(at: port, in: key.system)).values
      let opening = TensorOpening(
        name: "x", isOutput: false, identity: key.system.identity(of: port, inferences: 1),
        commitments: ReusedBlinders.commitments(
          to: rows, of: fixture.trace, under: blinders, in: key.system,
          by: fixture.key.committer), blinders: blinders)
      let reveal = Reveal(
        modelID: key.modelID, inferences: 1, context: [], place: 0, indices: [1, 3],
        values: [values[1], values[3]], commitments: opening.commitments)
      let group = reveal.groups(of: port, as: layout)[0]
      var randomness = SecretRandomness(script: own)
      let body = Prover.body(
        of: reveal, group: group, port: port, opening: opening, trace: fixture.trace, as: layout,
        by: fixture.key.committer, transcript: tape, randomness: &randomness)
      // The order in which the prover draws.
      let pads = Array(own[..<plan.cells])
      let mask = Array(own[masks])
      let padMask = Array(own[(masks.upperBound + 1)...].prefix(plan.cells))
      func logarithm(_ cells: [Fr], from first: Int = 0, _ blinder: Fr) -> Fr {
        zip(cells, generators[first...]).reduce(blinder * generators[generators.count - 1]) {
          $0 + $1.0 * $1.1
        }
      }
      let points = [
        logarithm(pads, from: length, own[plan.cells]), logarithm(mask, own[masks.upperBound]),
        logarithm(padMask, from: length, own[own.count - 1]),
      ]
      var reader = VerifierChannel(transcript: tape, proof: ProofReader(body), plan: plan)
      _ = try reader.receivePoints(1, as: .pads)
      let statement = reveal.opening(
        of: group, port: port, in: layout.system, draws: reader.challenges(2, .revealBatch)
      ).statement
      let row = (0..<length).map {
        let row = fixture.trace.outputs.dropFirst(rows[0].index * length).prefix(length)
        return Fr(row[row.startIndex + $0])
      }
      return points
        + (try opened(
          statement, row: row, pads: pads, mask: mask, padMask: padMask, generators: generators,
          over: &reader))
    }
    let least = equations(key.plan, length) + equations(plan, length)
    if isMasked { #expect(corank == least) } else { #expect(corank > least) }
  }

  /// Given points of which nobody knows what they hold, any number of proofs and reveals is made without.
  @Test func `a simulator knows no opening of a commitment that several proofs share`() throws {
    let fixture = try Fixture(Circuits.tiny(width: 4, input: .committed))
    let (key, layout) = (fixture.key.verifier, fixture.shape)
    var random = SplitMix64(seed: 41)
    func point() -> AffinePoint {
      Pedersen().commit([
        CommitmentRow([Int64]()[...], blinder: Fr.random(using: &random))
      ])[0]
    }
    var statement = fixture.prover().statement
    statement.commitments = [[point()]]
    for seed: UInt8 in [1, 2] {
      let tape = Transcript(tape: [seed, 2, 3])
      let body = try simulate(statement, as: layout, key: key, tape: tape)
      try Verifier.verify(body, statement: statement, as: layout, key: key, transcript: tape)
    }
    let tape = Transcript(tape: [7, 8, 9])
    let port = key.system.inputs[0]
    let reveal = Reveal(
      modelID: key.modelID, inferences: 1, context: [], place: 0, indices: [1, 2],
      values: [3, -3], commitments: statement.commitments[0])
    let group = reveal.groups(of: port, as: layout)[0]
    var speaker = ProverChannel(transcript: tape, plan: Reveal.plan, pads: [])
    let pads = point()
    speaker.sendPoints([pads], as: .pads)
    let (opening, coefficients) = reveal.opening(
      of: group, port: port, in: layout.system,
      draws: speaker.challenges(2, .revealBatch))
    simulate(
      opening, row: multiScalarMultiply(reveal.commitments, coefficients), pads: pads,
      by: Pedersen(), random: &random, over: &speaker)
    let obligation = try Verifier.argue(
      reveal, group: group, body: speaker.proof, port: port, as: layout, by: Pedersen(),
      transcript: tape)
    #expect(Verifier.settle([obligation], weights: [.one], shared: []))
  }

  private func rank(_ matrix: [[Fr]]) -> Int {
    var (rows, rank) = (matrix, 0)
    for column in 0..<rows[0].count {
      guard let pivot = rows[rank...].firstIndex(where: { !$0[column].isZero }) else { continue }
      rows.swapAt(rank, pivot)
      let inverse = rows[rank][column].inverse()
      for other in (rank + 1)..<rows.count where !rows[other][column].isZero {
        let factor = rows[other][column] * inverse
        for k in column..<rows[other].count { rows[other][k] -= factor * rows[rank][k] }
      }
      rank += 1
      if rank == rows.count { break }
    }
    return rank
  }

  /// The verifier's equations, one in the field and one in the group, are all that ties the revealed
  /// values together.
  @Test func `fresh randomness makes everything uniform but for the two equations`() throws {
    #expect(try corank(Fixture.named("mlp")) { _, _ in 0..<0 } == 2)
  }

  /// By a scheme of powers each quotient is an equation of its own, as both blinders are sent. What is revealed
  /// depends on the powers, and nothing on who knows τ.
  @Test(arguments: [Visibility.private, .committed])
  func `over powers everything is uniform but for the three equations`(
    input: Visibility
  ) throws {
    let fixture = try Fixture(Circuits.tiny(width: 4, input: input).over(.knownSRS))
    #expect(try corank(fixture) { _, _ in 0..<0 } == 3)
    #expect(try corank(fixture) { plan, _ in plan.messages..<plan.messages + 1 } > 3)
    #expect(try corank(fixture) { plan, count in count - 1 - plan.cells..<count - 1 } > 3)
  }

  @Test func `without the mask cell more is revealed`() throws {
    let fixture = try Fixture.named("mlp")
    #expect(try corank(fixture) { plan, _ in plan.messages..<plan.messages + 1 } > 2)
  }

  @Test func `without the mask of the pads more is revealed`() throws {
    let fixture = try Fixture.named("mlp")
    #expect(
      try corank(fixture) { plan, count in count - 1 - plan.cells..<count - 1 } > 2)
  }

  @Test func `two proofs of one statement share no element`() throws {
    let fixture = try Fixture(Circuits.mlp(input: .committed))
    let one = Prover.prove(fixture.trace, key: fixture.key)
    let two = Prover.prove(fixture.trace, key: fixture.key)
    func elements(_ proof: Proof) -> Set<[UInt8]> {
      let body = stride(from: 0, to: proof.body.count, by: 32).map {
        Array(proof.body[$0..<$0 + 32])
      }
      let all = body + proof.statement.commitments.joined().map(\.compressed)
      #expect(Set(all).count == all.count)
      return Set(all)
    }
    #expect(elements(one).isDisjoint(with: elements(two)))
  }

  @Test func `a proof is a function of its entropy`() throws {
    let fixture = try Fixture.named("tiny")
    func prove(_ entropy: [UInt8], _ context: [UInt8] = []) -> Proof {
      Prover.prove(fixture.trace, key: fixture.key, context: context, entropy: entropy)
    }
    let proof = prove([1, 2, 3])
    #expect(prove([1, 2, 3]) == proof)
    #expect(prove([1, 2, 4]).body.prefix(32) != proof.body.prefix(32))
    // Entropy that comes twice makes other pads for another context.
    #expect(prove([1, 2, 3], [1]).body.prefix(32) != proof.body.prefix(32))
  }

  /// Kernels and threads are an implementation's own affair: a seed makes the same bytes anywhere. This
  /// and the run of all tests under TACIT_KERNELS=portable are the test of it.
  @Test(arguments: [
    ("mlp", "0x2eee82cb0f68004fbe954f9e0e5823fe432c6a86455cf0b858a9000cfa2966b6"),
    ("convnet", "0x17ebbaa0bcdd2eb45d44d995cb17e7f3ed8ce46cbad5026660111ba39cab6cf2"),
    ("wide", "0x0ca115f703ff0705a8f35302707858d9c03f5401cd3b291625dd987280348f1d"),
  ])
  func `a proof's bytes are fixed by its entropy`(name: String, digest: String) throws {
    let fixture = try Fixture.named(name)
    let proof = Prover.prove(fixture.trace, key: fixture.key, entropy: Fixture.entropy)
    var transcript = Transcript()
    transcript.absorb(.context, proof.body)
    let challenge = transcript.challenges(1, .lookup)[0]
    #expect("\(challenge)" == digest)
  }

  @Test func `other weights or inputs draw other pads from the same entropy`() throws {
    let fixture = try Fixture.named("mlp")
    var circuit = fixture.circuit
    circuit.inputs[0][0] += 1
    var prover = fixture.prover(try circuit.execute())
    let (one, two) = (try prover.run(), try fixture.proof())
    #expect(one.body.prefix(32) != two.body.prefix(32))
  }

  @Test func `private inputs and weights occur neither in a proof nor in a verifier's file`() throws
  {
    let fixture = try Fixture(Circuits.mlp([8, 6, 4], input: .private))
    let system = fixture.circuit.system
    var files = [fixture.key.verifier.encoded]
    for _ in 0..<4 {
      files.append(Prover.prove(fixture.trace, key: fixture.key).encoded(for: system))
    }
    var secrets = [fixture.key.seed]
    for value in fixture.key.blinders { secrets.append(value.bigEndianBytes) }
    for values in fixture.circuit.values + fixture.circuit.inputs {
      // As bytes, and as field elements; a value alone is too short to look for.
      secrets.append(values.prefix(8).map { UInt8(truncatingIfNeeded: $0) })
      for width in [2, 4, 8] {
        secrets.append(
          values.prefix(4).flatMap { value in
            (0..<width).map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
          })
      }
      for value in values { secrets.append(Fr(value).bigEndianBytes) }
    }
    for column in [fixture.trace.accumulators] + fixture.trace.limbs {
      for value in column { secrets.append(Fr(value).bigEndianBytes) }
    }
    for file in files {
      for secret in Set(secrets) where secret.count >= 6 {
        #expect(!Self.contains(file, secret))
      }
    }
    // The search finds what is there.
    #expect(Self.contains(fixture.key.encoded, fixture.key.seed))
  }

  private static func contains(_ file: [UInt8], _ part: [UInt8]) -> Bool {
    guard file.count >= part.count else { return false }
    return (0...file.count - part.count).contains { start in
      file[start] == part[0] && file[start..<start + part.count].elementsEqual(part)
    }
  }

  @Test func `the model's blinders and their seed are not zero`() throws {
    let fixture = try Fixture.named("mlp")
    #expect(!fixture.key.blinders.contains { $0.isZero })
    #expect(Set(fixture.key.blinders).count == fixture.key.blinders.count)
    let again = try ProverKey(fixture.circuit.system, cells: fixture.circuit.cells)
    #expect(Set(again.verifier.modelRows).isDisjoint(with: fixture.key.verifier.modelRows))
  }
}
