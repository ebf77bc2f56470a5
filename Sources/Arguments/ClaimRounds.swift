import ConstraintSystem
import Field
import Polynomial

/// The prover's arithmetic in the claim batch. Columns that share a functional are combined before
/// anything is folded, so that a few sums are left whatever the number of limbs and claims.
struct ClaimRounds {
  /// Variables not yet bound.
  private var remaining: Int
  private var trace: TraceSums
  private var sums: [ExtendedSum]
  /// The model, until its first own variable is bound.
  private var integerSums: [IntegerSum] = []

  init(
    _ claims: [Claim], rho: Fr, shape: Shape, rows: RowCheck.Outcome,
    columns: ClaimBatch.Columns
  ) {
    remaining = shape.columnVariables
    var atTrace: [Column: Fr] = [:]
    var atTable: [Column: Fr] = [:]
    var ones: [Column: Fr] = [:]
    let weights = columns.integers[.model] ?? []
    var onTrace = TraceSums.Terms()
    var onModel: [(TensorWeights, Fr)] = []
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
            onModel.append((tensor, scale))
          } else {
            onTrace.tensors.append((tensor, scale))
          }
        }
      }
      power *= rho
    }
    let (n, k) = (shape.traceBits, shape.tableBits)
    let all = shape.columnVariables
    onTrace.helper = atTrace[.helper] ?? .zero
    onTrace.helperSum = ones[.helper] ?? .zero
    onTrace.integers = atTrace.compactMap { column, scale in
      columns.integers[column].map { (scale, $0) }
    }
    trace = TraceSums(
      onTrace, variables: n, of: all, point: rows.tracePoint,
      outputs: columns.integers[.output] ?? [], helper: columns.helper)

    let (helper, multiplicities) = (columns.tableHelper, columns.integers[.multiplicity] ?? [])
    let (onHelper, onCounts) = (atTable[.tableHelper] ?? .zero, atTable[.multiplicity] ?? .zero)
    Meter.count(fieldMultiplications: helper.count, smallMultiplications: helper.count)
    var combined = [Fr](repeating: .zero, count: helper.count)
    inParallel(over: &combined, grain: 512) { range, part in
      for (place, i) in range.enumerated() where multiplicities[i] != 0 || !helper[i].isZero {
        part[place] = onHelper * helper[i] + onCounts.multiplied(bySmall: multiplicities[i])
      }
    }
    sums = [
      ExtendedSum(variables: k, of: all, combined, .equality(rows.tablePoint))
    ]
    if let scale = ones[.tableHelper] {
      sums.append(ExtendedSum(variables: k, of: all, helper, .constant(scale)))
    }
    let modelWeights = Self.dense(onModel, count: weights.count)
    if shape.modelBits > 0 {
      integerSums.append(IntegerSum(variables: shape.modelBits, of: all, weights, modelWeights))
    } else if let cell = weights.first {
      sums.append(ExtendedSum(variables: 0, of: all, [Fr(cell)], .table(modelWeights)))
    }
  }

  /// Σ scale · weights as a column.
  private static func dense(_ tensors: [(TensorWeights, Fr)], count: Int) -> [Fr] {
    var result = [Fr](repeating: .zero, count: count)
    inParallel(over: &result, grain: 512) { range, part in
      for (tensor, scale) in tensors {
        tensor.add(to: &part, from: range.lowerBound, scale: scale)
      }
    }
    return result
  }

  mutating func coefficients() -> (Fr, Fr) {
    var (a1, a2) = trace.coefficients(remaining: remaining)
    for sum in integerSums {
      let (b1, b2) = sum.coefficients(remaining: remaining)
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
    trace.bind(x, remaining: remaining)
    for index in sums.indices { sums[index].bind(x, remaining: remaining) }
    for index in integerSums.indices.reversed() {
      if let folded = integerSums[index].bind(x, remaining: remaining) {
        sums.append(folded)
        integerSums.remove(at: index)
      }
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
      let pairs = min(half, values.count)
      let weights = SplitEquality(point.suffix(table.variables - 1), count: pairs)
      let mask = 1 << weights.bits - 1
      Meter.count(fieldMultiplications: min(2 * half, values.count))
      let parts = inParallel(count: pairs, grain: 512) { range in
        var sums = (low: Fr.zero, high: Fr.zero)
        let (values, near) = (values.span, weights.low.span)
        weights.forEachRun(range) { run, weight in
          var (low, high) = (FrAccumulator(), FrAccumulator())
          for i in run {
            low.add(near[i & mask], values[i])
            if i + half < values.count { high.add(near[i & mask], values[i + half]) }
          }
          sums.low += weight * low.value
          sums.high += weight * high.value
        }
        return sums
      }
      let constant = parts.reduce(.zero) { $0 + $1.low }
      let slope = parts.reduce(.zero) { $0 + $1.high } - constant
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
    total = inParallel(count: p.count, grain: 2048) { range in
      var sum = SmallAccumulator()
      for i in range { sum.add(l[i], small: p[i]) }
      return sum.value
    }.reduce(.zero, +)
  }

  func coefficients(remaining: Int) -> (Fr, Fr) {
    if remaining > variables { return extended(total * scale) }
    let half = 1 << (variables - 1)
    let pairs = min(half, p.count)
    Meter.count(smallMultiplications: p.count + pairs)
    let (p, l) = (p, l)
    let parts = inParallel(count: pairs, grain: 1024) { range in
      if Kernels.best == .ifma {
        return ProductSums(.integers(p), l, half: half, range: range).coefficients
      }
      var (low, high, leading) = (SmallAccumulator(), SmallAccumulator(), SmallAccumulator())
      for i in range {
        let (p0, l0) = (p[i], l[i])
        if i + half < p.count {
          let (p1, l1) = (p[i + half], l[i + half])
          low.add(l0, small: p0)
          high.add(l1, small: p1)
          leading.add(l1 - l0, small: p1 &- p0)
        } else if p0 != 0 {
          low.add(l0, small: p0)
          leading.add(l0, small: p0)
        }
      }
      return ProductSums(low: low.value, high: high.value, leading: leading.value).coefficients
    }
    let (a1, a2) = parts.reduce((.zero, .zero)) { ($0.0 + $1.0, $0.1 + $1.1) }
    return (a1 * scale, a2 * scale)
  }

  /// Binding an extended variable scales; binding the first of its own leaves field elements.
  mutating func bind(_ x: Fr, remaining: Int) -> ExtendedSum? {
    let rest = .one - x
    if remaining > variables {
      scale *= rest * rest
      return nil
    }
    let half = 1 << (variables - 1)
    let pairs = min(half, p.count)
    Meter.count(smallMultiplications: pairs)
    let p = p
    var folded = [Fr](repeating: .zero, count: pairs)
    inParallel(over: &folded, grain: 1024) { range, part in
      if Kernels.best == .ifma {
        return ProductSums.fold(p, half: half, range: range, by: x, into: &part)
      }
      for (place, i) in range.enumerated() {
        if i + half < p.count {
          part[place] = Fr(p[i]) + x.multiplied(bySmall: p[i + half] &- p[i])
        } else if p[i] != 0 {
          part[place] = rest.multiplied(bySmall: p[i])
        }
      }
    }
    var weights = MultilinearTable(variables: variables, values: l)
    l = []
    weights.bind(x)
    let pair = ProductPair(variables: variables - 1, folded, weights.values)
    return ExtendedSum(pair: pair, scale: scale)
  }
}
