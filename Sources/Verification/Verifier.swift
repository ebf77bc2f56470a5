import ArgumentKernels
package import Arguments
package import ConstraintSystem
package import Commitment
package import Curve
package import Field
import Polynomial
import Compute
import Synchronization
package import Transcript

/// Checks proofs under a key. Never traps, whatever the bytes.
///
/// - Complexity: per proof O(rounds + layers) field operations and a pass over the public tensors; for
///   all proofs together one multi-scalar multiplication over rows(model) + max(L, D) points and, per
///   proof, rows(witness).
///
/// Written down in docs/protocol/verification.md#listing.
package enum Verifier {
  package static func verify(_ proof: Proof, key: VerifierKey) throws(VerificationError) {
    if let error = verify([proof], key: key)[0] { throw error }
  }

  /// Checks proofs together: each in the field, and their equations in the group as one.
  ///
  /// - Returns: per proof, why it is refused; nil where it is accepted.
  package static func verify(_ proofs: [Proof], key: VerifierKey) -> [VerificationError?] {
    verify(proofs, key: key, by: key.system.parameters.scheme.implementation)
  }

  private static func verify(
    _ proofs: [Proof], key: VerifierKey, by scheme: some RowCommitmentScheme
  ) -> [VerificationError?] {
    let done = Atomic(0)
    let argued = inParallel(count: proofs.count, grain: 1) { range in
      range.map { place in
        let result =
          Job.isCancelled
          ? .failure(.cancelled) : argue(proofs[place], key: key, by: scheme)
        Job.report(
          0.9 * Double(done.wrappingAdd(1, ordering: .relaxed).newValue) / Double(proofs.count))
        return result
      }
    }.flatMap(\.self)
    let obligations = argued.compactMap { try? $0.get() }
    let hold = settle(obligations, weights: weights(of: obligations, key: key), key: key)
    return argued.map { result in
      switch result {
      case .failure(let error): return error
      case .success(let obligation):
        if hold || settle([obligation], weights: [.one], key: key) { return nil }
        return .refused(.rejected(.commitments))
      }
    }
  }

  /// Whether equations hold: added, each times its weight.
  ///
  /// - Complexity: one multi-scalar multiplication.
  package static func settle<Equation>(
    _ obligations: [Opening.Obligation<Equation>], weights: [Fr], key: VerifierKey
  ) -> Bool {
    settle(obligations, weights: weights, shared: key.modelRows)
  }

  /// - Parameter shared: the commitments that all equations count as shared.
  package static func settle<Equation>(
    _ obligations: [Opening.Obligation<Equation>], weights: [Fr], shared: [AffinePoint]
  ) -> Bool {
    guard !obligations.isEmpty else { return true }
    var sum = Equation()
    for (obligation, weight) in zip(obligations, weights) {
      sum.add(obligation.equation, times: weight)
    }
    return sum.holds(shared: shared)
  }

  /// What each equation counts in the sum: 1 for the first, then challenges of a transcript over the
  /// seals of all.
  ///
  /// A seal is a challenge of its proof's own transcript, drawn after the last message, so it is a hash
  /// of all that the proof's equation is made of: equations are fixed before the weights. If one
  /// does not hold, at most one weight in p makes the sum hold all the same. Weights from
  /// a transcript make the verdict a function of the files alone, the same for everyone.
  ///
  /// SOUNDNESS: with weights known beforehand, two false proofs whose errors are opposite pass.
  package static func weights<Equation>(
    of obligations: [Opening.Obligation<Equation>], key: VerifierKey
  ) -> [Fr] {
    guard obligations.count > 1 else { return obligations.map { _ in .one } }
    var transcript = key.system.parameters.scheme.transcript()
    transcript.absorb(.proofSeals, obligations.flatMap(\.seal.bigEndianBytes))
    return [.one] + transcript.challenges(obligations.count - 1, .proofsBatch)
  }

  /// Everything but the group equation.
  package static func argue<Scheme: RowCommitmentScheme>(
    _ proof: Proof, key: VerifierKey, by scheme: Scheme
  ) -> Result<Opening.Obligation<Scheme.Equation>, VerificationError> {
    let statement = proof.statement
    guard proof.modelID == key.modelID else {
      return .failure(.otherModel(expected: key.modelID, actual: proof.modelID))
    }
    do throws(VerificationError) {
      guard key.system.fits(statement.counts, inferences: statement.inferences) else {
        throw .statement
      }
      let commitments = statement.commitments.joined().count * AffinePoint.byteCount
      let shape = try key.proofLayout(
        statement.inferences,
        within: statement.publicBytes(of: key.system).count + commitments + proof.body.count)
      guard statement.fits(shape.system),
        statement.commitments.map(\.count) == shape.rows.committed.map(\.count)
      else { throw .statement }
      try statement.checkIndices(of: shape.system)
      do throws(ProofError) {
        return .success(
          try argue(
            proof.body, statement: statement, as: shape, by: scheme,
            transcript: statement.transcript(key: key)))
      } catch {
        throw .refused(error)
      }
    } catch {
      return .failure(error)
    }
  }

  /// The argument alone; separate so that a test can bring its own challenges.
  package static func verify(
    _ body: [UInt8], statement: Statement, as shape: ProofLayout? = nil, key: VerifierKey,
    transcript: Transcript
  ) throws(ProofError) {
    try verify(
      body, statement: statement, as: shape ?? key.single, key: key,
      by: key.system.parameters.scheme.implementation, transcript: transcript)
  }

  private static func verify(
    _ body: [UInt8], statement: Statement, as shape: ProofLayout, key: VerifierKey,
    by scheme: some RowCommitmentScheme, transcript: Transcript
  ) throws(ProofError) {
    let obligation = try argue(
      body, statement: statement, as: shape, by: scheme, transcript: transcript)
    guard settle([obligation], weights: [.one], key: key) else { throw .rejected(.commitments) }
  }

  package static func argue<Scheme: RowCommitmentScheme>(
    _ body: [UInt8], statement: Statement, as proof: ProofLayout, by scheme: Scheme,
    transcript: Transcript
  ) throws(ProofError) -> Opening.Obligation<Scheme.Equation> {
    guard body.count == proof.bodyBytes else {
      throw .length(expected: proof.bodyBytes, actual: body.count)
    }
    let (shape, rows) = (proof.shape.reading(statement.circuitInputs(of: proof.system)), proof.rows)
    // SOUNDNESS: an opening adds commitments to the same row, and so binds their sum alone.
    guard !rows.repeatsCommitted else { throw .rejected(.commitments) }
    // 1. The statement, the pads, the witness.
    var channel = VerifierChannel(
      transcript: transcript, proof: ProofReader(body), plan: proof.plan)
    let pads = try channel.receivePoints(1, as: .pads)[0]
    let phaseOne = try channel.receivePoints(rows.phaseOne.count, as: .phaseOneRows)
    // 2. Lookup challenges, and the inverses that answer them.
    let drawn = channel.challenges(2, .lookup)
    guard
      let lookup = LookupChallenges(
        alpha: drawn[0], beta: drawn[1], parameters: proof.system.parameters)
    else { throw .rejected(.equation) }
    let phaseTwo = try channel.receivePoints(rows.phaseTwo.count, as: .phaseTwoRows)
    // 3. Rows, relations, public tensors; all claims in one.
    let claims = try CircuitArgument.verify(
      shape, lookup: lookup, known: statement.tensors(on: proof.system), over: &channel
    ).batch
    // 4. One opening settles everything, its equation in the group being left to the caller.
    let kappa = channel.challenge(.equationsBatch)
    let opening = Opening.Statement(
      rowWeights: shape.rowWeights(at: claims.point), claim: claims.value,
      zeros: channel.equations, kappa: kappa, plan: proof.plan)
    return try Opening.verify(
      opening,
      row: Combination(
        coefficients: shape.coefficients(
          of: rows.committed.flatMap(\.self) + rows.phaseOne + rows.phaseTwo, claims: claims),
        points: statement.commitments.flatMap(\.self) + phaseOne + phaseTwo,
        shared: shape.coefficients(of: rows.model, claims: claims)),
      pads: pads, by: scheme, over: &channel)
  }
}

