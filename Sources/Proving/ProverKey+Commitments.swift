import ArgumentKernels
import Commitment
import ConstraintSystem
import Curve
import Field
import Verification
import Witness

extension ProverKey {
  /// Whether the commitments of the verifier key are to these weights, under the blinders of this seed.
  ///
  /// One sum of all rows is committed to anew, each row times a random factor: rows that are not what is
  /// committed to pass with a chance of one in the field's order.
  ///
  /// - Complexity: a small product per cell, and a commitment to one row of field elements.
  package var holdsItsCommitments: Bool {
    let (rows, parameters) = (verifier.rows.model, system.parameters)
    var randomness = SecretRandomness(
      label: "check of commitments", scheme: parameters.scheme,
      parts: [SecretRandomness.systemRandomness()])
    let factors = randomness.scalars(rows.count)
    let model = IntegerRows(cells.cells, columnBits: parameters.commitmentRowBits)
    var byRow = [Fr](repeating: .zero, count: model.count)
    for (row, factor) in zip(rows, factors) { byRow[row.index] = factor }
    let blinder = zip(blinders, factors).reduce(Fr.zero) { $0 + $1.0 * $1.1 }
    let row = CommitmentRow(model.combination(byRow)[...], blinder: blinder)
    let sum = multiScalarMultiply(verifier.modelRows, factors).affine
    return committer.commit([row]) == [sum]
  }
}
