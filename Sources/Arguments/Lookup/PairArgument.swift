package import ArgumentKernels
import Compute
import ConstraintSystem
package import Field
import Polynomial
package import Transcript

// Pair argument (argument A where look-ups are paired): every row does its scalar step and every look-up is
// in the table, q being a committed column.
//
//   Φ₀, Φ₁   of slot j and row x, the fingerprints of the row's look-ups 2j and 2j + 1; h = 1/Φ₀ + 1/Φ₁, of which
//            the column is less by c_j, its value on padding; j are h's highest variables, so that slots of dummies
//            alone are rows of zeros, which nobody commits to
//   V → P    τ, λ, λ'
//   0 = Σ_z eq(τ,z)·[ h·Φ₀·Φ₁ − Φ₀ − Φ₁ + λ(acc·M − q·2^S − Σ rem_k·2^{b(k−1)}) + λ'(g·φ_T − m) ]
//            over max(n + κ, k) variables; the first part depends only on the last n + κ of them, the second on the
//            last n, the third on the last k
//   P → V    rounds of degree 3;  h, Φ₀, Φ₁, p = h·Φ₀, acc and M's model part at the end
//   owes     the claims returned: h, Φ₀ and Φ₁, M, what is left for q, limbs, g and m, and Σ h + 2ⁿ·Σ c_j = Σ g;
//            acc(r), which the relations (B) settle
//   sound    q, y, limbs, m are fixed before α and β, h and g before τ, λ, λ': with two independent weights each part
//            is zero everywhere on the cube. A row's part is counted once, as eq sums to one over slots
//   unique   q is in its function's domain and limbs in their ranges by look-ups, and acc·M = q·2^S + Σ rem in F, so
//            that y is a function of acc and M as in `RowArgument`. On rows of no cell the table has
//            (ZERO, q, y) for q = y = 0 alone
//   source   LogUp [Hab22], an inverse for two look-ups; eq factored out as in [Gruen24]
//
// Written down in docs/protocol/scheme-srs.md#pairs.
package enum PairArgument {
  private static let labels: Sumcheck.Labels = (.pairRound, .pairChallenge)
  static let degree = 3

  /// τ, λ, λ'.
  struct Batch: Sendable {
    let point: [Fr]
    let rows: Fr
    let table: Fr

    init(_ drawn: [Fr]) {
      point = Array(drawn.dropLast(2))
      (rows, table) = (drawn[drawn.count - 2], drawn[drawn.count - 1])
    }
    static func count(_ shape: CircuitDimensions) -> Int { shape.inverseRounds + 2 }
  }

  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, lookup: LookupChallenges, over channel: inout C
  ) throws(ProofError) -> RowArgument.Outcome {
    let batch = Batch(channel.challenges(Batch.count(shape), .pairPoint))
    let (point, value) = try Sumcheck.verify(
      .zero, rounds: shape.inverseRounds, degree: degree, zeroCheckAt: batch.point, labels: labels,
      over: &channel)
    let top = Array(point.suffix(shape.inverseBits))
    let (r, onTable) = (
      Array(point.suffix(shape.traceBits)), Array(point.suffix(shape.tableBits))
    )
    let blocks = shape.system.blocks.map { BlockWeights($0, at: r) }
    let known = PublicColumns(shape, blocks: blocks, lookup: lookup)
    let hasModel = !known.modelMultiplier.isEmpty
    let received = try channel.receive(hasModel ? 6 : 5, as: .pairClaims)
    let (inverses, first, second) = (received[0], received[1], received[2])
    let (part, accumulator) = (received[3], received[4])

    channel.require(zero: channel.product(inverses, first) - part)
    var rest = value - channel.product(part, second) + first + second
    var multiplier = MaskedValue(known.multiplier)
    if hasModel { multiplier += received[5] }
    rest = rest - channel.product(accumulator, multiplier) * batch.rows

    let slots = LookupSlots(shape.system.parameters, lookup: lookup)
    let chosen = Equality.table(Array(top.dropLast(shape.traceBits)))
    OperationCounter.count(overKey: 6 * slots.count)
    func atSlots(_ values: [Fr]) -> Fr {
      zip(chosen, values).reduce(.zero) { $0 + $1.0 * $1.1 }
    }
    var claims = [
      LinearClaim(
        inverses - atSlots(slots.fractions), [LinearFunctional(.inverses, .inversePoint)]),
      LinearClaim(
        first - (atSlots(slots.first) + chosen[0] * known.lookedUp),
        functionals(shape, of: 0, chosen: chosen, lookup: lookup)),
      LinearClaim(
        second - atSlots(slots.second), functionals(shape, of: 1, chosen: chosen, lookup: lookup)),
    ]
    if hasModel { claims.append(LinearClaim(received[5], known.modelMultiplier)) }
    // What remains of the value is linear in q, the limbs, g and m.
    let fingerprint = shape.tableFingerprint(at: onTable, lookup: lookup)
    let scale = Fr(UInt64(1) << UInt64(shape.system.parameters.scaleBits))
    let step =
      [LinearFunctional(.quotient, .tracePoint, coefficient: -batch.rows * scale)]
      + shape.limbScales.enumerated().map {
        LinearFunctional(.limb($0), .tracePoint, coefficient: -batch.rows * $1)
      }
    let table = [
      LinearFunctional(.tableInverses, .tablePoint, coefficient: batch.table * fingerprint),
      LinearFunctional(.multiplicity, .tablePoint, coefficient: -batch.table),
    ]
    claims.append(LinearClaim(rest, step + table))
    // SOUNDNESS: padding counts c_j in slot j, in slots of dummies too.
    let rows = Fr(UInt64(1) << UInt64(shape.traceBits))
    claims.append(
      LinearClaim(
        MaskedValue(-(slots.fractions.reduce(.zero, +) * rows)),
        [
          LinearFunctional(.inverses, .ones),
          LinearFunctional(.tableInverses, .ones, coefficient: -Fr.one),
        ]))
    return RowArgument.Outcome(
      tracePoint: r, tablePoint: onTable, inversePoint: top, accumulator: accumulator,
      claims: claims, blocks: blocks)
  }

  /// What columns count in one side of the slots at a point: of the look-ups of that parity.
  private static func functionals(
    _ shape: CircuitDimensions, of side: Int, chosen: [Fr], lookup: LookupChallenges
  ) -> [LinearFunctional] {
    stride(from: side, through: shape.system.parameters.limbs, by: 2).flatMap { number in
      let weight = chosen[number / 2]
      guard number == 0 else {
        return [LinearFunctional(.limb(number - 1), .tracePoint, coefficient: weight * lookup.beta)]
      }
      return [
        LinearFunctional(.quotient, .tracePoint, coefficient: weight * lookup.beta),
        LinearFunctional(.output, .tracePoint, coefficient: weight * lookup.betaSquared),
      ]
    }
  }
}

