import ArgumentKernels
package import Field
package import Polynomial
import Compute
package import Transcript

/// What is claimed of a level's N and D at a point.
///
/// Written down in docs/protocol/arguments.md#fractions.
package struct EvaluationClaim: Sendable {
  package var point: [Fr]
  package var numerator: MaskedValue
  package var denominator: MaskedValue
}

// Fractional sum-check: sums of fractions two by two, from a claim on a level to one on the level below.
//
//   N(x) = N'(x,0)·D'(x,1) + N'(x,1)·D'(x,0),   D(x) = D'(x,0)·D'(x,1)
//
//   known   n = Ñ(ρ), d = D̃(ρ)
//   V → P   μ
//   n + μd = Σ_x eq(ρ,x)·[ (N'(x,0) + μD'(x,0))·D'(x,1) + N'(x,1)·D'(x,0) ]
//   P → V   rounds of degree 2;  u = N'(r,0) + μD'(r,0), N'(r,1), D'(r,0), D'(r,1)
//   V → P   z
//   owes    Ñ' and D̃' at (r, z)
//   source  the layered circuit of [PH23], which sums all of LogUp's fractions so; eq factored out as
//           in [Gruen24]
package enum FractionalSumcheck {
  private static let labels: Sumcheck.Labels = (.fractionRound, .fractionChallenge)

  /// A level's N and D at a point, as its prover knows them.
  package struct Value: Sendable {
    package var point: [Fr]
    package var numerator: Fr
    package var denominator: Fr
  }

  package static func verify<C: Channel>(
    _ claim: EvaluationClaim, over channel: inout C
  ) throws(ProofError) -> EvaluationClaim {
    let mu = channel.challenge(.fractionBatch)
    let (r, value) = try Sumcheck.verify(
      claim.numerator + claim.denominator * mu, rounds: claim.point.count, degree: 2,
      zeroCheckAt: claim.point, labels: labels, over: &channel)
    let received = try channel.receive(4, as: .fractionClaims)
    let (u, n1, d0, d1) = (received[0], received[1], received[2], received[3])
    channel.require(zero: value - channel.product(u, d1) - channel.product(n1, d0))
    let z = channel.challenge(.fractionChild)
    return EvaluationClaim(
      point: r + [z], numerator: (u - d0 * mu) * (.one - z) + n1 * z,
      denominator: d0 * (.one - z) + d1 * z)
  }

  package static func prove(
    _ claim: Value, _ level: consuming FractionLevel, over channel: inout ProverChannel
  ) throws(ProofError) -> Value {
    let mu = channel.challenge(.fractionBatch)
    var rounds = FractionRounds(level, point: claim.point, mu: mu)
    let r = try Sumcheck.prove(
      claim.numerator + mu * claim.denominator, of: &rounds, rounds: claim.point.count,
      zeroCheckAt: claim.point, labels: labels, over: &channel)
    let (u, n1, d0, d1) = rounds.values
    channel.send([u, n1, d0, d1], as: .fractionClaims)
    let z = channel.challenge(.fractionChild)
    let n0 = u - mu * d0
    return Value(
      point: r + [z], numerator: n0 + z * (n1 - n0), denominator: d0 + z * (d1 - d0))
  }
}

/// A level of the tree: N and D − 1 of each node, which are zero where no row below holds a cell.
package struct FractionLevel: Sendable {
  /// In twos where there is a level above, as a node of that is made of two of this.
  package let groups: HeldBlocks
  /// Of the groups' nodes, N and D − 1 in turn.
  package private(set) var values: [Fr]

  package static let width = FractionKernel.nodeWidth

  package init(groups: HeldBlocks, values: [Fr]) {
    precondition(values.count == Self.width * groups.rows, "every node of a group is held")
    self.groups = groups
    self.values = values
  }

  /// The values, which are left to whoever asked.
  fileprivate mutating func take() -> [Fr] {
    var taken: [Fr] = []
    swap(&taken, &values)
    return taken
  }

  /// The level above.
  ///
  /// - Complexity: three multiplications a node.
  package var above: FractionLevel {
    let halved = groups.halved
    let above = halved.paired
    // Which group of `halved` is at a place of `above`, if one is.
    var next = 0
    let places = above.numbers.map { number -> Int in
      guard next < halved.count, halved.numbers[next] == number else { return -1 }
      next += 1
      return next - 1
    }
    let (values, width) = (values, Self.width * HeldBlocks.height)
    let (sums, _) = inParallel(making: above.count, width: width, of: Fr.zero, chunk: 32) {
      range, part in
      for (place, group) in range.enumerated() where places[group] >= 0 {
        let first = 2 * width * places[group]
        FractionKernel.add(
          values.span.extracting(first..<first + 2 * width), to: &part, at: width * place)
      }
    }
    OperationCounter.count(fieldMultiplications: 3 * halved.rows)
    return FractionLevel(groups: above, values: sums)
  }

  /// N and D − 1 of the first nodes, as many as reach to the last that is held.
  package var dense: [Fr] {
    let height = Self.width * HeldBlocks.height
    let end = (groups.numbers.last.map { Int($0) + 1 } ?? 0) * height
    var all = [Fr](repeating: .zero, count: end)
    for (place, number) in groups.numbers.enumerated() {
      for step in 0..<height { all[height * Int(number) + step] = values[height * place + step] }
    }
    return all
  }
}

/// The prover's arithmetic of a level: one pass over the used pairs (x, x + half) per round. A pair costs
/// six multiplications, and folding it four.
private struct FractionRounds: SumcheckPolynomial {
  private let point: [Fr]
  private let inverses: [Fr]
  private let mu: Fr
  /// u − μ, D'(·,0) − 1, N'(·,1), D'(·,1) − 1.
  private var table: SparseMultilinear

  init(_ level: consuming FractionLevel, point: [Fr], mu: Fr) {
    self.point = point
    self.mu = mu
    var inverses = point
    Fr.batchInvert(&inverses)
    self.inverses = inverses
    let groups = level.groups.halved
    var values = level.take()
    OperationCounter.count(fieldMultiplications: groups.rows)
    inParallel(over: &values, width: FractionKernel.width * HeldBlocks.height, grain: 64) {
      _, part in
      FractionKernel.batch(&part, by: mu)
    }
    table = SparseMultilinear(
      variables: point.count, width: FractionKernel.width, groups: groups, values: values)
  }

  mutating func message(claim: Fr) -> [Fr] {
    let round = point.count - table.variables
    let weights = SplitEquality(point[(round + 1)...], count: 1 << (table.variables - 1))
    let (height, mu) = (table.height, mu)
    OperationCounter.count(fieldMultiplications: 6 * table.pairs.count * height)
    let sums = table.sums(grain: 64) { rows, pairs, range in
      FractionKernel.sums(
        rows, pairs: pairs, range: range, height: height, weights: weights, mu: mu)
    }.reduce(.zero, +)
    // Padding has μ everywhere, and eq sums up to one.
    return Sumcheck.quadratic(
      low: sums.low + mu, leading: sums.leading, claim: claim, tau: point[round],
      inverse: inverses[round])
  }

  mutating func bind(_ x: Fr) { table.bind(x) }

  /// u, N'(·,1), D'(·,0), D'(·,1) when no variable is left.
  var values: (u: Fr, n1: Fr, d0: Fr, d1: Fr) {
    mutating get {
      let last = table.constants
      return (last[0] + mu, last[2], last[1] + .one, last[3] + .one)
    }
  }
}
