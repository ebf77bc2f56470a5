import Compute
import ConstraintSystem
import Proving
import TacitVerifier
import Verification
import Witness

extension ModelProver {
  /// As `prove(_:context:checked:)`, with what opens the proof's commitments to tensors; some of them may be
  /// those of another proof.
  ///
  /// That a commitment is another proof's shows everybody that both are of one tensor. All else of the proof
  /// is drawn anew. A tensor that is not the one which was committed to is refused before a proof is begun.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent.
  ///   - context: bytes that the proof is bound to.
  ///   - commitments: of inputs that are not to be committed to under blinders of this proof's own.
  ///   - checked: whether the proof is verified before it is returned.
  /// - Returns: the bytes of a `.proof` file; what opens its commitments, a secret; what it cost.
  /// - Throws: `TacitError.opening`, and as `prove(_:context:checked:)`.
  public func proveOpening(
    _ inputs: NamedArrays, context: [UInt8] = [], commitments: [InputCommitment] = [],
    checked: Bool = true
  ) throws(TacitError) -> (proof: [UInt8], opening: CommitmentOpening, cost: ProvingCost) {
    try checkContext(context)
    var stopwatch = Stopwatch()
    let samples = try batch(inputs)
    let layout = try proofLayout(samples.count)
    try checkPowers(for: layout)
    try checkRoom(layout.system, proving: true)
    let trace = try Job.part(0...0.15) { () throws(TacitError) in
      try execute(samples, of: layout.system).trace
    }
    let reused = try reusedBlinders(commitments, of: trace, as: layout)
    stopwatch.lap("witness")
    let (proof, openings, report): (Proof, [TensorOpening], ProvingReport)
    do throws(CancellationError) {
      (proof, openings, report) = try Job.part(0.15...0.95) { () throws(CancellationError) in
        try Prover.measured(trace, key: key, as: layout, context: context, reusing: reused)
      }
    } catch {
      throw .cancelled
    }
    if checked {
      try Job.part(0.95...1) { () throws(TacitError) in try check(proof) }
    }
    return (
      encoded(proof), CommitmentOpening(openings), ProvingCost(witness: stopwatch.report, report)
    )
  }

  /// Tells chosen values of a tensor that a proof commits to, with a proof of them.
  ///
  /// - Parameters:
  ///   - indices: of the values, row-major among those of all inferences, from 0.
  ///   - tensor: the name of a committed output or input; nil for the only committed output.
  ///   - inputs: of the inferences that the proof is of.
  ///   - opening: of the proof.
  ///   - context: up to 65,536 bytes that the reveal is bound to.
  /// - Returns: the bytes of a `.reveal` file.
  /// - Throws: `TacitError.opening`, `TacitError.input`, `TacitError.key`, `TacitError.tooLarge`.
  /// - Complexity: that of running the network, and of opening a row for each group of rows that tell the same
  ///   columns.
  public func reveal(
    _ indices: [Int], of tensor: String? = nil, inputs: NamedArrays,
    opening: CommitmentOpening, context: [UInt8] = []
  ) throws(TacitError) -> [UInt8] {
    try checkContext(context)
    let samples = try batch(inputs)
    let layout = try proofLayout(samples.count)
    try checkPowers(for: layout)
    let system = key.system
    let place = try committedPlace(tensor)
    let port = system.committedPorts[place]
    let count = layout.system.committedPorts[place].count
    if let index = indices.first(where: { !(0..<count).contains($0) }) {
      throw .opening(.index(index, count: count))
    }
    let sorted = Set(indices).sorted()
    guard !sorted.isEmpty, sorted.count == indices.count else { throw .opening(.indices) }
    let trace = try execute(samples, of: layout.system).trace
    let isOutput = place >= system.inputs.count { $0.visibility == .committed }
    var failure = ReuseError.otherIdentity
    // A tensor and another one may be alike, as a state before and after a step: the one that fits is told of.
    for opening in opening.openings where opening.isOutput == isOutput {
      do throws(ReuseError) {
        let reveal = try Prover.reveal(
          sorted, at: place, opening: opening, trace: trace, key: key, as: layout,
          context: context)
        return FileFormat.wrap(.reveal, reveal.encoded(for: system))
      } catch {
        if failure == .otherIdentity { failure = error }
      }
    }
    throw refusal(
      failure, opening, port: port,
      identity: system.identity(of: port, inferences: samples.count))
  }

