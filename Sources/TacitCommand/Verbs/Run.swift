import ArgumentParser
import Tacit

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the integer network, one row per inference, without proving.",
    discussion: """
      Writes what the model's runtime gives, after its last steps. - is standard input, and standard
      output for -o.

      \(TacitTool.program) run digits.prover Circuits/digits-mlp/test-inputs.npy \\
        -o outputs.npy
      """)

  @Argument(help: "NAME.prover")
  var prover: String
  @Argument(help: "The inputs, one row each: .npy, .npz, JSON or CSV.")
  var inputs: String
  @Option(name: [.short, .long], help: "The .npy file to write.")
  var output: String
  @OptionGroup var reading: ReadingOption
  @Flag(help: "Write the integers that a proof states, before softmax, argmax, dequantization.")
  var proven = false
  @Flag(help: "Replace a file that exists, if it is of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let file = try Destination(
      output, holds: .array, reading: [prover, inputs], force: force)
    let model = try InputFile.prover(prover)
    let arrays = try InputFile.arrays(inputs, as: reading)
    let (result, reports): (NumericArray, [InputReport])
    do throws(TacitError) {
      reports = try model.reports(arrays)
      Console.announce("running", try model.expectedCost(arrays, of: .running))
      result = try Console.during("running") { () throws(TacitError) in
        try model.run(arrays, lastSteps: !proven)
      }
    } catch {
      if error.subject == .key {
        throw CommandError.tacit(path: InputFile.name(of: prover), error)
      }
      throw CommandError.tacit(path: InputFile.name(of: inputs), error)
    }
    try file.write(result.npy())
    if json {
      let object = JSONValue.object(
        [
          ("output", .text(output)), ("shape", .integers(result.shape)),
          ("type", .text(result.element.rawValue)),
        ] + InputReport.json(reports, notes: arrays.notes))
      try file.tell(["\(object)"])
    } else {
      try file.tell(
        InputReport.lines(reports, notes: arrays.notes) + [
          "wrote \(file.name), \(result.element.rawValue) \(Text.shape(result.shape))"
        ])
    }
  }
}
