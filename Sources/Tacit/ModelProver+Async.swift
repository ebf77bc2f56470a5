public import TacitVerifier

extension ModelProver {
  /// As `compile(_:reading:options:calibration:labels:powers:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - model: the bytes of the file.
  ///   - reading: what the file does not say by itself.
  ///   - options: who learns inputs, outputs and weights.
  ///   - calibration: typical inputs, one row each; what a float model is quantized by, and nothing
  ///     for a model that is quantized already.
  ///   - labels: the class of each calibration input, by its index among the outputs: for the report.
  ///   - powers: of a public ceremony, for keys whose proofs a contract on a chain verifies.
  ///   - job: threads to use, and whom to tell how far it is.
  /// - Returns: the model's prover, and what was decided on the way.
  /// - Throws: as the other; `TacitError.cancelled` when the task is cancelled first.
  public static func compile(
    _ model: [UInt8], reading: ModelReading = ModelReading(),
    options: CompilationOptions = CompilationOptions(), calibration: NamedArrays? = nil,
    labels: NumericArray? = nil, powers: CeremonyPowers? = nil, job: JobOptions = JobOptions()
  ) async throws(TacitError) -> (prover: ModelProver, report: ModelReport) {
    try await job.run(cancelled: TacitError.cancelled) { () throws(TacitError) in
      try compile(
        model, reading: reading, options: options, calibration: calibration, labels: labels,
        powers: powers)
    }
  }

  /// As `prove(_:context:checked:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent, at most `maximalInferences`; an
  ///     array of the network's own shape is one.
  ///   - context: up to 65,536 bytes that the proof is bound to: a nonce, a session, a job.
  ///   - checked: whether the proof is verified before it is returned.
  ///   - job: threads to use, and whom to tell how far it is.
  /// - Returns: the bytes of a `.proof` file.
  /// - Throws: as the other; `TacitError.cancelled` when the task is cancelled first.
  public func prove(
    _ inputs: NamedArrays, context: [UInt8] = [], checked: Bool = true,
    job: JobOptions = JobOptions()
  ) async throws(TacitError) -> [UInt8] {
    try await job.run(cancelled: TacitError.cancelled) { () throws(TacitError) in
      try prove(inputs, context: context, checked: checked)
    }
  }

  /// As `run(_:lastSteps:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent.
  ///   - lastSteps: whether the public steps that follow the proof are applied.
  ///   - job: threads to use, and whom to tell how many of the inferences are done.
  /// - Returns: one row per inference: what the model's runtime gives.
  /// - Throws: as the other; `TacitError.cancelled` when the task is cancelled first.
  public func run(
    _ inputs: NamedArrays, lastSteps: Bool = true, job: JobOptions = JobOptions()
  ) async throws(TacitError) -> NumericArray {
    try await job.run(cancelled: TacitError.cancelled) { () throws(TacitError) in
      try run(inputs, lastSteps: lastSteps)
    }
  }

  /// As `runOutputs(_:lastSteps:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent.
  ///   - lastSteps: whether the public steps that follow the proof are applied.
  ///   - job: threads to use, and whom to tell how many of the inferences are done.
  /// - Returns: for each output, in order, its name and one row per inference.
  /// - Throws: as the other; `TacitError.cancelled` when the task is cancelled first.
  public func runOutputs(
    _ inputs: NamedArrays, lastSteps: Bool = true, job: JobOptions = JobOptions()
  ) async throws(TacitError) -> [(name: String, array: NumericArray)] {
    try await job.run(cancelled: TacitError.cancelled) { () throws(TacitError) in
      try runOutputs(inputs, lastSteps: lastSteps)
    }
  }

  /// As `check(_:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - inputs: as for `prove`.
  ///   - job: threads to use, and whom to tell how far it is.
  /// - Returns: the constraints that do not hold.
  /// - Throws: as the other; `TacitError.cancelled` when the task is cancelled first.
  public func check(
    _ inputs: NamedArrays, job: JobOptions = JobOptions()
  ) async throws(TacitError) -> CheckReport {
    try await job.run(cancelled: TacitError.cancelled) { () throws(TacitError) in
      try check(inputs)
    }
  }
}
