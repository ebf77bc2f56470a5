/// What a verifier spends on a circuit beyond the bytes of its files, from the structure alone and before
/// any of it is spent: on accepting a key, and again on each proof.
///
/// Every loop of a verifier over something that a circuit sizes has a term here, in a function that is
/// named after what is looped over, and reports its products to `OperationCounter.count(overKey:)`; a test compares
/// the two on random and extreme circuits. What a proof or a key holds byte by byte (points, scalars,
/// public values) is not counted: there its bytes are the bound.
///
/// Written down in docs/protocol/accepting-a-key.md#work.
package struct VerifierWork: Hashable, Sendable {
  /// Products of field elements, and as much as so many take.
  package private(set) var products = 0
  /// Memory held at once, at most.
  package private(set) var bytes = 0
  /// Weights of an axis, of which `ClaimReduction` holds eq, one axis at a time.
  private var longestAxis = 0

  /// A field element.
  private static let element = 32
  /// What the bookkeeping of a view takes, in products and in bytes, and that of one of its windows.
  private static let view = (products: 64, bytes: 384)
  private static let window = (products: 16, bytes: 96)
  /// A committed row as it is planned.
  private static let row = (products: 2, bytes: 96)

  /// - Parameters:
  ///   - system: one whose views, shapes and functions are valid.
  ///   - ranges: what is claimed of its model, in a key proof.
  package init(_ system: ConstraintSystem, ranges: [ModelRange] = []) {
    let sizes = Sizes(system)
    add(table: system, sizes)
    add(sumChecks: system, sizes)
    for block in system.blocks { add(block: block, of: system, sizes) }
    for gadget in system.gadgets { add(gadget: gadget) }
    for port in system.inputs + system.outputs where port.visibility == .public {
      for block in port.blocks { add(publicTensor: system.blocks[block], sizes) }
    }
    for port in system.inputs + system.outputs where port.visibility == .public {
      if port.padding != nil { add(filled: port) }
    }
    for port in system.inputs + system.outputs where port.visibility != .public {
      if port.padding == nil { continue }
      for block in port.blocks { add(padding: system.blocks[block], of: system, sizes) }
    }
    for range in ranges { add(range: range, of: system, sizes) }
    add(rows: system, sizes)
    add(bytes: longestAxis, Self.element)
  }

  /// Variables of the columns, as `Shape` has them.
  private struct Sizes {
    let trace: Int
    let table: Int
    let column: Int
    /// Of the sum-check over pairs of look-ups; 0 by a scheme that has none.
    let pairs: Int
    /// Of the sum-check over the products of views, the rounds that merge them with it.
    let relations: Int

    init(_ system: ConstraintSystem) {
      trace = system.traceBits
      table = system.table.bits
      let parameters = system.parameters
      pairs = parameters.scheme.pairsLookups ? max(trace + parameters.slotBits, table) : 0
      column = max(trace, table, system.modelBits, system.commitmentRowBits, pairs)
      let terms = system.blocks.flatMap { block in
        block.relation.filter { $0.factors.count == 2 }.map { $0.keptBits(of: block) }
      }
      relations = (terms.max() ?? 0) + ceilLog2(terms.count)
    }
  }

  /// `Shape.tableFingerprint`: O(k) a segment, and eq on each function given by its values.
  private mutating func add(table system: ConstraintSystem, _ sizes: Sizes) {
    let each = 3 * sizes.table + 8
    add(products: each)
    var first = 1 + 1 << system.parameters.limbBits
    var longest = 0
    for function in system.functions {
      switch function.body {
      case .segments(let segments): add(products: segments.count * each)
      case .values(_, let values):
        longest = max(longest, values.count)
        add(products: each + values.count)
        add(equalityOver: first..<first + values.count, variables: sizes.table)
      }
      first += function.count
    }
    add(bytes: 2 * longest * Self.element)
  }

  /// `InverseArgument`, `FractionalSumcheck`, `RowArgument`, or `PairArgument`; `Relations`, `ClaimReduction`: what their rounds take, but for
  /// the claims and terms that are batched.
  private mutating func add(sumChecks system: ConstraintSystem, _ sizes: Sizes) {
    let levels = max(0, sizes.trace - sizes.table)
    let degree = system.parameters.limbs + 2
    let lookups =
      system.parameters.scheme.pairsLookups
      ? 3 * sizes.pairs
      : 2 * sizes.table + levels * (2 * sizes.trace + 4) + degree * sizes.trace
    let scalars = lookups + 2 * sizes.relations + 2 * sizes.column + 3 * degree
    // Claims of the plain sums carry every scalar sent so far, which each round halves.
    let carried = 2 * sizes.relations + 2 * sizes.column + 8
    add(products: 8 * scalars + (sizes.relations + sizes.column) * carried)
    add(bytes: 512 * scalars)
  }

  /// `BlockWeights`, `PublicColumns` and the terms of `Relations`.
  private mutating func add(block: Block, of system: ConstraintSystem, _ sizes: Sizes) {
    let read = block.readLabels
    add(products: sizes.trace + 16)
    add(bytes: 256)
    for (label, extent) in block.shape.enumerated() {
      if read.contains(label) {
        add(products: extent)
        add(bytes: extent, Self.element)
      } else {
        add(products: 3 * ceilLog2(extent))
      }
    }
    if case .tensor(let view) = block.multiplier {
      add(functional: view, extents: block.shape, of: system, sizes)
    }
    // The indicator, for constants.
    add(products: block.shape.count + 1)
    for term in block.relation where !term.factors.isEmpty {
      let extents = block.shape + term.summed
      let isProduct = term.factors.count == 2
      for label in isProduct ? term.keptLabels(of: block) : Array(block.shape.count..<extents.count)
      {
        // eq of it, and for a shared one that times the weights of the block.
        add(products: 2 * extents[label])
        add(bytes: 2 * extents[label], Self.element)
      }
      if isProduct {
        // 2^−missing, and what the term counts in the sum of all.
        add(products: sizes.relations + 20)
      }
      for view in term.factors { add(functional: view, extents: extents, of: system, sizes) }
    }
  }

  /// `ConstraintSystem.checkGadgets`: what its blocks have to be, by its forms' terms and its limbs.
  private mutating func add(gadget: Gadget) {
    let limbs = gadget.kind.blocks.advice.count
    let terms = Saturating.product(gadget.termCount + limbs, limbs + 2)
    add(products: Saturating.product(terms, Self.view.products))
    add(bytes: terms, Self.view.bytes)
  }

  /// `ConstraintSystem.functionals`, and their values in `ClaimReduction`. Some views through inputs
  /// are one for each inference.
  private mutating func add(
    functional view: TensorAccess, extents: [Int], of system: ConstraintSystem, _ sizes: Sizes
  ) {
    guard system.dependsTwiceOnInference(view) else {
      add(one: view, extents: extents, of: system, sizes)
      return
    }
    var own = extents
    own[0] = 1
    var one = self
    (one.products, one.bytes) = (0, 0)
    one.add(one: view, extents: own, of: system, sizes)
    add(products: Saturating.product(system.inferences, one.products))
    add(bytes: system.inferences, one.bytes)
    longestAxis = one.longestAxis
  }

  private mutating func add(
    one view: TensorAccess, extents: [Int], of system: ConstraintSystem, _ sizes: Sizes
  ) {
    add(products: Self.view.products + 2 * sizes.column)
    add(bytes: Self.view.bytes)
    for (window, extent) in zip(view.windows, system.shape(of: view.source) ?? []) {
      add(products: Self.window.products)
      add(bytes: Self.window.bytes)
      let reach = window.reach(within: extent) { extents[$0] }
      let isLabel =
        window.through == nil && window.constant == 0 && window.steps.count == 1
        && window.steps[0].stride == 1
      if !isLabel {
        let places = Saturating.product(window.steps.map { extents[$0.label] })
        add(products: Saturating.product(2, places))
        // The place and the weight of each, twice while they are made.
        if window.through != nil { add(bytes: places, 2 * (Self.element + 16)) }
      }
      // The weights of a label are shared with it unless they are cut.
      if !isLabel || reach.count < extents[window.steps[0].label] {
        add(bytes: reach.count, Self.element)
      }
      add(products: reach.count)
      longestAxis = max(longestAxis, reach.count)
      // An input may lead to coordinates that begin within the axis.
      let run = window.through == nil ? reach : 1..<extent + 1
      add(equalityOver: run, variables: ceilLog2(extent))
    }
  }

  /// `PublicTensorArgument`, but for the values themselves.
  private mutating func add(publicTensor block: Block, _ sizes: Sizes) {
    add(products: Self.view.products + 2 * sizes.column)
    for extent in block.shape {
      add(products: 3 * extent)
      add(bytes: extent, Self.element)
      longestAxis = max(longestAxis, extent)
    }
  }

  /// `PaddedCells.filled`: what stands in no file, as integers of the runtime, of the circuit, and as limbs.
  private mutating func add(filled port: Port) {
    add(products: Saturating.product(port.count, 1 + port.blocks.count))
    add(bytes: port.count, 8 * (2 + port.blocks.count))
  }

  /// `PaddingArgument`: the weights once, and what they are on the rest of each inference.
  private mutating func add(
    padding block: Block, of system: ConstraintSystem, _ sizes: Sizes
  ) {
    let functionals = system.inferences
    add(products: functionals * (Self.view.products + 3 * sizes.column))
    add(bytes: functionals * Self.view.bytes)
    for (axis, extent) in block.shape.enumerated() {
      add(products: 2 * extent)
      add(bytes: extent, Self.element)
      longestAxis = max(longestAxis, extent)
      // A functional is of one inference.
      if axis == 0, functionals > 1 { continue }
      let bits = ceilLog2(extent)
      add(products: Saturating.product(functionals, 2 * extent + 2 * bits * bits))
      add(bytes: functionals * extent, Self.element)
    }
  }

  /// `ModelRangeArgument`: the weights once, and what they are on the model and on each digit.
  private mutating func add(range: ModelRange, of system: ConstraintSystem, _ sizes: Sizes) {
    let tensor = system.tensors[range.tensor]
    // A claim on rows besides.
    let functionals = 1 + range.digits.count + (tensor.type == .oneHot ? 1 : 0)
    add(products: functionals * (Self.view.products + 2 * sizes.column))
    add(bytes: functionals * Self.view.bytes)
    for extent in tensor.shape {
      add(products: (2 + 2 * functionals) * extent)
      add(bytes: extent * (tensor.type == .oneHot ? 2 : 1), Self.element)
      longestAxis = max(longestAxis, extent)
    }
  }

  /// `RowPlan`.
  private mutating func add(rows system: ConstraintSystem, _ sizes: Sizes) {
    let trace = system.usedRows / system.commitmentRowLength + system.blocks.count
    let committed =
      (system.inputs + system.outputs).filter { $0.visibility == .committed }
      .flatMap(\.blocks)
      .reduce(0) { $0 + 1 << system.blocks[$1].bits } / system.commitmentRowLength
    let parameters = system.parameters
    let columns =
      parameters.limbs + 2 + (parameters.scheme.pairsLookups ? parameters.lookupSlots : 0)
    let table = 2 * (system.table.count / system.commitmentRowLength + 1)
    let model = system.usedModelCells / system.parameters.commitmentRowLength + system.tensors.count
    for count in [trace * columns, 2 * committed, table, model] {
      add(products: Self.row.products * count)
      add(bytes: count, Self.row.bytes)
    }
    // ψ, which is a product over bits where generators are powers.
    add(
      products: system.parameters.scheme.usesPowers
        ? 8 * system.commitmentRowBits : 2 * system.commitmentRowLength)
  }

  /// `Equality.range`, whose blocks are at most two of a size.
  private mutating func add(equalityOver range: Range<Int>, variables: Int) {
    add(products: range.count)
    if range.lowerBound > 0 { add(products: 2 * variables * min(variables, range.count)) }
  }

  private mutating func add(products count: Int) { products = Saturating.sum(products, count) }
  private mutating func add(bytes count: Int, _ each: Int = 1) {
    bytes = Saturating.sum(bytes, Saturating.product(count, each))
  }
}

extension Term {
  /// The labels of a product of two views that its sum-check runs over: summed ones, then those of the
  /// block that both read.
  package func keptLabels(of block: Block) -> [Int] {
    let (first, second) = (Set(factors[0].labels), Set(factors[1].labels))
    let rank = block.shape.count
    return Array(rank..<rank + summed.count)
      + (0..<rank).filter { first.contains($0) && second.contains($0) }
  }

  /// Its variables.
  package func keptBits(of block: Block) -> Int {
    let extents = block.shape + summed
    return keptLabels(of: block).reduce(0) { $0 + ceilLog2(extents[$1]) }
  }
}
