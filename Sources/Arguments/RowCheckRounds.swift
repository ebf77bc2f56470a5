import ConstraintSystem
import Field
import Polynomial
import Compute

/// The prover's arithmetic in the row check: one pass over the used pairs (i, i + half) per round.
///
/// The round polynomial is evaluated at 0, 2, …, K + 1 and in its leading coefficient; its value at 1
/// follows from the claim. The limbs' fingerprints of a row are taken two at a time: their product along
/// a pair is a quadratic, as φ₀ is, which three products give at every point. With K = 2 a pair costs 18
/// multiplications and folding it 5, with K = 3 29 and 6.
struct RowCheckRounds {
  private let lookup: RowCheck.Lookup
  /// ρ.
  private let point: [Fr]
  private let inverses: [Fr]
  private let interpolation: Interpolation
  private let kernel: RowKernel
  private var trace: GroupedTable

  init(
    _ columns: consuming RowCheck.Columns, shape: Shape, lookup: RowCheck.Lookup, mu: Fr,
    point: [Fr]
  ) {
    let limbs = shape.system.parameters.limbs
    self.lookup = lookup
    self.point = point
    var inverses = point
    Fr.batchInvert(&inverses)
    self.inverses = inverses
    interpolation = Interpolation(points: RowCheck.degree(limbs: limbs))
    kernel = RowKernel(limbs: limbs, lookup: lookup, mu: mu)
    trace = GroupedTable(
      variables: shape.traceBits, width: RowCheck.Columns.width(limbs: limbs),
      groups: columns.groups, values: columns.rows)
  }

  /// a₁, …, a_d of this round.
  mutating func coefficients(round: Int, claim: Fr) -> [Fr] {
    let weights = SplitEquality(point[(round + 1)...], count: 1 << (trace.variables - 1))
    let (height, kernel) = (trace.height, kernel)
    Meter.count(fieldMultiplications: trace.pairs.count * height * kernel.multiplications)
    let parts = trace.sums(grain: 32) { rows, pairs, range in
      kernel.sums(rows, pairs: pairs, range: range, height: height, weights: weights)
    }
    // values[j] = s(j) for j < degree, where padding counts as everywhere; the leading coefficient stands
    // last.
    var values = [Fr](repeating: kernel.onPadding, count: interpolation.degree) + [.zero]
    for part in parts {
      for j in part.indices { values[j] += part[j] }
    }
    values[1] = (claim - (.one - point[round]) * values[0]) * inverses[round]
    return interpolation.coefficients(values)
  }

  mutating func bind(_ x: Fr) { trace.bind(x) }

  /// The trace columns at r, after the last round, in the order of `RowCheck.Columns`, M being M itself.
  mutating func traceValues() -> [Fr] {
    var values = trace.constants
    values[RowCheck.Columns.multiplier] *=
      (kernel.multiplierScale * lookup.scaledBeta).inverse()
    return values
  }
}

/// From s(0), …, s(d − 1) and the leading coefficient of a polynomial of degree d to its
/// coefficients a₁, …, a_d.
struct Interpolation {
  let degree: Int
  /// Row j: the coefficients of the Lagrange polynomial of point j over 0..<d.
  private let basis: [[Fr]]

  init(points degree: Int) {
    self.degree = degree
    basis = (0..<degree).map { j in
      var polynomial = [Fr.one]
      var scale = Fr.one
      for other in 0..<degree where other != j {
        // polynomial · (X − other)
        var product = [Fr](repeating: .zero, count: polynomial.count + 1)
        let root = Fr(UInt64(other))
        for (power, coefficient) in polynomial.enumerated() {
          product[power + 1] += coefficient
          product[power] = product[power] - coefficient * root
        }
        polynomial = product
        scale *= Fr(UInt64(j)) - root
      }
      let inverse = scale.inverse()
      return polynomial.map { $0 * inverse }
    }
  }

  /// - Parameter values: s(0), …, s(d − 1), then the leading coefficient.
  func coefficients(_ values: [Fr]) -> [Fr] {
    let leading = values[degree]
    var result = [Fr](repeating: .zero, count: degree + 1)
    for j in 0..<degree {
      var power = leading
      for _ in 0..<degree { power *= Fr(UInt64(j)) }
      let value = values[j] - power
      for (index, coefficient) in basis[j].enumerated() {
        result[index] += value * coefficient
      }
    }
    result[degree] = leading
    return Array(result[1...])
  }
}
