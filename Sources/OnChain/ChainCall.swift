import ConstraintSystem
import Curve
import Hashing
import Transcript
package import Verification

/// A proof as the contract is called with it: points in 64 bytes, all else as it stands in the file.
///
/// Written down in docs/onchain.md#a-call.
package struct ChainCall: Sendable {
  /// Public tensors and the points of committed ones.
  package let statement: [UInt8]
  package let proof: [UInt8]
  package let context: [UInt8]

  package init(_ proof: Proof, of key: VerifierKey) throws(ChainExportError) {
    guard key.system.parameters.scheme == .srs else { throw .otherScheme }
    guard proof.statement.context.count == 32 else {
      throw .context(proof.statement.context.count)
    }
    let layout: ProofLayout
    do throws(VerificationError) {
      layout = try key.proofLayout(proof.statement.inferences)
    } catch {
      throw .inferences(proof.statement.inferences)
    }
    context = proof.statement.context
    statement =
      proof.statement.publicBytes(of: layout.system)
      + proof.statement.commitments.joined().flatMap(\.eip196)
    var reader = BodyReader(rest: proof.body[...])
    try reader.points(1 + layout.rows.phaseOne.count + layout.rows.phaseTwo.count)
    try reader.scalars(layout.plan.messages)
    // D and D_s; the cross terms, opened cells, u and two blinders; S; F₁; both quotients.
    try reader.points(2)
    try reader.scalars(2 + layout.plan.opened.count + 3)
    try reader.points(1)
    try reader.scalars(1)
    try reader.points(2)
    guard reader.rest.isEmpty else { throw .proof }
    self.proof = reader.bytes
  }

  /// The arguments of `verify`, behind its selector.
  ///
  /// - Parameter blob: the address of the model's blob, 20 bytes.
  package func calldata(blob: [UInt8], modelID: [UInt8]) -> [UInt8] {
    let padded = (statement.count + 31) / 32 * 32
    var bytes = Self.selector
    bytes += [UInt8](repeating: 0, count: 32 - blob.count) + blob + modelID + context
    bytes += Self.word(160) + Self.word(192 + padded)
    bytes += Self.word(statement.count) + statement
    bytes += [UInt8](repeating: 0, count: padded - statement.count)
    return bytes + Self.word(proof.count) + proof
  }

  /// What a call begins with.
  package static let selector = Array(
    Keccak256.hash(Array("verify(address,bytes32,bytes32,bytes,bytes)".utf8)).bytes.prefix(4))

  private static func word(_ value: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: 24)
      + (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

/// A proof's body, element by element.
private struct BodyReader {
  var rest: ArraySlice<UInt8>
  var bytes: [UInt8] = []

  mutating func points(_ count: Int) throws(ChainExportError) {
    for _ in 0..<count {
      guard rest.count >= AffinePoint.byteCount,
        let point = AffinePoint(compressed: rest.prefix(AffinePoint.byteCount))
      else { throw .proof }
      point.write(eip196To: &bytes)
      rest = rest.dropFirst(AffinePoint.byteCount)
    }
  }

  mutating func scalars(_ count: Int) throws(ChainExportError) {
    guard rest.count >= 32 * count else { throw .proof }
    bytes += rest.prefix(32 * count)
    rest = rest.dropFirst(32 * count)
  }
}
