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
  @Flag(help: "Replace a file that exists, if it is of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object.")
  var json = false
  @Flag(help: "Show what each phase of the proof took: time, processor time, peak memory.")
  var timings = false

  func run() throws {
    let file = try Destination(
      output, holds: .proof, reading: [prover, input], force: force)
    let model = try InputFile.prover(prover)
    let arrays = try InputFile.arrays(input, as: reading)
    let (proof, cost): ([UInt8], ProvingCost)
    let inputs: [InputReport]
    do throws(TacitError) {
      inputs = try model.reports(arrays)
      Console.announce("proving", try model.expectedCost(arrays, of: .proving))
      (proof, cost) = try Console.during("proving") { () throws(TacitError) in
        try model.proveMeasured(arrays, context: context?.bytes ?? [], checked: true)
      }
    } catch {
      if error.subject == .key {
        throw CommandError.tacit(path: InputFile.name(of: prover), error)
      }
      throw CommandError.tacit(path: InputFile.name(of: input), error)
    }
    try file.write(proof)
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
        ] + InputReport.json(inputs, notes: arrays.notes)
          + (timings ? [("cost", cost.json)] : []))
      try file.tell(["\(object)"])
    } else {
      let batch = inferences == 1 ? "" : "\(inferences) inferences, "
      try file.tell(
        InputReport.lines(inputs, notes: arrays.notes)
          + ["wrote \(file.name), \(batch)\(Text.bytes(proof.count)), for model \(model.modelID)"]
          + (timings ? cost.lines : []))
    }
  }
}
