import ArgumentParser
import ConstraintSystem
import Tacit

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the integer network, one row per inference, without proving.",
    discussion: """
      Writes what the model's runtime gives, after its last steps: a .npy file, or of several outputs
      a .npz archive by their names. - is standard input, and standard output for -o.

      \(TacitTool.program) run digits.prover Circuits/digits-mlp/test-inputs.npy \\
        -o outputs.npy
      """)

  @Argument(help: "NAME.prover")
  var prover: String
  @Argument(help: "The inputs, one row each: .npy, .npz, JSON or CSV.")
  var inputs: String
  @Option(name: [.short, .long], help: "The .npy file to write; .npz for several outputs.")
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
    let (results, reports): ([(name: String, array: NumericArray)], [InputReport])
    do throws(TacitError) {
      reports = try model.reports(arrays)
      Console.announce("running", try model.expectedCost(arrays, of: .running))
      results = try Console.during("running") { () throws(TacitError) in
        try model.runOutputs(arrays, lastSteps: !proven)
      }
    } catch {
      if error.subject == .key {
        throw CommandError.tacit(path: InputFile.name(of: prover), error)
      }
      throw CommandError.tacit(path: InputFile.name(of: inputs), error)
    }
    let isOne = results.count == 1
    try file.write(isOne ? results[0].array.npy() : NumericArray.npz(results))
    if json {
      let members = results.map { name, array in
        [
          ("shape", JSONValue.integers(array.shape)),
          ("type", JSONValue.text(array.element.rawValue)),
        ]
      }
      let described =
        isOne
        ? members[0]
        : [
          (
            "outputs",
            .list(zip(results, members).map { .object([("name", .text($0.name))] + $1) })
          )
        ]
      let object = JSONValue.object(
        [("output", .text(output))] + described + InputReport.json(reports, notes: arrays.notes))
      try file.tell(["\(object)"])
    } else {
      let shapes = results.map { "\($0.array.element.rawValue) \(Text.shape($0.array.shape))" }
      let described =
        isOne
        ? shapes : zip(results, shapes).map { "\($0.name.quoted) \($1)" }
      try file.tell(
        InputReport.lines(reports, notes: arrays.notes) + [
          "wrote \(file.name), \(described.joined(separator: ", "))"
        ])
    }
  }
}
