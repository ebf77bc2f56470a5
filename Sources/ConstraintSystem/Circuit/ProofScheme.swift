/// By what a key's commitments and proofs are made, all of it: the group and how its generators come about,
/// the hash of the transcript, the form of look-ups and of openings, and the limits of each.
///
/// A key names its scheme before anything else, and all its bytes and those of its proofs are read by it;
/// a proof never chooses one. Every seam has one place: `implementation` for commitments and openings,
/// `transcript` for the hash, `pairsLookups` for the look-ups, `commitmentRowBits` for the rows.
///
/// Written down in docs/protocol/transcript.md#scheme-identity and docs/protocol/scheme-srs.md.
package enum ProofScheme: UInt8, Hashable, Sendable, CaseIterable {
  /// No set-up: Pedersen commitments over BN254's G1 with generators hashed to the curve, SHA-256, sums of
  /// fractions of which the inverses are committed to, and an inner product folded by halves.
  case transparent = 1
  /// For chains: generators that are powers of a public ceremony's τ, Keccak-256, a sum of inverses for every
  /// pair of look-ups, and an inner product that two pairings settle. Whoever knew τ could forge proofs; nobody could see
  /// what a proof hides.
  case srs = 2
  /// As `srs`, over powers of a τ that everybody knows, for tests alone: its proofs prove nothing, and no
  /// file of it is read.
  case knownSRS = 255

  /// What a transcript absorbs first, and what secrets are drawn under.
  package var identity: [UInt8] {
    switch self {
    case .transparent: Array("BN254 G1 hashed, SHA-256, inverses, halving".utf8)
    case .srs:
      Array("BN254 G1 powers of tau, Keccak-256, pairs, KZG inner product".utf8)
        + Self.ceremonyDigest
    case .knownSRS:
      Array("BN254 G1 powers of a tau known to all, Keccak-256, pairs, KZG inner product".utf8)
    }
  }

  /// Of the ceremony whose τ `srs` stands on, as `Ceremony.digest` has it: a hash of τ·G and τ·G₂, which fix τ
  /// and with it every power. No key and no proof can bring another.
  package static let ceremonyDigest: [UInt8] = [
    0xe6, 0xbc, 0x96, 0x4f, 0xdd, 0x7b, 0x3c, 0x32, 0xcc, 0x62, 0xf5, 0xfa, 0x2f, 0x40, 0xa8, 0xc9,
    0xe0, 0x6e, 0x1a, 0x76, 0xfe, 0x91, 0xee, 0xa2, 0xa2, 0xce, 0x50, 0x92, 0xf1, 0x9e, 0x4b, 0x0f,
  ]

  /// Whether generators are powers of τ, which whoever commits has from a file.
  package var usesPowers: Bool { self != .transparent }

  /// Whether look-ups are argued over pair by pair, q being a column: else the fractions of rows are, and added
  /// up before inverses are committed to. For a chain commitments to more rows cost less than scalars.
  package var pairsLookups: Bool { usesPowers }

  /// log₂ of the cells in a commitment row.
  package var commitmentRowBits: ClosedRange<Int> {
    usesPowers ? Limits.commitmentRowBitsOfPowers : Limits.commitmentRowBits
  }

  /// Whether rows of the witness are longer where there are more inferences.
  ///
  /// SOUNDNESS: powers of τ go on behind every row. A model's row with cells there would be one model where
  /// rows are short and another where they are longer, so that all rows under a key have one length.
  package var rowsGrow: Bool { !usesPowers }
}

extension ByteReader {
  /// The scheme that a file names: none that is for tests alone.
  package mutating func scheme() throws(FormatError) -> ProofScheme {
    let at = position
    let scheme: ProofScheme = try code("scheme")
    guard scheme != .knownSRS else {
      throw .unknownCode(part: "scheme", at: at, code: Int(scheme.rawValue))
    }
    return scheme
  }
}
