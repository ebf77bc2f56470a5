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
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let model = try InputFile.prover(prover)
    let arrays = try InputFile.arrays(input)
    let report: CheckReport
    do throws(TacitError) {
      report = try Console.during("checking") { () throws(TacitError) in
        try model.check(arrays)
      }
    } catch {
      if case .key = error { throw CommandError.tacit(path: prover, error) }
      throw CommandError.tacit(path: input, error)
    }
    let violations = report.violations
    let shown = violations.prefix(20)
    let failure =
      violations.isEmpty ? nil : CommandError.violations(path: prover, count: violations.count)
    if json {
      let object = JSONValue.object(
        [
          ("holds", .flag(violations.isEmpty)), ("inferences", .integer(report.inferences)),
          ("rows", .integer(report.rows)),
          ("violations", .integer(violations.count)), ("first", .texts(Array(shown))),
        ] + (failure?.members ?? []))
      try Console.print("\(object)")
    } else if violations.isEmpty {
      let batch = report.inferences == 1 ? "" : " of \(report.inferences) inferences"
      try Console.print("all constraints hold on \(Text.count(report.rows)) rows\(batch)")
    } else {
      try Console.print(Array(shown))
    }
    if let failure { throw failure }
  }
}
