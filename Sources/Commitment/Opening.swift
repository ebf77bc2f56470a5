package import Curve
package import Field
package import Transcript

// Opening: one inner product of committed rows together with the pads, in zero knowledge.
//
//   known    [t] = Σ coefficientᵢ·[rowᵢ] over L generators, [s] over D;  ψ, ω, v
//   claims   <t,ψ> + <s,ω> = v   and   s_p = s_a·s_b for every product cell p
//   V → P    θ
//   P → V    D = [d], D_s = [d_s], d and d_s uniform
//            X₀ = Σ θᵏ d_a d_b + d_z
//            X₁ = Σ θᵏ (d_a s_b + s_a d_b − d_p) + s_z + <d,ψ> + <d_s,ω>
//   V → P    δ
//   P → V    t' = d + δt,  s' = d_s + δs,  their blinders
//   checks   Σ θᵏ (s'_a s'_b − δ s'_p) + s'_z + δ(<t',ψ> + <s',ω>) = X₀ + δX₁ + δ²v
//   owes     [t'] = D + δ[t],  [s'] = D_s + δ[s]: with γ, drawn after all of the above, the one group
//            equation that is returned
//   source   proof of a dot product over Pedersen rows as in [Hyrax]; the pads' products, which
//            [Longfellow] leaves to Ligero's quadratic constraints, ride in the same response
package enum Opening {
  /// What both sides know when the opening begins.
  package struct Statement: Sendable {
    /// ψ: L weights.
    package var rowWeights: [Fr]
    /// ω: D weights.
    package var padWeights: [Fr]
    /// v.
    package var value: Fr
    package var plan: PadPlan

    /// Folds the verifier's equations: <t,ψ> = `claim` and each of `zeros` is zero, batched by
    /// powers of `kappa`.
    package init(
      rowWeights: [Fr], claim: Form, zeros: [Form], kappa: Fr, plan: PadPlan
    ) {
      var weights = [Fr](repeating: .zero, count: plan.cells)
      var constant = Fr.zero
      func add(_ form: Form, scale: Fr) {
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

  /// A commitment whose opening is asked for: Σ coefficient · point.
  package struct Combination: Sendable {
    package var coefficients: [Fr]
    package var points: [AffinePoint]
    package init(coefficients: [Fr], points: [AffinePoint]) {
      self.coefficients = coefficients
      self.points = points
    }
  }

  /// What the verifier is left with when every equation in the field holds.
  package struct Obligation: Sendable {
    /// Nothing is proven before this holds.
    package let equation: GroupEquation
    /// γ: drawn after everything that the equation is made of.
    package let seal: Fr
  }

  /// - Parameters:
  ///   - row: the commitments that the proof brings.
  ///   - shared: coefficients of commitments that are opened along and known beforehand.
  package static func verify(
    _ statement: Statement, row: Combination, shared: [Fr] = [], pads: AffinePoint,
    over channel: inout VerifierChannel
  ) throws(ProofError) -> Obligation {
    let theta = channel.challenge(.productsBatch)
    let maskRow = try channel.receivePoints(1, as: .maskRow)[0]
    let maskPads = try channel.receivePoints(1, as: .maskPads)[0]
    let cross = try channel.receiveBare(2, as: .crossTerms)
    let delta = channel.challenge(.openingChallenge)
    let t = try channel.receiveBare(statement.rowWeights.count, as: .openedRow)
    let s = try channel.receiveBare(statement.padWeights.count, as: .openedPads)
    let blinders = try channel.receiveBare(2, as: .openedBlinders)
    let gamma = channel.challenge(.commitmentsBatch)
    try channel.finish()

    let plan = statement.plan
    var left = s[plan.mask]
    var power = theta
    for (index, product) in plan.products.enumerated() {
      left += power * (s[product.left] * s[product.right] - delta * s[plan.messages + index])
      power *= theta
    }
    left += delta * (inner(t, statement.rowWeights) + inner(s, statement.padWeights))
    guard left == cross[0] + delta * (cross[1] + delta * statement.value) else {
      throw .rejected(.equation)
    }

    // [t'] − D − δ[t] + γ([s'] − D_s − δ[s]) = 0.
    let generators = (0..<max(t.count, s.count)).map { index in
      let own = index < t.count ? t[index] : .zero
      return index < s.count ? own + gamma * s[index] : own
    }
    return Obligation(
      equation: GroupEquation(
        generators: generators, blinding: blinders[0] + gamma * blinders[1],
        shared: shared.map { -(delta * $0) },
        scalars: [-Fr.one, -gamma, -(gamma * delta)] + row.coefficients.map { -(delta * $0) },
        points: [maskRow, maskPads, pads] + row.points),
      seal: gamma)
  }

  /// The prover's secrets in an opening.
  package struct Secrets: Sendable {
    /// t and its blinder.
    package var row: [Fr]
    package var rowBlinder: Fr
    /// s and its blinder.
    package var pads: [Fr]
    package var padBlinder: Fr
    /// d, d_s and their blinders: uniform, never used before.
    package var rowMask: [Fr]
    package var rowMaskBlinder: Fr
    package var padMask: [Fr]
    package var padMaskBlinder: Fr

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
    _ statement: Statement, secrets: Secrets, over channel: inout ProverChannel
  ) {
    let plan = statement.plan
    let (s, ds) = (secrets.pads, secrets.padMask)
    let theta = channel.challenge(.productsBatch)
    let masks = commit([
      (.scalars(secrets.rowMask), secrets.rowMaskBlinder),
      (.scalars(ds), secrets.padMaskBlinder),
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
    cross1 += inner(secrets.rowMask, statement.rowWeights) + inner(ds, statement.padWeights)
    channel.sendBare([cross0, cross1], as: .crossTerms)
    let delta = channel.challenge(.openingChallenge)
    channel.sendBare(zip(secrets.rowMask, secrets.row).map { $0 + delta * $1 }, as: .openedRow)
    channel.sendBare(zip(ds, s).map { $0 + delta * $1 }, as: .openedPads)
    channel.sendBare(
      [
        secrets.rowMaskBlinder + delta * secrets.rowBlinder,
        secrets.padMaskBlinder + delta * secrets.padBlinder,
      ], as: .openedBlinders)
  }

  private static func inner(_ a: [Fr], _ b: [Fr]) -> Fr {
    var sum = FrAccumulator()
    for i in 0..<min(a.count, b.count) { sum.add(a[i], b[i]) }
    return sum.value
  }
}