  /// As `proveOpening(_:context:commitments:checked:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - inputs: one row per inference along the first extent.
  ///   - context: bytes that the proof is bound to.
  ///   - commitments: of inputs that are not to be committed to under blinders of this proof's own.
  ///   - checked: whether the proof is verified before it is returned.
  ///   - job: threads to use, and whom to tell how far it is.
  /// - Returns: as the other.
  /// - Throws: as the other; `TacitError.cancelled` when the task is cancelled first.
  public func proveOpening(
    _ inputs: NamedArrays, context: [UInt8] = [], commitments: [InputCommitment] = [],
    checked: Bool = true, job: JobOptions
  ) async throws(TacitError) -> (proof: [UInt8], opening: CommitmentOpening, cost: ProvingCost) {
    try await job.run(cancelled: TacitError.cancelled) { () throws(TacitError) in
      try proveOpening(inputs, context: context, commitments: commitments, checked: checked)
    }
  }

  /// As `reveal(_:of:inputs:opening:context:)`, on threads of its own.
  ///
  /// - Parameters:
  ///   - indices: of the values, row-major among those of all inferences, from 0.
  ///   - tensor: the name of a committed output or input; nil for the only committed output.
  ///   - inputs: of the inferences that the proof is of.
  ///   - opening: of the proof.
  ///   - context: up to 65,536 bytes that the reveal is bound to.
  ///   - job: threads to use, and whom to tell how far it is.
  /// - Returns: the bytes of a `.reveal` file.
  /// - Throws: as the other; `TacitError.cancelled` when the task is cancelled first.
  public func reveal(
    _ indices: [Int], of tensor: String? = nil, inputs: NamedArrays,
    opening: CommitmentOpening, context: [UInt8] = [], job: JobOptions
  ) async throws(TacitError) -> [UInt8] {
    try await job.run(cancelled: TacitError.cancelled) { () throws(TacitError) in
      try reveal(indices, of: tensor, inputs: inputs, opening: opening, context: context)
    }
  }

  private func reusedBlinders(
    _ commitments: [InputCommitment], of trace: Trace, as layout: ProofLayout
  ) throws(TacitError) -> ReusedBlinders {
    var reused = ReusedBlinders()
    var taken = Set<Int>()
    for commitment in commitments {
      let place = try committedInput(commitment.input)
      let port = key.system.committedPorts[place]
      guard taken.insert(place).inserted else { throw .opening(.repeated(port.name)) }
      switch commitment.blinding {
      case .declared: reused.declare(at: place, as: layout)
      case .reused(let opening):
        let identity = key.system.identity(of: port, inferences: layout.system.inferences)
        do throws(ReuseError) {
          // An output first: where a state stays as it was, the next step begins with what came out.
          try reused.reuse(
            opening.openings.filter(\.isOutput) + opening.openings.filter { !$0.isOutput },
            at: place, identity: identity, of: trace, as: layout, by: key.committer)
        } catch {
          throw refusal(error, opening, port: port, identity: identity)
        }
      }
    }
    return reused
  }

  private func refusal(
    _ error: ReuseError, _ opening: CommitmentOpening, port: Port, identity: TensorIdentity
  ) -> TacitError {
    switch error {
    case .otherTensor: .opening(.otherTensor(port.name))
    case .otherIdentity:
      .opening(
        .otherPort(
          port.name,
          tensors: opening.openings.map {
            "\($0.name.quoted) has "
              + $0.identity.differences(from: identity).joined(separator: ", ")
          }))
    }
  }

  /// The place of an input among the committed ports.
  private func committedInput(_ name: String?) throws(TacitError) -> Int {
    let names = key.system.inputs.filter { $0.visibility == .committed }.map(\.name)
    guard !names.isEmpty else { throw .opening(.noCommittedInput) }
    guard let name else {
      guard names.count == 1 else { throw .opening(.severalInputs(names)) }
      return 0
    }
    guard let place = names.firstIndex(of: name) else {
      throw .opening(.unknown(name, known: names))
    }
    return place
  }

  /// The place of an output or input among the committed ports: of two of one name, the output.
  private func committedPlace(_ name: String?) throws(TacitError) -> Int {
    let ports = key.system.committedPorts
    let inputs = key.system.inputs.count { $0.visibility == .committed }
    let outputs = inputs..<ports.count
    guard let name else {
      guard outputs.count == 1 else {
        throw .opening(.unknown("", known: ports.map(\.name)))
      }
      return inputs
    }
    guard
      let place = outputs.first(where: { ports[$0].name == name })
        ?? ports.firstIndex(where: { $0.name == name })
    else { throw .opening(.unknown(name, known: ports.map(\.name))) }
    return place
  }
}
