import Proving

/// What a proof cost its prover. What else the process did meanwhile is counted with it.
public struct ProvingCost: Sendable {
  /// A stretch of the proof.
  public struct Phase: Sendable {
    /// What was done: `witness`, `commit witness`.
    public let name: String
    /// That passed, by the clock.
    public let seconds: Double
    /// Processor time of all threads of the process, in seconds.
    public let processorSeconds: Double
    /// The largest resident set of the process from its start to the end of the phase, in bytes.
    public let peakResidentBytes: Int
  }
  /// In order; the witness comes first.
  public let phases: [Phase]
  /// Products of two field elements.
  public let fieldMultiplications: Int
  /// Products of a field element and a machine integer.
  public let smallMultiplications: Int
  /// Additions of points of the curve.
  public let groupAdditions: Int
  /// Bytes that the transcript hashed.
  public let bytesHashed: Int
  /// That passed in all phases, by the clock.
  public var seconds: Double { phases.reduce(0) { $0 + $1.seconds } }

  init(witness: ProvingReport, _ report: ProvingReport) {
    phases = (witness.phases + report.phases).map {
      Phase(
        name: $0.name, seconds: $0.seconds, processorSeconds: $0.processorSeconds,
        peakResidentBytes: $0.peakResidentBytes)
    }
    fieldMultiplications = report.fieldMultiplications
    smallMultiplications = report.smallMultiplications
    groupAdditions = report.groupAdditions
    bytesHashed = report.bytesHashed
  }
}

extension ModelProver {
  /// As `prove(_:context:checked:)`, with what it cost from the inputs' arrays to the proof; a
  /// check is not counted.
  ///
  /// Without a check the proof is one of a trace that was computed exactly and so satisfies the
  /// circuit: it shows no more than any, and is refused by a verifier only if the key is damaged.
  ///
  /// - Throws: `TacitError.input`, `TacitError.key`.
  public func proveMeasured(
    _ inputs: NamedArrays, context: [UInt8] = [], checked: Bool = false
  ) throws(TacitError) -> (proof: [UInt8], cost: ProvingCost) {
    let (proof, _, cost) = try proveOpening(inputs, context: context, checked: checked)
    return (proof, cost)
  }
}
