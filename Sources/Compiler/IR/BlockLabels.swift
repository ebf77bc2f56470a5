package import ConstraintSystem
package import Model

extension ConstraintSystem {
  /// The layer and the role of each block, as the compiler gave them, where the circuit is all there is.
  ///
  /// A key has names alone, and a layer may be called as the compiler calls what it adds to another. So a name
  /// is believed only where the relations bear it out: each role has rows, readers or tensors that no layer's own
  /// values have. Where a user writes by hand the very rows that the compiler would have added, names included,
  /// the keys of both networks are the same bytes, and so is what is said of them.
  ///
  /// - Complexity: linear in the circuit.
  package var blockLabels: [BlockLabel] { BlockLabels(self).labels }
}

/// Reads labels back off a circuit.
private struct BlockLabels {
  private let system: ConstraintSystem
  /// By block: the terms that read it, and whose they are.
  private var readers: [[(block: Int, term: Term)]]
  private(set) var labels: [BlockLabel]

  init(_ system: ConstraintSystem) {
    self.system = system
    readers = system.blocks.map { _ in [] }
    labels = system.blocks.map { BlockLabel($0.name) }
    for (index, block) in system.blocks.enumerated() {
      for term in block.relation {
        for source in Set(term.factors.map(\.source)) {
          guard case .block(let read) = source, readers.indices.contains(read) else { continue }
          readers[read].append((index, term))
        }
      }
    }
    // What a block is added to comes after it.
    for index in labels.indices.reversed() {
      if let label = added(index) { labels[index] = label }
    }
  }

  /// The label of a block that is there for another's sake; nil for a layer's own values.
  private func added(_ index: Int) -> BlockLabel? {
    let name = system.blocks[index].name
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex, !system.isInput(index) else {
      return nil
    }
    let base = String(name[..<dot])
    switch name[name.index(after: dot)...] {
    case BlockRole.excess.suffix:
      if isExcess(index) {
        let next = index + 1
        guard next < labels.count, system.blocks[next].name == base else { return nil }
        return labels[next].adding(.excess)
      }
      return isDifference(index, of: base) ? BlockLabel(base, [.difference]) : nil
    case BlockRole.advice.suffix: return isOfGadget(index) ? BlockLabel(base, [.advice]) : nil
    case BlockRole.check.suffix: return isOfGadget(index) ? BlockLabel(base, [.check]) : nil
    case BlockRole.part.suffix: return owner(index, base, isPart).map { $0.adding(.part) }
    case BlockRole.positive.suffix:
      if isSide(index, of: base, .positive) || isSquared(index, of: base, .positive) {
        return BlockLabel(base, [.positive])
      }
      return owner(index, base, isPositive).map { $0.adding(.positive) }
    case BlockRole.negative.suffix:
      return isSide(index, of: base, .negative) || isSquared(index, of: base, .negative)
        || isOpposite(index, of: base)
        ? BlockLabel(base, [.negative]) : nil
    case BlockRole.copy.suffix: return copied(index, of: base)
    case BlockRole.operand.suffix:
      return isRescaled(index, for: base) ? BlockLabel(base, [.operand]) : nil
    case BlockRole.axis.suffix:
      return isAxis(index, of: base) ? BlockLabel(base, [.axis]) : nil
    default: return nil
    }
  }

  private func isOfGadget(_ index: Int) -> Bool {
    system.gadgets.contains { $0.kind.blocks.own.contains(index) }
  }

  /// The label of the first block of this name that `reads` another as its owner does.
  private func owner(
    _ index: Int, _ name: String, _ reads: (_ index: Int, _ owner: Int) -> Bool
  ) -> BlockLabel? {
    readers[index].first { system.blocks[$0.block].name == name && reads(index, $0.block) }
      .map { labels[$0.block] }
  }

  /// The table has this function for coarse rows alone.
  private func isExcess(_ index: Int) -> Bool {
    let function = system.blocks[index].function
    return system.functions.indices.contains(function)
      && system.functions[function].name == TableFunction.excessName
  }

  /// Σ 2^s·part through a tensor of its own, which no operator has.
  private func isPart(_ index: Int, _ owner: Int) -> Bool {
    let place = system.blocks[owner].name + "." + TensorRole.place.rawValue
    return readers[index].contains { reader in
      reader.block == owner && reader.term.factors.contains { tensorName($0) == place }
    }
  }

