import Arguments
import Commitment
import ConstraintSystem
import Field
import Proving
import Verification
import TestSupport
import Testing
import Transcript

/// Provers that lie in what they say as well, so that all but one of the verifier's claims come out
/// true; and every message altered in turn.
struct AdaptiveLiesTests {
  /// Adds to chosen messages, by their place among all.
  private func run(
    _ bench: Bench, _ trace: Trace, adding offsets: [Int: Fr],
    helpers: ((inout [Fr], inout [Fr], RowCheck.Lookup) -> Void)? = nil
  ) throws -> Diagnosis {
    var prover = bench.prover(trace)
    prover.channel.alter = { _, first, scalars in
      scalars.enumerated().map { $1 + (offsets[first + $0] ?? .zero) }
    }
    _ = try prover.run(alter: helpers)
    return try Diagnosis(prover)
  }

  /// The places of the messages of a label.
  private func places(_ label: Label, in bench: Bench) -> [Int] {
    var (places, next) = ([Int](), 0)
    for message in bench.key.verifier.plan.listing {
      if message.label == label { places += next..<next + message.count }
      next += message.count
    }
    return places
  }

  private func expect(_ diagnosis: Diagnosis, violates names: Set<String>, _ bench: Bench) {
    #expect(diagnosis.violated == names)
    #expect(bench.refusal(diagnosis.prover.proof()) == .refused(.rejected(.equation)))
  }

  @Test(arguments: ["mlp", "tiny"])
  func `a wrong accumulator is refused wherever its error is put`(name: String) throws {
    let bench = try Bench.named(name)
    var trace = bench.trace
    let row = bench.rows.row(1, [1])
    bench.rows.fill(
      &trace, row: row, accumulator: trace.accumulators[row] + 1,
      multiplier: bench.rows.multiplier(1, at: [1]), function: 1, shift: 0)
    bench.rows.redo(&trace, from: 2)
    bench.rows.recount(&trace)
    let first = try run(bench, trace, adding: [:])
    expect(first, violates: ["linear"], bench)
    // The linear part as it is; what is left no longer is the sum of the products.
    let linear = places(.relationsLinear, in: bench)[0]
    var offsets = [linear: try first.residual("linear")]
    let second = try run(bench, trace, adding: offsets)
    expect(second, violates: ["contraction"], bench)
    // A factor at the end that makes it one.
    let factor = places(.relationsClaims, in: bench)[0]
    offsets[factor] = .one
    let third = try run(bench, trace, adding: offsets)
    let (c0, c1) = (try second.residual("contraction"), try third.residual("contraction"))
    offsets[factor] = -c0 * (c1 - c0).inverse()
    expect(try run(bench, trace, adding: offsets), violates: ["first 0"], bench)
    // Or the other factor.
    offsets[factor] = nil
    offsets[factor + 1] = .one
    let fourth = try run(bench, trace, adding: offsets)
    let c2 = try fourth.residual("contraction")
    offsets[factor + 1] = -c0 * (c2 - c0).inverse()
    expect(try run(bench, trace, adding: offsets), violates: ["second 0"], bench)
  }

  /// acc is not committed. A row with a wrong one, and limbs and y that follow from it, passes
  /// every claim but the relations' on acc(r): with the linear part told as it is, that is the only
  /// false equation of the proof.
  @Test(arguments: Circuits.all.map(\.name) + ["ties"])
  func `a wrong accumulator in any layer is refused by the relations alone`(name: String) throws {
    let bench = try name == "ties" ? Bench(Lie.ties()) : Bench.named(name)
    let linear = places(.relationsLinear, in: bench)[0]
    var lied = 0
    for (layer, block) in bench.circuit.system.blocks.enumerated() {
      if bench.circuit.system.isInput(layer) { continue }
      let cell = block.shape.map { $0 / 2 }
      var trace = bench.trace
      let row = bench.rows.row(layer, cell)
      for step: Int64 in [1, -1, 5] {
        bench.rows.fill(
          &trace, row: row, accumulator: bench.trace.accumulators[row] + step,
          multiplier: bench.rows.multiplier(layer, at: cell), function: block.function,
          shift: block.shift)
        bench.rows.redo(&trace, from: layer + 1)
        // A value that the table lacks is refused there; the lie is another one then.
        if bench.rows.recount(&trace) == 0 { break }
        trace = bench.trace
      }
      guard trace != bench.trace else { continue }
      lied += 1
      let told = try run(bench, trace, adding: [:])
      expect(told, violates: ["linear"], bench)
      let offset = try told.residual("linear")
      expect(
        try run(bench, trace, adding: [linear: offset]), violates: ["contraction"], bench)
    }
    #expect(lied > 0)
  }

