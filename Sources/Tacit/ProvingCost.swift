import Proving
import Verification

/// What a proof cost its prover.
public struct ProvingCost: Sendable {
  public struct Phase: Sendable {
    public let name: String
    public let seconds: Double
  }
  /// In order; the witness comes first.
  public let phases: [Phase]
  /// Products of field elements, and of a field element and a small integer.
  public let fieldMultiplications: Int
  public let smallMultiplications: Int
  public let groupAdditions: Int
  /// By the transcript.
  public let bytesHashed: Int
  public var seconds: Double { phases.reduce(0) { $0 + $1.seconds } }

  init(witness: Duration, _ report: ProvingReport) {
    phases =
      [Phase(name: "witness", seconds: witness / .seconds(1))]
      + report.phases.map { Phase(name: $0.name, seconds: $0.seconds) }
    fieldMultiplications = report.fieldMultiplications
    smallMultiplications = report.smallMultiplications
    groupAdditions = report.groupAdditions
    bytesHashed = report.bytesHashed
  }
}

extension ModelProver {
  /// As `prove`, unchecked, with what it cost from the inputs' arrays to the proof.
  ///
  /// - Throws: `TacitError.input`, `TacitError.key`.
  public func proveMeasured(
    _ inputs: NamedArrays, context: [UInt8] = []
  ) throws(TacitError) -> (proof: [UInt8], cost: ProvingCost) {
    try checkContext(context)
    let start = ContinuousClock.now
    let samples = try tensors.batch(inputs)
    let shape = try proofShape(samples.count)
    let trace = try trace(samples, of: shape.system)
    let witness = ContinuousClock.now - start
    let (proof, report) = Prover.measured(trace, key: key, as: shape, context: context)
    return (encoded(proof), ProvingCost(witness: witness, report))
  }
}
