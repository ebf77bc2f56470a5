package import Field

/// The verifier's code on what a prover has just said, so that claims have one definition: it
/// receives what was sent and is given the challenges that were drawn, in order.
///
/// The prover speaks first, over `prover`; the verifier's code then asks for no more than that.
package struct ReplayChannel: Channel {
  package var prover: ProverChannel
  /// Scalars received and challenges given, of all that `prover` keeps.
  private var received: Int
  private var given: Int
  private var products: ProductCursor
  /// The verifier's equations, each to be zero.
  package private(set) var equations: [MaskedValue] = []

  /// A replay of what the prover says from now on.
  package init(_ prover: ProverChannel) {
    self.prover = prover
    received = prover.sent.count
    given = prover.drawn.count
    products = ProductCursor(next: prover.plan.messages)
  }

  package mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [MaskedValue] {
    let range = received..<received + count
    precondition(range.upperBound <= prover.sent.count, "a prover speaks before it is heard")
    received = range.upperBound
    return range.map { MaskedValue(prover.sent[$0], [.init(cell: $0, coefficient: -Fr.one)]) }
  }

  package mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    let range = given..<given + count
    precondition(range.upperBound <= prover.drawn.count, "a prover draws what its verifier does")
    given = range.upperBound
    return Array(prover.drawn[range])
  }

  package mutating func product(_ a: MaskedValue, _ b: MaskedValue) -> MaskedValue {
    multiply(a, b) { _, _ in products.take() }
  }

  package mutating func require(zero: MaskedValue) { equations.append(zero) }
}