  /// Each value that A's last equation reads can be made to satisfy it, the products following along;
  /// it then is false itself, and its own claim refuses it.
  @Test func `a row that fails is refused whichever value hides it`() throws {
    let bench = try Bench(Circuits.mlp())
    let row = bench.rows.row(1, [1])
    let products = places(.rowCheckProducts, in: bench)
    /// h of two rows moved, its sum as it was.
    func run(_ offsets: [Int: Fr]) throws -> Diagnosis {
      try self.run(bench, bench.trace, adding: offsets) { helper, _, _ in
        helper[row] += .one
        helper[row + 1] -= .one
      }
    }
    /// Settles the products after the value at `place` has moved.
    func moved(_ place: Int, by step: Fr) throws -> Diagnosis {
      var offsets = [place: step]
      for (index, product) in products.enumerated() where product != place {
        offsets[product] = try run(offsets).residual("product \(index)")
      }
      return try run(offsets)
    }
    // In the order sent, acc first and M last; φ₀(r), which is looked up, is made of limbs too.
    let claims = places(.rowCheckClaims, in: bench)
    let violated: [Set<String>] = [
      ["limb 0", "looked"], ["limb 1", "looked"], ["h"], ["looked"], ["product 0"], ["product 1"],
    ]
    try #require(claims.count == 6)
    let honest = try moved(0, by: .zero)
    expect(honest, violates: ["table"], bench)
    let r0 = try honest.residual("table")
    for (place, names) in zip(claims[1..<5] + products, violated) {
      let r1 = try moved(place, by: .one).residual("table")
      let hidden = try moved(place, by: -r0 * (r1 - r0).inverse())
      expect(hidden, violates: names, bench)
    }
  }

  /// q is no column. A prover whose φ₀ is not that of acc, M, limbs and y, but one that the table has,
  /// passes every claim but that on φ₀(r); and each value that φ₀(r) is made of can be made to satisfy
  /// it, but then is false itself.
  @Test(arguments: ["mlp", "tiny"])
  func `a fingerprint of another quotient is refused whichever value hides it`(
    name: String
  ) throws {
    let bench = try Bench.named(name)
    // y is wrong, and all that follows is honest; φ₀ has the y that q has.
    let row = bench.rows.row(1, [1])
    var (lie, fingerprints) = (bench.trace, bench.trace)
    lie.outputs[row] += lie.outputs[row] > 0 ? -1 : 1
    bench.rows.redo(&lie, from: 2)
    fingerprints = lie
    fingerprints.outputs[row] = bench.trace.outputs[row]
    #expect(bench.rows.recount(&fingerprints) == 0)
    lie.multiplicities = fingerprints.multiplicities
    func run(_ offsets: [Int: Fr]) throws -> Diagnosis {
      var prover = bench.prover(lie)
      prover.channel.alter = { _, first, scalars in
        scalars.enumerated().map { $1 + (offsets[first + $0] ?? .zero) }
      }
      prover.commitWitness()
      prover.trace = fingerprints
      let isCommitted = prover.commitHelpers()
      try #require(isCommitted)
      prover.trace = lie
      prover.argue()
      return try Diagnosis(prover)
    }
    let told = try run([:])
    expect(told, violates: ["looked"], bench)
    let r0 = try told.residual("looked")
    let (claims, limbs) = (
      places(.rowCheckClaims, in: bench), bench.circuit.system.parameters.limbs
    )
    var values = [(place: claims[0], violated: Set(["contraction"]))]
    for limb in 0..<limbs { values.append((claims[1 + limb], ["limb \(limb)", "table"])) }
    values.append((claims[2 + limbs], ["table"]))
    if claims.count > 3 + limbs { values.append((claims[3 + limbs], ["M"])) }
    let products = places(.rowCheckProducts, in: bench)
    for (place, violated) in values {
      var offsets = [place: Fr.one]
      let r1 = try run(offsets).residual("looked")
      offsets[place] = -r0 * (r1 - r0).inverse()
      for (index, product) in products.enumerated() {
        offsets[product] = try run(offsets).residual("product \(index)")
      }
      expect(try run(offsets), violates: violated, bench)
    }
  }