extension ProofScheme {
  /// A transcript of this scheme's hash that has heard which scheme it is of.
  package func transcript() -> Transcript {
    var transcript =
      switch self {
      case .transparent: Transcript(.sha256)
      case .srs, .knownSRS: Transcript(.keccak256)
      }
    transcript.absorb(.scheme, identity)
    return transcript
  }
}

extension Statement {
  /// A transcript that is bound to everything a proof is about.
  package func transcript(key: VerifierKey) -> Transcript {
    var transcript = key.system.parameters.scheme.transcript()
    transcript.absorb(.keyDigest, key.modelID)
    if case .model(let part) = subject {
      let place = UInt64(truncatingIfNeeded: part).bigEndianBytes
      transcript.absorb(.keyProof, [ModelRangeCircuit.version] + place)
    }
    transcript.absorb(.inferences, UInt64(truncatingIfNeeded: inferences).bigEndianBytes)
    transcript.absorb(.context, context)
    if !counts.isEmpty {
      transcript.absorb(
        .counts, counts.joined().flatMap { UInt64(truncatingIfNeeded: $0).bigEndianBytes })
    }
    transcript.absorb(.publicTensors, publicBytes(of: key.system))
    transcript.absorb(.committedTensors, Array(commitments.joined()))
    return transcript
  }

