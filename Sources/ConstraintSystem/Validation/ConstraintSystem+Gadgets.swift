/// The part of validation that looks at gadgets: the conditions of the theorem in `Gadget`.
///
/// Written down in docs/protocol/gadgets.md#conditions.
extension ConstraintSystem {
  func checkGadgets() throws(KeyError) {
    /// The gadget of each block, and what is exported.
    var owners: [Int: Int] = [:]
    var exports = Set<Int>()
    for (index, gadget) in gadgets.enumerated() {
      do throws(GadgetFault) {
        try checkPlaces(gadget.kind)
        for block in gadget.kind.blocks.own {
          guard owners.updateValue(index, forKey: block) == nil else { throw .shared(block) }
        }
      } catch {
        throw .gadget(index, error)
      }
      exports.formUnion(gadget.kind.exports)
    }
    if gadgets.isEmpty { return }
    for block in inputs.flatMap(\.blocks) {
      if let owner = owners[block] { throw .gadget(owner, .port(block)) }
    }
    for block in outputs.flatMap(\.blocks) where !exports.contains(block) {
      if let owner = owners[block] { throw .gadget(owner, .port(block)) }
    }
    for (index, gadget) in gadgets.enumerated() {
      try checkForms(index)
      do throws(GadgetFault) {
        for part in try gadget.kind.parts(in: self) { try check(part) }
      } catch {
        throw .gadget(index, error)
      }
    }
    // Forms stand in their gadgets' checks, so that relations are all there is to read by.
    for (index, block) in blocks.enumerated() {
      for (place, term) in block.relation.enumerated() {
        for (factor, view) in term.factors.enumerated() {
          guard case .block(let source) = view.source, let owner = owners[source],
            !exports.contains(source), owners[index] != owner
          else { continue }
          throw .readsGadget(
            KeyError.Place(block: index, term: place, factor: factor), source: source)
        }
      }
    }
  }

  /// That its blocks exist, each advice before inner ones before checks.
  private func checkPlaces(_ kind: some GadgetKind) throws(GadgetFault) {
    let held = kind.blocks
    for block in held.own + held.others where !blocks.indices.contains(block) {
      throw .unknownBlock(block)
    }
    guard let last = held.advice.max() else { throw .noAdvice }
    if let early = held.inner.first(where: { $0 < last }) { throw .order(early) }
    let later = held.inner.max() ?? last
    if let early = held.checks.first(where: { $0 < later }) { throw .order(early) }
  }

  /// That a gadget's forms read earlier blocks, and nothing of the model.
  private func checkForms(_ index: Int) throws(KeyError) {
    let kind = gadgets[index].kind
    let first = kind.blocks.own.min() ?? 0
    for form in kind.forms(in: self) {
      for (place, term) in form.terms.enumerated() {
        let rank = form.shape.count
        guard term.factors.count <= form.mostFactors, term.summed.count <= Limits.summedLabels,
          term.summed.allSatisfy({ $0 >= 1 && $0 <= 1 << Limits.modelBits })
        else { throw .gadget(index, .form) }
        let read = Set(term.factors.flatMap(\.labels))
        guard term.summed.indices.allSatisfy({ read.contains(rank + $0) }) else {
          throw .gadget(index, .form)
        }
        for (factor, view) in term.factors.enumerated() {
          guard case .block = view.source, !view.isIndexed else { throw .gadget(index, .form) }
          try checkView(
            view, KeyError.Place(block: first, term: place, factor: factor),
            extents: form.shape + term.summed)
        }
      }
    }
  }

  /// That a block is what a declaration makes it.
  private func check(_ part: GadgetPart) throws(GadgetFault) {
    let block = blocks[part.block]
    guard block.shape == part.shape else { throw .shape(part.block) }
    guard block.relation == part.relation else { throw .relation(part.block) }
    guard functions.indices.contains(block.function) else { throw .function(part.block) }
    let function = functions[block.function]
    var multiplier = Int64(1) << Int64(parameters.scaleBits)
    switch part.rule {
    case .advice(let range):
      guard function.isIdentity, block.shift == 0, range == nil || range == function.domain else {
        throw .function(part.block)
      }
    case .inner:
      guard function.isIdentity, block.shift == 0 else { throw .function(part.block) }
    case .zero: try checkZero(block, part.block)
    case .within(let width):
      guard width <= parameters.scaleBits else { throw .width(part.block, width) }
      multiplier >>= Int64(width)
      try checkZero(block, part.block)
    case .natural:
      guard function.lowest == block.shift else { throw .function(part.block) }
    }
    guard block.multiplier == .constant(multiplier) else { throw .multiplier(part.block) }
  }

  /// That q = 0 is all that a block looks up.
  private func checkZero(_ block: Block, _ index: Int) throws(GadgetFault) {
    let function = functions[block.function]
    guard function.count == 1, function.lowest == block.shift else { throw .function(index) }
  }
}

extension Gadget {
  /// Terms of all its forms.
  var termCount: Int {
    switch self {
    case .quotient(let gadget): gadget.numerator.count + gadget.denominator.count
    case .squareRoot(let gadget): gadget.radicand.count
    case .maximum(let gadget): gadget.values.count + (gadget.mask?.terms.count ?? 0)
    case .firstMaximum(let gadget): gadget.values.count
    }
  }
}

extension GadgetFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownBlock(let block): "names block \(block), which does not exist"
    case .noAdvice: "has no advice"
    case .shared(let block): "names block \(block), which has another part already"
    case .port(let block): "keeps block \(block) to itself, which is an input or output"
    case .order(let block): "has block \(block) out of its order"
    case .shape(let block): "has block \(block) in another shape"
    case .relation(let block): "gives block \(block) another relation than it has"
    case .multiplier(let block): "gives block \(block) another multiplier than it has"
    case .function(let block): "gives block \(block) another function than it has"
    case .width(let block, let width): "has a check of \(width) bits in block \(block)"
    case .form: "has a sum that reads the model or through an input, or is none of its kind"
    case .limbs(let count): "has a number of \(count) limbs, which are too few or too wide"
    }
  }
}
