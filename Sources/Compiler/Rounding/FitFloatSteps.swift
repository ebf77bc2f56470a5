import ConstraintSystem
package import Model
import Compute

/// Replaces every float32 step by integers that send each accumulator of its proven range to the same
/// output: one multiplier per channel, or the lines of a `RoundingFit`.
///
///   plain channels       acc·m / 2^s
///   one with an offset   acc' = Σ (m·w)·x + m·bias + c, and 2^−s: m and c go into the model's tensors, so that
///                        a row is what it was
///   one of G lines       G − 1 rows more per output, in a block of their own, hold the clamped parts e_r;
///                        acc' has 2^s·Σ e_r besides
///   a mean or a sum      of which no lines are found, or lines that take more rows than its sums are: acc' = acc,
///                        and the image of each sum in a table
///
/// Which channels take which is public, as the rows are; it tells that a few multiples of a multiplier lie next
/// to a tie. A channel that no lines fit keeps the integer step of its multiplier and is named: accumulators
/// beyond 2^24 are rounded to floats first, and a step over many of those has no form in integers. So is a
/// product of two activations that no multiplier alone fits, since its terms take no third factor.
package enum FitFloatSteps {
  /// - Parameter ranges: what is proven of each block.
  /// - Returns: the draft without float steps, where the value of each block stands now, and what to tell of
  ///   layers that are not their runtime's to the last unit.
  /// - Throws: when terms take no factor, naming the layer.
  /// - Complexity: a float step per channel, bound of the clamp and bit of the range.
  package static func run(
    _ draft: CircuitIR, _ ranges: [BlockRanges]
  ) throws(ModelError) -> (draft: CircuitIR, places: [Int], notes: [String]) {
    var result = CircuitIR(tensors: draft.tensors)
    var places: [Int] = []
    var notes: [String] = []
    for (index, block) in draft.blocks.enumerated() {
      let moved = block.moved(block.isGiven ? places + [result.blocks.count] : places)
      if let scaling = block.floatScaling {
        let inexact = try fit(moved, scaling, ranges[index], into: &result)
        if inexact > 0 {
          guard !scaling.steps.contains(where: \.isDirected) else {
            throw .unsupported(
              node: block.name,
              what: "a quantizer whose rounding mode has no form in integers over its sums",
              remedy: "use the rounding mode ROUND here, or fewer bits")
          }
          notes.append(
            "layer \"\(block.name)\": \(inexact) of \(scaling.steps.count) channels round half upwards "
              + "in integers, since single precision has no such form over their sums; "
              + "a value next to a tie may be one off the runtime's")
        }
      } else {
        result.blocks.append(moved)
      }
      places.append(result.blocks.count - 1)
    }
    result.gadgets = draft.gadgets.map { $0.moved(places) }
    return (result, places, notes)
  }

  /// - Returns: channels without lines.
  private static func fit(
    _ block: CircuitIR.Block, _ scaling: FloatScaling, _ ranges: BlockRanges,
    into draft: inout CircuitIR
  ) throws(ModelError) -> Int {
    var fits: [RoundingFit?] = []
    let bounds = block.function.bounds ?? ranges.quotients
    // The positions of a window have few steps among them.
    var known: [StepRange: RoundingFit?] = [:]
    for (step, accumulators) in zip(scaling.steps, ranges.accumulators) {
      try Job.check(else: ModelError.cancelled)
      let key = StepRange(step: step, accumulators: accumulators)
      let fit =
        known[key]
        ?? RoundingFit(
          step, accumulators, bounds, near: ranges.quotients, isPlain: block.multipliesBlocks)
      known[key] = .some(fit)
      fits.append(fit)
    }
    if let table = table(block, scaling, ranges, fits) {
      draft.blocks.append(table)
      return 0
    }
    let further = fits.reduce(0) { $0 + ($1?.lines.count ?? 1) - 1 }
    let hasRoom = ChannelMultipliers(block, scaling.axes).hasRoom(for: further)
    let inexact = fits.count { !isTaken($0, hasRoom) }
    return try replace(
      block, scaling,
      by: zip(fits, scaling.steps).map { fit, step in
        fit.flatMap { isTaken($0, hasRoom) ? $0 : nil } ?? RoundingFit(nearest: step)
      }, bounds, inexact, into: &draft)
  }

  /// Whether a channel has lines that there is a block for.
  private static func isTaken(_ fit: RoundingFit?, _ hasRoom: Bool) -> Bool {
    fit.map { hasRoom || $0.lines.count == 1 } ?? false
  }

  private struct StepRange: Hashable {
    var step: FloatStep
    var accumulators: ClosedRange<Int64>
  }

  /// Sums that a table has images of, at most.
  private static let mostImages = 1 << 14

  /// A mean or a sum as the image of each of its sums; nil where lines are there and shorter.
  private static func table(
    _ block: CircuitIR.Block, _ scaling: FloatScaling, _ ranges: BlockRanges,
    _ fits: [RoundingFit?]
  ) -> CircuitIR.Block? {
    guard let step = scaling.steps.first, let name = step.table,
      fits.count == 1 || step.isShared && scaling.steps.allSatisfy({ $0 == step }),
      let first = ranges.accumulators.first, block.function.bounds != nil
    else { return nil }
    let sums = ranges.accumulators.reduce(first) { $0.union($1) }
    guard sums.count <= mostImages else { return nil }
    let lines = fits.compactMap { $0.map { $0.lines.count - 1 } }
    if lines.count == fits.count,
      lines.reduce(0, +) * (block.count / fits.count) <= sums.count
    {
      return nil
    }
    var block = block
    block.floatScaling = nil
    block.multiplier = .identity
    block.function = .activation(
      .lookup(
        name: name, lowest: sums.lowerBound,
        values: sums.map { Int16(clamping: block.function(step($0)) ?? 0) }))
    return block
  }

  /// The block with lines in place of float steps, and the block of what lines it has besides.
  private static func replace(
    _ block: CircuitIR.Block, _ scaling: FloatScaling, by fits: [RoundingFit],
    _ bounds: ClosedRange<Int64>, _ inexact: Int, into draft: inout CircuitIR
  ) throws(ModelError) -> Int {
    var block = block
    block.floatScaling = nil
    block.multiplier =
      FixedPoint(
        mantissas: fits.map { $0.isPlain ? $0.lines[0].mantissa : 1 },
        shifts: fits.map { $0.lines[0].shift }, axes: scaling.axes
      ).collapsed
    let classes = ChannelMultipliers(block, scaling.axes)
    if fits.contains(where: { !$0.isPlain }) {
      let own = fits.map {
        $0.isPlain ? RoundedMultiplier(mantissa: 1, shift: 0, offset: 0) : $0.lines[0]
      }
      let parts = fits.enumerated().flatMap { channel, fit in
        fit.lines.dropFirst().map { (channel, $0) }
      }
      let relation = block.relation
      block.relation = try classes.scaled(relation, by: own, in: &draft)
      if !parts.isEmpty {
        draft.blocks.append(
          try classes.parts(
            parts, of: relation, clampedTo: RoundingFit.parts(of: bounds), in: &draft))
        block.relation.append(
          classes.sum(of: parts.map(\.0), fits.map { $0.lines[0].shift }, in: &draft))
      }
    }
    draft.blocks.append(block)
    return inexact
  }
}

