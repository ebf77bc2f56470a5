import Commitment
import Curve
import Field
import TestSupport
import Testing
import Transcript

struct RowCommitmentTests {
  @Test func `a commitment is the sum of multiples of the generators`() {
    let integers: [Int64] = [3, -7, 0, 1 << 40, -1]
    var random = SplitMix64(seed: 1)
    let blinder = Fr.random(using: &random)
    let scalars = (0..<5).map { _ in Fr.random(using: &random) }
    func naive(_ cells: [Fr]) -> AffinePoint {
      var sum = blinder * G1(Generators.blinding)
      for (cell, generator) in zip(cells, Generators.prefix(cells.count)) {
        sum += cell * G1(generator)
      }
      return sum.affine
    }
    let points = Pedersen().commit([
      CommitmentRow(integers[...], blinder: blinder), CommitmentRow(scalars[...], blinder: blinder),
    ])
    #expect(points == [naive(integers.map { Fr($0) }), naive(scalars)])
  }
}

/// The opening by itself, on vectors of the test's own.
struct OpeningTests {
  private struct Instance {
    var statement: Opening.Statement
    var secrets: Opening.Secrets
    var row: AffinePoint
    var pads: AffinePoint
  }

  /// Seven messages, three products of four of them.
  private func instance() throws -> Instance {
    var planner = PlanningChannel()
    let forms = try planner.receive(7, as: .claimsRound)
    _ = planner.product(forms[0], forms[1])
    _ = planner.product(forms[2], forms[3])
    _ = planner.product(forms[1], forms[2])
    let plan = planner.plan
    var random = SplitMix64(seed: 2)
    func scalars(_ count: Int) -> [Fr] { (0..<count).map { _ in Fr.random(using: &random) } }
    let (length, count) = (160, plan.cells)
    let (t, messages) = (scalars(length), scalars(plan.messages))
    let products = plan.products.map { messages[$0.left] * messages[$0.right] }
    let s = messages + products + scalars(1)
    var statement = Opening.Statement(
      rowWeights: RowWeights(cells: scalars(length)), claim: .zero, zeros: [], kappa: .one,
      plan: plan)
    statement.padWeights = scalars(count)
    statement.value = zip(t, statement.rowWeights.cells).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    statement.value += zip(s, statement.padWeights).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    let blinders = scalars(4)
    let points = Pedersen().commit([
      CommitmentRow(t[...], blinder: blinders[0]),
      Pedersen().padRow(s, rowLength: length, blinder: blinders[1]),
    ])
    return Instance(
      statement: statement,
      secrets: Opening.Secrets(
        row: t, rowBlinder: blinders[0], pads: s, padBlinder: blinders[1],
        rowMask: scalars(length), rowMaskBlinder: blinders[2], padMask: scalars(count),
        padMaskBlinder: blinders[3]),
      row: points[0], pads: points[1])
  }

  private func prove(_ instance: Instance) -> [UInt8] {
    let plan = instance.statement.plan
    var channel = ProverChannel(
      transcript: Transcript(), plan: plan, pads: [Fr](repeating: .zero, count: plan.messages))
    Opening.prove(instance.statement, secrets: instance.secrets, by: Pedersen(), over: &channel)
    return channel.proof
  }

  private func verify(_ instance: Instance, _ proof: [UInt8]) throws(ProofError) {
    var channel = VerifierChannel(
      transcript: Transcript(), proof: ProofReader(proof), plan: instance.statement.plan)
    let obligation = try Opening.verify(
      instance.statement, row: Combination(coefficients: [.one], points: [instance.row]),
      pads: instance.pads, by: Pedersen(), over: &channel)
    guard obligation.equation.holds(shared: []) else { throw .rejected(.commitments) }
  }

  @Test func `an honest opening is accepted`() throws {
    let instance = try instance()
    try verify(instance, prove(instance))
  }

  @Test func `any one changed element is rejected`() throws {
    let instance = try instance()
    let proof = prove(instance)
    let plan = instance.statement.plan
    let halvings = 2 * InnerProduct.rounds(instance.statement.rowWeights.count + plan.folded.count)
    #expect(plan.folded.count == 3 && halvings == 4)
    let late = 2 + 2 + plan.opened.count + 2
    for element in 0..<proof.count / 32 {
      var altered = proof
      // The sign of a point, the last bit of a scalar: still canonical.
      let isPoint = element < 2 || (late..<late + halvings).contains(element)
      altered[isPoint ? 32 * element : 32 * element + 31] ^= isPoint ? 0x40 : 1
      #expect(throws: ProofError.self, "element \(element)") { try verify(instance, altered) }
    }
  }

