/// What a message or a challenge is. Each is absorbed with its count, so that no two messages of
/// different meaning look alike to the hash.
package enum Label: UInt8, Sendable, CaseIterable {
  // The statement.
  case keyDigest = 1
  case context
  case publicTensors
  case committedTensors
  case inferences
  // Commitments.
  case pads
  case phaseOneRows
  case phaseTwoRows
  case maskRow
  case maskPads
  // Padded scalars.
  case inverseRound
  case inverseClaims
  case fractionRound
  case fractionClaims
  case rowRound
  case rowClaims
  case rowProducts
  case einsumLinear
  case einsumRound
  case einsumClaims
  case claimsRound
  // The opening, uniform by itself.
  case crossTerms
  case openedPads
  case openedValue
  case openedBlinder
  case innerProductRound
  case innerProductVector
  // Challenges.
  case lookup
  case inversePoint
  case inverseChallenge
  case fractionBatch
  case fractionChallenge
  case fractionChild
  case rowBatch
  case rowChallenge
  case einsumChallenge
  case publicPoint
  case claimsBatch
  case claimsChallenge
  case equationsBatch
  case productsBatch
  case openingChallenge
  case commitmentsBatch
  case innerProductScale
  case innerProductChallenge
  case seal
  // Several proofs checked together.
  case proofSeals
  case proofsBatch
}
