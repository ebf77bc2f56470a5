/// What a message or a challenge is. Each is absorbed with its count, so that no two messages of
/// different meaning look alike to the hash.
///
/// The numbers are part of the protocol: a label keeps its own, and a new one takes one that is free.
///
/// Written down in docs/protocol/transcript.md#labels.
package enum Label: UInt8, Sendable, CaseIterable {
  // The statement.
  case scheme = 1
  case keyDigest = 2
  case inferences = 3
  case context = 4
  case publicTensors = 5
  case committedTensors = 6
  case keyProof = 7
  case counts = 8
  // Commitments.
  case pads = 16
  case phaseOneRows = 17
  case phaseTwoRows = 18
  case maskRow = 19
  case maskPads = 20
  // Padded scalars.
  case inverseRound = 32
  case inverseClaims = 33
  case fractionRound = 34
  case fractionClaims = 35
  case rowRound = 36
  case rowClaims = 37
  case rowProducts = 38
  case einsumLinear = 39
  case einsumRound = 40
  case einsumTermRound = 41
  case einsumClaims = 42
  case claimsRound = 43
  case pairRound = 44
  case pairClaims = 45
  // The opening, uniform by itself.
  case crossTerms = 64
  case openedPads = 65
  case openedValue = 66
  case openedBlinder = 67
  case innerProductRound = 68
  case innerProductVector = 69
  case reciprocals = 70
  case quotientValue = 71
  case quotients = 72
  // Challenges.
  case lookup = 96
  case inversePoint = 97
  case inverseChallenge = 98
  case fractionBatch = 99
  case fractionChallenge = 100
  case fractionChild = 101
  case rowBatch = 102
  case rowChallenge = 103
  case einsumChallenge = 104
  case einsumTermChallenge = 105
  case publicWords = 106
  case claimsBatch = 107
  case claimsChallenge = 108
  case equationsBatch = 109
  case productsBatch = 110
  case openingChallenge = 111
  case commitmentsBatch = 112
  case innerProductScale = 113
  case innerProductChallenge = 114
  case seal = 115
  case modelRanges = 116
  case padding = 117
  case shownBatch = 118
  case reciprocalPoint = 119
  case quotientsBatch = 120
  case pairPoint = 121
  case pairChallenge = 122
  // Values told of a committed tensor.
  case reveal = 128
  case revealPort = 129
  case revealPlaces = 130
  case revealValues = 131
  case revealGroup = 132
  case revealBatch = 133
  // Several proofs checked together.
  case proofSeals = 160
  case proofsBatch = 161
}
