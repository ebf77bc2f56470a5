import ArgumentKernels
import Field
import Transcript

/// What the argument about rows and look-ups is made from, by the form that the scheme has chosen.
package enum LookupWitness: Sendable {
  case fractions(RowArgument.Witness)
  case pairs(PairArgument.Witness)
  case taken

  /// This witness, which leaves nothing here: there is memory for one copy.
  mutating func take() -> LookupWitness {
    var taken = LookupWitness.taken
    swap(&taken, &self)
    return taken
  }

  /// - Returns: acc(r), which the relations are proven for.
  consuming func prove(
    _ shape: CircuitDimensions, lookup: LookupChallenges, over channel: inout ProverChannel
  ) throws(ProofError) -> Fr {
    switch consume self {
    case .fractions(let witness):
      try RowArgument.prove(shape, lookup: lookup, witness: witness, over: &channel)
    case .pairs(let witness):
      try PairArgument.prove(shape, lookup: lookup, witness: witness, over: &channel)
    case .taken: preconditionFailure("a proof is made once")
    }
  }
}
