/// R = ⌊N / D⌋, in limbs: a reciprocal ⌊2^B / D⌋ that a row of values shares, or a quotient of two sums.
///
/// **Checks.** E = N − R·D is within 0 ..< 2^w, and D − 1 − E within 0 ..< 2^w'.
///
/// **Lemma.** 0 ≤ E ≤ D − 1 says that R is ⌊N / D⌋ and D ≥ 1: no D below one passes, whatever R is. R
/// is one number, and its limbs one form of it (`GadgetLimbs`); they are what is exported.
///
/// Widths say nothing of R; of values whose E or D − 1 − E is wider there is no proof. A maker of keys
/// sees to it that N and D of every declared input have a quotient that the limbs hold.
///
/// Written down in docs/protocol/gadgets.md#quotient.
package struct Quotient: GadgetKind {
  package var numerator: [Term]
  /// Terms of one view at most.
  package var denominator: [Term]
  /// The least first.
  package var limbs: [Int]
  /// Of E, and of D − 1 − E.
  package var remainder: WidthCheck
  package var rest: WidthCheck

  package init(
    numerator: [Term], denominator: [Term], limbs: [Int], remainder: WidthCheck, rest: WidthCheck
  ) {
    self.numerator = numerator
    self.denominator = denominator
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
    let shape = cells(in: system)
    return [
      GadgetForm(terms: numerator, shape: shape, mostFactors: 2),
      GadgetForm(terms: denominator, shape: shape, mostFactors: 1),
    ]
  }

  package func parts(in system: some GadgetSurroundings) throws(GadgetFault) -> [GadgetPart] {
    let number = try GadgetLimbs(limbs, in: system)
    let shape = cells(in: system)
    let product = try number.terms.times(denominator, rank: shape.count)
    let rest = try denominator + numerator.negated + product + .constant(-1)
    return number.parts(in: system) + [
      try remainder.part(shape, numerator + product.negated), try self.rest.part(shape, rest),
    ]
  }

  package func advice(
    from values: [[Int64]], in system: some GadgetSurroundings
  ) throws(AdviceError) -> [[Int64]] {
    guard let number = try? GadgetLimbs(limbs, in: system) else { return [] }
    var quotients: [Int64] = []
    for (index, (numerator, denominator)) in zip(values[0], values[1]).enumerated() {
      guard denominator >= 1 else {
        throw AdviceError(index: index, reason: .denominator(denominator))
      }
      let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
      let floor = remainder < 0 ? quotient - 1 : quotient
      guard floor >= 0 else { throw AdviceError(index: index, reason: .negativeQuotient(floor)) }
      quotients.append(floor)
    }
    return try number.values(of: quotients)
  }

  func mapped(_ map: GadgetMap) -> Quotient {
    Quotient(
      numerator: map(numerator), denominator: map(denominator), limbs: limbs.map(map.block),
      remainder: map(remainder), rest: map(rest))
  }
}
