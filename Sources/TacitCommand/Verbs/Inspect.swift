import ArgumentParser
import ConstraintSystem
import Tacit
import TacitVerifier

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a model, a key or a proof; nothing secret.",
    discussion: """
      Of a model: which of its nodes can be proven, and what to do about the others; exits with 2
      when there are any. Of a key: each layer's rows, parameters and share of proving.

      \(TacitTool.program) inspect Circuits/digits-mlp/model.onnx
      \(TacitTool.program) inspect digits.verifier
      """)

  @Argument(help: "A .onnx or .tflite model, NAME.prover, NAME.verifier or FILE.proof.")
  var file: String
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let bytes = try InputFile.bytes(file)
    guard bytes.starts(with: "TACIT".utf8) else { return try inspectModel(bytes) }
    show(try fields(bytes))
  }

  private func show(_ fields: [Field]) {
    if json {
      Console.print("\(JSONValue.object(fields.map { ($0.key, $0.value) }))")
    } else {
      for field in fields { Console.print(field.line) }
    }
  }

  private func inspectModel(_ bytes: [UInt8]) throws(CommandError) {
    let model: ModelFileDescription
    do throws(TacitError) {
      model = try Console.during("reading \(file)") { () throws(TacitError) in
        try ModelFileDescription(bytes)
      }
    } catch {
      throw .inspection(
        path: file,
        reason: "neither a file that tacit wrote nor a model that it reads; as a model: "
          + error.reason)
    }
    show(Field.fields(model, bytes: bytes.count))
    if !model.problems.isEmpty {
      throw .unsupportedModel(path: file, problems: model.problems.count)
    }
  }

  private func fields(_ bytes: [UInt8]) throws(CommandError) -> [Field] {
    let kind: FileKind
    do throws(FormatError) {
      kind = try FileFormat.kind(of: bytes)
    } catch {
      throw .inspection(path: file, reason: "\(error)")
    }
    switch kind {
    case .verifier:
      return Field.fields(try InputFile.verifier(file).description, kind: "verifier key")
    case .prover:
      let description = try InputFile.prover(file).verifier.description
      return [Field("secret", "yes", .flag(true))]
        + Field.fields(description, kind: "prover key") + [Field("file_bytes", bytes.count)]
    case .proof:
      do throws(VerificationFailure) {
        return Field.fields(try ProofDescription(bytes))
      } catch {
        throw .inspection(path: file, reason: "\(error)")
      }
    }
  }
}
