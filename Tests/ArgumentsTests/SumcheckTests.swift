import Arguments
import Field
import Polynomial
import Testing
import Transcript

/// The sum-check by itself: Σ p·l over three variables, by the obvious prover.
struct SumcheckTests {
  private let p: [Fr] = (0..<8).map { Fr($0 * $0 + 7) }
  private let l: [Fr] = (0..<8).map { Fr(3 * $0 - 11) }
  private let tau: [Fr] = [12, 34, 56]
  private let pads: [Fr] = [9, 8, 7, 6, 5, 4]

  private var plan: PadLayout {
    get throws {
      var planner = PlanningChannel()
      for _ in 0..<3 { _ = try planner.receive(2, as: .claimsRound) }
      return planner.plan
    }
  }

  /// Σ of p·l over the cube, weighted by eq(τ, ·) in a zero-check.
  private func claim(_ isZeroCheck: Bool) -> Fr {
    let weights = isZeroCheck ? Equality.table(tau) : p.map { _ in Fr.one }
    return p.indices.reduce(Fr.zero) { $0 + weights[$1] * p[$1] * l[$1] }
  }

  /// p·l by the obvious prover, who evaluates all of it anew in every round.
  private struct Product: SumcheckPolynomial {
    let p: MultilinearTable
    let l: MultilinearTable
    /// Of a zero-check.
    let tau: [Fr]?
    var bound: [Fr] = []

    /// s(x) of the next variable.
    private func value(_ x: Fr) -> Fr {
      let rest = p.variables - bound.count - 1
      let weights = tau.map { Equality.table(Array($0.suffix(rest))) }
      return (0..<1 << rest).reduce(Fr.zero) { sum, index in
        let bits = (0..<rest).map { Fr((index >> (rest - 1 - $0)) & 1) }
        let point = bound + [x] + bits
        return sum + (weights?[index] ?? .one) * p.evaluate(point) * l.evaluate(point)
      }
    }

    func message(claim: Fr) -> [Fr] {
      let (s0, s1, s2) = (value(0), value(1), value(2))
      let first = tau?[bound.count]
      #expect(claim == (first.map { (.one - $0) * s0 + $0 * s1 } ?? s0 + s1))
      let a2 = (s2 - s1 - s1 + s0) * Sumcheck.half
      return [s1 - s0 - a2, a2]
    }

    mutating func bind(_ x: Fr) { bound.append(x) }
  }

  /// The rounds of the obvious prover, on the transcript they make.
  private func proof(_ isZeroCheck: Bool) throws -> [UInt8] {
    var channel = ProverChannel(transcript: Transcript(), plan: try plan, pads: pads)
    var product = Product(
      p: MultilinearTable(variables: 3, values: p), l: MultilinearTable(variables: 3, values: l),
      tau: isZeroCheck ? tau : nil)
    let point = try Sumcheck.prove(
      claim(isZeroCheck), of: &product, rounds: 3, zeroCheckAt: isZeroCheck ? tau : nil,
      labels: (.claimsRound, .claimsChallenge), over: &channel)
    #expect(point == product.bound)
    return channel.proof
  }

  /// Whether the value at the end is that of p·l, as a caller must check.
  private func verify(_ proof: [UInt8], claim: Fr, _ isZeroCheck: Bool) throws -> Bool {
    var channel = VerifierChannel(
      transcript: Transcript(), proof: ProofReader(proof), plan: try plan)
    let (point, form) = try Sumcheck.verify(
      MaskedValue(claim), rounds: 3, degree: 2, zeroCheckAt: isZeroCheck ? tau : nil,
      labels: (.claimsRound, .claimsChallenge), over: &channel)
    try channel.finish()
    let value = form.parts.reduce(form.constant) { $0 + $1.coefficient * pads[$1.cell] }
    return value
      == MultilinearTable(variables: 3, values: p).evaluate(point)
      * MultilinearTable(variables: 3, values: l).evaluate(point)
  }

  @Test(arguments: [false, true]) func `an honest proof is accepted`(isZeroCheck: Bool) throws {
    #expect(try verify(proof(isZeroCheck), claim: claim(isZeroCheck), isZeroCheck))
  }

  @Test(arguments: [false, true]) func `a wrong claim is rejected`(isZeroCheck: Bool) throws {
    #expect(try !verify(proof(isZeroCheck), claim: claim(isZeroCheck) + .one, isZeroCheck))
  }

  @Test(arguments: [false, true], 0..<6)
  func `any one changed scalar is rejected`(isZeroCheck: Bool, position: Int) throws {
    var proof = try proof(isZeroCheck)
    let range = 32 * position..<32 * (position + 1)
    let scalar = try #require(Fr(canonicalBigEndian: proof[range]))
    proof.replaceSubrange(range, with: (scalar + .one).bigEndianBytes)
    #expect(try !verify(proof, claim: claim(isZeroCheck), isZeroCheck))
  }

  @Test(arguments: [false, true], [(0, 1), (1, 2), (0, 2)])
  func `swapped rounds are rejected`(isZeroCheck: Bool, rounds: (Int, Int)) throws {
    var proof = try proof(isZeroCheck)
    for byte in 0..<64 { proof.swapAt(64 * rounds.0 + byte, 64 * rounds.1 + byte) }
    #expect(try !verify(proof, claim: claim(isZeroCheck), isZeroCheck))
  }

  @Test(arguments: [false, true]) func `a replayed round is rejected`(isZeroCheck: Bool) throws {
    var proof = try proof(isZeroCheck)
    proof.replaceSubrange(64..<128, with: proof[0..<64])
    #expect(try !verify(proof, claim: claim(isZeroCheck), isZeroCheck))
  }
}
