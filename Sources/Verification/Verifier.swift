package import Arguments
package import ConstraintSystem
package import Commitment
import Curve
package import Field
import Polynomial
package import Transcript

/// Checks proofs under a key. Never traps, whatever the bytes.
///
/// - Complexity: per proof O(rounds + layers) field operations and a pass over the public tensors; for
///   all proofs together one multi-scalar multiplication over rows(model) + max(L, D) points and, per
///   proof, rows(witness).
package enum Verifier {
  package static func verify(_ proof: Proof, key: VerifierKey) throws(VerificationError) {
    if let error = verify([proof], key: key)[0] { throw error }
  }

  /// Checks proofs together: each in the field, and their equations in the group as one.
  ///
  /// - Returns: per proof, why it is refused; nil where it is accepted.
  package static func verify(_ proofs: [Proof], key: VerifierKey) -> [VerificationError?] {
    let argued = inParallel(count: proofs.count, grain: 1) { range in
      range.map { place in argue(proofs[place], key: key) }
    }.flatMap(\.self)
    let obligations = argued.compactMap { try? $0.get() }
    let hold = settle(obligations, weights: weights(of: obligations), key: key)
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
  package static func settle(
    _ obligations: [Opening.Obligation], weights: [Fr], key: VerifierKey
  ) -> Bool {
    guard !obligations.isEmpty else { return true }
    var sum = GroupEquation()
    for (obligation, weight) in zip(obligations, weights) {
      sum.add(obligation.equation, times: weight)
    }
    return sum.holds(shared: key.modelRows)
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
  package static func weights(of obligations: [Opening.Obligation]) -> [Fr] {
    guard obligations.count > 1 else { return obligations.map { _ in .one } }
    var transcript = Transcript()
    transcript.absorb(.proofSeals, obligations.flatMap(\.seal.bigEndianBytes))
    return [.one] + transcript.challenges(obligations.count - 1, .proofsBatch)
  }

  /// Everything but the group equation.
  package static func argue(
    _ proof: Proof, key: VerifierKey
  ) -> Result<Opening.Obligation, VerificationError> {
    let statement = proof.statement
    guard proof.modelID == key.modelID else {
      return .failure(.otherModel(expected: key.modelID, actual: proof.modelID))
    }
    guard statement.fits(key.system),
      statement.commitments.map(\.count) == key.rows.committed.map(\.count)
    else { return .failure(.statement) }
    do throws(ProofError) {
      return .success(
        try argue(
          proof.body, statement: statement, key: key, transcript: statement.transcript(key: key)))
    } catch {
      return .failure(.refused(error))
    }
  }

  /// The argument alone; apart from the above so that a test can bring its own challenges.
  package static func verify(
    _ body: [UInt8], statement: Statement, key: VerifierKey, transcript: Transcript
  ) throws(ProofError) {
    let obligation = try argue(body, statement: statement, key: key, transcript: transcript)
    guard settle([obligation], weights: [.one], key: key) else { throw .rejected(.commitments) }
  }

  private static func argue(
    _ body: [UInt8], statement: Statement, key: VerifierKey, transcript: Transcript
  ) throws(ProofError) -> Opening.Obligation {
    guard body.count == key.bodyBytes else {
      throw .length(expected: key.bodyBytes, actual: body.count)
    }
    let shape = key.shape
    // 1. The statement, the pads, the witness.
    var channel = VerifierChannel(
      transcript: transcript, proof: ProofReader(body), plan: key.plan)
    let pads = try channel.receivePoints(1, as: .pads)[0]
    let phaseOne = try channel.receivePoints(key.rows.phaseOne.count, as: .phaseOneRows)
    // 2. Lookup challenges, and the helpers that answer them.
    let drawn = channel.challenges(2, .lookup)
    guard
      let lookup = RowCheck.Lookup(
        alpha: drawn[0], beta: drawn[1], parameters: key.system.parameters)
    else { throw .rejected(.equation) }
    let phaseTwo = try channel.receivePoints(key.rows.phaseTwo.count, as: .phaseTwoRows)
    // 3. Rows, relations, public tensors; all claims in one.
    let claims = try Conversation.verify(
      shape, lookup: lookup, publics: statement.publicTensors(on: key.system), over: &channel)
    // 4. One opening settles everything, its equation in the group being left to the caller.
    let kappa = channel.challenge(.equationsBatch)
    let opening = Opening.Statement(
      rowWeights: shape.rowWeights(at: claims.point), claim: claims.value,
      zeros: channel.equations, kappa: kappa, plan: key.plan)
    let rows = key.rows
    return try Opening.verify(
      opening,
      row: Opening.Combination(
        coefficients: shape.coefficients(
          of: rows.committed.flatMap(\.self) + rows.phaseOne + rows.phaseTwo, claims: claims),
        points: statement.commitments.flatMap(\.self) + phaseOne + phaseTwo),
      shared: shape.coefficients(of: rows.model, claims: claims), pads: pads, over: &channel)
  }
}

extension Statement {
  /// A transcript that is bound to everything a proof is about.
  package func transcript(key: VerifierKey) -> Transcript {
    var transcript = Transcript()
    transcript.absorb(.keyDigest, key.modelID)
    transcript.absorb(.context, context)
    transcript.absorb(.publicTensors, publicBytes(of: key.system))
    transcript.absorb(.committedTensors, commitments.joined().flatMap(\.compressed))
    return transcript
  }

  /// The public tensors as y: integers less their zero point.
  package func publicTensors(on system: ConstraintSystem) -> [Conversation.PublicTensor] {
    publicTensors(of: system).map { port, values in
      Conversation.PublicTensor(
        block: port.block, values: values.map { $0 &- port.zeroPoint })
    }
  }
}

extension Shape {
  /// ψ: eq of the point's low variables, one weight per cell of a row.
  package func rowWeights(at point: [Fr]) -> [Fr] {
    Equality.table(Array(point.suffix(system.parameters.rowBits)))
  }

  /// What each row counts in the opened combination: L̃_c(r*)·eq(r*_hi, index).
  package func coefficients(of rows: [RowReference], claims: ClaimBatch.Outcome) -> [Fr] {
    let high = claims.point.dropLast(system.parameters.rowBits)
    let last = rows.reduce(0) { max($0, $1.index) }
    let eq = Equality.prefix(high[...], count: last + 1)
    return rows.map { row in
      row.index < eq.count ? (claims.weights[row.column] ?? .zero) * eq[row.index] : .zero
    }
  }
}
