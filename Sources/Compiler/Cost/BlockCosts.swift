package import ConstraintSystem

/// What each block of a circuit asks of a proof, by the compiler's cost model.
///
/// All of it follows from the circuit, which is public: whoever has the verifier key can tell.
package struct BlockCosts: Sendable, Hashable {
  package struct Cost: Sendable, Hashable {
    /// Cells of the block.
    package var rows: Int
    /// Products of its relation's two-view terms: multiply-accumulates.
    package var products: Int
    /// Values of the model's tensors that it is the first to read, multipliers included.
    package var modelValues: Int
    package var milliseconds: Double
  }
  package var blocks: [Cost]
  package var estimate: CostModel.Estimate
  /// Of proving, what no block causes alone: the table, the pads and the opening.
  package var sharedMilliseconds: Double {
    max(0, estimate.proveMilliseconds - blocks.reduce(0) { $0 + $1.milliseconds })
  }

  /// - Parameter system: of a key that was accepted.
  package init(_ system: ConstraintSystem) {
    let model = CostModel(CostModel.Workload(system), scheme: system.parameters.scheme)
    let parameters = system.parameters
    estimate = model.estimate(
      limbs: parameters.limbs, limbBits: parameters.limbBits,
      commitmentRowBits: parameters.commitmentRowBits)
    let rates = CostModel.Rates.vector
    let row = model.row(limbs: parameters.limbs, limbBits: parameters.limbBits, rates)
    var isRead = [Bool](repeating: false, count: system.tensors.count)
    blocks = system.blocks.map { block in
      var (values, cells) = (0, 0)
      for tensor in block.tensors where system.tensors.indices.contains(tensor) && !isRead[tensor] {
        isRead[tensor] = true
        values += system.tensors[tensor].count
        cells += 1 << system.tensors[tensor].bits
      }
      let products = block.products
      let nanoseconds =
        Double(block.count) * row + Double(products) * rates.contraction
        + Double(cells) * rates.modelCell
      return Cost(
        rows: block.count, products: products, modelValues: values, milliseconds: nanoseconds / 1e6)
    }
  }
}

extension Block {
  /// Tensors of the model that it reads, in the order of its relation, its multiplier last.
  package var tensors: [Int] {
    var views = relation.flatMap(\.factors)
    if case .tensor(let view) = multiplier { views.append(view) }
    return views.compactMap { view in
      if case .tensor(let index) = view.source { index } else { nil }
    }
  }

  /// Views of the multiplier: one, or none of a constant.
  var multiplierViews: Int {
    if case .tensor = multiplier { 1 } else { 0 }
  }

  /// Products of the two-view terms.
  var products: Int {
    relation.reduce(0) { sum, term in
      term.factors.count == 2 ? sum + (shape + term.summed).reduce(1, *) : sum
    }
  }
}

extension CostModel.Workload {
  /// What a finished circuit asks of a proof.
  package init(_ system: ConstraintSystem) {
    blocks = system.blocks.map { CostModel.Box(shape: $0.shape, keepsOrder: true) }
    functionRows = system.functions.reduce(0) { $0 + $1.count }
    quotientBits = system.parameters.quotientBits
    // Nothing that is committed depends on it.
    accumulatorBits = Limits.accumulatorBits
    tensors = system.tensors.map { CostModel.Box(shape: $0.shape, keepsOrder: true) }
    hasModelMultipliers = system.blocks.contains { block in
      if case .tensor = block.multiplier { true } else { false }
    }
    hasLinearTerms = system.blocks.contains { block in
      block.relation.contains { $0.factors.count == 1 }
    }
    let publics = (system.inputs + system.outputs).filter { $0.visibility == .public }
    views = system.blocks.reduce(publics.reduce(0) { $0 + $1.blocks.count }) { sum, block in
      block.relation.reduce(sum + block.multiplierViews) { $0 + $1.factors.count }
    }
    publicBytes = publics.reduce(0) { $0 + $1.count * $1.type.bytes }
    products = 0
    contractionBits = 0
    multiplications = system.blocks.reduce(0) { $0 + $1.products }
    for block in system.blocks {
      for term in block.relation where term.factors.count == 2 {
        products += 1
        contractionBits = max(contractionBits, term.contractionBits(over: block.shape))
      }
    }
  }
}

extension Term {
  /// Variables of a two-view term's sum-check: its summed labels, and those of the block that both
  /// views have.
  func contractionBits(over shape: [Int]) -> Int {
    let labels = factors.map { Set($0.labels) }
    let shared = shape.indices.filter { label in labels.allSatisfy { $0.contains(label) } }
    return shared.reduce(0) { $0 + ceilLog2(shape[$1]) } + summed.reduce(0) { $0 + ceilLog2($1) }
  }
}
