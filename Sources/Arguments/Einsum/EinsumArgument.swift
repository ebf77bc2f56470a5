import ArgumentKernels
package import ConstraintSystem
package import Field
import Polynomial
import Compute
package import Transcript

// Relations (argument B): each block's accumulators are the sums that the circuit says.
//
//   acc(r) = Σ_blocks eq(r_hi, offset)·rel(r_lo),  rel a sum of terms
//   no view     a public constant on the block's cells, which leaves the sum before anything is sent
//   one view    a linear claim; all of them one padded scalar. Of a view through an input the circuit is that of
//               key and statement, which is absorbed before anything is committed to
//   two views   Σ_{s,t} A(s,t)·B(s,t), s the summed labels, t the output labels that both read;
//               A, B contracted over the labels that they alone read; eq(r_t, t) is A's
//   P → V       the linear part;  rounds of degree 2 for all T two-view terms at once
//   a term with fewer variables uses the last challenges and counts 2^−missing
//   merged      of these rounds Σⱼ aⱼ·bⱼ is left, aⱼ and bⱼ what A and B of term j are at the end, aⱼ times its
//               coefficient and 2^−missing;  ⌈log₂ T⌉ further rounds of degree 2 over j, the highest bit first,
//               terms in the order of blocks and in a block's own; terms beyond T are zero
//   P → V       a* = Σⱼ eq(z, j)·aⱼ and b* = Σⱼ eq(z, j)·bⱼ, z the point of those
//   owes        the claims returned: a* and b* are linear in y and the model
//   soundness   2(R + ⌈log₂ T⌉) / |F| for the longest term's R variables: aⱼ and bⱼ are what they are before
//               the first of the rounds over j
//   source      sum-check for matrix products [Thaler13]
//
// Written down in docs/protocol/arguments.md#relations.
package enum EinsumArgument {
  private static let labels: Sumcheck.Labels = (.einsumRound, .einsumChallenge)
  private static let termLabels: Sumcheck.Labels = (.einsumTermRound, .einsumTermChallenge)

  /// A two-view term with the labels of its block split by who reads them.
  package struct Contracted: Sendable {
    package let first: TensorAccess
    package let second: TensorAccess
    /// Weights of the labels that only the first, only the second reads.
    package let firstWeights: LabelWeights
    package let secondWeights: LabelWeights
    /// Summed labels, then shared ones.
    package let summed: [KeptLabel]
    package let shared: [KeptLabel]
    /// eq(r_t, ·) of the shared labels.
    package let sharedWeights: LabelWeights
    package let coefficient: Fr

    package var kept: [KeptLabel] { summed + shared }
    package var variables: Int { kept.reduce(0) { $0 + $1.bits } }
  }

  /// The terms of all blocks: what the public constants come to, linear functionals, and what needs the
  /// sum-check.
  package static func terms(
    _ system: ConstraintSystem, blocks: [BlockWeights]
  ) -> (constant: Fr, linear: [LinearFunctional], contracted: [Contracted]) {
    var (constant, linear, contracted) = (Fr.zero, [LinearFunctional](), [Contracted]())
    for (block, weights) in zip(system.blocks, blocks) {
      let rank = block.shape.count
      let output = weights.labels
      let coefficients = block.relation.filter(\.factors.isEmpty).map { Fr($0.coefficient) }
      if !coefficients.isEmpty {
        constant += weights.indicator * coefficients.reduce(.zero, +)
        OperationCounter.count(overKey: block.shape.count + 1)
      }
      for term in block.relation where !term.factors.isEmpty {
        let coefficient = weights.scale * Fr(term.coefficient)
        let summed = term.summed.enumerated().map {
          KeptLabel(label: rank + $0, extent: $1)
        }
        guard term.factors.count == 2 else {
          var labels = output
          for label in summed {
            labels[label.label] = [Fr](repeating: .one, count: label.extent)
          }
          linear += system.functionals(
            term.factors[0], labels: labels, sums: weights.sums, coefficient: coefficient)
          continue
        }
        let (first, second) = (Set(term.factors[0].labels), Set(term.factors[1].labels))
        let both = first.intersection(second)
        let neither = (0..<rank).filter { !first.contains($0) && !second.contains($0) }
        contracted.append(
          Contracted(
            first: term.factors[0], second: term.factors[1],
            firstWeights: output.filter { first.contains($0.key) && !both.contains($0.key) },
            secondWeights: output.filter { second.contains($0.key) && !both.contains($0.key) },
            summed: summed,
            shared: (0..<rank).filter(both.contains).map {
              KeptLabel(label: $0, extent: block.shape[$0])
            },
            sharedWeights: output.filter { both.contains($0.key) },
            coefficient: neither.reduce(coefficient) { $0 * weights.sums[$1] }))
      }
    }
    return (constant, linear, contracted)
  }

  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, rows: RowArgument.Outcome, over channel: inout C
  ) throws(ProofError) -> [LinearClaim] {
    let (constant, linear, contracted) = terms(shape.system, blocks: rows.blocks)
    var claims: [LinearClaim] = []
    var remaining = rows.accumulator - constant
    if !linear.isEmpty {
      let value = try channel.receive(1, as: .einsumLinear)[0]
      claims.append(LinearClaim(value, linear))
      remaining = remaining - value
    }
    guard !contracted.isEmpty else {
      channel.require(zero: remaining)
      return claims
    }
    let rounds = contracted.reduce(0) { max($0, $1.variables) }
    OperationCounter.count(overKey: contracted.reduce(0) { $0 + rounds - $1.variables + 12 })
    let (point, value) = try Sumcheck.verify(
      remaining, rounds: rounds, degree: 2, labels: labels, over: &channel)
    let (index, merged) = try Sumcheck.verify(
      value, rounds: ceilLog2(contracted.count), degree: 2, labels: termLabels, over: &channel)
    var (first, second) = ([LinearFunctional](), [LinearFunctional]())
    for (term, weight) in zip(contracted, Equality.prefix(index[...], count: contracted.count)) {
      var (a, b) = functionals(term, at: Array(point.suffix(term.variables)), in: shape.system)
      a.coefficient *= weight * term.coefficient * missing(rounds - term.variables)
      b.coefficient *= weight
      first.append(a)
      second.append(b)
    }
    let received = try channel.receive(2, as: .einsumClaims)
    claims.append(LinearClaim(received[0], first))
    claims.append(LinearClaim(received[1], second))
    channel.require(zero: channel.product(received[0], received[1]) - merged)
    return claims
  }

  /// What A and B at the end of the rounds are, as functionals of their sources.
  package static func functionals(
    _ term: Contracted, at point: [Fr], in system: ConstraintSystem
  ) -> (LinearFunctional, LinearFunctional) {
    var (first, second) = (term.firstWeights, term.secondWeights)
    var position = 0
    for label in term.kept {
      let eq = Equality.prefix(point[position..<position + label.bits], count: label.extent)
      position += label.bits
      OperationCounter.count(overKey: 2 * label.extent)
      second[label.label] = eq
      if let weights = term.sharedWeights[label.label] {
        first[label.label] = zip(eq, weights).map { $0 * $1 }
      } else {
        first[label.label] = eq
      }
    }
    return (
      system.functional(term.first, labels: first, coefficient: .one),
      system.functional(term.second, labels: second, coefficient: .one)
    )
  }

  private static func missing(_ variables: Int) -> Fr {
    (0..<variables).reduce(Fr.one) { product, _ in product * Sumcheck.half }
  }

  package static func prove(
    _ shape: CircuitDimensions, rows: RowArgument.Outcome, accumulator: Fr, sources: ViewSources,
    over channel: inout ProverChannel
  ) throws(ProofError) {
    let system = shape.system
    let (constant, linear, contracted) = terms(system, blocks: rows.blocks)
    let accumulator = accumulator - constant
    let pairs = inParallel(each: contracted.count) { index in
      let term = contracted[index]
      return ProductPair(
        variables: term.variables,
        Contraction.table(
          of: term.first, in: system, sources: sources, weights: term.firstWeights,
          kept: term.kept, factors: term.sharedWeights),
        Contraction.table(
          of: term.second, in: system, sources: sources, weights: term.secondWeights,
          kept: term.kept, factors: [:]))
    }
    var remaining = accumulator
    if !linear.isEmpty {
      // The linear part by what the others leave: acc(r) less constants and two-view terms. A lying
      // accumulator is a lying linear claim, and C refuses it.
      var value = accumulator
      for (term, pair) in zip(contracted, pairs) { value = value - term.coefficient * pair.sum }
      channel.send([value], as: .einsumLinear)
      remaining = remaining - value
    }
    guard !contracted.isEmpty else { return }
    let rounds = contracted.reduce(0) { max($0, $1.variables) }
    let scales = contracted.map { $0.coefficient * missing(rounds - $0.variables) }
    // Consumed, so that each table is in one place when it is folded.
    var products = RelationRounds(variables: rounds, pairs: consume pairs, scales: scales)
    _ = try Sumcheck.prove(remaining, of: &products, rounds: rounds, labels: labels, over: &channel)
    let terms = ceilLog2(contracted.count)
    let ends = zip(products.factors, scales)
    var merged = RelationRounds(
      variables: terms,
      pairs: [
        ProductPair(variables: terms, ends.map { $0.0 * $1 }, ends.map { pair, _ in pair.1 })
      ],
      scales: [.one])
    _ = try Sumcheck.prove(
      merged.sum, of: &merged, rounds: terms, labels: termLabels, over: &channel)
    for (first, second) in merged.factors { channel.send([first, second], as: .einsumClaims) }
  }
}

/// The prover's arithmetic in the relations: the products of all two-view terms side by side. A
/// term with fewer variables than another begins in a later round.
private struct RelationRounds: SumcheckPolynomial {
  /// Variables not yet bound.
  private var remaining: Int
  private var pairs: [ProductPair]
  private let scales: [Fr]

  init(variables: Int, pairs: consuming [ProductPair], scales: [Fr]) {
    remaining = variables
    self.pairs = pairs
    self.scales = scales
  }

  mutating func message(claim: Fr) -> [Fr] {
    var (a1, a2) = (Fr.zero, Fr.zero)
    for (pair, scale) in zip(pairs, scales) where remaining <= pair.variables {
      let (b1, b2) = pair.coefficients()
      a1 += b1 * scale
      a2 += b2 * scale
    }
    return [a1, a2]
  }

  mutating func bind(_ x: Fr) {
    for index in pairs.indices where remaining <= pairs[index].variables {
      pairs[index].bind(x)
    }
    remaining -= 1
  }

  var sum: Fr {
    zip(pairs, scales).reduce(.zero) { $0 + $1.1 * $1.0.sum }
  }

  /// A and B of each term when no variable is left.
  var factors: [(Fr, Fr)] { pairs.map { ($0.first, $0.second) } }
}
