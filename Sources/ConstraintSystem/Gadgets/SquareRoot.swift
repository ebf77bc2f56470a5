/// σ = ⌊√T⌋, in limbs.
///
/// **Checks.** E = T − σ² is within 0 ..< 2^w, and 2σ − E within 0 ..< 2^w'.
///
/// **Lemma.** The two say σ² ≤ T ≤ σ² + 2σ, which is T < (σ + 1)², and σ ≥ 0 as a limb's least value is 0 (as would their
/// sum, 2σ ≥ 0): σ = ⌊√T⌋. No T below zero passes. σ is one number, and its limbs one form of it
/// (`GadgetLimbs`); they are what is exported.
///
/// Written down in docs/protocol/gadgets.md#square-root.
package struct SquareRoot: GadgetKind {
  package var radicand: [Term]
  /// The least first.
  package var limbs: [Int]
  /// Of T − σ², and of what is left of 2σ.
  package var remainder: WidthCheck
  package var rest: WidthCheck

  package init(radicand: [Term], limbs: [Int], remainder: WidthCheck, rest: WidthCheck) {
    self.radicand = radicand
    self.limbs = limbs
    self.remainder = remainder
    self.rest = rest
  }

  package var blocks: GadgetBlocks {
    GadgetBlocks(advice: limbs, checks: [remainder.block, rest.block])
  }
  package var exports: [Int] { limbs }

  package func cells(in system: some GadgetSurroundings) -> [Int] {
    system.shape(ofBlock: limbs[0])
  }

  package func forms(in system: some GadgetSurroundings) -> [GadgetForm] {
    [GadgetForm(terms: radicand, shape: cells(in: system), mostFactors: 2)]
  }

  package func parts(in system: some GadgetSurroundings) throws(GadgetFault) -> [GadgetPart] {
    let number = try GadgetLimbs(limbs, in: system)
    let shape = cells(in: system)
    // σ² by pairs of limbs.
    var square: [Term] = []
    for (index, limb) in number.terms.enumerated() {
      square += try [limb].times([limb], rank: shape.count)
      square += try [limb].times(
        Array(number.terms[(index + 1)...]).scaled(2), rank: shape.count)
    }
    let rest = try number.terms.scaled(2) + radicand.negated + square
    return number.parts(in: system) + [
      try remainder.part(shape, radicand + square.negated), try self.rest.part(shape, rest),
    ]
  }

  package func advice(
    from values: [[Int64]], in system: some GadgetSurroundings
  ) throws(AdviceError) -> [[Int64]] {
    guard let number = try? GadgetLimbs(limbs, in: system) else { return [] }
    var roots: [Int64] = []
    for (index, radicand) in values[0].enumerated() {
      guard radicand >= 0 else { throw AdviceError(index: index, reason: .radicand(radicand)) }
      roots.append(Self.root(radicand))
    }
    return try number.values(of: roots)
  }

  /// ⌊√x⌋ of x ≥ 0.
  package static func root(_ radicand: Int64) -> Int64 {
    // Off by one where the double is rounded.
    var root = Int64(Double(radicand).squareRoot())
    while Int128(root) * Int128(root) > Int128(radicand) { root -= 1 }
    while Int128(root + 1) * Int128(root + 1) <= Int128(radicand) { root += 1 }
    return root
  }

  func mapped(_ map: GadgetMap) -> SquareRoot {
    SquareRoot(
      radicand: map(radicand), limbs: limbs.map(map.block), remainder: map(remainder),
      rest: map(rest))
  }
}
