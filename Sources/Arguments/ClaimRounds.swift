import ConstraintSystem
import Field
import Polynomial

/// The prover's arithmetic in the claim batch. Columns that share a functional are combined before
/// anything is folded, so that six sums are left whatever the number of limbs and claims.
struct ClaimRounds {
  /// Variables not yet bound.
  private var remaining: Int
  private var sums: [ExtendedSum]
  private var model: IntegerSum?

  init(
    _ claims: [Claim], rho: Fr, shape: Shape, rows: RowCheck.Outcome,
    columns: ClaimBatch.Columns
  ) {
    remaining = shape.columnVariables
    var atTrace: [Column: Fr] = [:]
    var atTable: [Column: Fr] = [:]
    var ones: [Column: Fr] = [:]
    let outputs = columns.integers[.output] ?? []
    let weights = columns.integers[.model] ?? []
    var outputWeights = [Fr](repeating: .zero, count: outputs.count)
    var modelWeights = [Fr](repeating: .zero, count: weights.count)
    var power = Fr.one
    for claim in claims {
      for functional in claim.functionals {
        let scale = power * functional.coefficient
        switch functional.weights {
        case .tracePoint: atTrace[functional.column, default: .zero] += scale
        case .tablePoint: atTable[functional.column, default: .zero] += scale
        case .ones: ones[functional.column, default: .zero] += scale
        case .tensor(let tensor):
          if functional.column == .model {
            tensor.add(to: &modelWeights, scale: scale)
          } else {
            tensor.add(to: &outputWeights, scale: scale)
          }
        }
      }
      power *= rho
    }
    func combined(_ scales: [Column: Fr], count: Int) -> [Fr] {
      var result = [Fr](repeating: .zero, count: count)
      for (column, scale) in scales {
        switch column {
        case .helper: for i in 0..<count { result[i] += scale * columns.helper[i] }
        case .tableHelper: for i in 0..<count { result[i] += scale * columns.tableHelper[i] }
        default:
          let cells = columns.integers[column] ?? []
          Meter.count(smallMultiplications: count)
          for i in 0..<count where cells[i] != 0 {
            result[i] += scale.multiplied(bySmall: cells[i])
          }
        }
      }
      return result
    }
    let (n, k) = (shape.traceBits, shape.tableBits)
    let all = shape.columnVariables
    let (used, tableUsed) = (outputs.count, columns.tableHelper.count)
    sums = [
      ExtendedSum(
        variables: n, of: all, combined(atTrace, count: used), .equality(rows.tracePoint)),
      ExtendedSum(
        variables: k, of: all, combined(atTable, count: tableUsed), .equality(rows.tablePoint)),
      ExtendedSum(
        variables: n, of: all, outputs.map { Fr($0) }, .table(outputWeights)),
    ]
    if let scale = ones[.helper] {
      sums.append(ExtendedSum(variables: n, of: all, columns.helper, .constant(scale)))
    }
    if let scale = ones[.tableHelper] {
      sums.append(ExtendedSum(variables: k, of: all, columns.tableHelper, .constant(scale)))
    }
    if shape.modelBits > 0 {
      model = IntegerSum(
        variables: shape.modelBits, of: all, weights, modelWeights)
    } else if let cell = weights.first {
      sums.append(
        ExtendedSum(variables: 0, of: all, [Fr(cell)], .table(modelWeights)))
    }
  }

  mutating func coefficients() -> (Fr, Fr) {
    var (a1, a2) = (Fr.zero, Fr.zero)
    if let model {
      let (b1, b2) = model.coefficients(remaining: remaining)
      a1 += b1
      a2 += b2
    }
    for sum in sums {
      let (b1, b2) = sum.coefficients(remaining: remaining)
      a1 += b1
      a2 += b2
    }
    return (a1, a2)
  }

  mutating func bind(_ x: Fr) {
    for index in sums.indices { sums[index].bind(x, remaining: remaining) }
    if var sum = model.take() {
      let (bound, folded) = sum.bind(x, remaining: remaining)
      if let folded { sums.append(folded) } else { model = bound }
    }
    remaining -= 1
  }
}

