import ConstraintSystem
import Tacit
import TacitVerifier

/// A line of `inspect`, for people and as JSON.
struct InspectionLine {
  let key: String
  let value: JSONValue
  /// As people read it; none for what another field tells them.
  let lines: [String]

  init(_ key: String, _ text: String, _ value: JSONValue, rows: [String] = []) {
    self.key = key
    self.value = value
    let name = key.replacing("_", with: " ")
    let head = name + String(repeating: " ", count: max(1, 16 - name.count)) + text
    lines = [head] + rows.map { "  " + $0 }
  }

  /// For machines alone.
  init(hidden key: String, _ count: Int) {
    self.key = key
    value = .integer(count)
    lines = []
  }

  init(_ key: String, _ text: String) { self.init(key, text, .text(text)) }
  init(_ key: String, _ count: Int) { self.init(key, Text.count(count), .integer(count)) }

  /// Which tensors it opens; nothing of how.
  static func fields(_ opening: CommitmentOpening, bytes: Int) -> [InspectionLine] {
    let tensors = opening.tensors
    return [
      InspectionLine("secret", "yes", .flag(true)), InspectionLine("file", "tensor opening"),
      InspectionLine(
        "tensors", Text.count(tensors.count),
        .list(
          tensors.map {
            .object([
              ("name", .text($0.name)), ("side", .text($0.isOutput ? "output" : "input")),
              ("shape", .integers($0.shape)), ("inferences", .integer($0.inferences)),
            ])
          }),
        rows: tensors.map {
          "\($0.isOutput ? "output" : "input") \($0.name.quoted) \(Text.shape($0.shape))"
        }),
      InspectionLine("file_bytes", bytes),
    ]
  }

  static func fields(_ model: ModelVerifier, kind: String) -> [InspectionLine] {
    let (model, profile) = (model.description, model.profile)
    let scale = model.limbs * model.limbBits
    return [
      InspectionLine("file", kind), InspectionLine("model", model.name),
      InspectionLine("model_id", "\(model.modelID)"),
      InspectionLine("circuit_digest", Hex.text(model.circuitDigest)),
      InspectionLine("weights", model.weightsArePublic ? "public" : "private"),
      ports("inputs", model.inputs), ports("outputs", model.outputs),
      finalSteps(model.outputs),
      profile.layersField,
      part("rows", model.usedRows, of: model.traceRows),
      InspectionLine(
        "committed_cells",
        "\(Text.count(model.committedCells)) a column ("
          + "\(Text.percent(Double(model.usedRows) / Double(max(1, model.committedCells)))) used)",
        .integer(model.committedCells)),
      part("table_rows", model.tableRows, of: model.paddedTableRows),
      InspectionLine(
        "constants",
        "S = \(scale), K = \(model.limbs), b = \(model.limbBits), "
          + "d = \(model.quotientBits), L = \(model.commitmentRowLength)",
        .object([
          ("scale_bits", .integer(scale)), ("limbs", .integer(model.limbs)),
          ("limb_bits", .integer(model.limbBits)), ("quotient_bits", .integer(model.quotientBits)),
          ("row_length", .integer(model.commitmentRowLength)),
        ])),
      InspectionLine(hidden: "trace_rows", model.traceRows),
      InspectionLine(hidden: "padded_table_rows", model.paddedTableRows),
      InspectionLine("parameters", profile.parameters), InspectionLine("macs", profile.products),
      InspectionLine("model_values", model.modelValues),
      InspectionLine("model_rows", model.modelRows),
      InspectionLine(
        "inferences", "up to \(Text.count(model.maximalInferences)) in one proof",
        .integer(model.maximalInferences)),
      InspectionLine("verifier_bytes", model.keyBytes), profile.proofField,
      estimate("proving_ms", profile.proveMilliseconds),
      estimate("verifying_ms", profile.verifyMilliseconds),
    ] + (profile.chain.map { [InspectionLine("chain", $0.text, $0.json)] } ?? [])
  }

  /// Of an only output in one line, of several in one each.
  private static func finalSteps(_ outputs: [TensorPort]) -> InspectionLine {
    let texts = outputs.map {
      $0.finalSteps.isEmpty ? "none" : $0.finalSteps.joined(separator: ", ")
    }
    let values = outputs.map { JSONValue.texts($0.finalSteps) }
    return outputs.count == 1
      ? InspectionLine("final_steps", texts[0], values[0])
      : InspectionLine(
        "final_steps", "of each output", .list(values),
        rows: zip(outputs, texts).map { "\($0.name.quoted) \($1)" })
  }

  private static func part(_ key: String, _ count: Int, of whole: Int) -> InspectionLine {
    let share = Text.percent(Double(count) / Double(max(1, whole)))
    return InspectionLine(
      key, "\(Text.count(count)) of \(Text.count(whole)) (\(share))", .integer(count))
  }

