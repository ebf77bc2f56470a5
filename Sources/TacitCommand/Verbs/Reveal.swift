import ArgumentParser
import Tacit
import TacitVerifier

/// Indices of values: `0,3,8-15`.
struct ValueIndices: ExpressibleByArgument {
  var indices: [Int]
  /// More in one argument are a slip of the finger.
  private static let limit = 1 << 20

  init?(argument: String) {
    indices = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        first >= 0, last >= first, last - first < Self.limit
      else { return nil }
      indices += first...last
    }
  }
}

struct Reveal: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell chosen values of a tensor that a proof commits to.",
    discussion: """
      Whoever has the proof checks them with verify --reveal, and learns nothing of the other values.
      --opening is what prove --opening wrote with the proof. Values are counted row by row from 0, those
      of all inferences one after another.

      \(TacitTool.program) reveal digits.prover Circuits/digits-mlp/input.npy --opening a.opening \\
        --at 5 -o a.reveal
      """)

  @Argument(help: "NAME.prover")
  var prover: String
  @Argument(help: "The input that the proof is of: .npy, .npz, JSON or CSV.")
  var input: String
  @Option(help: "What opens the proof's commitments.")
  var opening: String
  @Option(help: "The values to tell: 0,3,8-15.")
  var at: ValueIndices
  @Option(help: "The name of a committed output or input, if not the only committed output.")
  var tensor: String?
  @Option(name: [.short, .long], help: "The reveal to write.")
  var output: String
  @OptionGroup var reading: ReadingOption
  @OptionGroup var powers: PowersOption
  @Option(help: "Text, or hexadecimal digits after 0x, that the reveal is bound to.")
  var context: Context?
  @Flag(help: "Replace a file that exists, if it is of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let file = try Destination(
      output, holds: .reveal, reading: [prover, input, opening] + powers.paths, force: force)
    let model = try powers.prover(prover)
    let arrays = try InputFile.arrays(input, as: reading)
    let commitments = try InputFile.opening(opening)
    let reveal: [UInt8]
    do throws(TacitError) {
      reveal = try Console.during("revealing") { () throws(TacitError) in
        try model.reveal(
          at.indices, of: tensor, inputs: arrays, opening: commitments,
          context: context?.bytes ?? [])
      }
    } catch {
      let path =
        powers.file(of: error, key: prover) ?? (error.subject == .opening ? opening : input)
      throw CommandError.tacit(path: InputFile.name(of: path), error)
    }
    try file.write(reveal)
    if json {
      let object = JSONValue.object([
        ("reveal", .text(output)), ("reveal_bytes", .integer(reveal.count)),
        ("values", .integer(at.indices.count)), ("model_id", .text("\(model.modelID)")),
      ])
      try file.tell(["\(object)"])
    } else {
      let values = at.indices.count == 1 ? "1 value" : "\(at.indices.count) values"
      try file.tell(["wrote \(file.name), \(values), \(Text.bytes(reveal.count))"])
    }
  }
}