  @Test func `another value is rejected`() throws {
    var instance = try instance()
    instance.statement.value += .one
    let proof = prove(instance)
    #expect(throws: ProofError.rejected(.equation)) { try verify(instance, proof) }
  }

  @Test func `a row or pads other than the committed are rejected`() throws {
    let honest = try instance()
    let weights = (honest.statement.rowWeights.cells, honest.statement.padWeights)
    var other = honest
    other.secrets.row[3] += .one
    other.statement.value += weights.0[3]
    let first = prove(other)
    #expect(throws: ProofError.rejected(.commitments)) { try verify(other, first) }
    other = honest
    other.secrets.pads[honest.statement.plan.mask] += .one
    other.statement.value += weights.1[honest.statement.plan.mask]
    let second = prove(other)
    #expect(throws: ProofError.rejected(.commitments)) { try verify(other, second) }
  }

  /// What one commitment holds on the other's generators makes up for a lie in the other. Without γ
  /// nothing else refuses it.
  @Test func `pads that hold a part of the row are rejected, and a row that holds pads`() throws {
    let honest = try instance()
    let length = honest.statement.rowWeights.count
    let cell = honest.statement.plan.folded[1]
    func point(_ place: Int) -> AffinePoint { Array(Generators.prefix(place + 1))[place] }
    var other = honest
    other.pads = (G1(other.pads) + point(3)).affine
    other.secrets.row[3] += .one
    other.statement.value += other.statement.rowWeights.cells[3]
    let first = prove(other)
    #expect(throws: ProofError.rejected(.commitments)) { try verify(other, first) }
    other = honest
    other.row = (G1(other.row) + point(length + cell)).affine
    other.secrets.pads[cell] += .one
    other.statement.value += other.statement.padWeights[cell]
    let second = prove(other)
    #expect(throws: ProofError.rejected(.commitments)) { try verify(other, second) }
  }

  @Test func `a product cell that is no product is rejected though the claim holds`() throws {
    var instance = try instance()
    let plan = instance.statement.plan
    for index in plan.products.indices {
      var other = instance
      other.secrets.pads[plan.messages + index] += .one
      try check(&other)
    }
    // Nor do errors that cancel pass.
    instance.secrets.pads[plan.messages] += .one
    instance.secrets.pads[plan.messages + 2] -= .one
    try check(&instance)
  }

  /// Commits to the pads as they are now, and states what they make true.
  private func check(_ instance: inout Instance) throws {
    let secrets = instance.secrets
    instance.pads =
      Pedersen().commit([
        Pedersen().padRow(
          secrets.pads, rowLength: secrets.row.count, blinder: secrets.padBlinder)
      ])[0]
    instance.statement.value =
      zip(secrets.row, instance.statement.rowWeights.cells).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
      + zip(secrets.pads, instance.statement.padWeights).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    let proof = prove(instance)
    let held = instance
    #expect(throws: ProofError.rejected(.equation)) { try verify(held, proof) }
  }

  @Test func `equations that cancel do not vanish in the batch`() throws {
    let plan = try instance().statement.plan
    let forms = [MaskedValue(1), MaskedValue(-1), MaskedValue(0, [.init(cell: 0, coefficient: 1)])]
    for (first, second) in [(0, 1), (1, 0)] {
      let statement = Opening.Statement(
        rowWeights: RowWeights(cells: []), claim: .zero,
        zeros: [forms[first], forms[second], forms[2]], kappa: 5,
        plan: plan)
      #expect(!statement.value.isZero)
      #expect(statement.padWeights[0] == 125)
    }
    // One cell in two equations.
    let twice = Opening.Statement(
      rowWeights: RowWeights(cells: []), claim: .zero, zeros: [forms[2], forms[2]], kappa: 5,
      plan: plan)
    #expect(twice.padWeights[0] == 30)
    let claim = Opening.Statement(
      rowWeights: RowWeights(cells: []), claim: MaskedValue(1), zeros: [MaskedValue(1)], kappa: 5,
      plan: plan)
    #expect(claim.value == -Fr(4))
  }
}
