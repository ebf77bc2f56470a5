package import ArgumentKernels
package import ConstraintSystem
package import Field

/// The look-ups of a row two by two, as they are on padding: number 0 of its function, then those of the limbs,
/// then as many of the zero triple as fill the last slots.
///
/// Written down in docs/protocol/scheme-srs.md#pairs.
package struct LookupSlots: Sendable {
  /// φ of every look-up: of slot j the numbers 2j and 2j + 1.
  package let fingerprints: [Fr]
  /// c_j: what h is less by in slot j. It hangs on the slot.
  package let fractions: [Fr]

  package init(_ parameters: Parameters, lookup: LookupChallenges) {
    fingerprints =
      [lookup.alpha] + [Fr](repeating: lookup.lowLimb, count: parameters.limbs - 1)
      + [lookup.topLimb] + [Fr](repeating: lookup.alpha, count: parameters.dummyLookups)
    var inverses = fingerprints
    Fr.batchInvert(&inverses)
    fractions = stride(from: 0, to: inverses.count, by: 2).map { inverses[$0] + inverses[$0 + 1] }
  }

  package var count: Int { fractions.count }
  /// φ of the first and of the second look-up of each slot.
  package var first: [Fr] { side(0) }
  package var second: [Fr] { side(1) }

  private func side(_ side: Int) -> [Fr] {
    stride(from: side, to: fingerprints.count, by: 2).map { fingerprints[$0] }
  }
}
