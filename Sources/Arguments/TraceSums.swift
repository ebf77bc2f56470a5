import ConstraintSystem
import Field
import Polynomial

/// The claims on the trace's columns in the claim batch: Σ eq(r,·)·c + w·Σ h' + Σ y·l, c the combination
/// of all columns with a claim at r, l all functionals of single tensors. Side by side row by row, one
/// pass a round, over the rows that are held.
struct TraceSums {
  /// c, h', y, l.
  private static let width = 4
  private var table: GroupedTable
  /// n.
  private let variables: Int
  private let point: [Fr]
  /// Of h'.
  private let helperWeight: Fr
  /// eq of what is bound of r.
  private var bound = Fr.one
  /// (1 − x)² of the variables that the trace does not have.
  private var outside = Fr.one
  /// The sum itself, for the rounds of those variables.
  private var total = Fr.zero

  /// What claims ask of the trace's columns.
  struct Terms {
    /// Of eq(r, ·) on integer columns.
    var integers: [(scale: Fr, cells: [Int64])] = []
    /// Of eq(r, ·) on h', and of one on it.
    var helper = Fr.zero
    var helperSum = Fr.zero
    /// On y.
    var tensors: [(TensorWeights, Fr)] = []
  }

  init(
    _ terms: Terms, variables: Int, of all: Int, point: [Fr], outputs: [Int64],
    helper: GroupedColumn
  ) {
    self.variables = variables
    self.point = point
    helperWeight = terms.helperSum
    let groups = helper.groups
    let weights = Self.weights(terms.tensors, groups)
    let (height, width) = (RowGroups.height, Self.width)
    Meter.count(
      fieldMultiplications: groups.rows, smallMultiplications: groups.rows * terms.integers.count)
    let (values, _) = inParallel(
      making: groups.count, width: width * height, of: Fr.zero, chunk: 64
    ) { range, part in
      for (place, group) in range.enumerated() {
        let first = groups.firstRow(group)
        let rows = first..<min(first + height, outputs.count)
        for row in rows {
          let base = width * (height * place + row - first)
          let memory = height * group + row - first
          let h = helper.values[memory]
          var combined = h.isZero ? .zero : terms.helper * h
          for (scale, cells) in terms.integers where cells[row] != 0 {
            combined += scale.multiplied(bySmall: cells[row])
          }
          part[base] = combined
          part[base + 1] = h
          if outputs[row] != 0 { part[base + 2] = Fr(outputs[row]) }
          part[base + 3] = weights[memory]
        }
      }
    }
    table = GroupedTable(variables: variables, width: width, groups: groups, values: values)
    if all > variables {
      let sums = sums(table.alone, height: min(height, 1 << variables), at: point[...])
      total = sums.combined.low + helperWeight * sums.helper.low + sums.outputs.low
    }
  }

  /// l on the groups' rows.
  private static func weights(_ tensors: [(TensorWeights, Fr)], _ groups: RowGroups) -> [Fr] {
    var byNumber = [Int](repeating: 0, count: Int(groups.numbers.last ?? 0) + 1)
    for (place, number) in groups.numbers.enumerated() { byNumber[Int(number)] = place }
    let places = byNumber
    let height = RowGroups.height
    return inParallel(making: groups.count, width: height, of: Fr.zero, chunk: 1 << 12) {
      range, part in
      let rows = groups.firstRow(range.lowerBound)..<groups.firstRow(range.upperBound - 1) + height
      for (tensor, scale) in tensors {
        tensor.forEachRun(in: rows, scale: scale) { row, weights, scale in
          // Cells within a tensor's extents belong to held groups, which follow each other.
          let place = height * (places[row / height] - range.lowerBound) + row % height
          for (step, weight) in weights.enumerated() { part[place + step] += scale * weight }
        }
      }
    }.values
  }

