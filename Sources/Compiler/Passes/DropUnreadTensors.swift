import ConstraintSystem
import Model

/// Leaves out tensors that no term reads any more, such as weights that lines' factors went into.
///
/// A tensor of nothing but zeros stays: that it is one is nobody's business. Gadgets read no tensors.
package enum DropUnreadTensors {
  package static func run(_ draft: CircuitIR) -> CircuitIR {
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
    var result = CircuitIR(blocks: draft.blocks, gadgets: draft.gadgets)
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
