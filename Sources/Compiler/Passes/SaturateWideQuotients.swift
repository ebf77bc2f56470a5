import ConstraintSystem
import Model

/// Splits chosen blocks into a coarse and a fine row per output (see `Saturation`).
package enum SaturateWideQuotients {
  /// - Parameters:
  ///   - plans: by block index.
  /// - Returns: the new draft and what is proven of its blocks.
  package static func run(
    _ draft: CircuitIR, _ ranges: [BlockRanges], _ plans: [Int: Saturation]
  ) -> (draft: CircuitIR, ranges: [BlockRanges], places: [Int]) {
    var result = CircuitIR(tensors: draft.tensors)
    var proven: [BlockRanges] = []
    // Where the value of each old block stands now.
    var places: [Int] = []
    for (index, block) in draft.blocks.enumerated() {
      var moved = block.moved(block.isGiven ? places + [result.blocks.count] : places)
      guard let plan = plans[index] else {
        places.append(result.blocks.count)
        result.blocks.append(moved)
        proven.append(ranges[index])
        continue
      }
      let coarse = coarseBlock(moved, plan)
      result.blocks.append(coarse)
      proven.append(
        BlockRanges(
          accumulators: ranges[index].accumulators, quotients: plan.coarse, outputs: plan.excess))
      moved.relation.append(correction(for: moved, plan, at: result.blocks.count - 1, &result))
      places.append(result.blocks.count)
      result.blocks.append(moved)
      proven.append(
        BlockRanges(
          accumulators: plan.fineAccumulators, quotients: plan.fine,
          outputs: ranges[index].outputs))
    }
    result.gadgets = draft.gadgets.map { $0.moved(places) }
    return (result, proven, places)
  }

  /// q₁ = round(acc / 2^u), y = its excess.
  private static func coarseBlock(_ block: CircuitIR.Block, _ plan: Saturation) -> CircuitIR.Block {
    var coarse = block
    coarse.label = block.label.adding(.excess)
    coarse.isPort = false
    coarse.function = .excess(plan.kept)
    let single = Set(plan.steps).count == 1
    let steps = single ? Array(plan.steps.prefix(1)) : plan.steps
    coarse.multiplier = FixedPoint(
      mantissas: steps.map { _ in 1 }, shifts: steps, axes: single ? [] : block.multiplier.axes)
    return coarse
  }

  /// −2^u·e: with one u for all, a public coefficient; else a tensor of the model.
  private static func correction(
    for block: CircuitIR.Block, _ plan: Saturation, at coarse: Int, _ draft: inout CircuitIR
  ) -> Term {
    let excess = TensorAccess(.block(coarse), block.shape.indices.map { .label($0) })
    guard Set(plan.steps).count > 1 else {
      return Term(coefficient: -(1 << Int64(plan.steps.first ?? 0)), factors: [excess])
    }
    draft.tensors.append(
      CircuitIR.Tensor(
        label: TensorLabel(block.label, [.step]),
        shape: block.multiplier.axes.map { block.shape[$0] },
        type: .int64,
        values: plan.steps.map { 1 << Int64($0) }))
    let step = TensorAccess(
      .tensor(draft.tensors.count - 1), block.multiplier.axes.map { .label($0) })
    return Term(coefficient: -1, factors: [step, excess])
  }
}
