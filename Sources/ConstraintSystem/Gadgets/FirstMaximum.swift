/// The first place of the largest of L values, as a one-hot vector u, the export.
///
/// **Checks.** Σ u is 1, and for all j   Σ_i u_i·x_i − x_j − Σ_(i > j) u_i   is within 0 ..< 2^w.
///
/// **Lemma.** u is one place h, as its values are 0 and 1. The last sum is 1 for the j before h and 0 for others: x_h is at least
/// every x, and above all that stand before it. There is one such place.
///
/// The index h is a sum besides, as everyone may write it: Σ_j Σ_(i > j) u_i.
///
/// Written down in docs/protocol/gadgets.md#first-maximum.
package struct FirstMaximum: GadgetKind {
  /// x, over the gadget's axes and a last one of L: terms of one view at most.
  package var values: [Term]
  package var places: Int
  package var one: Int
  package var bound: WidthCheck

  package init(values: [Term], places: Int, one: Int, bound: WidthCheck) {
    self.values = values
    self.places = places
    self.one = one
    self.bound = bound
  }

  package var blocks: GadgetBlocks { GadgetBlocks(advice: [places], checks: [one, bound.block]) }
  package var exports: [Int] { [places] }

  package func cells(in system: some GadgetSurroundings) -> [Int] {
    Array(system.shape(ofBlock: places).dropLast())
  }

  package func forms(in system: some GadgetSurroundings) -> [GadgetForm] {
    [GadgetForm(terms: values, shape: system.shape(ofBlock: places), mostFactors: 1)]
  }

  package func parts(in system: some GadgetSurroundings) throws(GadgetFault) -> [GadgetPart] {
    let shape = system.shape(ofBlock: places)
    guard let count = shape.last else { throw .shape(places) }
    let rank = shape.count - 1
    let u = TensorAccess.block(places, rank: rank + 1)
    // Σ_i u_i·x_i, i being the first summed label.
    let chosen = values.map { term in
      Term(
        coefficient: term.coefficient, summed: [count] + term.summed,
        factors: term.factors.map { $0.relabelled { $0 < rank ? $0 : $0 + 1 } }
          + [.block(places, rank: rank, .label(rank + 1))])
    }
    let after = AffineIndex(
      steps: [.init(label: rank, stride: 1), .init(label: rank + 1, stride: 1)], constant: 1)
    let before =
      count == 1
      ? []
      : [
        Term(
          coefficient: -1, summed: [count - 1], factors: [.block(places, rank: rank, after)])
      ]
    return [
      GadgetPart(
        block: places, shape: shape, rule: .advice(0...1), relation: [Term(factors: [u])]),
      GadgetPart(
        block: one, shape: Array(shape.dropLast()), rule: .zero,
        relation: [Term(summed: [count], factors: [u])] + .constant(-1)),
      try bound.part(shape, chosen + values.negated + before),
    ]
  }

  package func advice(
    from values: [[Int64]], in system: some GadgetSurroundings
  ) throws(AdviceError) -> [[Int64]] {
    let count = system.shape(ofBlock: places).last ?? 1
    var hot = [Int64](repeating: 0, count: values[0].count)
    for start in stride(from: 0, to: hot.count, by: count) {
      let place = values[0].firstLargest(of: Array(0..<count), from: start)
      hot[start + (place ?? 0)] = 1
    }
    return [hot]
  }

  func mapped(_ map: GadgetMap) -> FirstMaximum {
    FirstMaximum(
      values: map(values), places: map.block(places), one: map.block(one), bound: map(bound))
  }
}
