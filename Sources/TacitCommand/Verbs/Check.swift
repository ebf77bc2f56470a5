import ArgumentParser
import Tacit

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate every constraint of inferences exactly, with no cryptography.",
    discussion: """
      Names the rows whose constraints do not hold, and exits with 1 when there are any.

      \(TacitTool.program) check digits.prover Circuits/digits-mlp/input.npy
      """)

  @Argument(help: "NAME.prover")
  var prover: String
  @Argument(help: "The input, or one row per inference: .npy, .npz, JSON or CSV.")
  var input: String
  @OptionGroup var reading: ReadingOption
  @OptionGroup var powers: PowersOption
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let model = try powers.prover(prover)
    let arrays = try InputFile.arrays(input, as: reading)
    let (report, inputs): (CheckReport, [InputReport])
    do throws(TacitError) {
      inputs = try model.reports(arrays)
      Console.announce("checking", try model.expectedCost(arrays, of: .checking))
      report = try Console.during("checking") { () throws(TacitError) in
        try model.check(arrays)
      }
    } catch {
      let path = powers.file(of: error, key: prover) ?? input
      throw CommandError.tacit(path: InputFile.name(of: path), error)
    }
    let violations = report.violations
    let shown = violations.prefix(20).map { "\($0)" }
    let failure =
      violations.isEmpty
      ? nil : CommandError.violations(path: InputFile.name(of: prover), count: violations.count)
    if json {
      let object = JSONValue.object(
        [
          ("holds", .flag(violations.isEmpty)), ("inferences", .integer(report.inferences)),
          ("rows", .integer(report.rows)),
          ("violations", .integer(violations.count)), ("first", .texts(shown)),
        ] + InputReport.json(inputs, notes: arrays.notes) + (failure?.members ?? []))
      try Console.print("\(object)")
    } else {
      try Console.print(InputReport.lines(inputs, notes: arrays.notes) + shown)
      if violations.isEmpty {
        let batch = report.inferences == 1 ? "" : " of \(report.inferences) inferences"
        try Console.print("all constraints hold on \(Text.count(report.rows)) rows\(batch)")
      }
    }
    if let failure { throw failure }
  }
}
