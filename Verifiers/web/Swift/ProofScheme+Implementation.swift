// Both schemes as one type: Embedded Swift has no value that is any of them. Of tests' own scheme no file is read.

extension ProofScheme {
  package var implementation: EmbeddedScheme {
    self == .transparent ? .transparent(Pedersen()) : .srs(KZGRows())
  }

  package var committer: EmbeddedCommitter {
    self == .transparent ? .transparent(Pedersen()) : .srs(KZGCommitter(powers: []))
  }
}

package enum EmbeddedScheme: RowCommitmentScheme {
  case transparent(Pedersen)
  case srs(KZGRows<CeremonyTau>)

  package func openingSize(rowLength: Int, plan: PadLayout) -> OpeningSize {
    switch self {
    case .transparent(let scheme): scheme.openingSize(rowLength: rowLength, plan: plan)
    case .srs(let scheme): scheme.openingSize(rowLength: rowLength, plan: plan)
    }
  }

  package func verify(
    _ claim: MaskedClaim, row: Combination, pads: Combination, over channel: inout VerifierChannel
  ) throws(ProofError) -> EmbeddedEquation {
    switch self {
    case .transparent(let scheme):
      .transparent(try scheme.verify(claim, row: row, pads: pads, over: &channel))
    case .srs(let scheme): .srs(try scheme.verify(claim, row: row, pads: pads, over: &channel))
    }
  }
}

package enum EmbeddedEquation: DeferredEquation {
  /// Of no scheme yet.
  case empty
  case transparent(Pedersen.Equation)
  case srs(PairingEquation<CeremonyTau>)

  package init() { self = .empty }

  package mutating func add(_ other: EmbeddedEquation, times weight: Fr) {
    switch other {
    case .empty: break
    case .transparent(let equation):
      var sum = Pedersen.Equation()
      if case .transparent(let held) = self { sum = held }
      sum.add(equation, times: weight)
      self = .transparent(sum)
    case .srs(let equation):
      var sum = PairingEquation<CeremonyTau>()
      if case .srs(let held) = self { sum = held }
      sum.add(equation, times: weight)
      self = .srs(sum)
    }
  }

  package func holds(shared: [AffinePoint]) -> Bool {
    switch self {
    case .empty: true
    case .transparent(let equation): equation.holds(shared: shared)
    case .srs(let equation): equation.holds(shared: shared)
    }
  }
}

package enum EmbeddedCommitter: RowCommitter {
  case transparent(Pedersen)
  case srs(KZGCommitter)

  package var generators: Int {
    switch self {
    case .transparent(let committer): committer.generators
    case .srs(let committer): committer.generators
    }
  }

  package func generators(rowLength: Int, pads: Int) -> Int {
    switch self {
    case .transparent(let committer): committer.generators(rowLength: rowLength, pads: pads)
    case .srs(let committer): committer.generators(rowLength: rowLength, pads: pads)
    }
  }

  package func commit(_ rows: [CommitmentRow]) -> [AffinePoint] {
    switch self {
    case .transparent(let committer): committer.commit(rows)
    case .srs(let committer): committer.commit(rows)
    }
  }

  package func padRow(_ pads: [Fr], rowLength: Int, blinder: Fr) -> CommitmentRow {
    switch self {
    case .transparent(let committer): committer.padRow(pads, rowLength: rowLength, blinder: blinder)
    case .srs(let committer): committer.padRow(pads, rowLength: rowLength, blinder: blinder)
    }
  }

  package func prove(
    _ claim: MaskedClaim, row: BlindedRow, pads: BlindedRow, over channel: inout ProverChannel
  ) {
    switch self {
    case .transparent(let committer): committer.prove(claim, row: row, pads: pads, over: &channel)
    case .srs(let committer): committer.prove(claim, row: row, pads: pads, over: &channel)
    }
  }
}
