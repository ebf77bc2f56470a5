import ConstraintSystem
import Tacit
import TacitVerifier

/// A line of `inspect`, for people and as JSON.
struct Field {
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

  static func fields(_ model: ModelVerifier, kind: String) -> [Field] {
    let (model, profile) = (model.description, model.profile)
    let scale = model.limbs * model.limbBits
    return [
      Field("file", kind), Field("model", model.name), Field("model_id", "\(model.modelID)"),
      Field("circuit_digest", Hex.text(model.circuitDigest)),
      Field("weights", model.weightsArePublic ? "public" : "private"),
      ports("inputs", model.inputs), ports("outputs", model.outputs),
      Field(
        "final_steps", model.finalSteps.isEmpty ? "none" : model.finalSteps.joined(separator: ", "),
        .texts(model.finalSteps)),
      profile.layersField,
      part("rows", model.usedRows, of: model.traceRows),
      Field(
        "committed_cells",
        "\(Text.count(model.committedCells)) a column ("
          + "\(Text.percent(Double(model.usedRows) / Double(max(1, model.committedCells)))) used)",
        .integer(model.committedCells)),
      part("table_rows", model.tableRows, of: model.paddedTableRows),
      Field(
        "constants",
        "S = \(scale), K = \(model.limbs), b = \(model.limbBits), "
          + "d = \(model.quotientBits), L = \(model.rowLength)",
        .object([
          ("scale_bits", .integer(scale)), ("limbs", .integer(model.limbs)),
          ("limb_bits", .integer(model.limbBits)), ("quotient_bits", .integer(model.quotientBits)),
          ("row_length", .integer(model.rowLength)),
        ])),
      Field(hidden: "trace_rows", model.traceRows),
      Field(hidden: "padded_table_rows", model.paddedTableRows),
      Field("parameters", profile.parameters), Field("macs", profile.products),
      Field("model_values", model.modelValues), Field("model_rows", model.modelRows),
      Field(
        "inferences", "up to \(Text.count(model.maximalInferences)) in one proof",
        .integer(model.maximalInferences)),
      Field("verifier_bytes", model.keyBytes), profile.proofField,
      estimate("proving_ms", profile.proveMilliseconds),
      estimate("verifying_ms", profile.verifyMilliseconds),
    ]
  }

  private static func part(_ key: String, _ count: Int, of whole: Int) -> Field {
    let share = Text.percent(Double(count) / Double(max(1, whole)))
    return Field(
      key, "\(Text.count(count)) of \(Text.count(whole)) (\(share))", .integer(count))
  }

  private static func estimate(_ key: String, _ milliseconds: Double) -> Field {
    Field(
      key, "about \(Text.real(milliseconds)), estimated for two cores with AVX-512",
      .real(milliseconds))
  }

  static func fields(_ proof: ProofDescription) -> [Field] {
    [
      Field("file", "proof"), Field("model_id", "\(proof.modelID)"),
      Field("inferences", proof.inferences),
      Field(
        "context", proof.context.isEmpty ? "none" : ContextText.text(proof.context),
        .text(Hex.text(proof.context))),
      Field("file_bytes", proof.fileBytes), Field("argument_bytes", proof.argumentBytes),
    ]
  }

  static func fields(_ model: ModelFileDescription, bytes: Int) -> [Field] {
    func tensors(_ key: String, _ tensors: [ModelFileDescription.Tensor]) -> Field {
      Field(
        key, "\(tensors.count)",
        .list(
          tensors.map {
            .object([
              ("name", .text($0.name)), ("shape", .integers($0.shape)), ("type", .text($0.type)),
            ])
          }), rows: tensors.map { "\($0.name.quoted) \($0.type) \(Text.shape($0.shape))" })
    }
    return [
      Field("file", "\(model.format) model"), Field("model", model.name),
      Field("quantized", model.isFloat ? "no" : "yes", .flag(!model.isFloat)),
      tensors("inputs", model.inputs), tensors("outputs", model.outputs),
      model.nodesField, Field("parameters", model.parameters), Field("file_bytes", bytes),
      Field("notes", "\(model.notes.count)", .texts(model.notes), rows: model.notes),
      Field(
        "supported", model.problems.isEmpty ? "yes" : "no", .flag(model.problems.isEmpty),
        rows: model.problems.filter { $0.name.isEmpty }.map { "\($0)" }),
      Field("problems", "\(model.problems.count)", .list(model.problems.map(\.json))),
    ]
  }

  private static func ports(_ key: String, _ ports: [TensorPort]) -> Field {
    Field(
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
