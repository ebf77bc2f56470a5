import ConstraintSystem
import Field
import Polynomial

/// The prover's arithmetic in the row check: one pass over the pairs (i, i + half) per round.
///
/// Per pair and evaluation point the trace costs 2K + 4 multiplications, at K + 2 points; folding
/// costs K + 5 per pair. The round polynomial is evaluated at 0, 2, …, K + 1 and in its leading
/// coefficient; its value at 1 follows from the claim.
struct RowCheckRounds {
  private static let maximalFactors = 7

  private let limbs: Int
  private let degree: Int
  private let lookup: RowCheck.Lookup
  private let batch: RowCheck.Batch
  private let traceStart: Int
  private let tableStart: Int
  private let tauInverses: [Fr]
  private let interpolation: Interpolation
  /// Σ eq·F of a side while its variables have not begun; zero for an honest prover.
  private var idleTrace = Fr.zero
  private var idleTable = Fr.zero

  private var accumulator: MultilinearTable
  private var multiplier: MultilinearTable
  private var rescaled: MultilinearTable
  private var fingerprints: [MultilinearTable]
  private var helper: MultilinearTable
  private var multiplicities: MultilinearTable
  private var tableHelper: MultilinearTable
  private var tableFingerprints: MultilinearTable

  init(
    _ columns: RowCheck.Columns, shape: Shape, lookup: RowCheck.Lookup, batch: RowCheck.Batch
  ) {
    let (n, k) = (shape.traceBits, shape.tableBits)
    limbs = shape.system.parameters.limbs
    degree = limbs + 2
    self.lookup = lookup
    self.batch = batch
    traceStart = shape.rowCheckVariables - n
    tableStart = shape.rowCheckVariables - k
    var inverses = batch.point
    Fr.batchInvert(&inverses)
    tauInverses = inverses
    interpolation = Interpolation(points: degree)
    accumulator = MultilinearTable(variables: n, values: columns.accumulator)
    multiplier = MultilinearTable(variables: n, values: columns.multiplier)
    rescaled = MultilinearTable(variables: n, values: columns.rescaled)
    fingerprints = columns.fingerprints.map { MultilinearTable(variables: n, values: $0) }
    helper = MultilinearTable(variables: n, values: columns.helper)
    multiplicities = MultilinearTable(variables: k, values: columns.multiplicities)
    tableHelper = MultilinearTable(variables: k, values: columns.tableHelper)
    tableFingerprints = MultilinearTable(variables: k, values: columns.tableFingerprints)
    if traceStart > 0 { idleTrace = traceSum(at: batch.point[traceStart...]) }
    if tableStart > 0 { idleTable = tableSum(at: batch.point[tableStart...]) }
  }

  /// a₁, …, a_{K+2} of this round.
  mutating func coefficients(round: Int, claim: Fr) -> [Fr] {
    // values[j] = s(j) for j < degree; the leading coefficient stands last.
    var values = [Fr](repeating: .zero, count: degree + 1)
    let rest = batch.point[(round + 1)...]
    if round >= traceStart {
      addTrace(to: &values, rest: rest)
    } else {
      for j in 0..<degree { values[j] += idleTrace }
    }
    if round >= tableStart {
      addTable(to: &values, rest: rest)
    } else {
      for j in 0..<degree { values[j] += idleTable }
    }
    let tau = batch.point[round]
    values[1] = (claim - (.one - tau) * values[0]) * tauInverses[round]
    return interpolation.coefficients(values)
  }

  mutating func bind(_ x: Fr, round: Int) {
    if round >= traceStart {
      accumulator.bind(x)
      multiplier.bind(x)
      rescaled.bind(x)
      helper.bind(x)
      for j in fingerprints.indices { fingerprints[j].bind(x) }
    }
    if round >= tableStart {
      multiplicities.bind(x)
      tableHelper.bind(x)
      tableFingerprints.bind(x)
    }
  }

  struct Values {
    var accumulator: Fr
    var multiplier: Fr
    var rescaled: Fr
    var helper: Fr
    var fingerprints: [Fr]
  }

  /// The trace columns at r, after the last round.
  func traceValues() -> Values {
    Values(
      accumulator: accumulator.values.first ?? .zero,
      multiplier: multiplier.values.first ?? .zero,
      rescaled: rescaled.values.first ?? .zero, helper: helper.values.first ?? .zero,
      fingerprints: fingerprints.map { $0.values.first ?? .zero })
  }

  private typealias Factors = InlineArray<7, Fr>
  private typealias Sums = InlineArray<9, FrAccumulator>

