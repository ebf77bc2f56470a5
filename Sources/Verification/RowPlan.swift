package import Arguments
package import ConstraintSystem

/// One row of a column's matrix: cells `index·L ..< (index + 1)·L`, where the model has its key's L and
/// the witness that of its batch.
///
/// Written down in docs/protocol/opening.md#rows-of-the-witness.
package struct RowReference: Hashable, Sendable {
  package let column: Column
  package let index: Int
}

/// Which rows are committed, in the order they are sent. A row without a cell of any tensor is zero
/// by the layout and is not sent; of h, once rows are added up, all are.
package struct RowPlan: Sendable {
  /// Per committed port (inputs, then outputs): its rows of y, limb by limb, part of the statement.
  package let committed: [[RowReference]]
  /// Limbs, q where it is a column, y, multiplicities.
  package let phaseOne: [RowReference]
  /// h and g.
  package let phaseTwo: [RowReference]
  package let model: [RowReference]
  /// Whether two committed tensors share a row, of which then no opening may be accepted.
  package let repeatsCommitted: Bool
  /// Rows of limbs and of y each.
  package let rowsPerTraceColumn: Int

  package init(_ shape: CircuitDimensions) {
    let system = shape.system
    let length = system.commitmentRowLength
    let trace = Self.rows(
      of: system.blocks.map { ($0.offset, $0.shape) }, length: length, cells: system.usedRows)
    rowsPerTraceColumn = trace.count
    let table = Array(0..<(shape.table.count + length - 1) / length)
    committed = (system.inputs + system.outputs).filter { $0.visibility == .committed }.map {
      $0.blocks.flatMap { index in
        let block = system.blocks[index]
        // A block of a row or more begins with one.
        return Self.rows(of: [(0, block.shape)], length: length, cells: 1 << block.bits).map {
          RowReference(column: .output, index: block.offset / length + $0)
        }
      }
    }
    let apart = Set(committed.joined())
    repeatsCommitted = apart.count < committed.reduce(0) { $0 + $1.count }
    let columns: [Column] =
      (0..<system.parameters.limbs).map { .limb($0) } + (shape.pairsLookups ? [.quotient] : [])
      + [.output]
    phaseOne =
      columns.flatMap { column in trace.map { RowReference(column: column, index: $0) } }
      .filter { apart.isEmpty || !apart.contains($0) }
      + table.map { RowReference(column: .multiplicity, index: $0) }
    phaseTwo =
      Self.inverses(shape, trace: trace, length: length)
      .map { RowReference(column: .inverses, index: $0) }
      + table.map { RowReference(column: .tableInverses, index: $0) }
    model = Self.model(system)
  }

  /// The rows of h: where the rows are, in each slot; of sums of rows' fractions all.
  private static func inverses(_ shape: CircuitDimensions, trace: [Int], length: Int) -> [Int] {
    let (system, bits) = (shape.system, shape.traceBits)
    guard shape.pairsLookups else {
      return shape.treeLevels == 0 ? trace : Array(0..<max(1, 1 << shape.inverseBits / length))
    }
    let slots = system.parameters.lookupSlots
    return rows(
      of: (0..<slots).flatMap { slot in
        system.blocks.map { ($0.offset + slot << bits, $0.shape) }
      }, length: length, cells: slots << bits)
  }

  /// The rows of the model, which a key has commitments to.
  package static func model(_ system: ConstraintSystem) -> [RowReference] {
    rows(
      of: system.tensors.map { ($0.offset, $0.shape) },
      length: system.parameters.commitmentRowLength,
      cells: system.usedModelCells
    ).map { RowReference(column: .model, index: $0) }
  }

  /// The rows that hold a cell of a tensor.
  ///
  /// - Parameter cells: of the column.
  /// - Complexity: linear in the rows, however many cells they have.
  private static func rows(
    of tensors: [(offset: Int, shape: [Int])], length: Int, cells: Int
  ) -> [Int] {
    var met = [Bool](repeating: false, count: (cells + length - 1) / length)
    for tensor in tensors {
      mark(tensor.shape[...], at: tensor.offset, length: length, in: &met)
    }
    return met.indices.filter { met[$0] }
  }

  /// Marks the rows of an aligned tensor, or of the part of one that the first axes' indices leave.
  private static func mark(
    _ shape: ArraySlice<Int>, at cell: Int, length: Int, in met: inout [Bool]
  ) {
    guard let extent = shape.first else {
      met[cell / length] = true
      return
    }
    let rest = shape.dropFirst()
    let size = 1 << rest.reduce(0) { $0 + ceilLog2($1) }
    if size > length {
      for index in 0..<extent { mark(rest, at: cell + index * size, length: length, in: &met) }
    } else {
      // Each index has its first cell in one row, and none of its cells in another.
      for row in cell / length...(cell + (extent - 1) * size) / length { met[row] = true }
    }
  }
}
