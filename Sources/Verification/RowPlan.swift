package import Arguments
import ConstraintSystem

/// One row of a column's matrix: cells `index·L ..< (index + 1)·L`, where the model has its key's L and
/// the witness that of its batch.
package struct RowReference: Hashable, Sendable {
  package let column: Column
  package let index: Int
}

/// Which rows are committed, in the order they are sent. A row without a cell of any tensor is zero
/// by the layout and is not sent; of h, once rows are added up, all are.
package struct RowPlan: Sendable {
  /// Per committed port (inputs, then outputs): its rows of y, part of the statement.
  package let committed: [[RowReference]]
  /// Limbs, y, multiplicities.
  package let phaseOne: [RowReference]
  /// h and g.
  package let phaseTwo: [RowReference]
  package let model: [RowReference]
  /// Rows of limbs and of y each.
  package let rowsPerTraceColumn: Int

  package init(_ shape: Shape) {
    let system = shape.system
    let length = system.rowLength
    func rows(_ tensors: [(offset: Int, shape: [Int])], length: Int) -> [Int] {
      let end = tensors.reduce(0) { max($0, $1.offset + (1 << $1.shape.paddedBits)) }
      var met = [Bool](repeating: false, count: (end + length - 1) / length)
      for tensor in tensors {
        Layout.forEachRun(shape: tensor.shape) { cell, _, count in
          let first = tensor.offset + cell
          for row in first / length...(first + count - 1) / length { met[row] = true }
        }
      }
      return met.indices.filter { met[$0] }
    }
    let trace = rows(system.blocks.map { ($0.offset, $0.shape) }, length: length)
    rowsPerTraceColumn = trace.count
    let table = Array(0..<(shape.table.count + length - 1) / length)
    committed = (system.inputs + system.outputs).filter { $0.visibility == .committed }.map {
      let block = system.blocks[$0.block]
      return rows([(block.offset, block.shape)], length: length).map {
        RowReference(column: .output, index: $0)
      }
    }
    let apart = Set(committed.joined())
    let columns: [Column] = (0..<system.parameters.limbs).map { .limb($0) } + [.output]
    phaseOne =
      columns.flatMap { column in trace.map { RowReference(column: column, index: $0) } }
      .filter { !apart.contains($0) }
      + table.map { RowReference(column: .multiplicity, index: $0) }
    phaseTwo =
      (shape.treeLevels == 0 ? trace : Array(0..<max(1, 1 << shape.helperBits / length)))
      .map { RowReference(column: .helper, index: $0) }
      + table.map { RowReference(column: .tableHelper, index: $0) }
    model = rows(
      system.tensors.map { ($0.offset, $0.shape) }, length: system.parameters.rowLength
    ).map { RowReference(column: .model, index: $0) }
  }
}

extension [Int] {
  fileprivate var paddedBits: Int { reduce(0) { $0 + ceilLog2($1) } }
}
