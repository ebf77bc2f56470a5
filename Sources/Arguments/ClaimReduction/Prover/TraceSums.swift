import ArgumentKernels
import ConstraintSystem
import Field
import Polynomial
import Compute

/// The claims on the trace's columns in the claim batch: Σ eq(r,·)·c + Σ y·l, c the combination of all
/// columns with a claim at r, l all functionals of single tensors. Side by side row by row, one pass a
/// round, over the rows that are held.
struct TraceSums {
  private static let width = ClaimKernel.width
  private var table: SparseMultilinear
  /// n.
  private let variables: Int
  private let point: [Fr]
  /// eq of what is bound of r.
  private var bound = Fr.one
  /// (1 − x)² of the variables that the trace does not have.
  private var outside = Fr.one
  /// The sum itself, for the rounds of those variables, and the sums of the round after them.
  private var total = Fr.zero
  private var first: ClaimKernel.Sums?

  /// What claims ask of the trace's columns.
  struct Terms {
    /// Of eq(r, ·) on integer columns.
    var integers: [(scale: Fr, cells: [Int64])] = []
    /// On y.
    var tensors: [(TensorWeights, Fr)] = []
  }

  init(
    _ terms: Terms, variables: Int, of all: Int, point: [Fr], outputs: [Int64],
    groups: HeldBlocks
  ) {
    self.variables = variables
    self.point = point
    let weights = Self.weights(terms.tensors, groups)
    let (height, width) = (HeldBlocks.height, Self.width)
    OperationCounter.count(
      smallMultiplications: groups.rows * terms.integers.count)
    let columns = [outputs] + terms.integers.map(\.cells)
    let fill = ClaimTables(scales: terms.integers.map(\.scale))
    let (values, _) = inParallel(
      making: groups.count, width: width * height, of: Fr.zero, chunk: 64
    ) { range, part in
      var cells = [Int64](repeating: 0, count: range.count * height * columns.count)
      for (index, column) in columns.enumerated() {
        for (place, group) in range.enumerated() {
          let first = groups.firstRow(group)
          let base = height * (columns.count * place + index)
          for step in 0..<min(height, max(0, column.count - first)) {
            cells[base + step] = column[first + step]
          }
        }
      }
      let rows = height * range.lowerBound..<height * range.upperBound
      fill.fill(&part, cells: cells, weights: weights[rows])
    }
    table = SparseMultilinear(variables: variables, width: width, groups: groups, values: values)
    if all > variables {
      guard let r = point.first else {
        let cell = table.constants
        total = cell[0] + cell[1] * cell[2]
        return
      }
      // Of the first variable that is the trace's: no challenge before it changes them.
      let sums = sums()
      first = sums
      total = (.one - r) * sums.combined.low + r * sums.combined.high
      total += sums.outputs.low + sums.outputs.high
    }
  }

  /// l on the groups' rows.
  private static func weights(_ tensors: [(TensorWeights, Fr)], _ groups: HeldBlocks) -> [Fr] {
    var byNumber = [Int](repeating: 0, count: Int(groups.numbers.last ?? 0) + 1)
    for (place, number) in groups.numbers.enumerated() { byNumber[Int(number)] = place }
    let places = byNumber
    let height = HeldBlocks.height
    return inParallel(making: groups.count, width: height, of: Fr.zero, chunk: 1 << 12) {
      range, part in
      let rows = groups.firstRow(range.lowerBound)..<groups.firstRow(range.upperBound - 1) + height
      for (tensor, scale) in tensors {
        tensor.forEachRun(in: rows, scale: scale) { row, weights, scale in
          // Cells within a tensor's extents belong to held groups, which follow each other.
          let place = height * (places[row / height] - range.lowerBound) + row % height
          Fr.add(weights, times: scale, to: &part, from: place)
        }
      }
    }.values
  }

  /// The sums over what the next variable pairs.
  private mutating func sums() -> ClaimKernel.Sums {
    let (height, rest) = (table.height, point.suffix(table.variables - 1))
    let weights = SplitEquality(rest, count: 1 << rest.count)
    OperationCounter.count(fieldMultiplications: 5 * table.pairs.count * height)
    return table.sums(grain: 64) { rows, pairs, range in
      ClaimKernel.sums(rows, pairs: pairs, range: range, height: height, weights: weights)
    }.reduce(ClaimKernel.Sums(), +)
  }

  /// a₁ and a₂ of this round.
  mutating func coefficients(remaining: Int) -> (Fr, Fr) {
    if remaining > variables {
      return ZeroExtension.coefficients(total * outside)
    }
    let sums = first.take() ?? sums()
    // eq(r, X) = (1 − r) + X(2r − 1) times Σ w·(c₀ + XΔc).
    let r = point[point.count - table.variables]
    let (constant, slope) = (sums.combined.low, sums.combined.high - sums.combined.low)
    let turn = r.doubled() - .one
    var a1 = ((.one - r) * slope + turn * constant) * bound
    var a2 = turn * slope * bound
    a1 += sums.outputs.high - sums.outputs.low - sums.outputs.leading
    a2 += sums.outputs.leading
    return (a1 * outside, a2 * outside)
  }

  mutating func bind(_ x: Fr, remaining: Int) {
    if remaining > variables {
      outside *= ZeroExtension.factor(x)
      return
    }
    bound *= Equality.at([point[point.count - table.variables]], [x])
    table.bind(x)
  }
}
