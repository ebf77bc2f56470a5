package import Curve
package import Field
package import ProofSizes
package import Transcript

// Opening: one inner product of committed rows together with the pads, in zero knowledge.
//
//   known    [t] = Σ coefficientᵢ·[rowᵢ] over G_1..G_L, [s] over the D generators behind;  ψ, ω, v
//   claims   <t,ψ> + <s,ω> = v   and   s_p = s_a·s_b for every product cell p
//   V → P    θ
//   P → V    D = [d], D_s = [d_s], d and d_s uniform
//            X₀ = Σ θᵏ d_a d_b + d_z
//            X₁ = Σ θᵏ (d_a s_b + s_a d_b − d_p) + s_z + <d,ψ> + <d_s,ω>
//   V → P    δ;  t' = d + δt,  s' = d_s + δs
//   P → V    the cells s'_a, s'_b, s'_p, s'_z;  u = <t',ψ> + <s',ω> over t' and the other cells
//   checks   Σ θᵏ (s'_a s'_b − δ s'_p) + s'_z + δ(u + <s',ω> over the cells shown) = X₀ + δX₁ + δ²v
//   V → P    γ
//   P → V    the blinder b of (D + δ[t]) + γ(D_s + δ[s]) = [t'] + γ[s']
//   both     InnerProduct of (t', γs') with (γψ, ω), which is γu: the group equation that is returned
//   γ        what [s] holds on the rows' generators counts γ² in that inner product, what [t] holds on
//            the pads' counts 1; as u was said before, neither can make up for anything
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

    /// Of the inner product's cells, t' and those of s' that are not shown: their generators' places,
    fileprivate var generators: [Int] {
      Array(rowWeights.indices) + plan.summed.map { rowWeights.count + $0 }
    }
    /// and their weights (γψ, ω).
    fileprivate func weights(_ gamma: Fr) -> [Fr] {
      rowWeights.map { gamma * $0 } + plan.summed.map { padWeights[$0] }
    }
  }

  /// Points and scalars of an opening.
  package static func size(rowLength: Int, plan: PadPlan) -> OpeningSize {
    OpeningSize(rowLength: rowLength, shown: plan.shown.count, summed: plan.summed.count)
  }

  /// A commitment to pads, over the generators behind those of rows.
  package static func padRow(_ pads: [Fr], rowLength: Int) -> RowCells {
    .scalars([Fr](repeating: .zero, count: rowLength) + pads)
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
    package var equation: GroupEquation
    /// Drawn after everything that the equation is made of.
    package let seal: Fr
  }

  /// - Parameters:
  ///   - row: the commitments that the proof brings.
  ///   - shared: coefficients of commitments that are opened along and known beforehand.
  package static func verify(
    _ statement: Statement, row: Combination, shared: [Fr] = [], pads: AffinePoint,
    over channel: inout VerifierChannel
  ) throws(ProofError) -> Obligation {
    let plan = statement.plan
    let length = statement.rowWeights.count
    let theta = channel.challenge(.productsBatch)
    let maskRow = try channel.receivePoints(1, as: .maskRow)[0]
    let maskPads = try channel.receivePoints(1, as: .maskPads)[0]
    let cross = try channel.receiveBare(2, as: .crossTerms)
    let delta = channel.challenge(.openingChallenge)
    let shown = try channel.receiveBare(plan.shown.count, as: .openedPads)
    let value = try channel.receiveBare(1, as: .openedValue)[0]
    let gamma = channel.challenge(.commitmentsBatch)
    let blinder = try channel.receiveBare(1, as: .openedBlinder)[0]
    let (scale, rest) = try InnerProduct.verify(
      value: gamma * value, weights: statement.weights(gamma), generators: statement.generators,
      over: &channel)
    let seal = channel.challenge(.seal)
    try channel.finish()

    var s = [Fr](repeating: .zero, count: plan.cells)
    for (cell, scalar) in zip(plan.shown, shown) { s[cell] = scalar }
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

    // What the inner product is of: D + δ[t] + γ(D_s + δ[s]), less the cells shown and the blinder.
    let summed = GroupEquation(
      generators: [Fr](repeating: .zero, count: length) + s.map { -(gamma * $0) },
      blinding: -blinder, shared: shared.map { delta * $0 },
      scalars: [.one, gamma, gamma * delta] + row.coefficients.map { delta * $0 },
      points: [maskRow, maskPads, pads] + row.points)
    var equation = rest
    equation.add(summed, times: scale)
    return Obligation(equation: equation, seal: seal)
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
      (padRow(ds, rowLength: secrets.row.count), secrets.padMaskBlinder),
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
    let row = zip(secrets.rowMask, secrets.row).map { $0 + delta * $1 }
    let pads = zip(ds, s).map { $0 + delta * $1 }
    channel.sendBare(plan.shown.map { pads[$0] }, as: .openedPads)
    let summed = plan.summed.map { pads[$0] }
    let value =
      inner(row, statement.rowWeights) + inner(summed, plan.summed.map { statement.padWeights[$0] })
    channel.sendBare([value], as: .openedValue)
    let gamma = channel.challenge(.commitmentsBatch)
    let blinder =
      secrets.rowMaskBlinder + delta * secrets.rowBlinder
      + gamma * (secrets.padMaskBlinder + delta * secrets.padBlinder)
    channel.sendBare([blinder], as: .openedBlinder)
    InnerProduct.prove(
      row + summed.map { gamma * $0 }, weights: statement.weights(gamma),
      generators: statement.generators, over: &channel)
  }

  private static func inner(_ a: [Fr], _ b: [Fr]) -> Fr {
    var sum = FrAccumulator()
    for i in 0..<min(a.count, b.count) { sum.add(a[i], b[i]) }
    return sum.value
  }
}