  /// x·slope + positive·(1 − slope), whose slopes are a tensor.
  private func isPositive(_ index: Int, _ owner: Int) -> Bool {
    guard isSumOfViews(index), isClampedAtZero(index) else { return false }
    let terms = readers[index].filter { $0.block == owner }.map(\.term)
    return terms.contains { $0.factors.count == 2 && $0.coefficient < 0 }
      && terms.contains { $0.factors.count == 1 && $0.coefficient > 0 }
  }

  /// What becomes of the values above zero, and next to it what becomes of those below by slopes that are a
  /// tensor, or of sums over the same weights: both are made of the same, and who reads one reads both, since
  /// their sum is the layer's value.
  private func areSides(_ positive: Int, _ negative: Int) -> Bool {
    let (above, below) = (readers[positive].map(\.block), readers[negative].map(\.block))
    return !above.isEmpty && Set(above) == Set(below) && isAboveZero(positive)
      && (parameters(positive).isEmpty && parameters(negative) == [.constant]
        || parameters(positive) == parameters(negative) && parameters(positive).contains(.weight))
      && !sources(positive).isDisjoint(with: sources(negative))
  }

  /// - Returns: whether a block after this one, or before it, is the other side of a layer of this name.
  private func isSide(_ index: Int, of layer: String, _ role: BlockRole) -> Bool {
    let other = BlockLabel(layer, [role == .positive ? .negative : .positive]).name
    return role == .positive
      ? system.blocks[(index + 1)...].firstIndex { $0.name == other }
        .map { areSides(index, $0) } ?? false
      : system.blocks[..<index].lastIndex { $0.name == other }
        .map { areSides($0, index) } ?? false
  }

  /// relu(a − b) or relu(b − a) of a layer that adds up the squares of both.
  private func isSquared(_ index: Int, of layer: String, _ role: BlockRole) -> Bool {
    let other = BlockLabel(layer, [role == .positive ? .negative : .positive]).name
    let found =
      role == .positive
      ? system.blocks[(index + 1)...].firstIndex { $0.name == other }
      : system.blocks[..<index].lastIndex { $0.name == other }
    guard let found, isSumOfViews(index), isClampedAtZero(index), !readers[index].isEmpty else {
      return false
    }
    let own = system.blocks[index].relation
    return [index, found].allSatisfy { side in
      readers[side].allSatisfy { reader in
        system.blocks[reader.block].name == layer
          && reader.term.factors.count == 2
          && reader.term.factors.allSatisfy { $0.source == .block(side) }
      }
    }
      && own.contains { term in
        system.blocks[found].relation.contains {
          $0.factors == term.factors && $0.coefficient == -term.coefficient
        }
      }
  }

  /// The products of a block of this name taken away, of a layer some of whose factors are below zero.
  private func isOpposite(_ index: Int, of layer: String) -> Bool {
    guard let own = system.blocks[..<index].lastIndex(where: { $0.name == layer }) else {
      return false
    }
    let products = system.blocks[index].relation.filter { $0.factors.count == 2 }
    let others = Set(system.blocks[own].relation)
    return !products.isEmpty
      && products.allSatisfy { term in
        others.contains(
          Term(coefficient: -term.coefficient, summed: term.summed, factors: term.factors))
      }
  }

  /// The blocks that a block reads.
  private func sources(_ index: Int) -> Set<Int> {
    let views = system.blocks[index].relation.flatMap(\.factors)
    return Set(views.compactMap { if case .block(let source) = $0.source { source } else { nil } })
  }

  /// What parameters of layers a block reads.
  private func parameters(_ index: Int) -> Set<TensorRole> {
    let names = system.blocks[index].relation.flatMap(\.factors).compactMap(tensorName)
    return Set(names.compactMap { TensorRole(ofTensor: $0) }.filter(\.isParameter))
  }

  /// y is 0 where q is 0 or below.
  private func isAboveZero(_ index: Int) -> Bool {
    let block = system.blocks[index]
    guard block.shift == 0, system.functions.indices.contains(block.function) else { return false }
    let function = system.functions[block.function]
    return (function(-1) ?? 0) == 0 && (function(0) ?? 0) == 0
  }

