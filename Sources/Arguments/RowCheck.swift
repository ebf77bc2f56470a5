package import ConstraintSystem
package import Field
package import Polynomial
package import Transcript

// Row check (argument A): every row does its scalar step and every lookup is in the table.
//
//   Σ_x eq(τ,x) · [ h·Πφⱼ − Σⱼ Π_{l≠j} φ_l + λ(g·φ_T − m) ] = 0
//
//   over max(n, k) variables; trace columns hang on the last n, table columns on the last k
//   φ(t,u,v) = α + t + βu + β²v;  φ₀ of (fn, q + shift, y + shift), φ₁..φ_K of the limbs
//   h = Σ 1/φⱼ = h' + c₀, c₀ its value on padding;  g = m/φ_T
//   q       is no column: (acc·M − Σ rem_k·2^{b(k−1)})·2^{−S}, so that φ₀ is quadratic
//   P → V   rounds of degree K + 3, or of 2 in variables that only the table has;  acc, limbs, h',
//           βq + β²y, M's model part at r;  the products that the last equation needs beyond degree two
//   owes    the claims returned;  Σ h = Σ g is one of them;  acc(r), which the relations (B) settle
//   acc     is no column of its own: on the cube it is what the relations make of y and the model,
//           and that multilinear extension is fixed with them, before τ is drawn. So the zero-check
//           is of a polynomial that the prover can no longer choose; acc(r) is one claim about it at
//           the random r, and B proves that claim from openings of y and the model alone. Rows
//           outside of every extent have acc = 0 by B's weights, whatever a prover puts there.
//   unique  acc, M, limbs and y, and so q, are fixed before α and β. With all lookups in the table q is
//           an integer of the function's domain, below 2^{d−1} in magnitude, the limbs are integers of
//           their ranges, and acc·M = q·2^S + Σ rem_k·2^{b(k−1)} by what q is. As 2^{S+d} < p no other
//           q and limbs in range make that sum in F, so that y is a function of acc and M; and as all
//           are small the equation holds of integers. On rows of no cell fn = shift = M = 0: the table
//           has (ZERO, q, y) for q = y = 0 alone, so Σ rem_k·2^{b(k−1)} = 0 and every limb is 0.
//   source  LogUp [Hab22], all lookups of a row in one helper column
package enum RowCheck {
  /// The challenges of the lookup argument and what follows from them.
  package struct Lookup: Sendable {
    package let alpha: Fr
    package let beta: Fr
    package let betaSquared: Fr
    /// β·2^{−S}: what acc·M counts in φ₀, and a remainder counts less.
    package let scaledBeta: Fr
    /// φ of a low limb's lookup on padding: α + RANGE.
    package let lowLimb: Fr
    /// φ of the top limb's lookup on padding: α + RANGE + β·2^{b−1}.
    package let topLimb: Fr
    /// c₀ = 1/α + (K−1)/(α + RANGE) + 1/(α + RANGE + β·2^{b−1}).
    package let helperOnPadding: Fr

    /// - Returns: nil when a fingerprint on padding is zero (probability below 2^−250).
    package init?(alpha: Fr, beta: Fr, parameters: Parameters) {
      self.alpha = alpha
      self.beta = beta
      betaSquared = beta * beta
      scaledBeta = beta * Fr(UInt64(1) << UInt64(parameters.scaleBits)).inverse()
      let range = Fr(Table.rangeTag)
      lowLimb = alpha + range
      topLimb = lowLimb + beta * Fr(Int64(1) << Int64(parameters.limbBits - 1))
      guard !alpha.isZero, !lowLimb.isZero, !topLimb.isZero else { return nil }
      let low = Fr(Int64(parameters.limbs - 1)) * lowLimb.inverse()
      helperOnPadding = alpha.inverse() + low + topLimb.inverse()
    }

    package func fingerprint(_ tag: Fr, _ input: Fr, _ output: Fr) -> Fr {
      alpha + tag + beta * input + betaSquared * output
    }
  }

  /// τ, λ.
  package struct Batch: Sendable {
    package let point: [Fr]
    package let table: Fr

    package init(_ drawn: [Fr], variables: Int) {
      point = Array(drawn[..<variables])
      table = drawn[variables]
    }
    package static func count(_ system: Shape) -> Int { system.rowCheckVariables + 1 }
  }

  /// In a variable of the trace: h, K limbs' fingerprints, and φ₀ of degree two.
  package static func degree(limbs: Int) -> Int { limbs + 3 }

  /// Of each round; g·φ_T alone hangs on variables before those of the trace.
  static func degrees(_ shape: Shape) -> [Int] {
    let own = degree(limbs: shape.system.parameters.limbs)
    return [Int](repeating: 2, count: shape.rowCheckVariables - shape.traceBits)
      + [Int](repeating: own, count: shape.traceBits)
  }

  /// What the argument leaves behind.
  package struct Outcome: Sendable {
    /// r: the last n of the point.
    package let tracePoint: [Fr]
    /// r': the last k of it.
    package let tablePoint: [Fr]
    /// acc(r), a claim on no committed column: nothing but the relations settles it.
    ///
    /// SOUNDNESS: without B's claim a prover is free in acc, and with it in every row.
    package let accumulator: Form
    package let claims: [Claim]
    /// eq(r, ·) on each block.
    package let blocks: [BlockWeights]
  }

  package static func verify<C: Channel>(
    _ shape: Shape, lookup: Lookup, over channel: inout C
  ) throws(ProofError) -> Outcome {
    let system = shape.system
    let parameters = system.parameters
    let (n, k) = (shape.traceBits, shape.tableBits)
    let variables = shape.rowCheckVariables
    let batch = Batch(
      channel.challenges(Batch.count(shape), .rowCheckPoint), variables: variables)
    let (point, value) = try Sumcheck.verify(
      .zero, degrees: degrees(shape), zeroCheckAt: batch.point,
      labels: (.rowCheckRound, .rowCheckChallenge), over: &channel)
    let (r, rTable) = (Array(point.suffix(n)), Array(point.suffix(k)))
    let blocks = system.blocks.map { BlockWeights($0, at: r) }
    let known = PublicColumns(shape, blocks: blocks, lookup: lookup)

    // Claims on the columns at r.
    let received = try channel.receive(
      parameters.limbs + (known.modelMultiplier.isEmpty ? 3 : 4), as: .rowCheckClaims)
    var next = received.makeIterator()
    func take() -> Form { next.next() ?? .zero }
    let accumulator = take()
    let limbs = (0..<parameters.limbs).map { _ in take() }
    let helper = take()
    let looked = take()
    var claims = [Claim(helper, [Functional(.helper, .tracePoint)])]
    for (index, limb) in limbs.enumerated() {
      claims.append(Claim(limb, [Functional(.limb(index), .tracePoint)]))
    }
    var multiplier = Form(known.multiplier)
    if !known.modelMultiplier.isEmpty {
      let model = take()
      claims.append(Claim(model, known.modelMultiplier))
      multiplier += model
    }
    // SOUNDNESS: this makes φ₀(r) of acc, M, limbs and y; nothing else says what q is.
    var rescaled = channel.product(accumulator, multiplier)
    for (limb, weight) in zip(limbs, shape.limbScales) { rescaled = rescaled - limb * weight }
    claims.append(
      Claim(
        looked - rescaled * lookup.scaledBeta,
        [Functional(.output, .tracePoint, coefficient: lookup.betaSquared)]))

    // The lookup equation at r, h·Πφ − Σ Π φ, one factor after another.
    var factors = limbs.enumerated().map {
      $1 * lookup.beta + ($0 == parameters.limbs - 1 ? lookup.topLimb : lookup.lowLimb)
    }
    factors.append(looked + (lookup.alpha + known.lookedUp))
    let fraction = try verifyFraction(
      helper: helper + lookup.helperOnPadding, factors: factors, over: &channel)

    // What remains of the value is λ(g·φ_T − m) at r', and φ_T(r') is public.
    let tableValue = (value - fraction) * batch.table.inverse()
    let fingerprint = shape.tableFingerprint(at: rTable, lookup: lookup)
    claims.append(
      Claim(
        tableValue,
        [
          Functional(.tableHelper, .tablePoint, coefficient: fingerprint),
          Functional(.multiplicity, .tablePoint, coefficient: -Fr.one),
        ]))
    // Σ h = Σ g over all 2^n rows and the whole table.
    let rows = Fr(UInt64(1) << UInt64(n))
    claims.append(
      Claim(
        Form(-(lookup.helperOnPadding * rows)),
        [
          Functional(.helper, .ones),
          Functional(.tableHelper, .ones, coefficient: -Fr.one),
        ]))
    return Outcome(
      tracePoint: r, tablePoint: rTable, accumulator: accumulator, claims: claims, blocks: blocks)
  }

  /// h·Π f − Σⱼ Π_{l≠j} f_l for factors f₁..f_m. With D = f₁f₂ and E = h·D − f₁ − f₂, each further
  /// factor f takes (D, E) to (D·f, E·f − D); what is multiplied again is sent, and so hangs on one
  /// pad of its own.
  private static func verifyFraction<C: Channel>(
    helper: Form, factors: [Form], over channel: inout C
  ) throws(ProofError) -> Form {
    func settle(_ form: Form, over channel: inout C) throws(ProofError) -> Form {
      let sent = try channel.receive(1, as: .rowCheckProducts)[0]
      channel.require(zero: form - sent)
      return sent
    }
    var product = try settle(channel.product(factors[0], factors[1]), over: &channel)
    var fraction = channel.product(helper, product) - factors[0] - factors[1]
    for (index, factor) in factors.enumerated().dropFirst(2) {
      fraction = try settle(fraction, over: &channel)
      let nextFraction = channel.product(factor, fraction) - product
      if index < factors.count - 1 {
        product = try settle(channel.product(product, factor), over: &channel)
      }
      fraction = nextFraction
    }
    return fraction
  }

  /// The products that `verifyFraction` receives, in its order.
  fileprivate static func fractionProducts(helper: Fr, factors: [Fr]) -> [Fr] {
    var sent = [factors[0] * factors[1]]
    var product = sent[0]
    var fraction = helper * product - factors[0] - factors[1]
    for (index, factor) in factors.enumerated().dropFirst(2) {
      sent.append(fraction)
      let nextFraction = factor * fraction - product
      if index < factors.count - 1 {
        product *= factor
        sent.append(product)
      }
      fraction = nextFraction
    }
    return sent
  }
}