extension CircuitIR.Block {
  /// Whether it has products of two activations, which take no third factor.
  fileprivate var multipliesBlocks: Bool {
    relation.contains { term in
      term.factors.count == 2
        && term.factors.allSatisfy { if case .block = $0.source { true } else { false } }
    }
  }

  /// The block where the blocks that it reads have moved to these places.
  func moved(_ places: [Int]) -> CircuitIR.Block {
    var block = self
    block.relation = relation.map { term in
      var term = term
      for factor in term.factors.indices {
        if case .block(let source) = term.factors[factor].source {
          term.factors[factor].source = .block(places[source])
        }
      }
      return term
    }
    return block
  }
}

extension Gadget {
  /// The gadget where blocks have moved to these places.
  func moved(_ places: [Int]) -> Gadget {
    mapped(
      blocks: { places[$0] },
      views: { view in
        guard case .block(let source) = view.source else { return view }
        return TensorAccess(.block(places[source]), view.windows)
      })
  }
}

extension FixedPoint {
  /// One multiplier for all where all agree.
  var collapsed: FixedPoint {
    guard Set(mantissas).count == 1, Set(shifts).count == 1 else { return self }
    return FixedPoint(mantissas: [mantissas[0]], shifts: [shifts[0]], axes: [])
  }
}
