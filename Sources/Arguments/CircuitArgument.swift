package import ArgumentKernels
import ConstraintSystem
import Field
package import Transcript

// Circuit argument: from committed columns to one claim on all of them, the middle of a proof.
//
//   known       α, β, drawn after the witness was committed to; h and g, committed to after that
//   rows        RowCheck: every row does its scalar step and every look-up is in the table;
//               leaves acc(r) and claims on columns
//   relations   Relations: acc(r) is the sum that the circuit says;  leaves claims on y and the
//               model
//   publics     PublicTensorArgument: y is what the statement says;  leaves claims on y
//   claims      ClaimBatch: all these claims as one
//   owes        that one claim, and every equation that the channel is asked to require; an
//               opening settles them
package enum CircuitArgument {
  /// What the parts leave behind.
  package struct Outcome: Sendable {
    package let rows: RowCheck.Outcome
    /// The claims of the relations, and of the public tensors.
    package let relations: [Claim]
    package let publics: [Claim]
    /// All claims as one.
    package let batch: ClaimBatch.Outcome
  }

  /// A part that a prover has yet to speak in, with what it answers to.
  private enum Turn {
    case rows
    case relations(RowCheck.Outcome)
    case publics
    case claims([Claim], RowCheck.Outcome)
  }

  /// The parts in their order, which both sides follow.
  ///
  /// - Parameter speak: has a turn before the verifier's code hears a part.
  private static func run<C: Channel>(
    _ shape: Shape, lookup: LookupChallenges, publics tensors: [PublicTensor],
    over channel: inout C, speak: (Turn, inout C) -> Void
  ) throws(ProofError) -> Outcome {
    speak(.rows, &channel)
    let rows = try RowCheck.verify(shape, lookup: lookup, over: &channel)
    speak(.relations(rows), &channel)
    let relations = try Relations.verify(shape, rows: rows, over: &channel)
    speak(.publics, &channel)
    let publics = PublicTensorArgument.verify(shape, tensors: tensors, over: &channel)
    let claims = rows.claims + relations + publics
    speak(.claims(claims, rows), &channel)
    let batch = try ClaimBatch.verify(claims, shape: shape, rows: rows, over: &channel)
    return Outcome(rows: rows, relations: relations, publics: publics, batch: batch)
  }

  package static func verify<C: Channel>(
    _ shape: Shape, lookup: LookupChallenges, publics: [PublicTensor], over channel: inout C
  ) throws(ProofError) -> Outcome {
    // A verifier has nothing to say.
    try run(shape, lookup: lookup, publics: publics, over: &channel) { _, _ in }
  }

  /// A stretch of a prover's work, named as a report names it.
  package enum Stage: String, Sendable {
    case rows = "row check"
    /// The public tensors with them.
    case relations
    case claims
  }

  /// - Parameters:
  ///   - rows: what the row check is made from; given away, as there is memory for one copy.
  ///   - columns: what is committed to.
  ///   - channel: its prover speaks.
  ///   - finished: is told of each stage when it is over.
  package static func prove(
    _ shape: Shape, lookup: LookupChallenges, publics: [PublicTensor],
    rows witness: consuming RowCheck.Witness, columns: ClaimBatch.Columns,
    over channel: inout ReplayChannel, finished: (Stage) -> Void
  ) -> Outcome {
    var witness = witness
    var accumulator = Fr.zero
    do throws(ProofError) {
      let outcome = try run(shape, lookup: lookup, publics: publics, over: &channel) {
        turn, replay in
        switch turn {
        case .rows:
          accumulator = RowCheck.prove(
            shape, lookup: lookup, witness: witness.take(), over: &replay.prover)
        case .relations(let rows):
          finished(.rows)
          Relations.prove(
            shape, rows: rows, accumulator: accumulator,
            sources: ViewSources(
              outputs: columns.integers[.output] ?? [], model: columns.model),
            over: &replay.prover)
        case .publics:
          PublicTensorArgument.prove(shape, tensors: publics, over: &replay.prover)
        case .claims(let claims, let rows):
          finished(.relations)
          ClaimBatch.prove(
            claims, shape: shape, rows: rows, columns: columns, over: &replay.prover)
        }
      }
      finished(.claims)
      return outcome
    } catch {
      preconditionFailure("a prover hears only what it said")
    }
  }

  /// The messages and pad products of every proof under a key.
  package static func plan(_ shape: Shape) -> PadPlan {
    var channel = PlanningChannel()
    let drawn = channel.challenges(2, .lookup)
    let system = shape.system
    let ports = (system.inputs + system.outputs).filter { $0.visibility == .public }
    // What is asked for does not depend on the values, of which there may be millions.
    let publics = ports.map { PublicTensor(block: $0.block, values: []) }
    guard
      let lookup = LookupChallenges(
        alpha: drawn[0], beta: drawn[1], parameters: system.parameters),
      (try? verify(shape, lookup: lookup, publics: publics, over: &channel)) != nil
    else { preconditionFailure("planning reads no proof, so nothing can be refused") }
    return channel.plan
  }
}
