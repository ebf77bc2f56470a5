import Commitment
import ConstraintSystem
import Curve
import Field
import ProofSizes
import TestSupport
import Testing
import Transcript

/// The KZG inner product by itself: on vectors of the test's own, over powers of a τ that it knows.
struct KZGInnerProductTests {
  private typealias Scheme = KZGRows<KnownTau>
  private static let committer = KnownTau.committer

  private struct Instance {
    var plan: PadLayout
    var row: BlindedRow
    var pads: BlindedRow
    var rowWeights: RowWeights
    var padWeights: [Fr]
    /// û less what is shown.
    var value = Fr.zero

    var shown: [Fr] { plan.opened.map { pads.cells[$0] } }
    var claim: MaskedClaim {
      MaskedClaim(
        rowWeights: rowWeights, padWeights: padWeights, plan: plan, shown: shown, value: value)
    }
    /// <t',ψ> + <s',ω> over the cells that are not shown.
    mutating func settle() {
      value = zip(row.cells, rowWeights.cells).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
      for cell in plan.folded { value += pads.cells[cell] * padWeights[cell] }
    }
  }

  private static func scalars(_ count: Int, _ random: inout SplitMix64) -> [Fr] {
    (0..<count).map { _ in Fr.random(using: &random) }
  }

  /// Rows of 2^bits cells and 17 pads, so that either may be the longer.
  private static func instance(bits: Int, seed: UInt64 = 3) throws -> Instance {
    var planner = PlanningChannel()
    let forms = try planner.receive(13, as: .claimsRound)
    _ = planner.product(forms[0], forms[1])
    _ = planner.product(forms[2], forms[3])
    _ = planner.product(forms[1], forms[2])
    var random = SplitMix64(seed: seed)
    var instance = Instance(
      plan: planner.plan,
      row: BlindedRow(
        cells: scalars(1 << bits, &random), blinder: Fr.random(using: &random)),
      pads: BlindedRow(
        cells: scalars(planner.plan.cells, &random), blinder: Fr.random(using: &random)),
      rowWeights: RowWeights(point: scalars(bits, &random)),
      padWeights: scalars(planner.plan.cells, &random))
    instance.settle()
    return instance
  }

  /// What a prover may do otherwise than it should, in the order in which it speaks.
  private struct Lie {
    var blinders: (_ row: inout Fr, _ pads: inout Fr, _ instance: Instance) -> Void = { _, _, _ in }
    var reciprocals: (inout [Fr]) -> Void = { _ in }
    /// Part of H in S.
    var blinder = Fr.zero
    var value: (inout Fr) -> Void = { _ in }
    var swapsQuotients = false
    var quotients: (inout [Fr], inout [Fr]) -> Void = { _, _ in }
  }

  private static func commit(_ cells: [Fr], _ blinder: Fr = .zero) -> AffinePoint {
    committer.commit([CommitmentRow(cells[...], blinder: blinder)])[0]
  }

  private static func transcript() -> Transcript {
    var transcript = Transcript(.keccak256)
    transcript.absorb(.scheme, ProofScheme.knownSRS.identity)
    return transcript
  }

  private static func polynomial(_ cells: [Fr], at x: Fr) -> Fr {
    cells.reversed().reduce(Fr.zero) { $0 * x + $1 }
  }

  private static func quotient(_ p: [Fr], by x: Fr) -> [Fr] {
    var (quotient, rest) = ([Fr](repeating: .zero, count: p.count - 1), Fr.zero)
    for place in stride(from: p.count - 1, through: 1, by: -1) {
      rest = rest * x + p[place]
      quotient[place - 1] = rest
    }
    return quotient
  }

