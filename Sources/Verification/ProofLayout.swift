package import Arguments
import Commitment
package import ConstraintSystem
import Curve
package import ProofSizes
package import Transcript

/// All that is known of a proof before it is seen, from the key and the number of inferences alone.
///
/// Written down in docs/protocol/verification.md#length-of-the-body.
package struct ProofLayout: Sendable {
  package let shape: CircuitDimensions
  package let rows: RowPlan
  package let plan: PadLayout

  /// The circuit of the whole batch.
  package var system: ConstraintSystem { shape.system }

  /// - Parameter system: validated, of any number of inferences: within `Limits` a scheme has room for a
  ///   row and the pads.
  package init(_ system: ConstraintSystem) {
    self.init(CircuitDimensions(system))
  }

  /// Of a part of a key proof.
  package init(_ circuit: ModelRangeCircuit) {
    self.init(CircuitDimensions(circuit.system, ranges: circuit.ranges))
  }

  private init(_ dimensions: CircuitDimensions) {
    shape = dimensions
    rows = RowPlan(shape)
    plan = CircuitArgument.plan(shape)
  }

  /// Points and scalars of a proof's body.
  package var size: ProofSize {
    ProofSize(
      rows: rows.phaseOne.count + rows.phaseTwo.count, messages: plan.messages,
      opening: system.parameters.scheme.implementation.openingSize(
        rowLength: system.commitmentRowLength, plan: plan))
  }

  /// Bytes of a proof's body.
  package var bodyBytes: Int { size.bytes }

  /// Of these, the padded scalars of the sum-checks.
  package var sumCheckBytes: Int { size.argumentBytes }

  /// Bytes of the opening, within the body.
  package var openingBytes: Int { size.openingBytes }

  /// Bytes of the public tensors, as long as they can be.
  package static func publicBytes(_ system: ConstraintSystem) -> Int {
    (system.inputs + system.outputs).filter { $0.visibility == .public }
      .reduce(0) { $0 + $1.count * $1.type.bytes }
  }

  /// Bytes of the counts of padded tensors.
  package static func countBytes(_ counts: [[Int]]) -> Int {
    var writer = ByteWriter()
    for count in counts.joined() { writer.write(unsigned: UInt64(count)) }
    return writer.bytes.count
  }

  /// No proof of this circuit is shorter, context aside, so that bytes which are need not be laid out: its public
  /// tensors but padded ones, and rows of the limbs and of y, some of which a statement may hold.
  package static func leastBytes(_ system: ConstraintSystem) -> Int {
    let cells = system.blocks.reduce(0) { $0 + $1.count }
    let columns = system.parameters.limbs + 1
    let fixed = (system.inputs + system.outputs).filter {
      $0.visibility == .public && $0.padding == nil
    }
    return fixed.reduce(0) { $0 + $1.count * $1.type.bytes }
      + cells / system.commitmentRowLength * columns * ProofReader.pointBytes
  }
}