  @Test func `a wrong round of the claims is refused by the opening`() throws {
    let bench = try Bench(Circuits.mlp())
    let place = places(.claimsRound, in: bench)[3]
    expect(try run(bench, bench.trace, adding: [place: .one]), violates: ["batch"], bench)
  }

  @Test(arguments: ["tiny", "mlp"])
  func `any message altered before its challenge is refused`(name: String) throws {
    let bench = try Bench.named(name)
    for place in 0..<bench.key.verifier.plan.messages {
      var prover = bench.prover()
      prover.channel.alter = { _, first, scalars in
        scalars.enumerated().map { first + $0 == place ? $1 + .one : $1 }
      }
      let proof = try prover.run()
      #expect(
        bench.refusal(proof) == .refused(.rejected(.equation)), "message \(place)")
    }
  }

  @Test func `any pad product altered is refused`() throws {
    let bench = try Bench(Circuits.mlp())
    let plan = bench.key.verifier.plan
    for index in plan.products.indices {
      var prover = bench.prover()
      prover.pads[plan.messages + index] += .one
      let proof = try prover.run()
      #expect(try Diagnosis(prover).violated.contains("pad product \(index)"))
      #expect(bench.refusal(proof) == .refused(.rejected(.equation)), "product \(index)")
    }
  }

  /// On a tape the challenges are known beforehand, so a prover can commit to a pad product that makes
  /// up for any false claim: only the products themselves are left to refuse it.
  @Test func `a pad product that makes up for a false claim is refused`() throws {
    let bench = try Bench(Circuits.mlp())
    var trace = bench.trace
    try Lie.inRows[0].tell(&trace, bench)
    let plan = bench.key.verifier.plan
    let tape = Transcript(tape: [4, 5, 6])
    func prover(_ index: Int, _ offset: Fr) throws -> Prover {
      var prover = bench.prover(trace)
      prover.pads[plan.messages + index] += offset
      prover.channel = ProverChannel(
        transcript: tape, plan: plan, pads: Array(prover.pads.prefix(plan.messages)))
      _ = try prover.run()
      return prover
    }
    for index in [0, plan.products.count - 1] {
      let lying = try Diagnosis(prover(index, .zero), transcript: tape)
      #expect(lying.violated == ["balance"])
      let weight = lying.replay.opening.padWeights[plan.messages + index]
      let balanced = try Diagnosis(
        prover(index, -lying.openingResidual * weight.inverse()), transcript: tape)
      #expect(balanced.openingResidual.isZero)
      let proof = balanced.prover.proof()
      #expect(throws: ProofError.rejected(.equation)) {
        try Verifier.verify(
          proof.body, statement: proof.statement, key: bench.key.verifier, transcript: tape)
      }
    }
  }

  @Test func `on a tape an honest proof is accepted`() throws {
    let bench = try Bench(Circuits.mlp())
    let tape = Transcript(tape: [4, 5, 6])
    var prover = bench.prover()
    let plan = bench.key.verifier.plan
    prover.channel = ProverChannel(
      transcript: tape, plan: plan, pads: Array(prover.pads.prefix(plan.messages)))
    let proof = try prover.run()
    try Verifier.verify(
      proof.body, statement: proof.statement, key: bench.key.verifier, transcript: tape)
    // The tape is no transcript.
    #expect(bench.refusal(proof) != nil)
  }
}