  /// A prover that is written again, a line for each message, so that a lie can begin at any of them.
  private static func prove(_ instance: Instance, _ lie: Lie = Lie()) -> [UInt8] {
    let (plan, t, s) = (instance.plan, instance.row.cells, instance.pads.cells)
    var channel = ProverChannel(
      transcript: transcript(), plan: plan, pads: [Fr](repeating: .zero, count: plan.messages))
    var (rowBlinder, padBlinder) = (instance.row.blinder, instance.pads.blinder)
    lie.blinders(&rowBlinder, &padBlinder, instance)
    channel.sendBare([rowBlinder, padBlinder], as: .openedBlinder)
    let chi = channel.challenge(.shownBatch)
    var (weights, sum, power) = (instance.padWeights, instance.value, chi)
    for cell in plan.opened {
      weights[cell] = power
      sum += power * s[cell]
      power *= chi
    }
    let psi = instance.rowWeights.cells
    let length = max(t.count, s.count)
    var reciprocals = [Fr](repeating: .zero, count: length - 1)
    for (cells, weights) in [(t, psi), (s, weights)] {
      for (i, cell) in cells.enumerated() {
        for (j, weight) in weights.enumerated() where i != j {
          reciprocals[abs(i - j) - 1] += cell * weight
        }
      }
    }
    lie.reciprocals(&reciprocals)
    channel.sendPoints([commit(reciprocals, lie.blinder)], as: .reciprocals)
    let z = channel.challenge(.reciprocalPoint)
    let inverse = z.inverse()
    func combined(_ x: Fr, _ reciprocal: Fr) -> [Fr] {
      let (onRow, onPads) = (
        polynomial(psi, at: reciprocal), polynomial(weights, at: reciprocal)
      )
      return (0..<length).map { place in
        (place < t.count ? onRow * t[place] : .zero) + (place < s.count ? onPads * s[place] : .zero)
          - (place < reciprocals.count ? x * reciprocals[place] : .zero)
      }
    }
    let (first, second) = (combined(z, inverse), combined(inverse, z))
    var value = polynomial(first, at: z)
    lie.value(&value)
    channel.sendBare([value], as: .quotientValue)
    var quotients = (quotient(first, by: z), quotient(second, by: inverse))
    lie.quotients(&quotients.0, &quotients.1)
    if lie.swapsQuotients { quotients = (quotients.1, quotients.0) }
    channel.sendPoints([commit(quotients.0), commit(quotients.1)], as: .quotients)
    return channel.proof
  }

  private static func sides(
    _ instance: Instance, _ proof: [UInt8], row: AffinePoint? = nil, pads: AffinePoint? = nil
  ) throws(ProofError) -> KZGInnerProduct.Sides {
    var channel = VerifierChannel(
      transcript: transcript(), proof: ProofReader(proof), plan: instance.plan)
    let row = row ?? commit(instance.row.cells, instance.row.blinder)
    let pads = pads ?? commit(instance.pads.cells, instance.pads.blinder)
    let equation = try Scheme().verify(
      instance.claim, row: Combination(coefficients: [.one], points: [row]),
      pads: Combination(coefficients: [.one], points: [pads]), over: &channel)
    try channel.finish()
    return equation.sides
  }

  private static func accepts(
    _ instance: Instance, _ proof: [UInt8], row: AffinePoint? = nil, pads: AffinePoint? = nil
  ) throws -> Bool {
    PairingEquation<KnownTau>(try sides(instance, proof, row: row, pads: pads))
      .holds(shared: [])
  }

