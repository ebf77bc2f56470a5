package import ConstraintSystem

/// What running or proving a circuit takes, about, from the structure alone: so that a large job can be
/// announced, and one that no machine holds be refused, before it begins.
package struct ProverWork: Hashable, Sendable {
  /// Products of integers in one execution.
  package private(set) var products = 0
  /// Rows of the trace and of the table, and cells of the model.
  package let rows: Int
  package let tableRows: Int
  package let modelCells: Int
  /// Memory of an execution, and of a proof.
  package let executionBytes: Int
  package private(set) var provingBytes: Int

  /// - Parameter system: validated.
  package init(_ system: ConstraintSystem) {
    rows = system.usedRows
    tableRows = 1 << system.table.bits
    modelCells = system.usedModelCells
    let limbs = system.parameters.limbs
    // A word of acc, y and each limb, and of what a block is computed from.
    executionBytes = rows * 8 * (limbs + 4) + tableRows * 16 + modelCells * 10
    // Field elements of the row argument's columns, of the tree of fractions and of the claims.
    let columns = limbs + 3 + 10
    provingBytes = executionBytes + 32 * (rows * columns + 8 * tableRows)
    var largest = 0
    for block in system.blocks {
      for term in block.relation {
        products = Saturating.sum(products, Saturating.product([block.count] + term.summed))
        guard term.factors.count == 2 else { continue }
        let kept = Set(term.keptLabels(of: block))
        let extents = block.shape + term.summed
        // Two tables of it, which are held until all terms' rounds are over, and a list to fill them by.
        let table = Saturating.product(64, Saturating.product(kept.map { extents[$0] }))
        provingBytes = Saturating.sum(provingBytes, table)
        largest = max(largest, table)
        for view in term.factors {
          // While axes are contracted one by one, each is as long as before or as what is kept of it.
          let shape = system.shape(of: view.source) ?? []
          let sizes = zip(shape, view.windows).map { extent, window in
            let labels = window.steps.filter { kept.contains($0.label) }
            return max(1 << ceilLog2(extent), Saturating.product(labels.map { extents[$0.label] }))
          }
          let lists = view.windows.map { Saturating.product($0.steps.map { extents[$0.label] }) }
          let held = Saturating.product(64, Saturating.product(sizes))
          largest = max(
            largest, Saturating.sum(held, Saturating.product(48, lists.max() ?? 0)))
        }
      }
    }
    // Terms are contracted on two threads or more.
    provingBytes = Saturating.sum(provingBytes, Saturating.product(2, largest))
  }

  /// Of a proof on two cores, about, on the slower of the machines that were measured.
  package var seconds: Double {
    Double(products) * 1e-9 + Double(rows) * 3e-6 + Double(tableRows) * 1e-6
      + Double(modelCells) * 2e-8
  }
}
