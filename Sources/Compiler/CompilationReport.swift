package import ConstraintSystem
import Model

/// What the compiler chose and what it proved, for people and benches.
package struct CompilationReport: Sendable, Hashable {
  package struct Layer: Sendable, Hashable {
    package var name: String
    /// Rows in use, and with padding.
    package var rows: Int
    package var paddedRows: Int
    package var ranges: BlockRanges
    /// Whether this is the coarse row of a split block.
    package var isCoarse: Bool
  }

  package var layers: [Layer]
  package var parameters: Parameters
  /// Rows that hold a value, up to the end of the last block, and 2^n.
  package var usedRows: Int
  package var placedRows: Int
  package var traceRows: Int
  /// Rows of the table, and 2^k.
  package var tableRows: Int
  package var paddedTableRows: Int
  package var modelCells: Int
  package var estimate: CostModel.Estimate

  /// - Parameters:
  ///   - draft: whose blocks are the system's.
  ///   - ranges: what is proven of each block.
  init(
    _ system: ConstraintSystem, _ draft: CircuitIR, _ ranges: [BlockRanges],
    _ estimate: CostModel.Estimate
  ) {
    let table = system.table
    layers = system.blocks.indices.map { index in
      let block = system.blocks[index]
      return Layer(
        name: block.name, rows: block.count, paddedRows: 1 << block.bits, ranges: ranges[index],
        isCoarse: draft.blocks[index].label.roles.last == .excess)
    }
    parameters = system.parameters
    usedRows = system.blocks.reduce(0) { $0 + $1.count }
    placedRows = system.usedRows
    traceRows = 1 << system.traceBits
    tableRows = table.count
    paddedTableRows = 1 << table.bits
    modelCells = system.usedModelCells
    self.estimate = estimate
  }
}

extension CompilationReport: CustomStringConvertible {
  package var description: String {
    let p = parameters
    let head =
      [
        "K = \(p.limbs), b = \(p.limbBits), S = \(p.scaleBits), d = \(p.quotientBits), "
          + "L = 2^\(p.commitmentRowBits)",
        "\(usedRows) rows in \(placedRows) of \(traceRows); table \(tableRows) of \(paddedTableRows); "
          + "\(modelCells) model cells",
        "estimated: proof \(estimate.proofBytes) bytes, prove \(Self.text(estimate.proveMilliseconds)) "
          + "ms, verify \(Self.text(estimate.verifyMilliseconds)) ms",
      ]
      + (estimate.chain.map { ["on a chain: \(Int($0.gas)) gas, \($0.calldataBytes) bytes"] } ?? [])
    let body = layers.map { layer in
      "  \(layer.name.printable): \(layer.rows) rows of \(layer.paddedRows), "
        + "acc \(Self.text(layer.ranges.accumulator)), q \(Self.text(layer.ranges.quotients)), "
        + "y \(Self.text(layer.ranges.outputs))"
    }
    return (head + body).joined(separator: "\n")
  }

  private static func text(_ range: ClosedRange<Int64>) -> String {
    "\(range.lowerBound)…\(range.upperBound)"
  }

  private static func text(_ milliseconds: Double) -> String {
    "\((milliseconds * 10).rounded() / 10)"
  }
}
