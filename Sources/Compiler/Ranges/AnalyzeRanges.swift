import BigInteger
import ConstraintSystem
package import Model

/// Finds, exactly, the interval of every accumulator, quotient and output over all inputs of the
/// declared domain, from the model's actual values: per cell, so per output channel.
///
/// lower(acc) = Σ min(w·lower(x), w·upper(x)) + bias, and likewise above. Tight for one layer;
/// across layers sound, since operands are treated as independent.
/// - Throws: when an accumulator may need more than `Limits.accumulatorBits`, naming the layer.
package enum AnalyzeRanges {
  package static func run(_ draft: CircuitIR) throws(ModelError) -> [BlockRanges] {
    var results: [BlockRanges] = []
    var known: [CellRanges] = []
    for tensor in draft.tensors { known.append(CellRanges(tensor.values)) }
    var cells: [CellRanges] = []
    for (index, block) in draft.blocks.enumerated() {
      try check(block)
      let accumulators: CellRanges
      // What is declared of a gadget's rows holds by its lemma, and not by the intervals of sums.
      if let range = block.declaredAccumulators {
        accumulators = CellRanges(
          lower: [Int64](repeating: range.lowerBound, count: block.count),
          upper: [Int64](repeating: range.upperBound, count: block.count))
      } else {
        accumulators = try accumulate(draft, index, known, cells)
      }
      let (result, outputs) = try step(block, accumulators)
      results.append(result)
      cells.append(outputs)
    }
    return results
  }

  /// acc, cell by cell.
  private static func accumulate(
    _ draft: CircuitIR, _ index: Int, _ known: [CellRanges], _ cells: [CellRanges]
  ) throws(ModelError) -> CellRanges {
    let block = draft.blocks[index]
    var lower = [Int64](repeating: 0, count: block.count)
    var upper = lower
    var bound = Integer.zero
    for term in block.relation {
      var factors: [CellRanges] = []
      var isKnown: [Bool] = []
      var product = Integer(term.coefficient.magnitude)
      for extent in term.summed { product *= Integer(extent) }
      for view in term.factors {
        switch view.source {
        case .tensor(let tensor): factors.append(known[tensor])
        case .block(let source):
          guard source < index else {
            throw .invalid(node: block.name, what: "it reads a tensor that is computed later")
          }
          factors.append(cells[source])
        }
        if case .tensor = view.source { isKnown.append(true) } else { isKnown.append(false) }
        product *= Integer(factors[factors.count - 1].magnitude)
      }
      bound += product
      guard bound.bitWidth <= 62 else {
        throw tooWide(block.name, "its sums of products may need \(bound.bitWidth) bits")
      }
      if factors.isEmpty {
        for cell in lower.indices {
          lower[cell] += term.coefficient
          upper[cell] += term.coefficient
        }
        continue
      }
      var (term, shapes) = (term, term.factors.map { draft.shape(of: $0.source) })
      for factor in term.factors.indices where term.factors[factor].isIndexed {
        factors[factor] = factors[factor].joined(&term.factors[factor], &shapes[factor])
      }
      IntervalLoopNest(term, over: block.shape, reading: shapes)
        .accumulate(lower: &lower, upper: &upper, factors, isKnown: isKnown)
    }
    let result = CellRanges(lower: lower, upper: upper)
    guard result.magnitude < 1 << UInt64(Limits.accumulatorBits) else {
      let interval = Interval(Integer(lower.min() ?? 0), Integer(upper.max() ?? 0))
      throw tooWide(block.name, "its accumulators range over \(interval)")
    }
    return result
  }

  private static func tooWide(_ layer: String, _ what: String) -> ModelError {
    .unsupported(
      node: layer, what: "\(what), more than \(Limits.accumulatorBits) bits and a sign",
      remedy: "a layer with fewer inputs, or smaller weights or activations")
  }

  /// q and y, cell by cell: both follow acc monotonely, or through a table.
  private static func step(
    _ block: CircuitIR.Block, _ accumulators: CellRanges
  ) throws(ModelError) -> (BlockRanges, CellRanges) {
    let channels = ClassIndex(block.shape, along: block.stepAxes)
    var (lower, upper) = (accumulators.lower, accumulators.upper)
    var classes = [ClosedRange<Int64>?](repeating: nil, count: block.steps)
    var quotients: ClosedRange<Int64>?
    var outputs: ClosedRange<Int64>?
    var images: [ClosedRange<Int64>: ClosedRange<Int64>] = [:]
    for cell in lower.indices {
      let channel = channels[cell]
      let accumulator = block.left(
        of: accumulators.lower[cell]...accumulators.upper[cell], in: channel)
      let first = block.quotient(accumulator.lowerBound, in: channel)
      let last = block.quotient(accumulator.upperBound, in: channel)
      guard let first = Int64(exactly: first), let last = Int64(exactly: last),
        max(first.magnitude, last.magnitude) < 1 << 61
      else {
        throw .unsupported(
          node: block.name, what: "its rescaled sums need more than 62 bits",
          remedy: "scales whose ratio is nearer to one")
      }
      let quotient = first...last
      guard let output = images[quotient] ?? block.function.image(of: quotient) else {
        throw .invalid(node: block.name, what: "an input leaves its declared range")
      }
      images[quotient] = output
      classes[channel] = classes[channel]?.union(accumulator) ?? accumulator
      quotients = quotients?.union(quotient) ?? quotient
      outputs = outputs?.union(output) ?? output
      lower[cell] = output.lowerBound
      upper[cell] = output.upperBound
    }
    let result = BlockRanges(
      accumulators: classes.map { $0 ?? 0...0 }, quotients: quotients ?? 0...0,
      outputs: outputs ?? 0...0)
    return (result, CellRanges(lower: lower, upper: upper))
  }

  /// What a multiplier must be for the arithmetic above to be exact.
  private static func check(_ block: CircuitIR.Block) throws(ModelError) {
    guard block.shape.allSatisfy({ $0 > 0 }) else {
      throw .invalid(node: block.name, what: "it has an empty shape \(block.shape)")
    }
    let axes = block.stepAxes
    let areInOrder = zip(axes, axes.dropFirst()).allSatisfy { $0 < $1 }
    let areAxes = areInOrder && axes.allSatisfy(block.shape.indices.contains)
    let classes = areAxes ? axes.reduce(1) { $0 * block.shape[$1] } : -1
    let multiplier = block.multiplier
    guard multiplier.classes == multiplier.shifts.count, block.steps == classes else {
      throw .invalid(
        node: block.name, what: "\(block.steps) multipliers for \(classes) channels")
    }
    guard
      zip(multiplier.mantissas, multiplier.shifts).allSatisfy({
        $0 >= 0 && $0 < 1 << 31 && (0...120).contains($1)
      })
    else {
      throw .unsupported(
        node: block.name, what: "a multiplier outside [0, 2^31) / 2^[0, 120]",
        remedy: "scales that are neither vanishing nor huge")
    }
    if case .activation(.lookup(let name, _, let values)) = block.function, values.isEmpty {
      throw .invalid(node: block.name, what: "its table \(name) is empty")
    }
  }
}

