extension ModelVerifier {
  /// As `verify(_:modelID:context:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - proof: the bytes of a `.proof` file, of anyone's making.
  ///   - modelID: refuses this key when it is of another model.
  ///   - context: refuses a proof that is bound to other bytes; nil accepts any and returns it.
  ///   - job: threads to use, and whom to tell how far the check is.
  /// - Returns: what was proven.
  /// - Throws: why it is not accepted; `VerificationFailure.cancelled` when the task is cancelled
  ///   first.
  public func verify(
    _ proof: [UInt8], modelID: ModelID? = nil, context: [UInt8]? = nil,
    job: JobOptions = JobOptions()
  ) async throws(VerificationFailure) -> VerifiedInference {
    try await job.run(cancelled: VerificationFailure.cancelled) {
      () throws(VerificationFailure) in
      try verify(proof, modelID: modelID, context: context)
    }
  }

  /// As `verifyAll(_:modelID:context:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - proofs: each of its own inputs, outputs and, unless `context` is given, context.
  ///   - modelID: refuses this key when it is of another model.
  ///   - context: refuses proofs that are bound to other bytes.
  ///   - job: threads to use, and whom to tell how many of the proofs are done.
  /// - Returns: per proof what was proven, or why it is refused; one proof's fault is no other's.
  /// - Throws: `VerificationFailure.pinnedModel`; `.noProofs` for an empty list; `.cancelled` when
  ///   the task is cancelled first.
  public func verifyAll(
    _ proofs: [[UInt8]], modelID: ModelID? = nil, context: [UInt8]? = nil,
    job: JobOptions = JobOptions()
  ) async throws(VerificationFailure) -> [Result<VerifiedInference, VerificationFailure>] {
    try await job.run(cancelled: VerificationFailure.cancelled) {
      () throws(VerificationFailure) in
      try verifyAll(proofs, modelID: modelID, context: context)
    }
  }

  /// As `verify(keyProof:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - keyProof: the bytes of a `.keyproof` file, of anyone's making.
  ///   - job: threads to use.
  /// - Throws: as the other; `VerificationFailure.cancelled` when the task is cancelled first.
  public func verify(keyProof: [UInt8], job: JobOptions) async throws(VerificationFailure) {
    try await job.run(cancelled: VerificationFailure.cancelled) {
      () throws(VerificationFailure) in
      try verify(keyProof: keyProof)
    }
  }

  /// As `verifyChain(_:session:steps:states:modelID:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - proofs: the bytes of the steps' `.proof` files, in order.
  ///   - session: what the verifier chose for this chain and for no other.
  ///   - steps: how many there must be.
  ///   - states: the inputs that are tied.
  ///   - modelID: refuses this key when it is of another model.
  ///   - job: threads to use, and whom to tell how many of the proofs are done.
  /// - Returns: what each step proves.
  /// - Throws: as the other; `ChainFailure.verification` of `.cancelled` when the task is cancelled first.
  public func verifyChain(
    _ proofs: [[UInt8]], session: [UInt8], steps: Int, states: [ChainState] = [ChainState()],
    modelID: ModelID? = nil, job: JobOptions
  ) async throws(ChainFailure) -> [VerifiedInference] {
    try await job.run(cancelled: ChainFailure.verification(.cancelled)) {
      () throws(ChainFailure) in
      try verifyChain(proofs, session: session, steps: steps, states: states, modelID: modelID)
    }
  }
}
