package import Arguments
import Commitment
package import ConstraintSystem
import Curve
package import Transcript

/// All that is known of a proof before it is seen, from the key and the number of inferences alone.
package struct ProofShape: Sendable {
  package let shape: Shape
  package let rows: RowPlan
  package let plan: PadPlan

  /// The circuit of the whole batch.
  package var system: ConstraintSystem { shape.system }

  /// - Parameter system: validated, of any number of inferences.
  package init(_ system: ConstraintSystem) throws(KeyError) {
    // Of the pads at least as many as there surely are, before anything is planned.
    let room = system.parameters.scheme.implementation.cells - system.rowLength
    let pads = VerifierWork(system).pads
    guard pads <= room else { throw .pads(pads, limit: room) }
    shape = Shape(system)
    rows = RowPlan(shape)
    plan = Conversation.plan(shape)
    guard plan.cells <= room else { throw .pads(plan.cells, limit: room) }
  }

  /// Bytes of a proof's body: every point and scalar, none of them optional.
  package var bodyBytes: Int {
    let points = 1 + rows.phaseOne.count + rows.phaseTwo.count
    return points * ProofReader.pointBytes + sumCheckBytes + openingBytes
  }

  /// Of these, the padded scalars of the sum-checks.
  package var sumCheckBytes: Int { plan.messages * ProofReader.scalarBytes }

  /// Of these, the opening.
  package var openingBytes: Int {
    let (points, scalars) = Opening.size(
      rowLength: system.rowLength, plan: plan, by: system.parameters.scheme.implementation)
    return points * ProofReader.pointBytes + scalars * ProofReader.scalarBytes
  }

  /// Of the public tensors.
  package static func publicBytes(_ system: ConstraintSystem) -> Int {
    (system.inputs + system.outputs).filter { $0.visibility == .public }
      .reduce(0) { $0 + system.blocks[$1.block].count * $1.type.bytes }
  }

  /// No proof of this circuit is shorter, so that bytes which are need not be laid out.
  package static func leastBytes(_ system: ConstraintSystem) -> Int {
    let cells = system.blocks.reduce(0) { $0 + $1.count }
    let columns = system.parameters.limbs + 2
    return publicBytes(system)
      + cells / system.rowLength * columns * ProofReader.pointBytes
  }
}
