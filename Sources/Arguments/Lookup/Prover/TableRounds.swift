import ArgumentKernels
import Compute
import Field
import Polynomial

/// The rounds of Σ eq(τ, x)·(g·φ_T − m) on the last variables of a zero-check that has others besides.
struct TableRounds {
  /// The coefficients of X and X² of a round's polynomial.
  struct Coefficients {
    var linear: Fr
    var leading: Fr

    static func * (a: Coefficients, k: Fr) -> Coefficients {
      Coefficients(linear: a.linear * k, leading: a.leading * k)
    }
  }

  private var columns: SparseMultilinear
  private let alpha: Fr
  private let point: [Fr]
  private let pointInverses: [Fr]
  /// What is left of the sum: zero for an honest prover.
  private var claim = Fr.zero
  private var low = Fr.zero
  private var sent = Coefficients(linear: .zero, leading: .zero)

  /// - Parameters:
  ///   - values: m, g, φ_T − α, as far as they are used.
  ///   - point: τ.
  init(_ values: consuming [Fr], variables: Int, alpha: Fr, point: [Fr]) {
    let width = InverseArgument.Columns.width
    let groups = HeldBlocks(covering: [0..<values.count / width])
    let missing = width * groups.rows - values.count
    if missing > 0 { values += [Fr](repeating: .zero, count: missing) }
    columns = SparseMultilinear(
      variables: variables, width: width, groups: groups, values: values)
    (self.alpha, self.point) = (alpha, point)
    var inverses = point
    Fr.batchInvert(&inverses)
    pointInverses = inverses
    let alone = columns.alone
    claim =
      FractionKernel.inverseSums(
        columns.values.span, pairs: alone.span, range: alone.indices,
        height: min(HeldBlocks.height, 1 << variables),
        weights: SplitEquality(point.suffix(variables), count: 1 << variables), constant: alpha
      ).low
  }

  mutating func message(remaining: Int) -> Coefficients {
    guard remaining <= columns.variables else { return Coefficients(linear: .zero, leading: .zero) }
    let round = point.count - remaining
    let rest = point[(round + 1)...]
    let weights = SplitEquality(rest, count: 1 << rest.count)
    let (height, alpha) = (columns.height, alpha)
    OperationCounter.count(fieldMultiplications: 4 * columns.pairs.count * height)
    let sums = columns.sums(grain: 64) { rows, pairs, range in
      FractionKernel.inverseSums(
        rows, pairs: pairs, range: range, height: height, weights: weights, constant: alpha)
    }.reduce(.zero, +)
    let found = Sumcheck.quadratic(
      low: sums.low, leading: sums.leading, claim: claim, tau: point[round],
      inverse: pointInverses[round])
    low = sums.low
    sent = Coefficients(linear: found[0], leading: found[1])
    return sent
  }

  mutating func bind(_ x: Fr, remaining: Int) {
    guard remaining <= columns.variables else { return }
    claim = low + x * (sent.linear + x * sent.leading)
    columns.bind(x)
  }
}
