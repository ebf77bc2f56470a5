/// The part of validation that looks into blocks: their scalar step, their relation, their views.
///
/// Written down in docs/protocol/accepting-a-key.md#blocks.
extension ConstraintSystem {
  func checkBlocks() throws(KeyError) {
    var work = Work()
    let advice = advice
    for index in blocks.indices {
      try checkStep(index)
      try checkMultiplier(index)
      guard !blocks[index].relation.isEmpty else { throw .noTerms(block: index) }
      // The relation of an input, and of advice, was compared with the only one allowed.
      if isInput(index) || advice[index] != nil { continue }
      for term in blocks[index].relation.indices { try checkTerm(index, term, &work) }
    }
  }

  /// Products of one execution, summed up until a limit.
  private struct Work {
    var products: Int64 = 0

    mutating func add(products extents: [Int]) throws(KeyError) {
      let own = extents.reduce(Int64(1)) { Saturating.product($0, Int64($1)) }
      products = Saturating.sum(products, own)
      if products > Limits.products {
        throw .tooMany(.products, limit: Int(clamping: Limits.products))
      }
    }
  }

  private func checkStep(_ index: Int) throws(KeyError) {
    let block = blocks[index]
    guard functions.indices.contains(block.function) else {
      throw .unknownFunction(block: index, function: block.function)
    }
    guard block.shift >= -Limits.functionValue, block.shift <= Limits.functionValue else {
      throw .shift(block: index, block.shift)
    }
    let domain = functions[block.function].domain
    let quotients = (domain.lowerBound - block.shift)...(domain.upperBound - block.shift)
    let bound = Int64(1) << Int64(parameters.quotientBits - 1)
    guard quotients.lowerBound >= -bound, quotients.upperBound < bound else {
      throw .quotientRange(block: index, quotients, bits: parameters.quotientBits)
    }
  }

  private func checkMultiplier(_ index: Int) throws(KeyError) {
    let block = blocks[index]
    switch block.multiplier {
    case .constant(let value):
      guard value >= 0, value < 1 << Int64(Limits.multiplierBits) else {
        throw .multiplierConstant(block: index, value)
      }
    case .tensor(let view):
      guard case .tensor(let source) = view.source else { throw .multiplierView(block: index) }
      try checkView(view, KeyError.Place(block: index), extents: block.shape)
      for (axis, window) in view.windows.enumerated() {
        guard window.through == nil, window.constant == 0, window.steps.count == 1,
          window.steps[0].stride == 1,
          block.shape[window.steps[0].label] == tensors[source].shape[axis]
        else { throw .multiplierView(block: index) }
      }
    }
  }

  private func checkTerm(_ index: Int, _ place: Int, _ work: inout Work) throws(KeyError) {
    let (block, term) = (blocks[index], blocks[index].relation[place])
    guard term.factors.count <= 2 else {
      throw .factors(block: index, term: place, count: term.factors.count)
    }
    let bound = Int64(1) << Int64(Limits.coefficientBits)
    guard term.coefficient != 0, term.coefficient >= -bound, term.coefficient <= bound else {
      throw .coefficient(block: index, term: place, term.coefficient)
    }
    guard term.summed.count <= Limits.summedLabels,
      term.summed.allSatisfy({ $0 >= 1 && $0 <= 1 << Limits.modelBits })
    else { throw .summedLabels(block: index, term: place, term.summed) }
    let extents = block.shape + term.summed
    for (factor, view) in term.factors.enumerated() {
      guard term.factors.count == 1 || !view.isIndexed else {
        throw .indexedProduct(KeyError.Place(block: index, term: place, factor: factor))
      }
      try checkView(
        view, KeyError.Place(block: index, term: place, factor: factor), extents: extents)
    }
    let used = term.factors.map { Set($0.labels) }
    for label in block.shape.count..<extents.count
    where !used.contains(where: { $0.contains(label) }) {
      throw .unusedLabel(block: index, term: place, label: label)
    }
    try work.add(products: extents)
    if used.count == 2 {
      let bits = extents.indices.reduce(0) { sum, label in
        let contracted =
          label >= block.shape.count || used.allSatisfy { $0.contains(label) }
        return sum + (contracted ? ceilLog2(extents[label]) : 0)
      }
      guard bits <= Limits.contractionBits else {
        throw .contraction(block: index, term: place, bits: bits)
      }
    }
    try checkSum(index, place)
  }

  /// A row's sum is no longer than a few times what it reads, so that executing costs what the rows and
  /// the model hold.
  private func checkSum(_ index: Int, _ place: Int) throws(KeyError) {
    let term = blocks[index].relation[place]
    let cells = term.factors.compactMap { shape(of: $0.source)?.reduce(1, *) }.max() ?? 1
    guard Saturating.product(term.summed) <= Limits.readsPerCell * cells else {
      throw .summedLabels(block: index, term: place, term.summed)
    }
  }

  func checkView(
    _ view: TensorAccess, _ place: KeyError.Place, extents: [Int]
  ) throws(KeyError) {
    guard let shape = shape(of: view.source) else { throw .unknownSource(place, view.source) }
    if case .block(let source) = view.source, source >= place.block {
      throw .readsLater(place, source: source)
    }
    guard view.windows.count == shape.count else {
      throw .rank(place, windows: view.windows.count, rank: shape.count)
    }
    var seen = Set<Int>()
    for window in view.windows {
      guard (-Limits.stride...Limits.stride).contains(window.constant) else {
        throw .constant(place, window.constant)
      }
      if let input = window.through { try checkIndex(input, window, place, extents: extents) }
      for step in window.steps {
        guard extents.indices.contains(step.label) else {
          throw .unknownLabel(place, label: step.label)
        }
        // Of several inferences each goes through an input at places of its own, whatever it reads.
        let isInference = inferences > 1 && window.through != nil && step.label == 0
        guard isInference || seen.insert(step.label).inserted else {
          throw .repeatedLabel(place, label: step.label)
        }
        // A label that moves nothing is written by leaving it out.
        guard step.stride != 0, (-Limits.stride...Limits.stride).contains(step.stride) else {
          throw .stride(place, step.stride)
        }
      }
    }
  }

  /// A window goes through a public input of integers that stand for themselves, at places that it has.
  ///
  /// SOUNDNESS: of an output it would make a circuit of what the circuit computes, a fix-point and no function.
  ///
  /// - Precondition: the window's constant is within its limit, so that no place is beyond a word.
  private func checkIndex(
    _ input: Int, _ window: AffineIndex, _ place: KeyError.Place, extents: [Int]
  ) throws(KeyError) {
    guard inputs.indices.contains(input) else { throw .unknownIndex(place, input: input) }
    let port = inputs[input]
    guard port.visibility == .public, port.type.range != nil, port.zeroPoint == 0,
      port.count <= Limits.stride
    else { throw .indexPort(place, input: input) }
    var (lowest, highest) = (window.constant, window.constant)
    for step in window.steps {
      guard extents.indices.contains(step.label) else {
        throw .unknownLabel(place, label: step.label)
      }
      guard (-Limits.stride...Limits.stride).contains(step.stride) else {
        throw .stride(place, step.stride)
      }
      let reach = step.stride * (extents[step.label] - 1)
      lowest += min(reach, 0)
      highest += max(reach, 0)
    }
    guard lowest >= 0, highest < port.count else {
      throw .indexPlaces(place, input: input, lowest...highest, count: port.count)
    }
  }
}