  private func addTrace(to values: inout [Fr], rest: ArraySlice<Fr>) {
    let half = 1 << (accumulator.variables - 1)
    let used = accumulator.values.count
    let weights = Equality.prefix(rest, count: min(half, used))
    let factors = limbs + 1
    let defaults = factorDefaults()
    var sums = Sums(repeating: FrAccumulator())
    var value = Factors(repeating: .zero)
    var delta = Factors(repeating: .zero)
    let (acc, mul, res) = (accumulator.values, multiplier.values, rescaled.values)
    let hel = helper.values
    let phi = fingerprints.map(\.values)
    for i in weights.indices {
      let j = i + half
      let paired = j < used
      var (a, m, w, h) = (acc[i], mul[i], res[i], hel[i])
      let da = paired ? acc[j] - a : -a
      let dm = paired ? mul[j] - m : -m
      let dw = paired ? res[j] - w : -w
      let dh = paired ? hel[j] - h : -h
      h += lookup.helperOnPadding
      var leading = dh
      for f in 0..<factors {
        let low = phi[f][i]
        delta[f] = paired ? phi[f][j] - low : -low
        value[f] = low + defaults[f]
        leading *= delta[f]
      }
      let weight = weights[i]
      for x in 0..<degree {
        if x != 1 {
          var denominator = value[0]
          var numerator = Fr.one
          for f in 1..<factors {
            numerator = numerator * value[f] + denominator
            denominator *= value[f]
          }
          let row = a * m - w + batch.lookups * (h * denominator - numerator)
          sums[x].add(row, weight)
        }
        a += da
        m += dm
        w += dw
        h += dh
        for f in 0..<factors { value[f] += delta[f] }
      }
      sums[degree].add(leading, weight)
    }
    // Per point: acc·M, the fraction's 2K + 1, λ₁ and the weight; then the leading coefficient.
    Meter.count(fieldMultiplications: weights.count * ((degree - 1) * (2 * limbs + 4) + degree))
    for x in 0..<degree { values[x] += sums[x].value }
    values[degree] += batch.lookups * sums[degree].value
  }

  private func factorDefaults() -> Factors {
    var defaults = Factors(repeating: lookup.lowLimb)
    defaults[limbs - 1] = lookup.topLimb
    defaults[limbs] = lookup.alpha
    return defaults
  }

  private func addTable(to values: inout [Fr], rest: ArraySlice<Fr>) {
    let half = 1 << (multiplicities.variables - 1)
    let used = multiplicities.values.count
    let weights = Equality.prefix(rest, count: min(half, used))
    let (count, helper, phi) = (
      multiplicities.values, tableHelper.values, tableFingerprints.values
    )
    var (low, high, leading) = (FrAccumulator(), FrAccumulator(), FrAccumulator())
    var met = 0
    for i in weights.indices {
      let j = i + half
      let (m, g) = (count[i], helper[i])
      let (mHigh, gHigh) = j < used ? (count[j], helper[j]) : (.zero, .zero)
      if m.isZero && g.isZero && mHigh.isZero && gHigh.isZero { continue }
      met += 1
      let p = phi[i] + lookup.alpha
      let pHigh = (j < used ? phi[j] : .zero) + lookup.alpha
      let weight = weights[i]
      low.add(g * p - m, weight)
      high.add(gHigh * pHigh - mHigh, weight)
      leading.add((gHigh - g) * (pHigh - p), weight)
    }
    Meter.count(fieldMultiplications: 6 * met)
    // c₀ + c₁X + c₂X², added at every point.
    let (c0, c2) = (low.value * batch.table, leading.value * batch.table)
    let c1 = high.value * batch.table - c0 - c2
    for x in 0..<degree {
      let point = Fr(UInt64(x))
      values[x] += c0 + point * (c1 + point * c2)
    }
  }

  /// Σ eq(point, ·)·(row and lookup equations) on the cube.
  private func traceSum(at point: ArraySlice<Fr>) -> Fr {
    let weights = Equality.prefix(point, count: accumulator.values.count)
    let defaults = factorDefaults()
    var sum = FrAccumulator()
    for i in weights.indices {
      var denominator = fingerprints[0].values[i] + defaults[0]
      var numerator = Fr.one
      for f in 1...limbs {
        let factor = fingerprints[f].values[i] + defaults[f]
        numerator = numerator * factor + denominator
        denominator *= factor
      }
      let h = helper.values[i] + lookup.helperOnPadding
      let row = accumulator.values[i] * multiplier.values[i] - rescaled.values[i]
      sum.add(row + batch.lookups * (h * denominator - numerator), weights[i])
    }
    Meter.count(fieldMultiplications: weights.count * (2 * limbs + 4))
    return sum.value
  }

  private func tableSum(at point: ArraySlice<Fr>) -> Fr {
    let weights = Equality.prefix(point, count: multiplicities.values.count)
    var sum = FrAccumulator()
    for i in weights.indices {
      let fingerprint = tableFingerprints.values[i] + lookup.alpha
      sum.add(tableHelper.values[i] * fingerprint - multiplicities.values[i], weights[i])
    }
    return sum.value * batch.table
  }
}

/// From s(0), …, s(d − 1) and the leading coefficient of a polynomial of degree d to its
/// coefficients a₁, …, a_d.
struct Interpolation {
  private let degree: Int
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
