import ConstraintSystem
import Field
import Polynomial

/// The prover's arithmetic in the row check: one pass over the used pairs (i, i + half) per round.
///
/// The round polynomial is evaluated at 0, 2, …, K + 2 and in its leading coefficient; its value at 1
/// follows from the claim. The limbs' fingerprints of a row are taken two at a time: their product along
/// a pair is a quadratic, as φ₀ is, which three products give at every point. With K = 2 a pair costs 21
/// multiplications and folding it 6, with K = 3 33 and 7.
struct RowCheckRounds {
  /// Of each round.
  private let degrees: [Int]
  private let lookup: RowCheck.Lookup
  private let batch: RowCheck.Batch
  private let traceStart: Int
  private let tableStart: Int
  private let tauInverses: [Fr]
  /// Of the trace's rounds, and of those before.
  private let interpolation: Interpolation
  private let tableInterpolation = Interpolation(points: 2)
  private let kernel: RowKernel
  /// Σ eq·F of a side while its variables have not begun; zero for an honest prover.
  private var idleTrace = Fr.zero
  private var idleTable = Fr.zero

  private var trace: GroupedTable
  private var table: MultilinearTable

  init(
    _ columns: consuming RowCheck.Columns, shape: Shape, lookup: RowCheck.Lookup,
    batch: RowCheck.Batch
  ) {
    let (n, k) = (shape.traceBits, shape.tableBits)
    let limbs = shape.system.parameters.limbs
    degrees = RowCheck.degrees(shape)
    self.lookup = lookup
    self.batch = batch
    traceStart = shape.rowCheckVariables - n
    tableStart = shape.rowCheckVariables - k
    var inverses = batch.point
    Fr.batchInvert(&inverses)
    tauInverses = inverses
    interpolation = Interpolation(points: RowCheck.degree(limbs: limbs))
    kernel = RowKernel(limbs: limbs, lookup: lookup)
    let width = RowCheck.Columns.width(limbs: limbs)
    trace = GroupedTable(
      variables: n, width: width, groups: columns.groups, values: columns.rows)
    table = MultilinearTable(
      variables: k, width: RowCheck.Columns.tableWidth, values: columns.table)
    if traceStart > 0 { idleTrace = traceSum(at: batch.point[traceStart...]) }
    if tableStart > 0 { idleTable = tableSum(at: batch.point[tableStart...]) }
  }

  /// a₁, …, a_d of this round.
  mutating func coefficients(round: Int, claim: Fr) -> [Fr] {
    let degree = degrees[round]
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
    return (round < traceStart ? tableInterpolation : interpolation).coefficients(values)
  }

  mutating func bind(_ x: Fr, round: Int) {
    if round >= traceStart { trace.bind(x) }
    if round >= tableStart { table.bind(x) }
  }

  /// The trace columns at r, after the last round, in the order of `RowCheck.Columns`, M being M itself.
  mutating func traceValues() -> [Fr] {
    var values = trace.constants
    values[RowCheck.Columns.multiplier] *=
      (kernel.scales.multiplier * lookup.scaledBeta).inverse()
    values[RowCheck.Columns.helper] *= kernel.scales.helper.inverse()
    return values
  }

  private mutating func addTrace(to values: inout [Fr], rest: ArraySlice<Fr>) {
    let weights = SplitEquality(rest, count: 1 << (trace.variables - 1))
    let (height, kernel) = (trace.height, kernel)
    Meter.count(fieldMultiplications: trace.pairs.count * height * kernel.multiplications)
    let parts = trace.sums(grain: 32) { rows, pairs, range in
      kernel.sums(rows, pairs: pairs, range: range, height: height, weights: weights)
    }
    for part in parts {
      for j in part.indices { values[j] += part[j] }
    }
  }

  /// Adds c₀ + c₁X + c₂X² at every point, given its values at 0 and 1 and c₂; the last of the values is the
  /// leading coefficient.
  private func addQuadratic(_ low: Fr, _ high: Fr, _ square: Fr, to values: inout [Fr]) {
    let slope = high - low - square
    let degree = values.count - 1
    for x in 0..<degree {
      let point = Fr(UInt64(x))
      values[x] += low + point * (slope + point * square)
    }
    if degree == 2 { values[degree] += square }
  }

  private func addTable(to values: inout [Fr], rest: ArraySlice<Fr>) {
    let half = 1 << (table.variables - 1)
    let pairs = min(half, table.used)
    let weights = SplitEquality(rest, count: pairs)
    let (cells, alpha) = (table.values, lookup.alpha)
    let parts = inParallel(count: pairs, grain: 128) { range in
      Self.tableSums(cells.span, half: half, range: range, weights: weights, alpha: alpha)
    }
    var (low, high, square) = (Fr.zero, Fr.zero, Fr.zero)
    for part in parts {
      (low, high, square) = (low + part.low, high + part.high, square + part.square)
    }
    addQuadratic(
      low * batch.table, high * batch.table, square * batch.table, to: &values)
  }

  /// Σ weight·(g·φ_T − m) at 0 and at 1, and its leading coefficient.
  private static func tableSums(
    _ cells: Span<Fr>, half: Int, range: Range<Int>, weights: SplitEquality, alpha: Fr
  ) -> (low: Fr, high: Fr, square: Fr) {
    let width = RowCheck.Columns.tableWidth
    let used = cells.count / width
    let mask = 1 << weights.bits - 1
    let near = weights.low.span
    var result = (low: Fr.zero, high: Fr.zero, square: Fr.zero)
    var met = 0
    weights.forEachRun(range) { run, weight in
      var (low, high, square) = (FrAccumulator(), FrAccumulator(), FrAccumulator())
      for i in run {
        let (a, b) = (width * i, width * (i + half))
        let paired = i + half < used
        let (m, g) = (cells[a], cells[a + 1])
        let (mHigh, gHigh) = paired ? (cells[b], cells[b + 1]) : (.zero, .zero)
        if m.isZero && g.isZero && mHigh.isZero && gHigh.isZero { continue }
        met += 1
        let p = cells[a + 2] + alpha
        let pHigh = (paired ? cells[b + 2] : .zero) + alpha
        let eq = near[i & mask]
        low.add(g * p - m, eq)
        high.add(gHigh * pHigh - mHigh, eq)
        square.add((gHigh - g) * (pHigh - p), eq)
      }
      result.low += weight * low.value
      result.high += weight * high.value
      result.square += weight * square.value
    }
    Meter.count(fieldMultiplications: 6 * met)
    return result
  }

  /// Σ eq(point, ·)·(lookup equation) on the cube.
  private func traceSum(at point: ArraySlice<Fr>) -> Fr {
    let pairs = trace.alone
    let weights = SplitEquality(point, count: 1 << trace.variables)
    let sums = kernel.sums(
      trace.values.span, pairs: pairs.span, range: pairs.indices,
      height: min(RowGroups.height, 1 << trace.variables), weights: weights)
    Meter.count(
      fieldMultiplications: RowGroups.height * pairs.count * kernel.multiplications)
    return sums[0]
  }

  private func tableSum(at point: ArraySlice<Fr>) -> Fr {
    let sums = Self.tableSums(
      table.values.span, half: table.used, range: 0..<table.used,
      weights: SplitEquality(point, count: table.used), alpha: lookup.alpha)
    return sums.low * batch.table
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