  private static func estimate(_ key: String, _ milliseconds: Double) -> InspectionLine {
    InspectionLine(
      key, "about \(Text.real(milliseconds)), estimated for two cores with AVX-512",
      .real(milliseconds))
  }

  static func fields(_ proof: ProofDescription) -> [InspectionLine] {
    [
      InspectionLine("file", "proof"), InspectionLine("model_id", "\(proof.modelID)"),
      InspectionLine("inferences", proof.inferences),
      InspectionLine(
        "context", proof.context.isEmpty ? "none" : ContextText.text(proof.context),
        .text(Hex.text(proof.context))),
      InspectionLine("file_bytes", proof.fileBytes),
      InspectionLine("argument_bytes", proof.argumentBytes),
    ]
  }

  static func fields(_ model: ModelFileDescription, bytes: Int) -> [InspectionLine] {
    func tensors(_ key: String, _ tensors: [ModelFileDescription.Tensor]) -> InspectionLine {
      InspectionLine(
        key, "\(tensors.count)",
        .list(
          tensors.map {
            .object([
              ("name", .text($0.name)), ("shape", .integers($0.shape)), ("type", .text($0.type)),
            ])
          }), rows: tensors.map { "\($0.name.quoted) \($0.type) \(Text.shape($0.shape))" })
    }
    return [
      InspectionLine("file", "\(model.format) model"), InspectionLine("model", model.name),
      InspectionLine("quantized", model.isFloat ? "no" : "yes", .flag(!model.isFloat)),
      tensors("inputs", model.inputs), tensors("outputs", model.outputs),
      model.nodesField, InspectionLine("parameters", model.parameters),
      InspectionLine("file_bytes", bytes),
      InspectionLine("notes", "\(model.notes.count)", .texts(model.notes), rows: model.notes),
      InspectionLine(
        "supported", model.problems.isEmpty ? "yes" : "no", .flag(model.problems.isEmpty),
        rows: model.problems.filter { $0.name.isEmpty }.map { "\($0)" }),
      InspectionLine("problems", "\(model.problems.count)", .list(model.problems.map(\.json))),
      forecast(model.forecast),
    ]
  }

  private static func forecast(_ forecast: ModelFileDescription.Forecast?) -> InspectionLine {
    guard let forecast else { return InspectionLine("forecast", "none", .null) }
    let basis =
      switch forecast.basis {
      case .circuit: "of the circuit that compile makes"
      case .trial: "of a trial quantization; calibration may change it"
      case .shapes: "by the shapes of its layers"
      }
    func time(_ milliseconds: Double) -> String {
      "about \(Text.time(milliseconds)), estimated for two cores with AVX-512"
    }
    return InspectionLine(
      "forecast", basis,
      .object(
        [
          ("basis", .text(forecast.basis.rawValue)), ("rows", .integer(forecast.rows)),
          ("proof_bytes", .integer(forecast.proofBytes)),
          ("proving_ms", .real(forecast.proveMilliseconds)),
          ("verifying_ms", .real(forecast.verifyMilliseconds)),
        ] + (forecast.chain.map { [("chain", $0.json)] } ?? [])),
      rows: [
        "rows          \(Text.count(forecast.rows))",
        "proof bytes   \(Text.count(forecast.proofBytes))",
        "proving       \(time(forecast.proveMilliseconds))",
        "verifying     \(time(forecast.verifyMilliseconds))",
      ] + (forecast.chain.map { ["on a chain    \($0.text)"] } ?? []))
  }

  private static func ports(_ key: String, _ ports: [TensorPort]) -> InspectionLine {
    InspectionLine(
      key, "\(ports.count)",
      .list(
        ports.map {
          .object([
            ("name", .text($0.name)), ("visibility", .text($0.visibility.rawValue)),
            ("shape", .integers($0.shape)), ("type", .text($0.type.rawValue)),
            ("model_type", .text($0.modelType.rawValue)), ("scale", .real($0.scale)),
            ("zero_point", .integer($0.zeroPoint)),
          ])
        }),
      rows: ports.map {
        "\($0.name.quoted) \($0.visibility.rawValue), \($0.type.rawValue) \(Text.shape($0.shape)), "
          + "real = \(Text.reals(scale: $0.scale, zeroPoint: $0.zeroPoint))"
      })
  }
}

extension ModelProfile.Chain {
  /// For people.
  var text: String {
    "about \(Text.count(gas)) gas, \(Text.bytes(calldataBytes)) of calldata"
  }

  var json: JSONValue {
    .object([("gas", .integer(gas)), ("calldata_bytes", .integer(calldataBytes))])
  }
}
