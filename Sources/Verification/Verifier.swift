package import Arguments
package import ConstraintSystem
import Commitment
import Curve
package import Field
import Polynomial
package import Transcript

/// Checks a proof under a key. Never traps, whatever the bytes.
///
/// - Complexity: O(rounds + layers) field operations, a pass over the public tensors, and one
///   multi-scalar multiplication over rows(witness) + rows(model) + L + D points.
package enum Verifier {
  package static func verify(_ proof: Proof, key: VerifierKey) throws(VerificationError) {
    let statement = proof.statement
    let system = key.system
    guard proof.modelID == key.modelID else {
      throw .otherModel(expected: key.modelID, actual: proof.modelID)
    }
    guard statement.fits(system),
      statement.commitments.map(\.count) == key.rows.committed.map(\.count)
    else { throw .statement }
    do throws(ProofError) {
      try verify(
        proof.body, statement: statement, key: key, transcript: statement.transcript(key: key))
    } catch {
      throw .refused(error)
    }
  }

  /// The argument alone; apart from the above so that a test can bring its own challenges.
  package static func verify(
    _ body: [UInt8], statement: Statement, key: VerifierKey, transcript: Transcript
  ) throws(ProofError) {
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
    // 4. One opening settles everything.
    let kappa = channel.challenge(.equationsBatch)
    let opening = Opening.Statement(
      rowWeights: shape.rowWeights(at: claims.point), claim: claims.value,
      zeros: channel.equations, kappa: kappa, plan: key.plan)
    let rows = key.rows
    try Opening.verify(
      opening,
      row: Opening.Combination(
        coefficients: shape.coefficients(
          of: rows.committed.flatMap(\.self) + rows.phaseOne + rows.phaseTwo + rows.model,
          claims: claims),
        points: statement.commitments.flatMap(\.self) + phaseOne + phaseTwo + key.modelRows),
      pads: pads, over: &channel)
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
