import ArgumentKernels
import Arguments
import Commitment
import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Provers that lie in what they say as well, so that all but one of the verifier's claims come out
/// true; and every message altered in turn.
struct AdaptiveLiesTests {
  /// Adds to chosen messages, by their place among all.
  private func run(
    _ fixture: Fixture, _ trace: Trace, adding offsets: [Int: Fr],
    inverses: ((inout [Fr], inout [Fr], LookupChallenges) -> Void)? = nil
  ) throws -> Diagnosis {
    var prover = fixture.prover(trace)
    prover.channel.alter = { _, first, scalars in
      scalars.enumerated().map { $1 + (offsets[first + $0] ?? .zero) }
    }
    _ = try prover.run(alter: inverses)
    return try Diagnosis(prover)
  }

  /// The places of the messages of a label.
  private func places(_ label: Label, in fixture: Fixture) -> [Int] {
    var (places, next) = ([Int](), 0)
    for message in fixture.key.verifier.plan.listing {
      if message.label == label { places += next..<next + message.count }
      next += message.count
    }
    return places
  }

  private func expect(_ diagnosis: Diagnosis, violates names: Set<String>, _ fixture: Fixture) {
    #expect(diagnosis.violated == names)
    #expect(fixture.refusal(diagnosis.prover.proof()) == .refused(.rejected(.equation)))
  }

  @Test(arguments: ["mlp", "tiny"])
  func `a wrong accumulator is refused wherever its error is put`(name: String) throws {
    let fixture = try Fixture.named(name)
    var trace = fixture.trace
    let row = fixture.rows.row(1, [1])
    fixture.rows.fill(
      &trace, row: row, accumulator: trace.accumulators[row] + 1,
      multiplier: fixture.rows.multiplier(1, at: [1]), function: 1, shift: 0)
    fixture.rows.redo(&trace, from: 2)
    fixture.rows.recount(&trace)
    let first = try run(fixture, trace, adding: [:])
    expect(first, violates: ["linear"], fixture)
    // The linear part as it is; what is left no longer is the sum of the products.
    let linear = places(.einsumLinear, in: fixture)[0]
    var offsets = [linear: try first.residual("linear")]
    let second = try run(fixture, trace, adding: offsets)
    expect(second, violates: ["contraction"], fixture)
    // A factor at the end that makes it one.
    let factor = places(.einsumClaims, in: fixture)[0]
    offsets[factor] = .one
    let third = try run(fixture, trace, adding: offsets)
    let (c0, c1) = (try second.residual("contraction"), try third.residual("contraction"))
    offsets[factor] = -c0 * (c1 - c0).inverse()
    expect(try run(fixture, trace, adding: offsets), violates: ["first 0"], fixture)
    // Or the other factor.
    offsets[factor] = nil
    offsets[factor + 1] = .one
    let fourth = try run(fixture, trace, adding: offsets)
    let c2 = try fourth.residual("contraction")
    offsets[factor + 1] = -c0 * (c2 - c0).inverse()
    expect(try run(fixture, trace, adding: offsets), violates: ["second 0"], fixture)
  }

  /// What is left of all terms is one sum of products, told round by round: a lie in any of these rounds is
  /// one about what all A or all B come to.
  @Test(arguments: ["elementwise", "convnet"])
  func `a lie where the terms are merged is refused whichever value hides it`(
    name: String
  ) throws {
    let fixture = try Fixture.named(name)
    let rounds = places(.einsumTermRound, in: fixture)
    let ends = places(.einsumClaims, in: fixture)
    #expect(!rounds.isEmpty && ends.count == 2)
    for place in rounds {
      let lie: [Int: Fr] = [place: 3]
      expect(try run(fixture, fixture.trace, adding: lie), violates: ["contraction"], fixture)
      for (end, claim) in zip(ends, ["first 0", "second 0"]) {
        let offsets = try hidden("contraction") { step in
          let offsets = lie.merging([end: step]) { $1 }
          return (offsets, try run(fixture, fixture.trace, adding: offsets))
        }
        expect(try run(fixture, fixture.trace, adding: offsets), violates: [claim], fixture)
      }
    }
  }

