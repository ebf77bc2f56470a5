import ConstraintSystem
package import Model

/// Stands between the passes: whatever one of them leaves is a network of rows and relations, or an
/// error that names the layer and the pass.
///
/// What depends on sizes (domains, limbs, places) is `VerifyCircuit`'s, at the end.
package enum VerifyDraft {
  /// - Parameter allowsFloatSteps: whether the pass that removes them is still to come.
  package static func run(
    _ draft: CircuitIR, after pass: String, allowsFloatSteps: Bool = false
  ) throws(ModelError) {
    for tensor in draft.tensors {
      guard tensor.shape.count <= Limits.rank, tensor.shape.allSatisfy({ $0 > 0 }),
        tensor.shape.reduce(1, *) == tensor.values.count
      else { throw broken(tensor.name, pass, "\(tensor.values.count) values in \(tensor.shape)") }
      let stored = ModelTensor(name: tensor.name, shape: tensor.shape, type: tensor.type)
      guard tensor.type == .int64 || stored.firstFault(in: tensor.values) == nil else {
        throw broken(tensor.name, pass, "values beyond \(tensor.type)")
      }
    }
    for (index, block) in draft.blocks.enumerated() {
      guard allowsFloatSteps || block.floatScaling == nil else {
        throw broken(block.name, pass, "a float32 step")
      }
      guard block.shape.count <= Limits.rank, block.shape.allSatisfy({ $0 > 0 }) else {
        throw broken(block.name, pass, "rows over \(block.shape)")
      }
      guard (1...Limits.termsPerBlock).contains(block.relation.count) else {
        throw .unsupported(
          node: block.name,
          what: "its values are a sum of \(block.relation.count) views (after \(pass))",
          remedy: "at most \(Limits.termsPerBlock); concatenate or reshape in smaller steps")
      }
      for term in block.relation {
        try verify(term, of: block, sources: block.isGiven ? index + 1 : index, draft, pass)
      }
    }
    for gadget in draft.gadgets { try verify(gadget, draft, pass) }
  }

  /// That blocks are what their gadget makes them; the rest is the circuit's to say.
  private static func verify(
    _ gadget: Gadget, _ draft: CircuitIR, _ pass: String
  ) throws(ModelError) {
    let held = gadget.kind.blocks
    let name = held.advice.first.map { draft.blocks[$0].name } ?? ""
    do throws(GadgetFault) {
      for part in try gadget.kind.parts(in: draft)
      where draft.blocks[part.block].relation != part.relation {
        throw .relation(part.block)
      }
    } catch {
      throw broken(name, pass, "a gadget \(error)")
    }
  }

  /// - Parameter sources: how many blocks it may read, from the first.
  private static func verify(
    _ term: Term, of block: CircuitIR.Block, sources: Int, _ draft: CircuitIR, _ pass: String
  ) throws(ModelError) {
    let extents = block.shape + term.summed
    guard term.factors.count <= 2, term.coefficient != 0,
      term.summed.allSatisfy({ $0 > 0 }), term.summed.count <= Limits.summedLabels
    else { throw broken(block.name, pass, "a term that is no product of two views or fewer") }
    var used: Set<Int> = []
    for view in term.factors {
      let shape: [Int]
      switch view.source {
      case .block(let source) where source < sources: shape = draft.blocks[source].shape
      case .tensor(let source) where source < draft.tensors.count:
        shape = draft.tensors[source].shape
      default: throw broken(block.name, pass, "it reads what is not there yet")
      }
      let labels = view.labels
      guard view.windows.count == shape.count, Set(labels).count == labels.count,
        labels.allSatisfy(extents.indices.contains),
        view.windows.allSatisfy({ $0.steps.allSatisfy { $0.stride != 0 } })
      else { throw broken(block.name, pass, "a view that does not fit what it reads") }
      used.formUnion(labels)
    }
    guard (block.shape.count..<extents.count).allSatisfy(used.contains) else {
      throw broken(block.name, pass, "a sum over what no view reads")
    }
  }

  private static func broken(_ name: String, _ pass: String, _ what: String) -> ModelError {
    .invalid(node: name, what: "after \(pass): \(what)")
  }
}