  @Test(arguments: [1, 2, 4, 5, 7])
  func `an honest inner product is accepted, whichever vector is the longer`(bits: Int) throws {
    let instance = try Self.instance(bits: bits)
    var channel = ProverChannel(
      transcript: Self.transcript(), plan: instance.plan,
      pads: [Fr](repeating: .zero, count: instance.plan.messages))
    Self.committer.prove(instance.claim, row: instance.row, pads: instance.pads, over: &channel)
    #expect(try Self.accepts(instance, channel.proof))
    // The prover that the lies are made of says the same.
    #expect(Self.prove(instance) == channel.proof)
    let size = Scheme().openingSize(rowLength: 1 << bits, plan: instance.plan)
    // Less D, D_s; X₀, X₁, the cells shown and u.
    #expect(
      channel.proof.count
        == 32 * (size.points - 2 + size.scalars - 3 - instance.plan.opened.count))
  }

  @Test func `weights of any kind are accepted`() throws {
    var instance = try Self.instance(bits: 4)
    var weights = [Fr](repeating: .zero, count: 16)
    (weights[3], weights[9]) = (5, 7)
    instance.rowWeights = RowWeights(cells: weights)
    instance.settle()
    #expect(try Self.accepts(instance, Self.prove(instance)))
    var channel = ProverChannel(
      transcript: Self.transcript(), plan: instance.plan,
      pads: [Fr](repeating: .zero, count: instance.plan.messages))
    Self.committer.prove(instance.claim, row: instance.row, pads: instance.pads, over: &channel)
    #expect(channel.proof == Self.prove(instance))
  }

  @Test func `weights of a point are a product over its variables`() {
    var random = SplitMix64(seed: 5)
    for bits in 0...5 {
      let weights = RowWeights(point: Self.scalars(bits, &random))
      let x = Fr.random(using: &random)
      #expect(weights.count == 1 << bits && weights.cells.count == 1 << bits)
      #expect(weights.polynomial(at: x) == Self.polynomial(weights.cells, at: x))
      #expect(
        RowWeights(cells: weights.cells).polynomial(at: x) == weights.polynomial(at: x))
      let row = Self.scalars(1 << bits, &random)
      #expect(
        weights.product(withReciprocal: row)
          == RowWeights(cells: weights.cells).product(withReciprocal: row))
    }
  }

  @Test func `any one changed element is rejected`() throws {
    let instance = try Self.instance(bits: 4)
    let proof = Self.prove(instance)
    // Both blinders, S, F₁, W₁ and W₂.
    #expect(proof.count == 6 * 32)
    for element in 0..<6 {
      var altered = proof
      let isPoint = [2, 4, 5].contains(element)
      altered[isPoint ? 32 * element : 32 * element + 31] ^= isPoint ? 0x40 : 1
      #expect(try !Self.accepts(instance, altered), "element \(element)")
    }
  }

  @Test func `another value is rejected`() throws {
    var instance = try Self.instance(bits: 4)
    let proof = Self.prove(instance)
    instance.value += .one
    #expect(try !Self.accepts(instance, proof))
    // With everything else as it follows from the false value.
    #expect(try !Self.accepts(instance, Self.prove(instance)))
  }

  /// S's constant would be what X¹ and X⁻¹ have, and a part of H is of no use to anybody.
  @Test func `a wrong S is rejected`() throws {
    let instance = try Self.instance(bits: 4)
    for place in [0, 7, 15] {
      let proof = Self.prove(instance, Lie(reciprocals: { $0[place] += .one }))
      #expect(try !Self.accepts(instance, proof), "coefficient \(place)")
    }
    #expect(try !Self.accepts(instance, Self.prove(instance, Lie(blinder: .one))))
    // Powers behind those that any honest S has make up for no false value.
    var other = instance
    other.value += .one
    let proof = Self.prove(other, Lie(reciprocals: { $0 += [1, 2, 3] }))
    #expect(try !Self.accepts(other, proof))
  }

  /// A false value and a false F₁ that make P₁(z) + P₂(1/z) = 2û leave a remainder in a quotient.
  @Test func `a wrong value of the quotient is rejected`() throws {
    var instance = try Self.instance(bits: 4)
    #expect(try !Self.accepts(instance, Self.prove(instance, Lie(value: { $0 += .one }))))
    instance.value += 9
    for share: Fr in [9, 18] {
      let proof = Self.prove(instance, Lie(value: { $0 += share }))
      #expect(try !Self.accepts(instance, proof))
    }
  }

  @Test func `swapped quotients are rejected`() throws {
    let instance = try Self.instance(bits: 4)
    #expect(try !Self.accepts(instance, Self.prove(instance, Lie(swapsQuotients: true))))
    let proof = Self.prove(
      instance,
      Lie(quotients: {
        $0[0] += .one; $1[2] -= .one
      }))
    #expect(try !Self.accepts(instance, proof))
  }

  /// One equation on both blinders: with z known a prover could shift them against each other.
  @Test func `shifted blinders are rejected`() throws {
    let instance = try Self.instance(bits: 4)
    for (one, two) in [(Fr.one, Fr.zero), (.zero, .one), (.one, -Fr.one)] {
      let lie = Lie(blinders: { row, pads, _ in
        row += one
        pads += two
      })
      #expect(try !Self.accepts(instance, Self.prove(instance, lie)))
    }
  }

  /// Rows and pads share generators, so that either's commitment may hold cells of the other's length: these
  /// weigh nothing, and lies in what is weighed are not made up for.
  @Test func `cells behind a row and behind the pads count nothing`() throws {
    var instance = try Self.instance(bits: 3)
    let (row, pads) = (instance.row, instance.pads)
    let longRow = row.cells + [3, 1, 4, 1, 5]
    let longPads = pads.cells + [9, 2, 6]
    // The honest prover of longer vectors whose further weights are zero.
    func proof(_ value: Fr) -> [UInt8] {
      var long = instance
      long.row = BlindedRow(cells: longRow, blinder: row.blinder)
      long.rowWeights = RowWeights(
        cells: instance.rowWeights.cells + [Fr](repeating: .zero, count: 5))
      long.pads = BlindedRow(cells: longPads, blinder: pads.blinder)
      long.padWeights += [Fr](repeating: .zero, count: 3)
      long.value = value
      return Self.prove(long)
    }
    let points = (Self.commit(longRow, row.blinder), Self.commit(longPads, pads.blinder))
    #expect(
      try Self.accepts(instance, proof(instance.value), row: points.0, pads: points.1))
    instance.value += .one
    #expect(
      try !Self.accepts(instance, proof(instance.value), row: points.0, pads: points.1))
  }

  /// What the order of F₁ and η is there for: with η known, the one equation is solved for F₁, whatever is
  /// claimed. The equation alone would accept it; the transcript does not.
  @Test func `a value chosen after its challenge is rejected, by the order alone`() throws {
    var instance = try Self.instance(bits: 4)
    instance.value += 5
    let honest = Self.prove(instance)
    var channel = VerifierChannel(
      transcript: Self.transcript(), proof: ProofReader(honest), plan: instance.plan)
    _ = try channel.receiveBare(2, as: .openedBlinder)
    _ = channel.challenge(.shownBatch)
    _ = try channel.receivePoints(1, as: .reciprocals)
    _ = channel.challenge(.reciprocalPoint)
    let value = try channel.receiveBare(1, as: .quotientValue)[0]
    _ = try channel.receivePoints(2, as: .quotients)
    let eta = channel.challenge(.quotientsBatch)
    // (P₁(z) − F₁) + η(P₂(1/z) − 2û + F₁) = 0 with P₁(z) as it is and P₂(1/z) short of 2û − P₁(z) by twice
    // the lie.
    let shift = -(10 * eta) * (.one - eta).inverse()
    var altered = honest
    altered.replaceSubrange(96..<128, with: (value + shift).bigEndianBytes)
    #expect(try !Self.accepts(instance, altered))
    // Under the challenges of the honest transcript it would have been accepted.
    var sides = try Self.sides(instance, honest)
    sides.left.generators[0] -= shift * (.one - eta)
    #expect(PairingEquation<KnownTau>(sides).holds(shared: []))
  }

  @Test func `powers of another tau are refused`() throws {
    let instance = try Self.instance(bits: 4)
    let tau = KnownTau.tau + .one
    var (power, powers) = (Fr.one, [AffinePoint]())
    for _ in 0..<24 {
      powers.append((power * G1(.generator)).affine)
      power *= tau
    }
    let other = KZGCommitter(powers: powers)
    var channel = ProverChannel(
      transcript: Self.transcript(), plan: instance.plan,
      pads: [Fr](repeating: .zero, count: instance.plan.messages))
    other.prove(instance.claim, row: instance.row, pads: instance.pads, over: &channel)
    let points = other.commit([
      CommitmentRow(instance.row.cells[...], blinder: instance.row.blinder),
      CommitmentRow(instance.pads.cells[...], blinder: instance.pads.blinder),
    ])
    #expect(
      try !Self.accepts(instance, channel.proof, row: points[0], pads: points[1]))
  }

  /// Errors of two equations that cancel are gone when these are added as they are.
  @Test func `equations add up with weights`() throws {
    let instances = try [Self.instance(bits: 4), Self.instance(bits: 5, seed: 4)]
    var equations = try instances.map {
      PairingEquation<KnownTau>(try Self.sides($0, Self.prove($0)))
    }
    func sum(_ weights: [Fr]) -> PairingEquation<KnownTau> {
      var sum = PairingEquation<KnownTau>()
      for (equation, weight) in zip(equations, weights) { sum.add(equation, times: weight) }
      return sum
    }
    #expect(sum([.one, 7]).holds(shared: []))
    equations[0].sides.left.blinding += 3
    equations[1].sides.left.blinding -= 3
    #expect(sum([.one, .one]).holds(shared: []))
    #expect(!sum([.one, 7]).holds(shared: []))
    #expect(!equations[0].holds(shared: []))
  }

  @Test func `rows of any length are committed to alike`() {
    var random = SplitMix64(seed: 8)
    // Above the length from which no tables are used.
    let count = 1 << 10
    let powers = Array(Generators.prefix(count + 8))
    let committer = KZGCommitter(powers: powers)
    let cells = Self.scalars(count + 5, &random)
    let blinder = Fr.random(using: &random)
    let points = committer.commit([
      CommitmentRow(cells[...], blinder: blinder),
      CommitmentRow([Int64]([1, -2, 3])[...], blinder: .zero),
      CommitmentRow(cells[..<40], blinder: blinder),
    ])
    func naive(_ cells: ArraySlice<Fr>) -> AffinePoint {
      multiScalarMultiply(
        Array(powers[..<cells.count]) + [KZGCommitter.blinding], Array(cells) + [blinder]
      ).affine
    }
    #expect(points[0] == naive(cells[...]))
    #expect(points[2] == naive(cells[..<40]))
    #expect(committer.holds(rowLength: count, pads: count + 8))
    #expect(!committer.holds(rowLength: count, pads: count + 9))
  }
}
