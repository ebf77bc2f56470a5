import ConstraintSystem
import Model

extension CostModel.Workload {
  /// - Parameters:
  ///   - ranges: what is proven of each block.
  ///   - functions: the table that holds them.
  init(_ draft: CircuitIR, _ ranges: [BlockRanges], _ functions: TableFunctions) {
    blocks = draft.blocks.map { CostModel.Box(shape: $0.shape, keepsOrder: $0.isPort) }
    functionRows = functions.rows
    quotientBits = 1
    for use in functions.uses {
      let domain = functions.functions[use.function].domain
      quotientBits = max(
        quotientBits, signedBits(domain.lowerBound - use.shift),
        signedBits(domain.upperBound - use.shift))
    }
    accumulatorBits = ranges.reduce(1) {
      max($0, signedBits($1.accumulator.lowerBound), signedBits($1.accumulator.upperBound))
    }
    let multipliers = draft.blocks.filter(\.hasSecretMultiplier).map { block in
      block.multiplier.axes.map { block.shape[$0] }
    }
    tensors = (draft.tensors.map(\.shape) + multipliers).map {
      CostModel.Box(shape: $0, keepsOrder: false)
    }
    hasModelMultipliers = draft.blocks.contains(where: \.hasSecretMultiplier)
    hasLinearTerms = draft.blocks.contains { block in
      block.relation.contains { $0.factors.count == 1 }
    }
    views = draft.blocks.reduce(hasModelMultipliers ? multipliers.count : 0) {
      $0 + $1.relation.reduce(0) { $0 + $1.factors.count }
    }
    publicBytes = 0
    products = 0
    contractionBits = 0
    multiplications = 0
    for block in draft.blocks {
      for term in block.relation where term.factors.count == 2 {
        products += 1
        multiplications += (block.shape + term.summed).reduce(1, *)
        contractionBits = max(contractionBits, term.contractionBits(over: block.shape))
      }
    }
  }
}

extension CircuitIR.Block {
  /// Whether M comes from the model's scales, so that it is a model tensor and no public constant.
  var hasSecretMultiplier: Bool {
    if case .activation = function { return !multiplier.isIdentity }
    return !multiplier.axes.isEmpty
  }
}

/// Bits of a two's complement word that holds the value.
func signedBits(_ value: Int64) -> Int {
  Int64.bitWidth - (value < 0 ? ~value : value).leadingZeroBitCount + 1
}
