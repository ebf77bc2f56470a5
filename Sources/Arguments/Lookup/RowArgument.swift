package import ArgumentKernels
import ConstraintSystem
package import Field
package import Transcript

// Row argument (argument A): every row does its scalar step and every lookup is in the table.
//
//   φ(t,u,v) = α + t + βu + β²v;  φ₀ of (fn, q + shift, y + shift), φ₁..φ_K of the limbs
//   N, D     of a row Σⱼ Π_{l≠j} φ_l and Πφ, so that N/D = Σ 1/φⱼ;  over D's value on padding, and N less
//            c₀·D, c₀ the fraction there: padding has N = 0 and D = 1
//   1        InverseArgument: h = N_t/D_t, the sum of 2^t rows, and g = m/φ_T;  leaves N_t, D_t at a point
//   2        FractionalSumcheck: t times from N, D of a level to those of the level below
//   3        V → P  μ;  n + μd = Σ_x eq(ρ,x)·[N(x) + μ·D(x)], n, d what the tree leaves at ρ, over n variables
//            P → V  rounds of degree K + 2;  acc, limbs, βq + β²y, M's model part at r;  the products that
//                   the last equation needs beyond degree two
//   q        is no column: (acc·M − Σ rem_k·2^{b(k−1)})·2^{−S}, so that φ₀ is quadratic
//   owes     the claims returned;  acc(r), which the relations (B) settle
//   acc      is no column of its own: on the cube it is what the relations make of y and the model,
//            and that multilinear extension is fixed with them, before τ is drawn. So the sums are of
//            polynomials that the prover can no longer choose; acc(r) is one claim about it at
//            the random r, and B proves that claim from openings of y and the model alone. Rows
//            outside of every extent have acc = 0 by B's weights, whatever a prover puts there.
//   unique   acc, M, limbs and y, and so q, are fixed before α and β. With all lookups in the table q is
//            an integer of the function's domain, below 2^{d−1} in magnitude, the limbs are integers of
//            their ranges, and acc·M = q·2^S + Σ rem_k·2^{b(k−1)} by what q is. As 2^{S+d} < p no other
//            q and limbs in range make that sum in F, so that y is a function of acc and M; and as all
//            are small the equation holds of integers. On rows of no cell fn = shift = M = 0: the table
//            has (ZERO, q, y) for q = y = 0 alone, so Σ rem_k·2^{b(k−1)} = 0 and every limb is 0.
//   source   LogUp [Hab22], all lookups of a row in one fraction; their sums by the layered circuit of
//            [PH23] as far as inverses are not committed to
//
// Written down in docs/protocol/arguments.md#rows.
package enum RowArgument {
  /// In a variable of the trace: K limbs' fingerprints, and φ₀ of degree two.
  package static func degree(limbs: Int) -> Int { limbs + 2 }
  private static let labels: Sumcheck.Labels = (.rowRound, .rowChallenge)

  /// What the argument leaves behind.
  package struct Outcome: Sendable {
    /// r.
    package let tracePoint: [Fr]
    /// Where g and m are claimed, and, its last variables, where h is.
    package let tablePoint: [Fr]
    package let inversePoint: [Fr]
    /// acc(r), a claim on no committed column: nothing but the relations settles it.
    ///
    /// SOUNDNESS: without B's claim a prover is free in acc, and with it in every row.
    package let accumulator: MaskedValue
    package let claims: [LinearClaim]
    /// eq(r, ·) on each block.
    package let blocks: [BlockWeights]
  }

  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, lookup: LookupChallenges, over channel: inout C
  ) throws(ProofError) -> Outcome {
    let inverses = try InverseArgument.verify(shape, lookup: lookup, over: &channel)
    var claims = inverses.claims
    var fraction = inverses.fraction
    for _ in 0..<shape.treeLevels {
      fraction = try FractionalSumcheck.verify(fraction, over: &channel)
    }
    let parameters = shape.system.parameters
    let mu = channel.challenge(.rowBatch)
    // N + μD is that many times (c₀ − μ)·Πφ − Σⱼ Π_{l≠j} φ_l.
    let scale = -lookup.productOnPadding
    let (r, value) = try Sumcheck.verify(
      (fraction.numerator + fraction.denominator * mu) * scale, rounds: shape.traceBits,
      degree: degree(limbs: parameters.limbs), zeroCheckAt: fraction.point, labels: labels,
      over: &channel)
    let blocks = shape.system.blocks.map { BlockWeights($0, at: r) }
    let known = PublicColumns(shape, blocks: blocks, lookup: lookup)

    // Claims on the columns at r.
    let received = try channel.receive(
      parameters.limbs + (known.modelMultiplier.isEmpty ? 2 : 3), as: .rowClaims)
    var next = received.makeIterator()
    func take() -> MaskedValue { next.next() ?? .zero }
    let accumulator = take()
    let limbs = (0..<parameters.limbs).map { _ in take() }
    let looked = take()
    for (index, limb) in limbs.enumerated() {
      claims.append(LinearClaim(limb, [LinearFunctional(.limb(index), .tracePoint)]))
    }
    var multiplier = MaskedValue(known.multiplier)
    if !known.modelMultiplier.isEmpty {
      let model = take()
      claims.append(LinearClaim(model, known.modelMultiplier))
      multiplier += model
    }
    // SOUNDNESS: this makes φ₀(r) of acc, M, limbs and y; nothing else says what q is.
    var rescaled = channel.product(accumulator, multiplier)
    for (limb, weight) in zip(limbs, shape.limbScales) { rescaled = rescaled - limb * weight }
    claims.append(
      LinearClaim(
        looked - rescaled * lookup.scaledBeta,
        [LinearFunctional(.output, .tracePoint, coefficient: lookup.betaSquared)]))

    // The rows' sum at r, one factor after another.
    var factors = limbs.enumerated().map {
      $1 * lookup.beta + ($0 == parameters.limbs - 1 ? lookup.topLimb : lookup.lowLimb)
    }
    factors.append(looked + (lookup.alpha + known.lookedUp))
    let sum = try verifySum(lookup.fractionOnPadding - mu, factors: factors, over: &channel)
    channel.require(zero: value - sum)
    return Outcome(
      tracePoint: r, tablePoint: inverses.tablePoint, inversePoint: inverses.inversePoint,
      accumulator: accumulator, claims: claims, blocks: blocks)
  }

  /// k·Π f − Σⱼ Π_{l≠j} f_l for factors f₁..f_m. With D = f₁f₂ and E = k·D − f₁ − f₂, each further
  /// factor f takes (D, E) to (D·f, E·f − D); what is multiplied again is sent, and so depends on
  /// one pad of its own.
  private static func verifySum<C: Channel>(
    _ constant: Fr, factors: [MaskedValue], over channel: inout C
  ) throws(ProofError) -> MaskedValue {
    func settle(_ form: MaskedValue, over channel: inout C) throws(ProofError) -> MaskedValue {
      let sent = try channel.receive(1, as: .rowProducts)[0]
      channel.require(zero: form - sent)
      return sent
    }
    var product = channel.product(factors[0], factors[1])
    if factors.count > 2 { product = try settle(product, over: &channel) }
    var sum = product * constant - factors[0] - factors[1]
    for (index, factor) in factors.enumerated().dropFirst(2) {
      sum = try settle(sum, over: &channel)
      let next = channel.product(factor, sum) - product
      if index < factors.count - 1 {
        product = try settle(channel.product(product, factor), over: &channel)
      }
      sum = next
    }
    return sum
  }

  /// The products that `verifySum` receives, in its order.
  fileprivate static func products(_ constant: Fr, factors: [Fr]) -> [Fr] {
    var product = factors[0] * factors[1]
    var sent = factors.count > 2 ? [product] : []
    var sum = constant * product - factors[0] - factors[1]
    for (index, factor) in factors.enumerated().dropFirst(2) {
      sent.append(sum)
      let next = factor * sum - product
      if index < factors.count - 1 {
        product *= factor
        sent.append(product)
      }
      sum = next
    }
    return sent
  }
}

