import ArgumentParser
import Tacit
import TacitVerifier

struct Rebuild: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Compile a model again and compare its id with a key's; for keys with public weights.",
    discussion: """
      Exits with 0 when the model file gives the key's model id, 1 when it gives another. A float model needs the
      calibration inputs that it was compiled with. Names, and who learns what, are the key's.

      \(TacitTool.program) compile Circuits/digits-mlp/model-int8-qdq.onnx -o open --weights public
      \(TacitTool.program) rebuild open.verifier Circuits/digits-mlp/model-int8-qdq.onnx
      """)

  @Argument(help: "NAME.verifier")
  var verifier: String
  @Argument(help: "The model: .onnx or .tflite.")
  var model: String
  @Option(help: "The calibration inputs of a float model: .npy, .npz, JSON or CSV.")
  var calibrate: String?
  @OptionGroup var reading: ReadingOption
  @OptionGroup var modelOptions: ModelOptions
  @Option(help: "Refuse a key of any other model: 64 hexadecimal digits.")
  var modelID: PinnedModel?
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if calibrate == nil, reading.numbers != nil {
      throw ValidationError("--as is of calibration inputs: it goes with --calibrate")
    }
  }

  func run() throws {
    let key = try InputFile.verifier(verifier, modelID: modelID?.id).description
    guard key.weightsArePublic else {
      throw CommandError.usage(
        "\(verifier) hides its weights, so that only its maker can make it again; a key of "
          + "--weights public anyone can")
    }
    let bytes = try InputFile.bytes(model)
    let calibration = try calibrate.map { path throws(CommandError) in
      try InputFile.arrays(path, as: reading)
    }
    let modelReading = try modelOptions.reading(model)
    let options = CompilationOptions(
      input: key.inputs.first?.visibility ?? .public,
      output: key.outputs.first?.visibility ?? .public, weightsArePublic: true, name: key.name)
    let made: ModelDescription
    do throws(TacitError) {
      made = try Console.during("compiling \(model)") { () throws(TacitError) in
        try ModelProver.compile(
          bytes, reading: modelReading, options: options, calibration: calibration
        ).prover.verifier.description
      }
    } catch {
      let path = error.subject == .calibration ? calibrate ?? model : model
      throw CommandError.tacit(path: InputFile.name(of: path), error)
    }
    guard made.modelID == key.modelID else {
      throw CommandError.otherBuild(
        path: InputFile.name(of: model), made: made.modelID, key: key.modelID,
        sameCircuit: made.circuitDigest == key.circuitDigest)
    }
    if json {
      let object = JSONValue.object([
        ("rebuilt", .flag(true)), ("model_id", .text("\(key.modelID)")), ("model", .text(model)),
      ])
      try Console.print("\(object)")
    } else {
      try Console.print("rebuilt: \(model) is model \(key.modelID)")
    }
  }
}
