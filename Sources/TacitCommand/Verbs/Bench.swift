import ArgumentParser
import Tacit
import TacitVerifier

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure compiling, proving and verifying a model on this machine.",
    discussion: """
      Inputs are made up; medians of several runs.

      \(TacitTool.program) bench Circuits/digits-mlp/model-int8-qdq.onnx
      """)

  @Argument(help: "The model: .onnx or .tflite.")
  var model: String
  @Option(help: "Typical inputs for a float model: .npy, .npz, JSON or CSV.")
  var calibrate: String?
  @Option(help: "How often to prove and verify.")
  var runs = 9
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(runs) else {
      throw ValidationError("--runs takes a number from 1 to 10000")
    }
  }

  func run() throws {
    let bytes = try InputFile.bytes(model)
    let calibration = try calibrate.map { path throws(CommandError) in
      try InputFile.arrays(path)
    }
    do throws(TacitError) {
      let times = try Console.during("measuring \(model)") { () throws(TacitError) in
        try Times(bytes, calibration, runs: runs)
      }
      Console.print(json ? "\(times.json)" : times.text)
    } catch {
      if case .calibration = error, let calibrate {
        throw CommandError.tacit(path: calibrate, error)
      }
      throw CommandError.tacit(path: model, error)
    }
  }
}

private struct Times {
  let compile: Duration
  let prove: Duration
  let verify: Duration
  let model: ModelDescription
  let proverBytes: Int

  init(_ bytes: [UInt8], _ calibration: NamedArrays?, runs: Int) throws(TacitError) {
    let clock = ContinuousClock()
    var start = clock.now
    let prover = try ModelProver.compile(bytes, calibration: calibration).prover
    compile = clock.now - start
    let verifier = prover.verifier
    model = verifier.description
    proverBytes = prover.file.count
    let input = Self.input(of: model)
    var (proving, verifying) = ([Duration](), [Duration]())
    for _ in 0..<runs {
      start = clock.now
      let proof = try prover.prove(input, checked: false)
      proving.append(clock.now - start)
      start = clock.now
      do throws(VerificationFailure) {
        _ = try verifier.verify(proof)
      } catch {
        throw .key("its own proof is refused: \(error)")
      }
      verifying.append(clock.now - start)
    }
    prove = proving.sorted()[runs / 2]
    verify = verifying.sorted()[runs / 2]
  }

  /// Integers all over an 8-bit type, the same ones each time.
  private static func input(of model: ModelDescription) -> NamedArrays {
    NamedArrays(
      model.inputs.compactMap { port in
        let lowest: Int64 = port.type == .uint8 ? 0 : -128
        let values = (0..<port.count).map { lowest + Int64(($0 &* 151 &+ 29) & 255) }
        guard let element = NumericArray.Element(rawValue: port.type.rawValue),
          let array = try? NumericArray(
            shape: port.shape, element: element, values: .integer(values))
        else { return nil }
        return (port.name, array)
      })
  }

  var text: String {
    """
    compile    \(Text.milliseconds(compile))
    prove      \(Text.milliseconds(prove))
    verify     \(Text.milliseconds(verify))
    proof      \(Text.bytes(model.proofBytes))
    prover     \(Text.bytes(proverBytes))
    verifier   \(Text.bytes(model.keyBytes))
    rows       \(Text.count(model.usedRows))
    """
  }

  var json: JSONValue {
    func milliseconds(_ duration: Duration) -> JSONValue { .real(duration / .milliseconds(1)) }
    return .object([
      ("compile_ms", milliseconds(compile)), ("prove_ms", milliseconds(prove)),
      ("verify_ms", milliseconds(verify)), ("proof_bytes", .integer(model.proofBytes)),
      ("prover_bytes", .integer(proverBytes)), ("verifier_bytes", .integer(model.keyBytes)),
      ("rows", .integer(model.usedRows)),
    ])
  }
}
