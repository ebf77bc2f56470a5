import ArgumentParser
import Tacit
import TacitVerifier

/// Bytes that a proof is bound to.
struct Context: ExpressibleByArgument {
  var bytes: [UInt8]

  init?(argument: String) {
    guard let bytes = ContextText.bytes(argument) else { return nil }
    self.bytes = bytes
  }
}

struct Prove: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove an inference, or several at once.",
    discussion: """
      Numbers are reals where the model's own input is float, and are quantized as the model does it;
      they are integers where it is quantized. An array with one row per inference makes one proof of
      all of them. - is standard input, and standard output for -o.

      \(TacitTool.program) prove digits.prover Circuits/digits-mlp/input.npy \\
        -o digits.proof

      The next step of a chain begins with the committed state that this one ends in:

      \(TacitTool.program) prove rnn.prover x1.npz -o 1.proof --opening 1.opening \\
        --session monday --previous 0.proof --reuse 0.opening
      """)

  @Argument(help: "NAME.prover")
  var prover: String
  @Argument(help: "The input, or one row per inference: .npy, .npz, JSON or CSV.")
  var input: String
  @Option(name: [.short, .long], help: "The proof to write.")
  var output: String
  @OptionGroup var reading: ReadingOption
  @Option(help: "Text, or hexadecimal digits after 0x, that the proof is bound to: a nonce, a job.")
  var context: Context?
  @OptionGroup var ties: ReuseOptions
  @OptionGroup var powers: PowersOption
  @Flag(help: "Replace a file that exists, if it is of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object.")
  var json = false
  @Flag(help: "Show what each phase of the proof took: time, processor time, peak memory.")
  var timings = false

  func validate() throws {
    if ties.session != nil, context != nil {
      throw ValidationError(
        "a step of a chain has the chain's context: --session without --context")
    }
  }

  func run() throws {
    let file = try Destination(
      output, holds: .proof,
      beside: [ties.opening].compactMap(\.self).map {
        OutputFiles.Target(path: $0, holds: .opening)
      }, reading: [prover, input] + ties.paths + powers.paths, force: force)
    let model = try powers.prover(prover)
    let arrays = try InputFile.arrays(input, as: reading)
    let bound = try ties.context() ?? context?.bytes ?? []
    let commitments = try ties.commitments()
    let (proof, opening, cost): ([UInt8], CommitmentOpening, ProvingCost)
    let inputs: [InputReport]
    do throws(TacitError) {
      inputs = try model.reports(arrays)
      Console.announce("proving", try model.expectedCost(arrays, of: .proving))
      (proof, opening, cost) = try Console.during("proving") { () throws(TacitError) in
        try model.proveOpening(arrays, context: bound, commitments: commitments)
      }
    } catch {
      if let file = powers.file(of: error, key: prover) {
        throw CommandError.tacit(path: InputFile.name(of: file), error)
      }
      let path = error.subject == .opening ? ties.paths.first ?? input : input
      throw CommandError.tacit(path: InputFile.name(of: path), error)
    }
    try file.write(proof, beside: ties.opening.map { _ in [opening.file] } ?? [])
    let inferences: Int
    do throws(VerificationFailure) {
      inferences = try ProofDescription(proof).inferences
    } catch {
      throw CommandError.verification(key: prover, proof: output, error)
    }
    if json {
      let object = JSONValue.object(
        [
          ("proof", .text(output)), ("proof_bytes", .integer(proof.count)),
          ("inferences", .integer(inferences)), ("model_id", .text("\(model.modelID)")),
          ("opening", ties.opening.map { .text($0) } ?? .null),
        ] + InputReport.json(inputs, notes: arrays.notes)
          + (timings ? [("cost", cost.json)] : []))
      try file.tell(["\(object)"])
    } else {
      let batch = inferences == 1 ? "" : "\(inferences) inferences, "
      try file.tell(
        InputReport.lines(inputs, notes: arrays.notes)
          + ["wrote \(file.name), \(batch)\(Text.bytes(proof.count)), for model \(model.modelID)"]
          + (ties.opening.map { ["wrote \($0); secret: it opens the proof's commitments"] } ?? [])
          + (timings ? cost.lines : []))
    }
  }
}