  /// relu(Σ a − Σ b), every reader of which is of the same layer and one of them adds b to it, or takes it from
  /// a.
  private func isDifference(_ index: Int, of layer: String) -> Bool {
    guard isSumOfViews(index), isClampedAtZero(index), !readers[index].isEmpty else { return false }
    let own = system.blocks[index].relation
    let isAlone = readers[index].allSatisfy { reader in
      reader.term.factors.count == 1 && isOf(layer, system.blocks[reader.block].name)
    }
    guard isAlone else { return false }
    return readers[index].contains { reader in
      let sign = reader.term.coefficient
      guard sign.magnitude == 1 else { return false }
      return own.contains { term in
        system.blocks[reader.block].relation.contains {
          $0.factors.count == 1 && $0.factors[0].source == term.factors[0].source
            && $0.coefficient == -sign * term.coefficient
        }
      }
    }
  }

  /// Rows with the identity, which operators' own values do not end in: of an output if they are no views of
  /// the whole of a block, else a copy.
  private func copied(_ index: Int, of base: String) -> BlockLabel? {
    let block = system.blocks[index]
    guard isSumOfViews(index), system.functions.indices.contains(block.function),
      system.functions[block.function].name == TableFunction.identityName
    else { return nil }
    let isPort = system.outputs.contains { $0.blocks.contains(index) }
    guard isPort else { return BlockLabel(base, [.copy]) }
    // A committed tensor that another one held already.
    guard block.relation.count == 1, let view = block.relation[0].factors.first,
      case .block(let source) = view.source,
      source < index, system.blocks[source].name == base,
      view.windows == block.shape.indices.map({ .label($0) })
    else { return nil }
    return BlockLabel(base, [.copy])
  }

  /// A view at another scale, which a layer of this name alone reads.
  private func isRescaled(_ index: Int, for layer: String) -> Bool {
    let block = system.blocks[index]
    guard block.relation.count == 1, block.relation[0].factors.count == 1,
      block.relation[0].summed.isEmpty, system.functions.indices.contains(block.function),
      !system.outputs.contains(where: { $0.blocks.contains(index) }), !readers[index].isEmpty
    else { return false }
    let name = system.functions[block.function].name
    return ["rescale", "clamp255", "at the common scale", "reciprocal"].contains(name)
      && readers[index].allSatisfy { isOf(layer, system.blocks[$0.block].name) }
  }

  /// Rows with the identity whose weights are the layer's, which alone reads them.
  private func isAxis(_ index: Int, of layer: String) -> Bool {
    let block = system.blocks[index]
    guard !block.relation.isEmpty, !readers[index].isEmpty,
      system.functions.indices.contains(block.function),
      system.functions[block.function].name == TableFunction.identityName,
      !system.outputs.contains(where: { $0.blocks.contains(index) })
    else { return false }
    let weights = layer + "." + TensorRole.constant.rawValue
    return block.relation.allSatisfy { $0.factors.contains { tensorName($0) == weights } }
      && readers[index].allSatisfy { isOf(layer, system.blocks[$0.block].name) }
  }

  private func isOf(_ layer: String, _ name: String) -> Bool {
    name == layer
      || BlockRole.allCases.contains { name.hasPrefix(layer + "." + $0.suffix) }
  }

  /// acc is a sum of views, and q is acc.
  private func isSumOfViews(_ index: Int) -> Bool {
    let block = system.blocks[index]
    return block.multiplier == .constant(1 << Int64(system.parameters.scaleBits))
      && block.relation.allSatisfy { $0.factors.count == 1 && $0.summed.isEmpty }
  }

  /// y is 0 where q is below, and q where it is a little above.
  private func isClampedAtZero(_ index: Int) -> Bool {
    let block = system.blocks[index]
    guard block.shift == 0, system.functions.indices.contains(block.function) else { return false }
    let function = system.functions[block.function]
    return (function(-1) ?? 0) == 0 && (function(1) ?? 1) == 1
  }

  private func tensorName(_ view: TensorAccess) -> String? {
    guard case .tensor(let tensor) = view.source, system.tensors.indices.contains(tensor) else {
      return nil
    }
    return system.tensors[tensor].name
  }
}

extension TensorRole {
  /// What a tensor of a circuit holds. Of a key that this compiler made the end of a tensor's name is its role
  /// always: nothing that a user names stands there. Nil for others.
  package init?(ofTensor name: String) {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    self.init(rawValue: String(name[name.index(after: dot)...]))
  }
}