extension RowCheck {
  /// The prover's columns as field elements, row by row: what a round reads together lies together. φ and
  /// h stand as their distance from the value on padding, so that rows without a cell are zero; they are
  /// held only in groups with others.
  package struct Columns: Sendable {
    /// acc, β·2^{−S}·M, h', φ₁ … φ_K of each row, and φ₀ but for the product of the first two; M and h'
    /// times `RowKernel.scales`.
    package var rows: [Fr]
    /// Which rows of the trace these are.
    package var groups: RowGroups
    /// m, g, φ_T less α of each row of the table.
    package var table: [Fr]

    /// Values per row of the trace.
    package static func width(limbs: Int) -> Int { limbs + 4 }
    package static let multiplier = 1
    package static let helper = 2
    /// Of φ₁.
    package static let limbs = 3
    /// Of φ₀'s linear part.
    package static func linear(limbs count: Int) -> Int { limbs + count }
    package static let tableWidth = 3

    package init(rows: [Fr], groups: RowGroups, table: [Fr]) {
      self.rows = rows
      self.groups = groups
      self.table = table
    }
  }

  /// - Returns: acc(r), which the relations are proven for.
  package static func prove(
    _ shape: Shape, lookup: Lookup, columns: consuming Columns,
    over channel: inout ProverChannel
  ) -> Fr {
    let system = shape.system
    let limbs = system.parameters.limbs
    let variables = shape.rowCheckVariables
    let batch = Batch(channel.draw(Batch.count(shape), .rowCheckPoint), variables: variables)
    var rounds = RowCheckRounds(columns, shape: shape, lookup: lookup, batch: batch)
    var claim = Fr.zero
    var point: [Fr] = []
    for round in 0..<variables {
      let sent = rounds.coefficients(round: round, claim: claim)
      channel.send(sent, as: .rowCheckRound)
      let x = channel.draw(1, .rowCheckChallenge)[0]
      claim = Sumcheck.next(sent, claim: claim, tau: batch.point[round], at: x)
      rounds.bind(x, round: round)
      point.append(x)
    }
    let r = Array(point.suffix(shape.traceBits))
    let known = PublicColumns(
      shape, blocks: system.blocks.map { BlockWeights($0, at: r) }, lookup: lookup)
    let last = rounds.traceValues()
    let (accumulator, multiplier) = (last[0], last[Columns.multiplier])
    let helper = last[Columns.helper]
    let fingerprints = last[Columns.limbs..<Columns.linear(limbs: limbs)]
    let betaInverse = lookup.beta.inverse()
    let function =
      last[Columns.linear(limbs: limbs)] + lookup.scaledBeta * accumulator * multiplier
    var values = [accumulator] + fingerprints.map { $0 * betaInverse }
    values += [helper, function - known.lookedUp]
    if !known.modelMultiplier.isEmpty { values.append(multiplier - known.multiplier) }
    channel.send(values, as: .rowCheckClaims)
    var factors = fingerprints.enumerated().map {
      $1 + ($0 == limbs - 1 ? lookup.topLimb : lookup.lowLimb)
    }
    factors.append(function + lookup.alpha)
    let products = fractionProducts(helper: helper + lookup.helperOnPadding, factors: factors)
    for product in products { channel.send([product], as: .rowCheckProducts) }
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
  package let modelMultiplier: [Functional]

  package init(_ shape: Shape, blocks: [BlockWeights], lookup: RowCheck.Lookup) {
    var (lookedUp, multiplier, model) = (Fr.zero, Fr.zero, [Functional]())
    let shiftWeight = lookup.beta + lookup.betaSquared
    for (block, weights) in zip(shape.system.blocks, blocks) {
      let indicator = weights.indicator
      let tag = Fr(Table.firstFunctionTag + Int64(block.function))
      lookedUp += indicator * (tag + shiftWeight * Fr(block.shift))
      switch block.multiplier {
      case .constant(let value): multiplier += indicator * Fr(value)
      case .tensor(let view):
        let labels = LabelWeights(uniqueKeysWithValues: weights.axes.enumerated().map { ($0, $1) })
        model.append(
          shape.system.functional(view, labels: labels, coefficient: weights.scale))
      }
    }
    self.lookedUp = lookedUp
    self.multiplier = multiplier
    self.modelMultiplier = model
  }
}