/// Σ p·l, both zero-extended to more variables than they have: while only extended variables are
/// bound, s(X) = scale·S·(1 − X)².
private struct ExtendedSum {
  /// Also what a cell behind the used length weighs: p is zero there, but the fold of a pair reads
  /// the weights of both its cells.
  enum Weights {
    /// Zero behind the values.
    case table([Fr])
    /// The same weight on every cell.
    case constant(Fr)
    /// eq(point, ·): never tabled, its bound part goes into the scale.
    case equality([Fr])
  }
  private enum Form {
    case pair(ProductPair)
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
    case .table(let l):
      let pair = ProductPair(variables: variables, p, l)
      if all > variables { total = pair.sum }
      form = .pair(pair)
    case .constant(let weight):
      scale = weight
      if all > variables { total = p.reduce(.zero, +) }
      form = .constant(MultilinearTable(variables: variables, values: p))
    case .equality(let point):
      if all > variables {
        total =
          ProductPair(variables: variables, p, Equality.prefix(point[...], count: p.count)).sum
      }
      form = .equality(MultilinearTable(variables: variables, values: p), point: point)
    }
  }

  /// Of an already folded pair.
  init(pair: ProductPair, scale: Fr) {
    variables = pair.variables
    form = .pair(pair)
    self.scale = scale
    total = .zero
  }

  func coefficients(remaining: Int) -> (Fr, Fr) {
    if remaining > variables { return extended(total * scale) }
    switch form {
    case .pair(let pair):
      let (a1, a2) = pair.coefficients()
      return (a1 * scale, a2 * scale)
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
      let weights = Equality.prefix(
        point.suffix(table.variables - 1), count: min(half, values.count))
      var (low, high) = (FrAccumulator(), FrAccumulator())
      for i in weights.indices {
        low.add(weights[i], values[i])
        if i + half < values.count { high.add(weights[i], values[i + half]) }
      }
      Meter.count(fieldMultiplications: min(2 * half, values.count))
      let constant = low.value
      let slope = high.value - constant
      let turn = r + r - .one
      return (((.one - r) * slope + turn * constant) * scale, turn * slope * scale)
    }
  }

  mutating func bind(_ x: Fr, remaining: Int) {
    if remaining > variables {
      let rest = .one - x
      scale *= rest * rest
      return
    }
    switch form {
    case .pair(var pair):
      form = .constant(MultilinearTable(variables: 0, values: []))
      pair.bind(x)
      form = .pair(pair)
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

/// s(X) = S·(1 − X)²: a₁ = −2S, a₂ = S.
private func extended(_ sum: Fr) -> (Fr, Fr) { (-(sum + sum), sum) }

/// Σ p·l for a long column of small integers: the first fold reads them as they are, at the price
/// of small products.
private struct IntegerSum {
  private let variables: Int
  private let p: [Int64]
  private var l: [Fr]
  private var scale = Fr.one
  /// Σ p·l, for the rounds before its own.
  private var total = Fr.zero

  init(variables: Int, of all: Int, _ p: [Int64], _ l: [Fr]) {
    self.variables = variables
    self.p = p
    self.l = l
    guard all > variables else { return }
    var sum = SmallAccumulator()
    for i in p.indices { sum.add(l[i], small: p[i]) }
    total = sum.value
  }

  func coefficients(remaining: Int) -> (Fr, Fr) {
    if remaining > variables { return extended(total * scale) }
    let half = 1 << (variables - 1)
    Meter.count(smallMultiplications: p.count + min(half, p.count))
    var (low, high, leading) = (SmallAccumulator(), SmallAccumulator(), SmallAccumulator())
    for i in 0..<min(half, p.count) {
      let (p0, l0) = (p[i], l[i])
      low.add(l0, small: p0)
      if i + half < p.count {
        let (p1, l1) = (p[i + half], l[i + half])
        high.add(l1, small: p1)
        leading.add(l1 - l0, small: p1 &- p0)
      } else {
        leading.add(l0, small: p0)
      }
    }
    let a2 = leading.value
    return ((high.value - low.value - a2) * scale, a2 * scale)
  }

  /// Binding an extended variable scales; binding the first of its own leaves field elements.
  mutating func bind(_ x: Fr, remaining: Int) -> (IntegerSum, ExtendedSum?) {
    if remaining > variables {
      let rest = .one - x
      scale *= rest * rest
      return (self, nil)
    }
    let half = 1 << (variables - 1)
    let rest = .one - x
    Meter.count(smallMultiplications: min(half, p.count))
    var folded: [Fr] = []
    folded.reserveCapacity(min(half, p.count))
    for i in 0..<min(half, p.count) {
      if i + half < p.count {
        folded.append(Fr(p[i]) + x.multiplied(bySmall: p[i + half] &- p[i]))
      } else {
        folded.append(rest.multiplied(bySmall: p[i]))
      }
    }
    var weights = MultilinearTable(variables: variables, values: l)
    l = []
    weights.bind(x)
    let pair = ProductPair(variables: variables - 1, folded, weights.values)
    return (self, ExtendedSum(pair: pair, scale: scale))
  }
}