extension PairArgument {
  /// All that the argument is made from.
  package struct Witness: Sendable {
    package var rows: Rows
    /// m, g, φ_T − α.
    package var table: [Fr]

    package init(rows: Rows, table: [Fr]) {
      self.rows = rows
      self.table = table
    }
  }

  /// - Returns: acc(r), which the relations are proven for.
  package static func prove(
    _ shape: CircuitDimensions, lookup: LookupChallenges, witness: consuming Witness,
    over channel: inout ProverChannel
  ) throws(ProofError) -> Fr {
    let batch = Batch(channel.challenges(Batch.count(shape), .pairPoint))
    var rounds = PairRounds(witness, shape: shape, lookup: lookup, batch: batch)
    let point = try Sumcheck.prove(
      .zero, of: &rounds, rounds: shape.inverseRounds, zeroCheckAt: batch.point, labels: labels,
      over: &channel)
    let last = rounds.values()
    var values = [
      last.inverse, last.first, last.second, last.inverse * last.first, last.accumulator,
    ]
    let r = Array(point.suffix(shape.traceBits))
    let known = PublicColumns(
      shape, blocks: shape.system.blocks.map { BlockWeights($0, at: r) }, lookup: lookup)
    if !known.modelMultiplier.isEmpty { values.append(last.multiplier - known.multiplier) }
    channel.send(values, as: .pairClaims)
    return last.accumulator
  }
}
