package import Compute
package import Curve
package import Field
package import Transcript

// Opening: one inner product of committed rows together with the pads, in zero knowledge.
//
//   known    [t] = Σ coefficientᵢ·[rowᵢ] over G_1..G_L, [s] over the D generators after those;  ψ, ω, v
//   claims   <t,ψ> + <s,ω> = v   and   s_p = s_a·s_b for every product cell p
//   V → P    θ
//   P → V    D = [d], D_s = [d_s], d and d_s uniform
//            X₀ = Σ θᵏ d_a d_b + d_z
//            X₁ = Σ θᵏ (d_a s_b + s_a d_b − d_p) + s_z + <d,ψ> + <d_s,ω>
//   V → P    δ;  t' = d + δt,  s' = d_s + δs
//   P → V    the cells s'_a, s'_b, s'_p, s'_z;  u = <t',ψ> + <s',ω> over t' and the other cells
//   checks   Σ θᵏ (s'_a s'_b − δ s'_p) + s'_z + δ(u + <s',ω> over the cells shown) = X₀ + δX₁ + δ²v
//   both     the scheme's opening of D + δ[t] = [t'] and D_s + δ[s] = [s']: u and the cells shown are what
//            they hold; what that leaves to be settled is returned
//   source   proof of a dot product over Pedersen rows as in [Hyrax]; the pads' products, which
//            [Longfellow] leaves to Ligero's quadratic constraints, ride in the same response
//
// Written down in docs/protocol/opening.md#messages.
package enum Opening {
  /// What both sides know when the opening begins.
  package struct Statement: Sendable {
    /// ψ: L weights.
    package var rowWeights: RowWeights
    /// ω: D weights.
    package var padWeights: [Fr]
    /// v.
    package var value: Fr
    package var plan: PadLayout

    /// Folds the verifier's equations: <t,ψ> = `claim` and each of `zeros` is zero, batched by
    /// powers of `kappa`.
    package init(
      rowWeights: RowWeights, claim: MaskedValue, zeros: [MaskedValue], kappa: Fr, plan: PadLayout
    ) {
      var weights = [Fr](repeating: .zero, count: plan.cells)
      var constant = Fr.zero
      func add(_ form: MaskedValue, scale: Fr) {
        constant += form.constant * scale
        for part in form.parts { weights[part.cell] += part.coefficient * scale }
      }
      add(claim, scale: -Fr.one)
      var power = kappa
      for form in zeros {
        add(form, scale: power)
        power *= kappa
      }
      self.rowWeights = rowWeights
      padWeights = weights
      value = -constant
      self.plan = plan
    }
  }

  /// What the verifier is left with when every equation in the field holds.
  package struct Obligation<Equation: DeferredEquation>: Sendable {
    /// Nothing is proven before this holds.
    package var equation: Equation
    /// Drawn after everything that the equation is made of.
    package let seal: Fr
  }

  /// - Parameters:
  ///   - row: the combination of commitments that is opened.
  ///   - pads: the commitment to the pads.
  package static func verify<Scheme: RowCommitmentScheme>(
    _ statement: Statement, row: Combination, pads: AffinePoint, by scheme: Scheme,
    over channel: inout VerifierChannel
  ) throws(ProofError) -> Obligation<Scheme.Equation> {
    let plan = statement.plan
    let theta = channel.challenge(.productsBatch)
    let maskRow = try channel.receivePoints(1, as: .maskRow)[0]
    let maskPads = try channel.receivePoints(1, as: .maskPads)[0]
    let cross = try channel.receiveBare(2, as: .crossTerms)
    let delta = channel.challenge(.openingChallenge)
    let shown = try channel.receiveBare(plan.opened.count, as: .openedPads)
    let value = try channel.receiveBare(1, as: .openedValue)[0]
    let equation = try scheme.verify(
      statement.masked(shown: shown, value: value),
      row: Combination(
        coefficients: [.one] + row.coefficients.map { delta * $0 }, points: [maskRow] + row.points,
        shared: row.shared.map { delta * $0 }),
      pads: Combination(coefficients: [.one, delta], points: [maskPads, pads]), over: &channel)
    let seal = channel.challenge(.seal)
    try channel.finish()

    var s = [Fr](repeating: .zero, count: plan.cells)
    for (cell, scalar) in zip(plan.opened, shown) { s[cell] = scalar }
    var left = s[plan.mask]
    var power = theta
    for (index, product) in plan.products.enumerated() {
      left += power * (s[product.left] * s[product.right] - delta * s[plan.messages + index])
      power *= theta
    }
    left += delta * (value + inner(s, statement.padWeights))
    guard left == cross[0] + delta * (cross[1] + delta * statement.value) else {
      throw .rejected(.equation)
    }
    return Obligation(equation: equation, seal: seal)
  }

  /// The prover's secrets in an opening.
  package struct Secrets: Sendable {
    /// t and its blinder.
    @Erased package var row: [Fr]
    @Erased package var rowBlinder: Fr
    /// s and its blinder.
    @Erased package var pads: [Fr]
    @Erased package var padBlinder: Fr
    /// d, d_s and their blinders: uniform, never used before.
    @Erased package var rowMask: [Fr]
    @Erased package var rowMaskBlinder: Fr
    @Erased package var padMask: [Fr]
    @Erased package var padMaskBlinder: Fr

    package init(
      row: [Fr], rowBlinder: Fr, pads: [Fr], padBlinder: Fr, rowMask: [Fr], rowMaskBlinder: Fr,
      padMask: [Fr], padMaskBlinder: Fr
    ) {
      self.row = row
      self.rowBlinder = rowBlinder
      self.pads = pads
      self.padBlinder = padBlinder
      self.rowMask = rowMask
      self.rowMaskBlinder = rowMaskBlinder
      self.padMask = padMask
      self.padMaskBlinder = padMaskBlinder
    }
  }

  package static func prove(
    _ statement: Statement, secrets: Secrets, by scheme: some RowCommitter,
    over channel: inout ProverChannel
  ) {
    let plan = statement.plan
    let weights = statement.rowWeights.expanded
    let (s, ds) = (secrets.pads, secrets.padMask)
    let theta = channel.challenge(.productsBatch)
    let masks = scheme.commit([
      CommitmentRow(secrets.rowMask[...], blinder: secrets.rowMaskBlinder),
      scheme.padRow(ds, rowLength: secrets.row.count, blinder: secrets.padMaskBlinder),
    ])
    channel.sendPoints([masks[0]], as: .maskRow)
    channel.sendPoints([masks[1]], as: .maskPads)
    var cross0 = ds[plan.mask]
    var cross1 = s[plan.mask]
    var power = theta
    for (index, product) in plan.products.enumerated() {
      let (a, b) = (product.left, product.right)
      cross0 += power * (ds[a] * ds[b])
      cross1 += power * (ds[a] * s[b] + s[a] * ds[b] - ds[plan.messages + index])
      power *= theta
    }
    cross1 += inner(secrets.rowMask, weights.cells) + inner(ds, statement.padWeights)
    channel.sendBare([cross0, cross1], as: .crossTerms)
    let delta = channel.challenge(.openingChallenge)
    let row = zip(secrets.rowMask, secrets.row).map { $0 + delta * $1 }
    let pads = zip(ds, s).map { $0 + delta * $1 }
    let shown = plan.opened.map { pads[$0] }
    channel.sendBare(shown, as: .openedPads)
    let value =
      inner(row, weights.cells)
      + inner(plan.folded.map { pads[$0] }, plan.folded.map { statement.padWeights[$0] })
    channel.sendBare([value], as: .openedValue)
    scheme.prove(
      statement.masked(shown: shown, value: value, rowWeights: weights),
      row: BlindedRow(
        cells: row, blinder: secrets.rowMaskBlinder + delta * secrets.rowBlinder),
      pads: BlindedRow(
        cells: pads, blinder: secrets.padMaskBlinder + delta * secrets.padBlinder),
      over: &channel)
  }

  private static func inner(_ a: [Fr], _ b: [Fr]) -> Fr {
    var sum = FrAccumulator()
    for i in 0..<min(a.count, b.count) { sum.add(a[i], b[i]) }
    return sum.value
  }
}

extension Opening.Statement {
  /// What is left of it when a verifier knows t' and s' instead of t and s.
  ///
  /// - Parameter weights: ψ, if not as the statement has it.
  fileprivate func masked(
    shown: [Fr], value: Fr, rowWeights weights: RowWeights? = nil
  ) -> MaskedClaim {
    MaskedClaim(
      rowWeights: weights ?? rowWeights, padWeights: padWeights, plan: plan, shown: shown,
      value: value)
  }
}
