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
      \(TacitTool.program) verify head.verifier head.proof --tied-to body.proof --tied-key body.verifier
      \(TacitTool.program) verify rnn.verifier --chain 0.proof 1.proof --session monday --steps 2
      """)

  @Argument(help: "NAME.verifier")
  var verifier: String
  @Argument(help: "FILE.proof …")
  var proofs: [String] = []
  @Option(
    help: "Check first that every weight of the key is an integer of its type: NAME.keyproof.")
  var keyProof: String?
  @Option(help: "Refuse a key of any other model: 64 hexadecimal digits.")
  var modelID: PinnedModel?
  @Option(help: "Refuse a proof that is bound to anything else: text, or digits after 0x.")
  var context: Context?
  @Option(help: "Refuse a proof of another input: .npy, .npz, JSON or CSV. For one proof.")
  var input: String?
  @OptionGroup var reading: ReadingOption
  @Option(
    help:
      "Refuse a proof of another output: .npy, .npz, JSON or CSV; by name for several outputs. For one proof."
  )
  var output: String?
  @OptionGroup var ties: TieOptions
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if proofs.isEmpty, keyProof == nil {
      throw ValidationError("name a proof to verify, or the key's own with --key-proof")
    }
    try ties.validate(proofs: proofs.count, context: context)
    if ties.chain, input != nil || output != nil {
      throw ValidationError("--input and --output go without --chain")
    }
    if proofs.count != 1, input != nil || output != nil {
      throw ValidationError("--input and --output go with one proof")
    }
    if input == nil, ties.firstState == nil, reading.numbers != nil {
      throw ValidationError("--as is of a claimed input: it goes with --input or --first-state")
    }
  }

  func run() throws {
    if let keyProof {
      try verify(keyProof: keyProof)
      if proofs.isEmpty { return }
    }
    if ties.chain { return try verifyChain() }
    guard let proof = proofs.first, proofs.count == 1 else { return try verifyAll() }
    let (inference, claim, told) = try verified(proof)
    let tied = try confirmTie(inference, proof)
    if json {
      let members = inference.jsonMembers + claim.json + tied.json + told.json
      try Console.print("\(JSONValue.object(members))")
    } else {
      try Console.print(inference.lines + tied.lines + told.lines + claim.lines)
    }
  }

  /// Checks the key's own proof. Alone, it is what is printed; beside proofs it is the first line, and
  /// of no object.
  private func verify(keyProof path: String) throws(CommandError) {
    let model = try InputFile.verifier(verifier, modelID: modelID?.id)
    let bytes = try InputFile.bytes(path)
    do throws(VerificationFailure) {
      try Console.during("verifying the key") { () throws(VerificationFailure) in
        try model.verify(keyProof: bytes)
      }
    } catch {
      throw .verification(key: verifier, proof: path, error)
    }
    if !json {
      try Console.print(
        "verified: \(path): every weight of model \(model.modelID) is an integer of its type")
    } else if proofs.isEmpty {
      let object = JSONValue.object([
        ("verified", .flag(true)), ("model_id", .text("\(model.modelID)")),
        ("key_proof", .text(path)),
      ])
      try Console.print("\(object)")
    }
  }

  /// How files were read that a proof was compared with.
  private struct Claim {
    var inputs: [InputReport] = []
    var notes: [String] = []

    var lines: [String] {
      let lines = InputReport.lines(inputs, notes: notes)
      return lines.isEmpty ? [] : ["compared with what was given:"] + lines.map { "  \($0)" }
    }
    var json: [(String, JSONValue)] {
      inputs.isEmpty && notes.isEmpty
        ? [] : [("claim", .object(InputReport.json(inputs, notes: notes)))]
    }
  }

  private func verified(
    _ proof: String
  ) throws(CommandError) -> (inference: VerifiedInference, claim: Claim, told: Told) {
    let model = try InputFile.verifier(verifier, modelID: modelID?.id)
    let bytes = try InputFile.bytes(proof)
    let inference: VerifiedInference
    do throws(VerificationFailure) {
      inference = try Console.during("verifying") { () throws(VerificationFailure) in
        try model.verify(bytes, modelID: modelID?.id, context: context?.bytes)
      }
    } catch {
      throw .verification(key: verifier, proof: proof, error)
    }
    var claim = Claim()
    if let input {
      let arrays = try InputFile.arrays(input, as: reading)
      do throws(ClaimFailure) {
        try inference.confirm(input: arrays)
        claim.inputs = try inference.reports(arrays)
        claim.notes += arrays.notes
      } catch {
        throw .claim(path: InputFile.name(of: input), error)
      }
    }
    if let output {
      let arrays = try InputFile.arrays(output)
      claim.notes += arrays.notes
      do throws(ClaimFailure) { try inference.confirm(outputs: arrays) } catch {
        throw .claim(path: InputFile.name(of: output), error)
      }
    }
    return (inference, claim, try told(inference, by: model))
  }

  /// Several proofs: a line each, and one on all of them.
  private func verifyAll() throws(CommandError) {
    let model = try InputFile.verifier(verifier, modelID: modelID?.id)
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
