package import Curve
package import Field

/// Reads a proof.
package struct VerifierChannel: Channel {
  package var transcript: Transcript
  private var reader: ProofReader
  private let plan: PadLayout
  private var message = 0
  private var products: ProductCursor
  /// The verifier's equations, each to be zero.
  package private(set) var equations: [MaskedValue] = []

  package init(transcript: Transcript, proof: ProofReader, plan: PadLayout) {
    self.transcript = transcript
    self.reader = proof
    self.plan = plan
    self.products = ProductCursor(next: plan.messages)
  }

  package mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [MaskedValue] {
    let scalars = try receiveBare(count, as: label)
    defer { message += count }
    return scalars.enumerated().map {
      MaskedValue($1, [.init(cell: message + $0, coefficient: -Fr.one)])
    }
  }
  /// Scalars that carry no pad: the opening's.
  package mutating func receiveBare(_ count: Int, as label: Label) throws(ProofError) -> [Fr] {
    let (scalars, bytes) = try reader.scalars(count, as: label)
    transcript.absorb(label, bytes)
    return scalars
  }
  package mutating func receivePoints(_ count: Int, as label: Label) throws(ProofError)
    -> [AffinePoint]
  {
    let (points, bytes) = try reader.points(count, as: label)
    transcript.absorb(label, points, compressed: bytes)
    return points
  }
  package mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    transcript.challenges(count, label)
  }
  package mutating func product(_ a: MaskedValue, _ b: MaskedValue) -> MaskedValue {
    multiply(a, b) { _, _ in products.take() }
  }
  package mutating func require(zero: MaskedValue) { equations.append(zero) }
  /// Refuses trailing bytes.
  package func finish() throws(ProofError) { try reader.finish() }
}