  /// (a*·t, b*/t): their product is as it was.
  @Test func `what the terms come to is no product alone`() throws {
    let fixture = try Fixture.named("convnet")
    let ends = places(.einsumClaims, in: fixture)
    // The pads are known to the prover, who tells the values times 2 and by 2.
    var prover = fixture.prover()
    prover.channel.alter = { label, _, scalars in
      label == .einsumClaims ? [scalars[0] + scalars[0], scalars[1] * Sumcheck.half] : scalars
    }
    _ = try prover.run()
    expect(try Diagnosis(prover), violates: ["first 0", "second 0"], fixture)
    #expect(ends.count == 2)
  }

  /// acc is not committed. A row with a wrong one, and limbs and y that follow from it, passes
  /// every claim but the relations' on acc(r): with the linear part told as it is, that is the only
  /// false equation of the proof.
  @Test(arguments: Circuits.all.map(\.name) + ["ties"])
  func `a wrong accumulator in any layer is refused by the relations alone`(name: String) throws {
    let fixture = try name == "ties" ? Fixture(Lie.ties()) : Fixture.named(name)
    let linear = places(.einsumLinear, in: fixture)[0]
    var lied = 0
    for (layer, block) in fixture.circuit.system.blocks.enumerated() {
      if fixture.circuit.system.isInput(layer) { continue }
      let cell = block.shape.map { $0 / 2 }
      var trace = fixture.trace
      let row = fixture.rows.row(layer, cell)
      for step: Int64 in [1, -1, 5] {
        fixture.rows.fill(
          &trace, row: row, accumulator: fixture.trace.accumulators[row] + step,
          multiplier: fixture.rows.multiplier(layer, at: cell), function: block.function,
          shift: block.shift)
        fixture.rows.redo(&trace, from: layer + 1)
        // A value that the table lacks is refused there; the lie is another one then.
        if fixture.rows.recount(&trace) == 0 { break }
        trace = fixture.trace
      }
      guard trace != fixture.trace else { continue }
      lied += 1
      let told = try run(fixture, trace, adding: [:])
      expect(told, violates: ["linear"], fixture)
      let offset = try told.residual("linear")
      expect(
        try run(fixture, trace, adding: [linear: offset]), violates: ["contraction"], fixture)
    }
    #expect(lied > 0)
  }

  /// How far values have to be moved for what is violated no longer to be: `move` tells which they are for
  /// a step, and what then is false.
  private func hidden(
    _ violated: String, _ move: (Fr) throws -> (offsets: [Int: Fr], diagnosis: Diagnosis)
  ) throws -> [Int: Fr] {
    let (r0, r1) = (
      try move(.zero).diagnosis.residual(violated), try move(.one).diagnosis.residual(violated)
    )
    return try move(-r0 * (r1 - r0).inverse()).offsets
  }

  /// A value said by the prover, moved so that what it would violate holds.
  private struct Disguise {
    var place: Int
    var violates: Set<String>
  }