extension CircuitIR.Block {
  /// What a lemma leaves of the accumulators of a class.
  fileprivate func left(
    of accumulators: ClosedRange<Int64>, in index: Int
  ) -> ClosedRange<Int64> {
    guard let lemma, floatScaling == nil, multiplier.mantissas[index] > 0 else {
      return accumulators
    }
    let lower = Int64(
      clamping: multiplier.leastAccumulator(reaching: lemma.lowerBound, in: index))
    let upper = Int64(
      clamping: multiplier.greatestAccumulator(reaching: lemma.upperBound, in: index))
    let (least, greatest) = (
      max(lower, accumulators.lowerBound), min(upper, accumulators.upperBound)
    )
    return least <= greatest ? least...greatest : accumulators
  }

  /// acc of rows whose quotients are declared.
  fileprivate var declaredAccumulators: ClosedRange<Int64>? {
    guard let quotients = function.declared, multiplier.classes == 1 else { return nil }
    guard case .zero = function, let shift = multiplier.shifts.first, (1...60).contains(shift)
    else { return quotients }
    let half = Int64(1) << Int64(shift - 1)
    return -half...half - 1
  }
}

/// Which class of a multiplier a cell falls into: its coordinates along the multiplier's axes.
struct ClassIndex {
  private var factors: [(inner: Int, extent: Int)] = []

  init(_ shape: [Int], along axes: [Int]) {
    factors = axes.map { (shape[($0 + 1)...].reduce(1, *), shape[$0]) }
  }

  subscript(cell: Int) -> Int {
    var index = 0
    for (inner, extent) in factors { index = index * extent + cell / inner % extent }
    return index
  }
}
