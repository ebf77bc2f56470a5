import ArgumentParser
import Tacit
import TacitVerifier

struct PinnedModel: ExpressibleByArgument {
  var id: ModelID

  init?(argument: String) {
    guard let id = ModelID(argument) else { return nil }
    self.id = id
  }
}

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a proof and print what it proves.",
    discussion: """
      Exits with 0 when the proof holds, 1 when it does not, 2 when there is nothing to check.

      \(TacitTool.program) verify digits.verifier digits.proof
      """)

  @Argument(help: "NAME.verifier")
  var verifier: String
  @Argument(help: "FILE.proof")
  var proof: String
  @Option(help: "Refuse a key of any other model: 64 hexadecimal digits.")
  var modelID: PinnedModel?
  @Option(help: "Refuse a proof that is bound to anything else: text, or digits after 0x.")
  var context: Context?
  @Option(help: "Refuse a proof of another input: .npy, .npz, JSON or CSV.")
  var input: String?
  @Option(help: "Refuse a proof of another output: .npy, .npz, JSON or CSV.")
  var output: String?
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    do throws(CommandError) {
      let inference = try verified()
      Console.print(json ? "\(inference.json)" : inference.text)
    } catch {
      if json, error.status == .rejected {
        let object = JSONValue.object([
          ("verified", .flag(false)), ("reason", .text(error.description)),
        ])
        Console.print("\(object)")
      }
      throw error
    }
  }

  private func verified() throws(CommandError) -> VerifiedInference {
    let model = try InputFile.verifier(verifier)
    let bytes = try InputFile.bytes(proof)
    let inference: VerifiedInference
    do throws(VerificationFailure) {
      inference = try Console.during("verifying") { () throws(VerificationFailure) in
        try model.verify(bytes, modelID: modelID?.id, context: context?.bytes)
      }
    } catch {
      throw .verification(key: verifier, proof: proof, error)
    }
    if let input {
      let claim = try InputFile.arrays(input)
      do throws(ClaimFailure) { try inference.confirm(input: claim) } catch {
        throw .claim(path: input, error)
      }
    }
    if let output {
      let claim = try InputFile.array(output)
      do throws(ClaimFailure) { try inference.confirm(output: claim) } catch {
        throw .claim(path: output, error)
      }
    }
    return inference
  }
}
