import ArgumentParser
import Ceremony
import ConstraintSystem
import Tacit
import TacitVerifier

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a model, a key or a proof; nothing secret.",
    discussion: """
      Of a model: which of its nodes can be proven, what to do about the others, and what a proof
      will take; exits with 2 when there are others. Of a key: each layer's rows, parameters and share of proving.

      \(TacitTool.program) inspect Circuits/digits-mlp/model.onnx
      \(TacitTool.program) inspect digits.verifier
      \(TacitTool.program) inspect digits.verifier --html report.html
      """)

  @Argument(
    help:
      "A .onnx or .tflite model, NAME.prover, NAME.verifier, or a file that prove, reveal or srs wrote."
  )
  var file: String
  @OptionGroup var modelOptions: ModelOptions
  @Option(
    name: .customLong("for"),
    help: "Of a model: what a proof takes if it is compiled for a chain.")
  var target: ProofTarget?
  @Option(help: "Of a key: write a page for a browser, self-contained.")
  var html: String?
  @Flag(help: "Replace a file that exists, if it is of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let page = try html.map { path throws(CommandError) in
      try OutputFiles(path, holds: .page, reading: [file], force: force)
    }
    let bytes = try InputFile.bytes(file)
    guard bytes.starts(with: "TACIT".utf8) else {
      guard page == nil else {
        throw CommandError.usage(
          "\(file) is no key; compile it to see its circuit: tacit compile \(file) -o NAME --html "
            + "report.html")
      }
      return try inspectModel(bytes)
    }
    guard modelOptions.shapes.isEmpty else {
      throw CommandError.usage("--shape is of a model: \(file) is none")
    }
    guard target == nil else {
      throw CommandError.usage("--for is of a model: \(file) is none")
    }
    let kind = try kind(of: bytes)
    if let page, let html {
      try page.write([Array(ReportPage(try verifier(kind)).html.utf8)])
      try Console.print(json ? "\(JSONValue.object([("html", .text(html))]))" : "wrote \(html)")
    } else {
      try show(try fields(bytes, kind))
    }
  }

  private func show(_ fields: [InspectionLine], _ failure: CommandError? = nil) throws(CommandError)
  {
    if json {
      let members = fields.map { ($0.key, $0.value) } + (failure?.members ?? [])
      try Console.print("\(JSONValue.object(members))")
    } else {
      try Console.print(fields.flatMap(\.lines))
    }
  }

  private func inspectModel(_ bytes: [UInt8]) throws(CommandError) {
    let reading = try modelOptions.reading(file)
    let model: ModelFileDescription
    do throws(TacitError) {
      model = try Console.during("reading \(file)") { () throws(TacitError) in
        try ModelFileDescription(bytes, reading: reading, isForChain: target == .chain)
      }
    } catch {
      throw .inspection(
        path: file,
        reason: "neither a file that tacit wrote nor a model that it reads; as a model: "
          + error.reason)
    }
    let failure =
      model.problems.isEmpty
      ? nil : CommandError.unsupportedModel(path: file, problems: model.problems.count)
    try show(InspectionLine.fields(model, bytes: bytes.count), failure)
    if let failure { throw failure }
  }

  private func kind(of bytes: [UInt8]) throws(CommandError) -> FileKind {
    do throws(FormatError) {
      return try FileFormat.kind(of: bytes)
    } catch {
      throw .inspection(path: file, reason: "\(error)")
    }
  }

  /// What is public of a key.
  private func verifier(_ kind: FileKind) throws(CommandError) -> ModelVerifier {
    switch kind {
    case .verifier:
      try Console.during("reading \(file)") { () throws(CommandError) in
        try InputFile.verifier(file)
      }
    case .prover:
      try Console.during("reading \(file)") { () throws(CommandError) in
        try InputFile.prover(file).verifier
      }
    case .powers:
      throw .usage("\(file) holds powers of tau, and no key")
    case .proof, .keyProof, .opening, .reveal:
      throw .usage("\(file) is a \(kind); name the key that it goes with")
    }
  }

  private func fields(_ bytes: [UInt8], _ kind: FileKind) throws(CommandError) -> [InspectionLine] {
    switch kind {
    case .verifier: return InspectionLine.fields(try verifier(kind), kind: "verifier key")
    case .prover:
      return [InspectionLine("secret", "yes", .flag(true))]
        + InspectionLine.fields(try verifier(kind), kind: "prover key") + [
          InspectionLine("file_bytes", bytes.count)
        ]
    case .opening:
      return InspectionLine.fields(try InputFile.opening(file), bytes: bytes.count)
    case .reveal:
      return [InspectionLine("file", "reveal"), InspectionLine("file_bytes", bytes.count)]
    case .proof:
      do throws(VerificationFailure) {
        return InspectionLine.fields(try ProofDescription(bytes))
      } catch {
        throw .inspection(path: file, reason: "\(error)")
      }
    case .keyProof:
      return [
        InspectionLine("kind", "key proof", .text("key proof")),
        InspectionLine("file_bytes", bytes.count),
      ]
    case .powers:
      let powers = try InputFile.powers(bytes, file)
      return [
        InspectionLine("file", "powers of tau"),
        InspectionLine("ceremony", powers.ceremony.name),
        InspectionLine("ceremony_digest", powers.ceremony.identity),
        InspectionLine("powers", powers.count), InspectionLine("file_bytes", bytes.count),
      ]
    }
  }
}
