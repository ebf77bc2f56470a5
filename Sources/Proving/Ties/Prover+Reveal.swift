import ArgumentKernels
package import Commitment
import Compute
package import ConstraintSystem
import Curve
import Field
package import Transcript
package import Verification
package import Witness

extension Prover {
  /// Tells chosen values of a committed tensor, with a proof of them.
  ///
  /// - Parameters:
  ///   - indices: ascending, less than the count of the tensor's values in all inferences.
  ///   - place: among the committed ports, inputs first.
  ///   - opening: of the tensor in a proof.
  ///   - trace: of the inferences that the proof is of.
  ///   - context: bytes that the reveal is bound to.
  ///   - entropy: 32 bytes from the system, never used for another reveal; fresh ones if nil.
  package static func reveal(
    _ indices: [Int], at place: Int, opening: TensorOpening, trace: Trace, key: ProverKey,
    as layout: ProofLayout, context: [UInt8],
    entropy: [UInt8]? = nil
  ) throws(ReuseError) -> Reveal {
    @Erased var entropy = entropy ?? SecretRandomness.systemRandomness()
    let (system, committer) = (layout.system, key.committer)
    let port = system.committedPorts[place]
    let identity = key.system.identity(
      of: key.system.committedPorts[place], inferences: system.inferences)
    var reused = ReusedBlinders()
    try reused.reuse([opening], at: place, identity: identity, of: trace, as: layout, by: committer)
    let integers = port.runtime(trace.values(at: port, in: system)).values
    var reveal = Reveal(
      modelID: key.verifier.modelID, inferences: system.inferences, context: context,
      place: place, indices: indices, values: indices.map { integers[$0] },
      commitments: opening.commitments)
    var randomness = SecretRandomness(
      label: "reveal", scheme: system.parameters.scheme, inferences: system.inferences,
      parts: [entropy, key.verifier.modelID, key.seed, reveal.encoded(for: system)])
    reveal.bodies = reveal.groups(of: port, as: layout).enumerated().map { index, group in
      body(
        of: reveal, group: group, port: port, opening: opening, trace: trace, as: layout,
        by: committer, transcript: reveal.transcript(key: key.verifier, group: index),
        randomness: &randomness)
    }
    return reveal
  }

  /// One group's argument; separate so that a test can bring its own challenges and secrets.
  package static func body(
    of reveal: Reveal, group: Reveal.Group, port: Port, opening: TensorOpening, trace: Trace,
    as layout: ProofLayout, by committer: some RowCommitter, transcript: Transcript,
    randomness: inout SecretRandomness
  ) -> [UInt8] {
    let (system, length) = (layout.system, layout.system.commitmentRowLength)
    var channel = ProverChannel(transcript: transcript, plan: Reveal.plan, pads: [])
    @Erased var pads = randomness.scalars(Reveal.plan.cells)
    @Erased var padBlinder = randomness.scalar()
    channel.sendPoints(
      committer.commit([committer.padRow(pads, rowLength: length, blinder: padBlinder)]), as: .pads)
    let (statement, coefficients) = reveal.opening(
      of: group, port: port, in: system, draws: channel.challenges(2, .revealBatch))
    let rows = group.rows.map { layout.rows.committed[reveal.place][$0].index }
    @Erased var combined = [Fr](repeating: .zero, count: length)
    var blinder = Fr.zero
    for ((row, place), coefficient) in zip(zip(rows, group.rows), coefficients) {
      for (column, cell) in trace.outputs.row(row, length).enumerated() {
        combined[column] += coefficient * Fr(cell)
      }
      blinder += coefficient * opening.blinders[place]
    }
    Opening.prove(
      statement,
      secrets: Opening.Secrets(
        row: combined, rowBlinder: blinder, pads: pads, padBlinder: padBlinder,
        rowMask: randomness.scalars(length), rowMaskBlinder: randomness.scalar(),
        padMask: randomness.scalars(Reveal.plan.cells), padMaskBlinder: randomness.scalar()),
      by: committer, over: &channel)
    return channel.proof
  }
}
