package import ArgumentKernels
import ConstraintSystem
import Field
package import Transcript

// Circuit argument: from committed columns to one claim on all of them, the middle of a proof.
//
//   known       α, β, drawn after the witness was committed to; h and g, committed to after that
//   rows        RowArgument, or PairArgument by a scheme that pairs look-ups: every row does its scalar step and every look-up is in the table;
//               leaves acc(r) and claims on columns
//   einsum      EinsumArgument: acc(r) is the sum that the circuit says;  leaves claims on y and the
//               model
//   publics     PublicTensorArgument: y is what the statement says;  leaves claims on y
//   padding     PaddingArgument: y of hidden ports is the padding behind the counts;  leaves claims on y
//   ranges      ModelRangeArgument, in a key proof: the model is what its digits make;  leaves claims on both
//   claims      ClaimReduction: all these claims as one
//   owes        that one claim, and every equation that the channel is asked to require; an
//               opening settles them
package enum CircuitArgument {
  /// What a statement says of tensors.
  package struct StatedTensors: Sendable {
    package let publics: [PublicTensor]
    package let padded: [PaddedTensor]

    package init(publics: [PublicTensor], padded: [PaddedTensor] = []) {
      self.publics = publics
      self.padded = padded
    }
  }

  /// What the parts leave behind.
  package struct Outcome: Sendable {
    package let rows: RowArgument.Outcome
    /// The claims of the einsum argument, of the public tensors, of padding and of the model's ranges.
    package let einsum: [LinearClaim]
    package let publics: [LinearClaim]
    package let padding: [LinearClaim]
    package let ranges: [LinearClaim]
    /// All claims as one.
    package let batch: ClaimReduction.Outcome
  }

  /// A part that a prover has yet to speak in, with what it answers to.
  private enum Turn {
    case rows
    case einsum(RowArgument.Outcome)
    case publics
    case padding
    case ranges
    case claims([LinearClaim], RowArgument.Outcome)
  }

  /// The parts in their order, which both sides follow.
  ///
  /// - Parameter speak: has a turn before the verifier's code hears a part.
  private static func run<C: Channel>(
    _ shape: CircuitDimensions, lookup: LookupChallenges, known: StatedTensors,
    over channel: inout C, speak: (Turn, inout C) throws(ProofError) -> Void
  ) throws(ProofError) -> Outcome {
    try speak(.rows, &channel)
    let rows =
      shape.pairsLookups
      ? try PairArgument.verify(shape, lookup: lookup, over: &channel)
      : try RowArgument.verify(shape, lookup: lookup, over: &channel)
    try speak(.einsum(rows), &channel)
    let einsum = try EinsumArgument.verify(shape, rows: rows, over: &channel)
    try speak(.publics, &channel)
    let publics = PublicTensorArgument.verify(shape, tensors: known.publics, over: &channel)
    try speak(.padding, &channel)
    let padding = PaddingArgument.verify(shape, tensors: known.padded, over: &channel)
    try speak(.ranges, &channel)
    let ranges = ModelRangeArgument.verify(shape, over: &channel)
    let claims = rows.claims + einsum + publics + padding + ranges
    try speak(.claims(claims, rows), &channel)
    let batch = try ClaimReduction.verify(claims, shape: shape, rows: rows, over: &channel)
    return Outcome(
      rows: rows, einsum: einsum, publics: publics, padding: padding, ranges: ranges,
      batch: batch)
  }

  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, lookup: LookupChallenges, known: StatedTensors,
    over channel: inout C
  ) throws(ProofError) -> Outcome {
    // A verifier has nothing to say.
    try run(shape, lookup: lookup, known: known, over: &channel) { _, _ in }
  }

  /// A stretch of a prover's work, named as a report names it.
  package enum Stage: String, Sendable {
    case rows = "row argument"
    /// The public tensors with them.
    case einsum = "einsum argument"
    case claims = "claim reduction"
  }

  /// - Parameters:
  ///   - rows: what the row argument is made from; given away, as there is memory for one copy.
  ///   - columns: what is committed to.
  ///   - channel: its prover speaks.
  ///   - finished: is told of each stage when it is over.
  /// - Throws: `ProofError.cancelled` in a job that is; no other error, as a prover hears only what it said.
  package static func prove(
    _ shape: CircuitDimensions, lookup: LookupChallenges, known: StatedTensors,
    rows witness: consuming LookupWitness, columns: ClaimReduction.Columns,
    over channel: inout ReplayChannel, finished: (Stage) -> Void
  ) throws(ProofError) -> Outcome {
    var witness = witness
    var accumulator = Fr.zero
    let outcome = try run(shape, lookup: lookup, known: known, over: &channel) {
      (turn, replay) throws(ProofError) in
      switch turn {
      case .rows:
        accumulator = try witness.take().prove(shape, lookup: lookup, over: &replay.prover)
      case .einsum(let rows):
        finished(.rows)
        try EinsumArgument.prove(
          shape, rows: rows, accumulator: accumulator,
          sources: ViewSources(
            outputs: columns.integers[.output] ?? [], model: columns.model),
          over: &replay.prover)
      case .publics:
        PublicTensorArgument.prove(tensors: known.publics, over: &replay.prover)
      case .padding:
        PaddingArgument.prove(tensors: known.padded, over: &replay.prover)
      case .ranges:
        ModelRangeArgument.prove(shape, over: &replay.prover)
      case .claims(let claims, let rows):
        finished(.einsum)
        try ClaimReduction.prove(
          claims, shape: shape, rows: rows, columns: columns, over: &replay.prover)
      }
    }
    finished(.claims)
    return outcome
  }

  /// The messages and pad products of every proof under a key.
  package static func plan(_ shape: CircuitDimensions) -> PadLayout {
    var channel = PlanningChannel()
    let drawn = channel.challenges(2, .lookup)
    let system = shape.system
    let ports = system.inputs + system.outputs
    // What is asked for does not depend on the values, of which there may be millions, nor on counts.
    let none = system.fullCounts.map { $0.map { _ in 0 } }
    let known = StatedTensors(
      publics: ports.filter { $0.visibility == .public }.flatMap(\.blocks)
        .map { PublicTensor(block: $0, values: []) },
      padded: system.withCells(none).flatMap { port, cells in
        port.visibility == .public
          ? []
          : port.blocks.compactMap { block in
            cells.flatMap { PaddedTensor(block, $0, in: system, value: 0) }
          }
      })
    guard
      let lookup = LookupChallenges(
        alpha: drawn[0], beta: drawn[1], parameters: system.parameters),
      (try? verify(shape, lookup: lookup, known: known, over: &channel)) != nil
    else { preconditionFailure("planning reads no proof, so nothing can be refused") }
    return channel.plan
  }
}
