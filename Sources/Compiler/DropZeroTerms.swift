import ConstraintSystem
import Model

/// Leaves out terms that read a tensor of nothing but zeros (a layer without bias, often), unless a
/// block would be left with none, and then the tensors that nothing reads.
package enum DropZeroTerms {
  package static func run(_ draft: Draft) -> Draft {
    var result = draft
    let isZero = draft.tensors.map { tensor in !tensor.values.contains { $0 != 0 } }
    for index in result.blocks.indices {
      let kept = result.blocks[index].relation.filter { term in
        !term.factors.contains { view in
          if case .tensor(let tensor) = view.source { isZero[tensor] } else { false }
        }
      }
      if !kept.isEmpty { result.blocks[index].relation = kept }
    }
    return removeUnread(result)
  }

  private static func removeUnread(_ draft: Draft) -> Draft {
    var read = [Bool](repeating: false, count: draft.tensors.count)
    func forEachTensor(_ body: (Int) -> Void) {
      for block in draft.blocks {
        for term in block.relation {
          for view in term.factors {
            if case .tensor(let tensor) = view.source { body(tensor) }
          }
        }
      }
    }
    forEachTensor { read[$0] = true }
    var places: [Int] = []
    var result = Draft(blocks: draft.blocks)
    for (index, tensor) in draft.tensors.enumerated() {
      places.append(result.tensors.count)
      if read[index] { result.tensors.append(tensor) }
    }
    for block in result.blocks.indices {
      for term in result.blocks[block].relation.indices {
        for factor in result.blocks[block].relation[term].factors.indices {
          if case .tensor(let tensor) = result.blocks[block].relation[term].factors[factor].source {
            result.blocks[block].relation[term].factors[factor].source = .tensor(places[tensor])
          }
        }
      }
    }
    return result
  }
}