  /// What is said of tensors, as the circuit's blocks have them.
  package func tensors(on system: ConstraintSystem) -> CircuitArgument.StatedTensors {
    func limbs(_ port: Port, _ values: RuntimeIntegers) -> [(block: Int, values: CircuitIntegers)] {
      if port.blocks.isEmpty { return [] }
      let limbs = PortLimbs(port, of: system).split(port.circuit(values))
      return zip(port.blocks, limbs).map { ($0, $1) }
    }
    let padded = system.withCells(counts).flatMap { port, cells -> [PaddedTensor] in
      guard port.visibility != .public, let cells else { return [] }
      return limbs(port, [cells.value]).compactMap { block, value in
        PaddedTensor(block, cells, in: system, value: value[0])
      }
    }
    return CircuitArgument.StatedTensors(
      publics: publicTensors(of: system).flatMap { port, values, _ in
        limbs(port, values).map { PublicTensor(block: $0, values: $1) }
      }, padded: padded)
  }

  /// The public inputs as the circuit has them.
  package func circuitInputs(of system: ConstraintSystem) -> [CircuitIntegers?] {
    zip(system.inputs, inputs).map { port, values in values.map { port.circuit($0) } }
  }
}

extension CircuitDimensions {
  /// ψ: eq of the point's low variables, one weight per cell of a row.
  package func rowWeights(at point: [Fr]) -> RowWeights {
    RowWeights(point: Array(point.suffix(system.commitmentRowBits)))
  }

  /// What each row counts in the opened combination: L̃_c(r*)·eq(r*_hi, index).
  ///
  /// In a batch the model's rows are shorter than ψ: 2^c cells of its 2^{c+j}. Over a row's own cells ψ
  /// is eq(r*_mid, 0)·eq(r*_lo, ·), r*_mid the j variables between, so the row counts
  /// eq(r*_hi, index)/eq(r*_mid, 0), its r*_hi being all variables but the last c.
  package func coefficients(of rows: [RowReference], claims: ClaimReduction.Outcome) -> [Fr] {
    let (own, bits) = (system.parameters.commitmentRowBits, system.commitmentRowBits)
    func equality(_ isModel: Bool) -> [Fr] {
      let last = rows.reduce(-1) { ($1.column == .model) == isModel ? max($0, $1.index) : $0 }
      return Equality.prefix(claims.point.dropLast(isModel ? own : bits), count: last + 1)
    }
    let (witness, model) = (equality(false), equality(true))
    // Zero for one point in 2^250, where the model's rows count nothing and the proof is refused.
    let between = claims.point.dropLast(own).suffix(bits - own).reduce(Fr.one) { $0 * (.one - $1) }
    let scale = bits == own ? Fr.one : between.inverse()
    return rows.map { row in
      let isModel = row.column == .model
      let eq = isModel ? model : witness
      guard row.index < eq.count, let weight = claims.weights[row.column] else { return .zero }
      return isModel ? weight * eq[row.index] * scale : weight * eq[row.index]
    }
  }
}

extension UInt64 {
  var bigEndianBytes: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) }
  }
}
