/// Why a proof is refused, or not made.
package enum ProofError: Error, Equatable, Sendable {
  /// The key says how long a proof is; this one is not.
  case length(expected: Int, actual: Int)
  /// A scalar that is no canonical field element.
  case scalar(Label, at: Int)
  /// Bytes that are no canonical point of the curve.
  case point(Label, at: Int)
  /// Read, and false.
  case rejected(Check)
  /// Nobody waits for the proof any more: a prover's, and no verifier's.
  case cancelled

  package enum Check: String, Sendable, CaseIterable {
    /// The opened row or pads are not what was committed.
    case commitments
    /// The one equation that all claims fold into does not hold.
    case equation
  }
}
