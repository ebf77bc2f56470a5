import Commitment
package import ConstraintSystem
package import Curve
package import Field

/// A committed tensor that everybody knows: a chain's first state, which stays committed as all states after
/// it are.
///
/// Written down in docs/protocol/ties.md#declared-tensors.
package enum Declared {
  /// Of each row. Not zero, as a row of zeros would have the identity as its commitment, which no statement
  /// holds. That everybody knows it harms nothing else: every opening is masked.
  package static let blinder = Fr.one

  /// The commitments to a tensor.
  ///
  /// - Parameters:
  ///   - values: of all inferences, row-major; as many as the port has.
  ///   - place: of the port among the committed ones, inputs first.
  ///   - port: of the circuit of `layout`.
  /// - Returns: nil where that takes generators that the scheme has from a file: of a tensor that is not zero
  ///   everywhere.
  package static func commitments(
    to values: RuntimeIntegers, at place: Int, port: Port, as layout: ProofLayout
  ) -> [AffinePoint]? {
    let (system, length) = (layout.system, layout.system.commitmentRowLength)
    let limbs = PortLimbs(port, of: system).split(port.circuit(values))
    var rows = layout.rows.committed[place][...]
    let committed = zip(port.blocks, limbs).flatMap { index, integers in
      let block = system.blocks[index]
      var cells = [Int64](repeating: 0, count: max(1 << block.bits, length))
      Layout.forEachRun(shape: block.shape) { cell, index, count in
        for step in 0..<count { cells[cell + step] = integers.values[index + step] }
      }
      // Rows stand in the order of the blocks.
      let own = rows.prefix { block.offset..<block.offset + cells.count ~= $0.index * length }
      rows = rows.dropFirst(own.count)
      return own.map { row in
        let first = row.index * length - block.offset
        let all = cells[first..<first + length]
        let end = all.lastIndex { $0 != 0 }.map { $0 + 1 } ?? first
        return CommitmentRow(all[..<end], blinder: blinder)
      }
    }
    let committer = system.parameters.scheme.committer
    guard committer.holds(rowLength: committed.map(\.count).max() ?? 0, pads: 0) else { return nil }
    return committer.commit(committed)
  }
}
