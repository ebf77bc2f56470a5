import ArgumentKernels
import Arguments
import Field
import Polynomial
import Witness

/// What a trace becomes once α and β are known: the columns of phase two, and what the argument about rows
/// and look-ups is made from.
protocol LookupColumns: Sendable {
  /// Which rows of the trace are held.
  var groups: HeldBlocks { get }
  /// h, as far as it is used.
  var inverses: [Fr] { get set }
  /// g.
  var tableInverses: [Fr] { get set }
  var witness: LookupWitness { get }

  /// - Returns: nil when a fingerprint is zero, which a fresh challenge mends (probability below
  ///   2^−230).
  init?(_ shape: CircuitDimensions, trace: Trace, cells: ModelCells, lookup: LookupChallenges)
}

extension CircuitDimensions {
  /// The form of look-ups that the scheme has chosen.
  var lookupColumns: any LookupColumns.Type {
    pairsLookups ? PairColumns.self : FractionColumns.self
  }
}