  /// At 0 and at 1, and of the product the leading coefficient.
  private struct Sums {
    var combined = (low: Fr.zero, high: Fr.zero)
    var helper = (low: Fr.zero, high: Fr.zero)
    var outputs = (low: Fr.zero, high: Fr.zero, square: Fr.zero)
  }

  private func sums(_ pairs: [RowPair], height: Int, at rest: ArraySlice<Fr>) -> Sums {
    let weights = SplitEquality(rest, count: 1 << rest.count)
    let rows = table.values
    Meter.count(fieldMultiplications: 5 * pairs.count * height)
    return inParallel(count: pairs.count, grain: 64) { range in
      Self.sums(
        rows.span, pairs: pairs.span, range: range, height: height, weights: weights)
    }.reduce(into: Sums()) { sum, part in
      sum.combined.low += part.combined.low
      sum.combined.high += part.combined.high
      sum.helper.low += part.helper.low
      sum.helper.high += part.helper.high
      sum.outputs.low += part.outputs.low
      sum.outputs.high += part.outputs.high
      sum.outputs.square += part.outputs.square
    }
  }

  private static func sums(
    _ rows: Span<Fr>, pairs: Span<RowPair>, range: Range<Int>, height: Int,
    weights: SplitEquality
  ) -> Sums {
    let mask = 1 << weights.bits - 1
    let near = weights.low.span
    var result = Sums()
    var (y0, y1, y2) = (FrAccumulator(), FrAccumulator(), FrAccumulator())
    var next = range.lowerBound
    while next < range.upperBound {
      let far = Int(pairs[next].row) >> weights.bits
      var (low, high) = (FrAccumulator(), FrAccumulator())
      while next < range.upperBound, Int(pairs[next].row) >> weights.bits == far {
        let pair = pairs[next]
        next += 1
        let (isLow, isHigh) = (pair.low >= 0, pair.high >= 0)
        for step in 0..<height {
          let eq = near[(Int(pair.row) + step) & mask]
          let (a, b) = (width * (Int(pair.low) + step), width * (Int(pair.high) + step))
          if isLow {
            low.add(eq, rows[a])
            result.helper.low += rows[a + 1]
            y0.add(rows[a + 2], rows[a + 3])
          }
          if isHigh {
            high.add(eq, rows[b])
            result.helper.high += rows[b + 1]
            y1.add(rows[b + 2], rows[b + 3])
          }
          if isLow && isHigh {
            y2.add(rows[b + 2] - rows[a + 2], rows[b + 3] - rows[a + 3])
          } else if isLow {
            y2.add(rows[a + 2], rows[a + 3])
          } else {
            y2.add(rows[b + 2], rows[b + 3])
          }
        }
      }
      let weight = weights.high[far]
      result.combined.low += weight * low.value
      result.combined.high += weight * high.value
    }
    result.outputs = (y0.value, y1.value, y2.value)
    return result
  }

  /// a₁ and a₂ of this round.
  func coefficients(remaining: Int) -> (Fr, Fr) {
    if remaining > variables {
      let sum = total * outside
      return (-sum.doubled(), sum)
    }
    let sums = sums(
      table.pairs, height: table.height, at: point.suffix(table.variables - 1))
    // eq(r, X) = (1 − r) + X(2r − 1) times Σ w·(c₀ + XΔc).
    let r = point[point.count - table.variables]
    let (constant, slope) = (sums.combined.low, sums.combined.high - sums.combined.low)
    let turn = r.doubled() - .one
    var a1 = ((.one - r) * slope + turn * constant) * bound
    var a2 = turn * slope * bound
    a1 += (sums.helper.high - sums.helper.low) * helperWeight
    a1 += sums.outputs.high - sums.outputs.low - sums.outputs.square
    a2 += sums.outputs.square
    return (a1 * outside, a2 * outside)
  }

  mutating func bind(_ x: Fr, remaining: Int) {
    if remaining > variables {
      let rest = .one - x
      outside *= rest * rest
      return
    }
    bound *= Equality.at([point[point.count - table.variables]], [x])
    table.bind(x)
  }
}
