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
    abstract: "Check proofs and print what they prove.",
    discussion: """
      Exits with 0 when all proofs hold, 1 when one does not, 2 when there is nothing to check. Several
      proofs are checked together, for less time each, and get a line each.

      \(TacitTool.program) verify digits.verifier digits.proof
      """)

  @Argument(help: "NAME.verifier")
  var verifier: String
  @Argument(help: "FILE.proof …")
  var proofs: [String]
  @Option(help: "Refuse a key of any other model: 64 hexadecimal digits.")
  var modelID: PinnedModel?
  @Option(help: "Refuse a proof that is bound to anything else: text, or digits after 0x.")
  var context: Context?
  @Option(help: "Refuse a proof of another input: .npy, .npz, JSON or CSV. For one proof.")
  var input: String?
  @Option(help: "Refuse a proof of another output: .npy, .npz, JSON or CSV. For one proof.")
  var output: String?
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if proofs.count > 1, input != nil || output != nil {
      throw ValidationError("--input and --output go with one proof")
    }
  }

  func run() throws {
    guard let proof = proofs.first, proofs.count == 1 else { return try verifyAll() }
    let inference = try verified(proof)
    try Console.print(json ? ["\(inference.json)"] : inference.lines)
  }

  private func verified(_ proof: String) throws(CommandError) -> VerifiedInference {
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

  /// Several proofs: a line each, and one on all of them.
  private func verifyAll() throws(CommandError) {
    let model = try InputFile.verifier(verifier)
    var files: [[UInt8]] = []
    for proof in proofs { files.append(try InputFile.bytes(proof)) }
    let results: [Result<VerifiedInference, VerificationFailure>]
    do throws(VerificationFailure) {
      results = try Console.during("verifying") { () throws(VerificationFailure) in
        try model.verifyAll(files, modelID: modelID?.id, context: context?.bytes)
      }
    } catch {
      throw .verification(key: verifier, proof: verifier, error)
    }
    let rejected = results.count { (try? $0.get()) == nil }
    let failure =
      rejected == 0 ? nil : CommandError.proofs(rejected: rejected, of: results.count)
    if json {
      let list = zip(proofs, results).map { path, result in
        JSONValue.object([("proof", .text(path))] + Self.members(result))
      }
      let object = JSONValue.object(
        [
          ("verified", .flag(rejected == 0)), ("model_id", .text("\(model.modelID)")),
          ("rejected", .integer(rejected)), ("proofs", .list(list)),
        ] + (failure?.members ?? []))
      try Console.print("\(object)")
    } else {
      for (path, result) in zip(proofs, results) {
        switch result {
        case .success(let inference): try Console.print("verified: \(path): \(inference.brief)")
        case .failure(let failure): try Console.print("rejected: \(path): \(failure)")
        }
      }
      let held = results.count - rejected
      try Console.print("\(held) of \(results.count) proofs hold, of model \(model.modelID)")
    }
    if let failure { throw failure }
  }

  private static func members(
    _ result: Result<VerifiedInference, VerificationFailure>
  ) -> [(String, JSONValue)] {
    switch result {
    case .success(let inference): inference.jsonMembers
    case .failure(let failure):
      [("verified", .flag(false)), ("reason", .text("\(failure)"))]
    }
  }
}
