import Commitment
package import ConstraintSystem
package import Curve
package import Field

/// A committed tensor that everybody knows: a chain's first state, which stays committed as all states after
/// it are.
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
  package static func commitments(
    to values: RuntimeIntegers, at place: Int, port: Port, as layout: ProofLayout
  ) -> [AffinePoint] {
    let (system, length) = (layout.system, layout.system.commitmentRowLength)
    let block = system.blocks[port.block]
    let integers = port.circuit(values).values
    var cells = [Int64](repeating: 0, count: max(1 << block.bits, length))
    Layout.forEachRun(shape: block.shape) { cell, index, count in
      for step in 0..<count { cells[cell + step] = integers[index + step] }
    }
    return system.parameters.scheme.implementation.commit(
      layout.rows.committed[place].map { row in
        let first = row.index * length - block.offset
        return CommitmentRow(cells[first..<first + length], blinder: blinder)
      })
  }
}
