import ArgumentParser
import Platform
import Tacit
import TacitVerifier

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure compiling, proving and verifying a model on this machine.",
    discussion: """
      Inputs are made up; medians of several runs. --inferences makes each proof one of several
      inferences, --proofs verifies several proofs together.

      \(TacitTool.program) bench Circuits/digits-mlp/model-int8-qdq.onnx
      """)

  @Argument(help: "The model: .onnx or .tflite.")
  var model: String
  @Option(help: "Typical inputs for a float model: .npy, .npz, JSON or CSV.")
  var calibrate: String?
  @OptionGroup var modelOptions: ModelOptions
  @Option(help: "How often to prove and verify.")
  var runs = 9
  @Option(help: "Inferences in one proof.")
  var inferences = 1
  @Option(help: "Proofs that are verified together.")
  var proofs = 1
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (1...10_000).contains(runs) else {
      throw ValidationError("--runs takes a number from 1 to 10000")
    }
    guard inferences >= 1, (1...10_000).contains(proofs) else {
      throw ValidationError("--inferences and --proofs take a number from 1 up")
    }
  }

  func run() throws {
    let bytes = try InputFile.bytes(model)
    let calibration = try calibrate.map { path throws(CommandError) in
      try InputFile.arrays(path)
    }
    let reading = try modelOptions.reading(model)
    let times: Times
    do throws(TacitError) {
      times = try Console.during("measuring \(model)") { () throws(TacitError) in
        try Times(bytes, reading, calibration, runs: runs, inferences: inferences, proofs: proofs)
      }
    } catch {
      if error.subject == .calibration, let calibrate {
        throw CommandError.tacit(path: calibrate, error)
      }
      throw CommandError.tacit(path: model, error)
    }
    let notes = calibration?.notes ?? []
    if json {
      try Console.print("\(JSONValue.object(times.json + [("notes", .texts(notes))]))")
    } else {
      try Console.print(InputReport.lines([], notes: notes) + times.lines)
    }
  }
}

private struct Times {
  /// Of the clock, and of the processors together.
  struct Measured {
    var wall: Duration
    var user: Duration

    /// What some work gives, and what it took.
    static func result<Result>(
      of work: () throws(TacitError) -> Result
    ) throws(TacitError) -> (Result, Measured) {
      let (clock, before) = (ContinuousClock(), Self.userTime)
      let start = clock.now
      let result = try work()
      return (result, Measured(wall: clock.now - start, user: Self.userTime - before))
    }

    static func median(_ all: [Measured]) -> Measured {
      Measured(
        wall: all.map(\.wall).sorted()[all.count / 2],
        user: all.map(\.user).sorted()[all.count / 2])
    }

    private static var userTime: Duration {
      var usage = rusage()
      let ownProcess: Int32 = 0
      unsafe getrusage(ownProcess, &usage)
      return .seconds(usage.ru_utime.tv_sec) + .microseconds(usage.ru_utime.tv_usec)
    }
  }

  let inferences: Int
  let proofs: Int
  let compile: Measured
  let prove: Measured
  /// All proofs together.
  let verify: Measured
  let proofBytes: Int
  let model: ModelDescription
  let proverBytes: Int

  init(
    _ bytes: [UInt8], _ reading: ModelReading, _ calibration: NamedArrays?, runs: Int,
    inferences: Int, proofs: Int
  ) throws(TacitError) {
    (self.inferences, self.proofs) = (inferences, proofs)
    let prover: ModelProver
    (prover, compile) = try Measured.result { () throws(TacitError) in
      try ModelProver.compile(bytes, reading: reading, calibration: calibration).prover
    }
    let verifier = prover.verifier
    model = verifier.description
    proverBytes = prover.file.count
    let input = Self.input(of: model, inferences: inferences)
    var files: [[UInt8]] = []
    for _ in 0..<proofs - 1 { files.append(try prover.prove(input, checked: false)) }
    var (proving, verifying) = ([Measured](), [Measured]())
    for _ in 0..<runs {
      let (proof, proved) = try Measured.result { () throws(TacitError) in
        try prover.prove(input, checked: false)
      }
      proving.append(proved)
      let ((), verified) = try Measured.result { () throws(TacitError) in
        do throws(VerificationFailure) {
          for result in try verifier.verifyAll(files + [proof]) { _ = try result.get() }
        } catch {
          throw .key(.proof)
        }
      }
      verifying.append(verified)
    }
    prove = .median(proving)
    verify = .median(verifying)
    proofBytes = verifier.proofBytes(inferences: inferences) ?? 0
  }

  /// Integers all over an 8-bit type, the same ones each time.
  private static func input(of model: ModelDescription, inferences: Int) -> NamedArrays {
    NamedArrays(
      model.inputs.compactMap { port in
        let lowest: Int64 = port.type == .uint8 ? 0 : -128
        let values = (0..<inferences * port.count).map {
          lowest + Int64(($0 &* 151 &+ 29) & 255)
        }
        guard let element = NumericArray.Element(rawValue: port.type.rawValue),
          let array = try? NumericArray(
            shape: inferences == 1 ? port.shape : [inferences, port.count], element: element,
            values: .integer(values))
        else { return nil }
        return (port.name, array)
      }, reading: .integers)
  }

  var lines: [String] {
    func share(_ duration: Duration, of count: Int, _ what: String) -> String {
      count == 1 ? "" : ", \(Text.milliseconds(duration / count)) per \(what)"
    }
    return [
      "compile    \(Text.milliseconds(compile.wall))",
      "prove      \(Text.milliseconds(prove.wall))\(share(prove.wall, of: inferences, "inference"))",
      "verify     \(Text.milliseconds(verify.wall))\(share(verify.wall, of: proofs, "proof"))",
      "proof      \(Text.bytes(proofBytes))",
      "prover     \(Text.bytes(proverBytes))",
      "verifier   \(Text.bytes(model.keyBytes))",
      "rows       \(Text.count(model.usedRows * inferences))",
    ]
  }

  var json: [(String, JSONValue)] {
    func milliseconds(_ duration: Duration) -> JSONValue { .real(duration / .milliseconds(1)) }
    return [
      ("inferences", .integer(inferences)), ("proofs", .integer(proofs)),
      ("compile_ms", milliseconds(compile.wall)), ("prove_ms", milliseconds(prove.wall)),
      ("prove_user_ms", milliseconds(prove.user)), ("verify_ms", milliseconds(verify.wall)),
      ("verify_user_ms", milliseconds(verify.user)), ("proof_bytes", .integer(proofBytes)),
      ("prover_bytes", .integer(proverBytes)), ("verifier_bytes", .integer(model.keyBytes)),
      ("rows", .integer(model.usedRows * inferences)),
    ]
  }
}
