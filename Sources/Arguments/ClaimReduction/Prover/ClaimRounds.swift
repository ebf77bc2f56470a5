import ArgumentKernels
import ConstraintSystem
import Field
import Polynomial
import Compute

/// The prover's arithmetic in the claim batch. Columns that share a functional are combined before
/// anything is folded, so that a few sums are left whatever the number of limbs and claims.
struct ClaimRounds: SumcheckPolynomial {
  /// Variables not yet bound.
  private var remaining: Int
  private var trace: TraceSums
  private var sums: [ExtendedSum]
  private var model: MatrixSum

  init(
    _ claims: [LinearClaim], rho: Fr, shape: CircuitDimensions, rows: RowArgument.Outcome,
    columns: ClaimReduction.Columns
  ) {
    remaining = shape.columnVariables
    var atTrace: [Column: Fr] = [:]
    var atTable: [Column: Fr] = [:]
    var atInverse = Fr.zero
    var ones: [Column: Fr] = [:]
    var onTrace = TraceSums.Terms()
    var onModel: [(TensorWeights, Fr)] = []
    var power = Fr.one
    for claim in claims {
      for functional in claim.functionals {
        let scale = power * functional.coefficient
        switch functional.weights {
        case .tracePoint: atTrace[functional.column, default: .zero] += scale
        case .tablePoint: atTable[functional.column, default: .zero] += scale
        case .inversePoint: atInverse += scale
        case .ones: ones[functional.column, default: .zero] += scale
        case .tensor(let tensor):
          if functional.column == .model {
            onModel.append((tensor, scale))
          } else {
            onTrace.tensors.append((tensor, scale))
          }
        }
      }
      power *= rho
    }
    let (n, k, top) = (shape.traceBits, shape.tableBits, shape.inverseBits)
    let all = shape.columnVariables
    onTrace.integers = atTrace.compactMap { column, scale in
      columns.integers[column].map { (scale, $0) }
    }
    trace = TraceSums(
      onTrace, variables: n, of: all, point: rows.tracePoint,
      outputs: columns.integers[.output] ?? [], groups: columns.groups)

    let (inverses, multiplicities) = (columns.tableInverses, columns.integers[.multiplicity] ?? [])
    let (onInverse, onCounts) = (atTable[.tableInverses] ?? .zero, atTable[.multiplicity] ?? .zero)
    OperationCounter.count(
      fieldMultiplications: inverses.count, smallMultiplications: inverses.count)
    var combined = [Fr](repeating: .zero, count: inverses.count)
    inParallel(over: &combined, grain: 512) { range, part in
      for (place, i) in range.enumerated() where multiplicities[i] != 0 || !inverses[i].isZero {
        part[place] = onInverse * inverses[i] + onCounts.multiplied(bySmall: multiplicities[i])
      }
    }
    sums = [
      ExtendedSum(variables: k, of: all, combined, .equality(rows.tablePoint, scale: .one)),
      ExtendedSum(
        variables: top, of: all, columns.inverses, .equality(rows.inversePoint, scale: atInverse)),
      ExtendedSum(variables: k, of: all, inverses, .constant(ones[.tableInverses] ?? .zero)),
      ExtendedSum(
        variables: top, of: all, columns.inverses, .constant(ones[.inverses] ?? .zero)),
    ]
    let products = OuterProducts(onModel, variables: shape.modelBits, cells: columns.model.count)
    model = MatrixSum(products, variables: shape.modelBits, of: all, cells: columns.model)
  }

  mutating func message(claim: Fr) -> [Fr] {
    var (a1, a2) = trace.coefficients(remaining: remaining)
    let (m1, m2) = model.coefficients(remaining: remaining)
    a1 += m1
    a2 += m2
    for sum in sums {
      let (b1, b2) = sum.coefficients(remaining: remaining)
      a1 += b1
      a2 += b2
    }
    return [a1, a2]
  }

  mutating func bind(_ x: Fr) {
    trace.bind(x, remaining: remaining)
    for index in sums.indices { sums[index].bind(x, remaining: remaining) }
    model.bind(x, remaining: remaining)
    remaining -= 1
  }
}

/// Σ p·l, both zero-extended to more variables than they have.
private struct ExtendedSum {
  enum Weights {
    /// The same weight on every cell.
    case constant(Fr)
    /// eq(point, ·) times a constant: never tabled, its bound part goes into the scale.
    case equality([Fr], scale: Fr)
  }
  private enum Form {
    case constant(MultilinearTable)
    case equality(MultilinearTable, point: [Fr])
  }
  private var form: Form
  private var scale: Fr
  private var total: Fr
  private let variables: Int

  init(variables: Int, of all: Int, _ p: [Fr], _ weights: Weights) {
    self.variables = variables
    (scale, total) = (.one, .zero)
    switch weights {
    case .constant(let weight):
      scale = weight
      if all > variables { total = p.reduce(.zero, +) }
      form = .constant(MultilinearTable(variables: variables, values: p))
    case .equality(let point, let weight):
      scale = weight
      if all > variables {
        total =
          ProductPair(variables: variables, p, Equality.prefix(point[...], count: p.count)).sum
      }
      form = .equality(MultilinearTable(variables: variables, values: p), point: point)
    }
  }

  func coefficients(remaining: Int) -> (Fr, Fr) {
    if remaining > variables { return ZeroExtension.coefficients(total * scale) }
    switch form {
    case .constant(let table):
      let half = 1 << (table.variables - 1)
      let values = table.values
      var (low, high) = (Fr.zero, Fr.zero)
      for i in 0..<min(half, values.count) { low += values[i] }
      if values.count > half { for i in half..<values.count { high += values[i] } }
      return ((high - low) * scale, .zero)
    case .equality(let table, let point):
      // eq(r, X) = (1 − r) + X(2r − 1) times Σ w·(p₀ + XΔp).
      let half = 1 << (table.variables - 1)
      let values = table.values
      let r = point[point.count - table.variables]
      let pairs = min(half, values.count)
      let weights = SplitEquality(point.suffix(table.variables - 1), count: pairs)
      let mask = 1 << weights.bits - 1
      OperationCounter.count(fieldMultiplications: min(2 * half, values.count))
      let parts = inParallel(count: pairs, grain: 512) { range in
        var sums = (low: Fr.zero, high: Fr.zero)
        let (values, near) = (values.span, weights.low.span)
        weights.forEachRun(range) { run, weight in
          var (low, high) = (FrAccumulator(), FrAccumulator())
          for i in run {
            if !values[i].isZero { low.add(near[i & mask], values[i]) }
            if i + half < values.count, !values[i + half].isZero {
              high.add(near[i & mask], values[i + half])
            }
          }
          sums.low += weight * low.value
          sums.high += weight * high.value
        }
        return sums
      }
      let constant: Fr = parts.reduce(.zero) { $0 + $1.low }
      let slope: Fr = parts.reduce(.zero) { $0 + $1.high } - constant
      let turn = r + r - .one
      return (((.one - r) * slope + turn * constant) * scale, turn * slope * scale)
    }
  }

  mutating func bind(_ x: Fr, remaining: Int) {
    if remaining > variables {
      scale *= ZeroExtension.factor(x)
      return
    }
    switch form {
    case .constant(var table):
      form = .constant(MultilinearTable(variables: 0, values: []))
      table.bind(x)
      form = .constant(table)
    case .equality(var table, let point):
      form = .constant(MultilinearTable(variables: 0, values: []))
      let r = point[point.count - table.variables]
      scale *= Equality.at([r], [x])
      table.bind(x)
      form = .equality(table, point: point)
    }
  }
}