extension RowArgument {
  /// All that the argument is made from.
  package struct Witness: Sendable {
    /// What is committed to, and the top of the tree that it is of.
    package var inverses: InverseArgument.Columns
    /// The levels below the top, from the rows up.
    package var tree: [FractionLevel]
    package var columns: Columns

    package init(inverses: InverseArgument.Columns, tree: [FractionLevel], columns: Columns) {
      self.inverses = inverses
      self.tree = tree
      self.columns = columns
    }
  }

  /// - Returns: acc(r), which the relations are proven for.
  package static func prove(
    _ shape: CircuitDimensions, lookup: LookupChallenges, witness: consuming Witness,
    over channel: inout ProverChannel
  ) throws(ProofError) -> Fr {
    let system = shape.system
    let limbs = system.parameters.limbs
    var fraction = try InverseArgument.prove(
      shape, lookup: lookup, columns: witness.inverses, over: &channel)
    while let level = witness.tree.popLast() {
      fraction = try FractionalSumcheck.prove(fraction, level, over: &channel)
    }
    let mu = channel.challenge(.rowBatch)
    var rounds = RowArgumentRounds(
      witness.columns.take(), shape: shape, lookup: lookup, mu: mu, point: fraction.point)
    let r = try Sumcheck.prove(
      -(fraction.numerator + mu * fraction.denominator) * lookup.productOnPadding, of: &rounds,
      rounds: shape.traceBits, zeroCheckAt: fraction.point, labels: labels, over: &channel)
    let known = PublicColumns(
      shape, blocks: system.blocks.map { BlockWeights($0, at: r) }, lookup: lookup)
    let last = rounds.traceValues()
    let (accumulator, multiplier) = (last[0], last[RowLayout.multiplier])
    let fingerprints = last[RowLayout.limbs..<RowLayout.linear(limbs: limbs)]
    let betaInverse = lookup.beta.inverse()
    let function =
      last[RowLayout.linear(limbs: limbs)] + lookup.scaledBeta * accumulator * multiplier
    var values = [accumulator] + fingerprints.map { $0 * betaInverse }
    values.append(function - known.lookedUp)
    if !known.modelMultiplier.isEmpty { values.append(multiplier - known.multiplier) }
    channel.send(values, as: .rowClaims)
    var factors = fingerprints.enumerated().map {
      $1 + ($0 == limbs - 1 ? lookup.topLimb : lookup.lowLimb)
    }
    factors.append(function + lookup.alpha)
    for product in products(lookup.fractionOnPadding - mu, factors: factors) {
      channel.send([product], as: .rowProducts)
    }
    return accumulator
  }
}

/// The verifier's own share of the columns at r: constants of the circuit on each block.
package struct PublicColumns: Sendable {
  /// Σ over blocks of tag + (β + β²)·shift.
  package let lookedUp: Fr
  /// M's public part.
  package let multiplier: Fr
  /// M's model part, a claim on the model.
  package let modelMultiplier: [LinearFunctional]

  package init(_ shape: CircuitDimensions, blocks: [BlockWeights], lookup: LookupChallenges) {
    var (lookedUp, multiplier, model) = (Fr.zero, Fr.zero, [LinearFunctional]())
    let shiftWeight = lookup.beta + lookup.betaSquared
    for (block, weights) in zip(shape.system.blocks, blocks) {
      let indicator = weights.indicator
      let tag = Fr(Table.firstFunctionTag + Int64(block.function))
      lookedUp += indicator * (tag + shiftWeight * Fr(block.shift))
      switch block.multiplier {
      case .constant(let value): multiplier += indicator * Fr(value)
      case .tensor(let view):
        model.append(
          shape.system.functional(
            view, labels: weights.labels, sums: weights.sums, coefficient: weights.scale))
      }
    }
    self.lookedUp = lookedUp
    self.multiplier = multiplier
    self.modelMultiplier = model
  }
}
