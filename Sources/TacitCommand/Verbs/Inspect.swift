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
    let isModel = !bytes.starts(with: "TACIT".utf8)
    if isModel, page != nil {
      throw CommandError.usage(
        "\(file) is no key; compile it to see its circuit: tacit compile \(file) -o NAME --html "
          + "report.html")
    }
    if !isModel, !modelOptions.shapes.isEmpty {
      throw CommandError.usage("--shape is of a model: \(file) is none")
    }
    guard target == nil || isModel else {
      throw CommandError.usage("--for is of a model: \(file) is none")
    }
    let name = InputFile.name(of: file)
    if let page, let html {
      let verifier = try Self.verifier(bytes, try Self.kind(of: bytes, name), name)
      try page.write([Array(ReportPage(verifier).html.utf8)])
      try Console.print(json ? "\(JSONValue.object([("html", .text(html))]))" : "wrote \(html)")
      return
    }
    let reading = try modelOptions.reading(file)
    let inspection = try Console.during("reading \(file)") { () throws(CommandError) in
      try Self.inspection(of: bytes, name, reading, isForChain: target == .chain)
    }
    if json {
      let members = inspection.members + (inspection.failure?.members ?? [])
      try Console.print("\(JSONValue.object(members))")
    } else {
      try Console.print(inspection.fields.flatMap(\.lines))
    }
    if let failure = inspection.failure { throw failure }
  }
}

/// What is in a file.
struct Inspection {
  let fields: [InspectionLine]
  /// Of a model that cannot be proven.
  var failure: CommandError?

  /// Of one JSON object, but for those of the failure.
  var members: [(String, JSONValue)] { fields.map { ($0.key, $0.value) } }
}

extension Inspect {
  /// What is in a file of anyone's making.
  ///
  /// - Parameters:
  ///   - bytes: of the file.
  ///   - name: of the file, to people.
  ///   - reading: what a model's file does not say by itself.
  ///   - isForChain: of a model, whether it is to be compiled for a chain.
  static func inspection(
    of bytes: [UInt8], _ name: String, _ reading: ModelReading, isForChain: Bool = false
  ) throws(CommandError) -> Inspection {
    guard bytes.starts(with: "TACIT".utf8) else {
      return try inspection(ofModel: bytes, name, reading, isForChain)
    }
    return Inspection(fields: try fields(bytes, try kind(of: bytes, name), name))
  }

  private static func inspection(
    ofModel bytes: [UInt8], _ name: String, _ reading: ModelReading, _ isForChain: Bool
  ) throws(CommandError) -> Inspection {
    let model: ModelFileDescription
    do throws(TacitError) {
      model = try ModelFileDescription(bytes, reading: reading, isForChain: isForChain)
    } catch {
      throw .inspection(
        path: name,
        reason: "neither a file that tacit wrote nor a model that it reads; as a model: "
          + error.reason)
    }
    let failure =
      model.problems.isEmpty
      ? nil : CommandError.unsupportedModel(path: name, problems: model.problems.count)
    return Inspection(
      fields: InspectionLine.fields(model, bytes: bytes.count), failure: failure)
  }

  static func kind(of bytes: [UInt8], _ name: String) throws(CommandError) -> FileKind {
    do throws(FormatError) {
      return try FileFormat.kind(of: bytes)
    } catch {
      throw .inspection(path: name, reason: "\(error)")
    }
  }

  /// What is public of a key.
  static func verifier(
    _ bytes: [UInt8], _ kind: FileKind, _ name: String
  ) throws(CommandError) -> ModelVerifier {
    switch kind {
    case .verifier: return try InputFile.verifier(bytes, name)
    case .prover: return try InputFile.prover(bytes, name).verifier
    case .powers:
      throw .usage("\(name) holds powers of tau, and no key")
    case .proof, .keyProof, .opening, .reveal:
      throw .usage("\(name) is a \(kind); name the key that it goes with")
    }
  }

  private static func fields(
    _ bytes: [UInt8], _ kind: FileKind, _ name: String
  ) throws(CommandError) -> [InspectionLine] {
    switch kind {
    case .verifier:
      return InspectionLine.fields(try verifier(bytes, kind, name), kind: "verifier key")
    case .prover:
      return [InspectionLine("secret", "yes", .flag(true))]
        + InspectionLine.fields(try verifier(bytes, kind, name), kind: "prover key") + [
          InspectionLine("file_bytes", bytes.count)
        ]
    case .opening:
      return InspectionLine.fields(try InputFile.opening(bytes, name), bytes: bytes.count)
    case .reveal:
      return [InspectionLine("file", "reveal"), InspectionLine("file_bytes", bytes.count)]
    case .proof:
      do throws(VerificationFailure) {
        return InspectionLine.fields(try ProofDescription(bytes))
      } catch {
        throw .inspection(path: name, reason: "\(error)")
      }
    case .keyProof:
      return [
        InspectionLine("kind", "key proof", .text("key proof")),
        InspectionLine("file_bytes", bytes.count),
      ]
    case .powers:
      let powers = try InputFile.powers(bytes, name)
      return [
        InspectionLine("file", "powers of tau"),
        InspectionLine("ceremony", powers.ceremony.name),
        InspectionLine("ceremony_digest", powers.ceremony.identity),
        InspectionLine("powers", powers.count), InspectionLine("file_bytes", bytes.count),
      ]
    }
  }
}
