package import Commitment
import Compute
package import ConstraintSystem
package import Curve
package import Field
package import Verification
package import Witness

/// Blinders of committed tensors that a proof does not draw: of commitments that are to be those of another
/// proof, or that a verifier is to make by itself.
///
/// All else of a proof stays fresh: pads, masks, and the blinders of all other rows.
package struct ReusedBlinders: Sendable {
  package private(set) var blinders = RowBlinders(capacity: 0)

  /// None.
  package init() {}

  /// Those of the first opening whose commitments are to what a trace has at a committed port.
  ///
  /// The commitments are made anew before anything is said: under the blinders of another tensor their
  /// difference would show that of the tensors, with nothing to hide it.
  ///
  /// - Parameters:
  ///   - place: among the committed ports, inputs first.
  ///   - identity: of the port in this proof.
  ///   - openings: any, of which those of other identities are passed over.
  ///   - committer: of the key.
  package mutating func reuse(
    _ openings: [TensorOpening], at place: Int, identity: TensorIdentity, of trace: Trace,
    as layout: ProofLayout, by committer: some RowCommitter
  ) throws(ReuseError) {
    let fitting = openings.filter { $0.identity == identity }
    guard !fitting.isEmpty else { throw .otherIdentity }
    let rows = layout.rows.committed[place]
    for opening in fitting where opening.blinders.count == rows.count {
      let points = Self.commitments(
        to: rows, of: trace, under: opening.blinders, in: layout.system, by: committer)
      guard points == opening.commitments else { continue }
      for (row, blinder) in zip(rows, opening.blinders) { blinders.set(blinder, of: row) }
      return
    }
    throw .otherTensor
  }

  /// Blinders that everybody knows, for a tensor that a verifier knows and commits to by itself.
  package mutating func declare(at place: Int, as layout: ProofLayout) {
    for row in layout.rows.committed[place] { blinders.set(Declared.blinder, of: row) }
  }

  package static func commitments(
    to rows: [RowReference], of trace: Trace, under blinders: [Fr], in system: ConstraintSystem,
    by committer: some RowCommitter
  ) -> [AffinePoint] {
    let length = system.commitmentRowLength
    return committer.commit(
      zip(rows, blinders).map { row, blinder in
        CommitmentRow(trace.outputs.row(row.index, length), blinder: blinder)
      })
  }
}

/// Blinders by the row that each is of.
package struct RowBlinders: Sendable {
  private var places: [RowReference: Int] = [:]
  @Erased private var scalars: [Fr] = []

  /// - Parameter capacity: of so many rows; more of them leave copies of the first ones in memory.
  init(capacity: Int) { scalars.reserveCapacity(capacity) }

  package subscript(row: RowReference) -> Fr? { places[row].map { scalars[$0] } }

  /// Keeps a row's blinder, in place of one before.
  mutating func set(_ blinder: Fr, of row: RowReference) {
    if let place = places[row] {
      scalars[place] = blinder
    } else {
      places[row] = scalars.count
      scalars.append(blinder)
    }
  }

  /// Keeps another's blinders, in place of its own.
  mutating func merge(_ other: RowBlinders) {
    for (row, place) in other.places { set(other.scalars[place], of: row) }
  }
}

/// Why a commitment is not made again.
package enum ReuseError: Error, Hashable, Sendable {
  /// No opening is of a tensor of this type, scale, shape and order.
  case otherIdentity
  /// The tensor is not the one that was committed to.
  case otherTensor
}

extension Prover {
  /// What opens each committed tensor of the statement, inputs first: secret.
  package var openings: [TensorOpening] {
    let system = key.system
    let ports =
      system.inputs.map { ($0, false) } + system.outputs.map { ($0, true) }
    let committed = ports.filter { $0.0.visibility == .committed }
    return zip(committed, statement.commitments).enumerated().map { place, tensor in
      let ((port, isOutput), commitments) = tensor
      return TensorOpening(
        name: port.name, isOutput: isOutput,
        identity: system.identity(of: port, inferences: statement.inferences),
        commitments: commitments, blinders: blinders(of: proofLayout.rows.committed[place]))
    }
  }
}