  /// Where h is not what the rows make of it, each value that the equation reads can be made to satisfy it;
  /// it then is false itself, and its own claim or the next level's equation refuses it. So it goes on
  /// from level to level down to the rows, whose values all have claims.
  @Test(arguments: ["mlp", "wide"])
  func `a inverses that fails is refused whichever value hides it`(name: String) throws {
    let fixture = try Fixture.named(name)
    let levels = fixture.shape.shape.treeLevels
    #expect(levels == (name == "wide" ? 2 : 0))
    let row = fixture.rows.row(1, [1]) >> levels
    /// h of two places moved, its sum as it was.
    func run(_ offsets: [Int: Fr]) throws -> Diagnosis {
      try self.run(fixture, fixture.trace, adding: offsets) { inverses, _, _ in
        inverses[row] += .one
        inverses[row + 1] -= .one
      }
    }
    let products = places(.rowProducts, in: fixture)
    /// Settles the products after other values have moved, but one.
    func settled(_ offsets: [Int: Fr], but moved: Int? = nil) throws -> [Int: Fr] {
      var offsets = offsets
      for (index, product) in products.enumerated() where product != moved {
        offsets[product] = try run(offsets).residual("product \(index)")
      }
      return offsets
    }
    func hide(
      _ violated: String, by place: Int, after offsets: [Int: Fr], settling: Bool = false
    ) throws -> [Int: Fr] {
      try hidden(violated) { step in
        let offsets = offsets.merging([place: step]) { $1 }
        let all = settling ? try settled(offsets, but: place) : offsets
        return (all, try run(all))
      }
    }

    expect(try run([:]), violates: ["table"], fixture)
    // In the order sent: h, D, N.
    let top = places(.inverseClaims, in: fixture)
    expect(try run(hide("table", by: top[0], after: [:])), violates: ["h"], fixture)
    var offsets: [Int: Fr] = [:]
    var next = levels == 0 ? "rows" : "fraction 0"
    for place in top[1...] {
      offsets = try hide("table", by: place, after: [:])
      expect(try run(offsets), violates: [next], fixture)
    }
    let claims = places(.fractionClaims, in: fixture)
    for level in 0..<levels {
      let violated = next
      next = level == levels - 1 ? "rows" : "fraction \(level + 1)"
      var hidden = offsets
      for place in claims[4 * level..<4 * level + 4] {
        hidden = try hide(violated, by: place, after: offsets)
        expect(try run(hidden), violates: [next], fixture)
      }
      offsets = hidden
    }
    // acc first and M last; φ₀(r), which is looked up, is made of limbs too.
    let values = places(.rowClaims, in: fixture)
    #expect(values.count == 5)
    let disguises =
      [
        Disguise(place: values[1], violates: ["limb 0", "looked"]),
        Disguise(place: values[2], violates: ["limb 1", "looked"]),
        Disguise(place: values[3], violates: ["looked"]),
      ]
      + products.enumerated().map { Disguise(place: $1, violates: ["product \($0)"]) }
    for disguise in disguises {
      let hidden = try hide("rows", by: disguise.place, after: offsets, settling: true)
      expect(try run(hidden), violates: disguise.violates, fixture)
    }
  }

  /// N and D at the inverses' point are batched after both are said: were the weight known, errors could
  /// cancel in everything that follows.
  @Test(arguments: [("mlp", "rows"), ("wide", "fraction 0")])
  func `a numerator and a denominator that make up for each other are refused`(
    name: String, next: String
  ) throws {
    let fixture = try Fixture.named(name)
    let row = fixture.rows.row(1, [1]) >> fixture.shape.shape.treeLevels
    let top = places(.inverseClaims, in: fixture)
    func run(_ offsets: [Int: Fr]) throws -> Diagnosis {
      try self.run(fixture, fixture.trace, adding: offsets) { inverses, _, _ in
        inverses[row] += .one
        inverses[row + 1] -= .one
      }
    }
    let offsets = try hidden("table") { step in
      let offsets = [top[1]: step, top[2]: -step]
      return (offsets, try run(offsets))
    }
    expect(try run(offsets), violates: [next], fixture)
  }

  /// Of two children's values that satisfy their parent's equation, which is asked for next is not known.
  @Test func `children that make up for each other are refused`() throws {
    let fixture = try Fixture.named("wide")
    let claims = places(.fractionClaims, in: fixture)
    #expect(claims.count == 8)
    for (level, next) in ["fraction 1", "rows"].enumerated() {
      // In the order sent: u, N and the Ds; what is said of the first child stays as it is.
      let (n1, d1) = (claims[4 * level + 1], claims[4 * level + 3])
      let offsets = try hidden("fraction \(level)") { step in
        let offsets = [n1: Fr.one, d1: step]
        return (offsets, try run(fixture, fixture.trace, adding: offsets))
      }
      expect(try run(fixture, fixture.trace, adding: offsets), violates: [next], fixture)
    }
  }

