import ConstraintSystem
import Tacit
import TacitVerifier

extension Verify {
  /// Refuses unless the proof begins with what another one ended in.
  func confirmTie(_ inference: VerifiedInference, _ proof: String) throws(CommandError) -> Tied {
    guard let path = ties.tiedTo else { return Tied() }
    let key = ties.tiedKey ?? verifier
    let model = try InputFile.verifier(key)
    let bytes = try InputFile.bytes(path)
    let other: VerifiedInference
    do throws(VerificationFailure) {
      other = try model.verify(bytes)
    } catch {
      throw .verification(key: key, proof: path, error)
    }
    do throws(TieFailure) { try inference.confirm(ties.ties, to: other) } catch {
      throw .tie(path: InputFile.name(of: proof), error)
    }
    return Tied(path: InputFile.name(of: path), model: other.modelID)
  }

  /// The proof that another one is tied to.
  struct Tied {
    var path: String?
    var model: ModelID?

    var lines: [String] {
      guard let path, let model else { return [] }
      return ["tied     begins with what \(path) ends in, of model \(model)"]
    }
    var json: [(String, JSONValue)] {
      guard let path, let model else { return [] }
      return [
        ("tied_to", .object([("proof", .text(path)), ("model_id", .text("\(model)"))]))
      ]
    }
  }

  /// Values that were told of a committed tensor.
  struct Told {
    var values: RevealedValues?

    var lines: [String] {
      guard let values else { return [] }
      let head = "revealed \(values.port.name.quoted), \(values.indices.count) values"
      let context =
        values.context.isEmpty ? "" : ", for context \(ContextText.text(values.context))"
      return [head + context + ":"]
        + zip(values.indices, zip(values.integers, values.reals)).map { index, value in
          values.port.modelType == .float32
            ? "  \(index): \(value.0), as a real \(Text.real(value.1))" : "  \(index): \(value.0)"
        }
    }
    var json: [(String, JSONValue)] {
      guard let values else { return [] }
      return [
        (
          "revealed",
          .object([
            ("name", .text(values.port.name)), ("context", .text(Hex.text(values.context))),
            ("indices", .integers(values.indices)),
            ("integers", .list(values.integers.map { .integer($0) })),
            ("reals", .list(values.reals.map { .real($0) })),
          ])
        )
      ]
    }
  }

  func told(
    _ inference: VerifiedInference, by model: ModelVerifier
  ) throws(CommandError) -> Told {
    guard let path = ties.reveal else { return Told() }
    let bytes = try InputFile.bytes(path)
    do throws(VerificationFailure) {
      return Told(
        values: try model.verify(
          reveal: bytes, of: inference, context: ties.revealContext?.bytes))
    } catch {
      throw .verification(key: verifier, proof: path, error)
    }
  }

  /// The proofs as the steps of a chain: a line each, and one on all of them.
  func verifyChain() throws(CommandError) {
    guard let session = ties.session?.bytes, let steps = ties.steps else { return }
    let model = try InputFile.verifier(verifier, modelID: modelID?.id)
    var files: [[UInt8]] = []
    for proof in proofs { files.append(try InputFile.bytes(proof)) }
    var states = ties.ties.map { ChainState($0) }
    if let path = ties.firstState {
      let arrays = try InputFile.arrays(path, as: reading)
      do throws(TacitError) {
        states = try model.chainStates(ties.ties, first: arrays)
      } catch {
        throw .tacit(path: InputFile.name(of: path), error)
      }
    }
    let inferences: [VerifiedInference]
    do throws(ChainFailure) {
      inferences = try Console.during("verifying") { () throws(ChainFailure) in
        try model.verifyChain(
          files, session: session, steps: steps, states: states, modelID: modelID?.id)
      }
    } catch {
      if case .verification(let failure) = error {
        throw .verification(key: verifier, proof: verifier, failure)
      }
      throw .chain(error)
    }
    let head = Hex.text(ChainContext.digest(of: files.last ?? []))
    if json {
      try Console.print(
        "\(JSONValue.object([("verified", .flag(true)), ("model_id", .text("\(model.modelID)")), ("session", .text(Hex.text(session))), ("steps", .list(inferences.map { .object($0.jsonMembers) })), ("head", .text(head))]))"
      )
    } else {
      for (step, inference) in inferences.enumerated() {
        let results = inference.outputs.map { $0.text() }.joined(separator: ", ")
        try Console.print("step \(step)   \(proofs[step]): \(results)")
      }
      try Console.print([
        "verified: a chain of \(inferences.count) steps of session \(ContextText.text(session)), "
          + "model \(model.modelID)",
        "head     \(head)",
      ])
    }
  }
}
