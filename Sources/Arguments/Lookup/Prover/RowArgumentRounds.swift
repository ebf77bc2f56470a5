import ArgumentKernels
import ConstraintSystem
import Field
import Polynomial
import Compute

/// The prover's arithmetic in the row argument: one pass over the used pairs (i, i + half) per round.
///
/// The round polynomial is evaluated at 0, 2, …, K + 1 and in its leading coefficient; its value at
/// 1 follows from the claim. The limbs' fingerprints of a row are taken two at a time: their
/// product along a pair is a quadratic, as φ₀ is, which three products give at every point. A pair
/// costs 18 multiplications with K = 2 and folding it 5, with K = 3 29 and 6.
struct RowArgumentRounds: SumcheckPolynomial {
  private let lookup: LookupChallenges
  /// ρ.
  private let point: [Fr]
  private let inverses: [Fr]
  private let interpolation: Interpolation
  private let kernel: RowKernel
  private var trace: SparseMultilinear

  init(
    _ columns: consuming RowArgument.Columns, shape: CircuitDimensions, lookup: LookupChallenges,
    mu: Fr,
    point: [Fr]
  ) {
    let limbs = shape.system.parameters.limbs
    self.lookup = lookup
    self.point = point
    var inverses = point
    Fr.batchInvert(&inverses)
    self.inverses = inverses
    interpolation = Interpolation(points: RowArgument.degree(limbs: limbs))
    kernel = RowKernel(limbs: limbs, lookup: lookup, mu: mu)
    trace = SparseMultilinear(
      variables: shape.traceBits, width: RowLayout.width(limbs: limbs),
      groups: columns.groups, values: columns.rows)
  }

  mutating func message(claim: Fr) -> [Fr] {
    let round = point.count - trace.variables
    let weights = SplitEquality(point[(round + 1)...], count: 1 << (trace.variables - 1))
    let (height, kernel) = (trace.height, kernel)
    OperationCounter.count(
      fieldMultiplications: trace.pairs.count * height * kernel.multiplications)
    let parts = trace.sums(grain: 32) { rows, pairs, range in
      kernel.sums(rows, pairs: pairs, range: range, height: height, weights: weights)
    }
    // values[j] = s(j) for j < degree, where padding counts as everywhere; the leading coefficient
    // comes last.
    var values = [Fr](repeating: kernel.onPadding, count: interpolation.degree) + [.zero]
    for part in parts {
      for j in part.indices { values[j] += part[j] }
    }
    values[1] = (claim - (.one - point[round]) * values[0]) * inverses[round]
    return interpolation.coefficients(values)
  }

  mutating func bind(_ x: Fr) { trace.bind(x) }

  /// The trace columns at r, after the last round, in the order of `RowArgument.Columns`, M being M
  /// itself.
  mutating func traceValues() -> [Fr] {
    var values = trace.constants
    values[RowLayout.multiplier] *=
      (kernel.multiplierScale * lookup.scaledBeta).inverse()
    return values
  }
}