  /// q is no column. A prover whose φ₀ is not that of acc, M, limbs and y, but one that the table has,
  /// passes every claim but that on φ₀(r); and each value that φ₀(r) is made of can be made to satisfy
  /// it, but then is false itself.
  @Test(arguments: ["mlp", "tiny", "wide"])
  func `a fingerprint of another quotient is refused whichever value hides it`(
    name: String
  ) throws {
    let fixture = try Fixture.named(name)
    // y is wrong, and all that follows is honest; φ₀ has the y that q has.
    let row = fixture.rows.row(1, [1])
    var (lie, fingerprints) = (fixture.trace, fixture.trace)
    lie.outputs[row] += lie.outputs[row] > 0 ? -1 : 1
    fixture.rows.redo(&lie, from: 2)
    fingerprints = lie
    fingerprints.outputs[row] = fixture.trace.outputs[row]
    #expect(fixture.rows.recount(&fingerprints) == 0)
    lie.multiplicities = fingerprints.multiplicities
    func run(_ offsets: [Int: Fr]) throws -> Diagnosis {
      var prover = fixture.prover(lie)
      prover.channel.alter = { _, first, scalars in
        scalars.enumerated().map { $1 + (offsets[first + $0] ?? .zero) }
      }
      prover.commitWitness()
      prover.trace = fingerprints
      let isCommitted = prover.commitInverses()
      try #require(isCommitted)
      prover.trace = lie
      try prover.argue()
      return try Diagnosis(prover)
    }
    let told = try run([:])
    expect(told, violates: ["looked"], fixture)
    let r0 = try told.residual("looked")
    let (claims, limbs) = (
      places(.rowClaims, in: fixture), fixture.circuit.system.parameters.limbs
    )
    var values = [(place: claims[0], violated: Set(["contraction"]))]
    for limb in 0..<limbs { values.append((claims[1 + limb], ["limb \(limb)", "rows"])) }
    values.append((claims[1 + limbs], ["rows"]))
    if claims.count > 2 + limbs { values.append((claims[2 + limbs], ["M"])) }
    let products = places(.rowProducts, in: fixture)
    for (place, violated) in values {
      var offsets = [place: Fr.one]
      let r1 = try run(offsets).residual("looked")
      offsets[place] = -r0 * (r1 - r0).inverse()
      for (index, product) in products.enumerated() {
        offsets[product] = try run(offsets).residual("product \(index)")
      }
      expect(try run(offsets), violates: violated, fixture)
    }
  }

  @Test func `a wrong round of the claims is refused by the opening`() throws {
    let fixture = try Fixture(Circuits.mlp())
    let place = places(.claimsRound, in: fixture)[3]
    expect(try run(fixture, fixture.trace, adding: [place: .one]), violates: ["batch"], fixture)
  }

  @Test(arguments: ["tiny", "mlp", "wide"])
  func `any message altered before its challenge is refused`(name: String) throws {
    let fixture = try Fixture.named(name)
    for place in 0..<fixture.key.verifier.plan.messages {
      var prover = fixture.prover()
      prover.channel.alter = { _, first, scalars in
        scalars.enumerated().map { first + $0 == place ? $1 + .one : $1 }
      }
      let proof = try prover.run()
      #expect(
        fixture.refusal(proof) == .refused(.rejected(.equation)), "message \(place)")
    }
  }

  @Test func `any pad product altered is refused`() throws {
    let fixture = try Fixture(Circuits.mlp())
    let plan = fixture.key.verifier.plan
    for index in plan.products.indices {
      var prover = fixture.prover()
      prover.pads[plan.messages + index] += .one
      let proof = try prover.run()
      #expect(try Diagnosis(prover).violated.contains("pad product \(index)"))
      #expect(fixture.refusal(proof) == .refused(.rejected(.equation)), "product \(index)")
    }
  }

  /// On a tape the challenges are known beforehand, so a prover can commit to a pad product that makes
  /// up for any false claim: only the products themselves are left to refuse it.
  @Test func `a pad product that makes up for a false claim is refused`() throws {
    let fixture = try Fixture(Circuits.mlp())
    var trace = fixture.trace
    try Lie.inRows[0].tell(&trace, fixture)
    let plan = fixture.key.verifier.plan
    let tape = Transcript(tape: [4, 5, 6])
    func prover(_ index: Int, _ offset: Fr) throws -> Prover {
      var prover = fixture.prover(trace)
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
          proof.body, statement: proof.statement, key: fixture.key.verifier, transcript: tape)
      }
    }
  }

  @Test func `on a tape an honest proof is accepted`() throws {
    let fixture = try Fixture(Circuits.mlp())
    let tape = Transcript(tape: [4, 5, 6])
    var prover = fixture.prover()
    let plan = fixture.key.verifier.plan
    prover.channel = ProverChannel(
      transcript: tape, plan: plan, pads: Array(prover.pads.prefix(plan.messages)))
    let proof = try prover.run()
    try Verifier.verify(
      proof.body, statement: proof.statement, key: fixture.key.verifier, transcript: tape)
    // The tape is no transcript.
    #expect(fixture.refusal(proof) != nil)
  }
}
