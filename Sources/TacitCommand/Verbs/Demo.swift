import ArgumentParser
import ConstraintSystem
import Tacit
import TacitVerifier

struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Classify a real handwritten digit, prove it, verify it, and tamper with the proof.",
    discussion: """
      Needs no file: model and digit are in the program.

      \(TacitTool.program) demo
      """)

  func run() throws {
    let digit: NumericArray
    do throws(ArrayFileError) {
      digit = try NumericArray.read(PackageResources.input_npy, named: "input.npy")
    } catch {
      throw CommandError.array(path: "the demo's digit", error)
    }
    try Console.print(Self.picture(of: digit))
    let made: Made
    do {
      made = try Self.make(digit)
    } catch let error as TacitError {
      throw CommandError.tacit(path: "the demo's model", error)
    }
    try Self.verify(made)
    try Self.tamper(made)
  }

  /// Two characters a pixel of 8×8, more ink for a darker one.
  private static func picture(of digit: NumericArray) -> [String] {
    let ink = Array(" .:-=+*#%@")
    let lines = stride(from: 0, to: digit.count, by: 8).map { row in
      digit.reals[row..<min(row + 8, digit.count)].map { pixel in
        let shade = Int(max(0, min(16, pixel)) / 16 * Float(ink.count - 1))
        return String(repeating: String(ink[shade]), count: 2)
      }.joined()
    }
    return ["A handwritten digit that the network was not trained on:", ""]
      + lines.map { "    " + $0 } + [""]
  }

  // MARK: The prover's side

  /// What leaves the prover.
  private struct Made {
    var verifier: [UInt8]
    var proof: [UInt8]
    /// Where the proof states the network's output.
    var outputOffset: Int
  }

  private static func make(_ digit: NumericArray) throws -> Made {
    let clock = ContinuousClock()
    var start = clock.now
    let prover = try ModelProver.compile(PackageResources.model_int8_qdq_onnx).prover
    let model = prover.verifier.description
    try step(
      "compile", clock.now - start,
      "\(Text.count(model.modelValues)) model values, \(Text.count(model.usedRows)) rows, "
        + "model id \("\(model.modelID)".prefix(16))…")
    let context = Array("demo".utf8)
    start = clock.now
    let proof = try prover.prove(NamedArrays(digit), context: context, checked: false)
    try step(
      "prove", clock.now - start, "\(Text.bytes(proof.count)), bound to the context \"demo\"")
    let inputBytes = model.inputs.reduce(0) { $0 + $1.count }
    return Made(
      verifier: prover.verifier.file, proof: proof,
      outputOffset: proof.count - (try ProofDescription(proof).argumentBytes) + inputBytes)
  }

  // MARK: Everyone else's side

  private static func verify(_ made: Made) throws {
    do {
      let verifier = try ModelVerifier(made.verifier)
      let clock = ContinuousClock()
      let start = clock.now
      let inference = try verifier.verify(made.proof)
      try step(
        "verify", clock.now - start,
        "accepted, from \(Text.bytes(made.verifier.count)) of key and no weights")
      for output in inference.outputs {
        let reals = (output.reals ?? []).map(Text.real)
        try Console.print(
          "         proven: \(output.port.name.quoted) before the last step, \(Text.list(reals))")
      }
      for line in FinalOutput.text(inference.finalOutputs) {
        try Console.print("         \(line)")
      }
    } catch let error as VerificationFailure {
      throw CommandError.verification(key: "the demo's key", proof: "the demo's proof", error)
    }
  }

  private static func tamper(_ made: Made) throws(CommandError) {
    try Console.print("")
    var flipped = made.proof
    flipped[flipped.count - 100] ^= 1
    try refuse(flipped, made, "one bit of the proof flipped")
    var claimed = made.proof
    claimed[made.outputOffset + 3] = 127
    try refuse(claimed, made, "the output changed to make it a 3")
    try refuse(made.proof, made, "the proof shown for another job", context: Array("other".utf8))
  }

  private static func refuse(
    _ proof: [UInt8], _ made: Made, _ what: String, context: [UInt8]? = nil
  ) throws(CommandError) {
    do throws(VerificationFailure) {
      _ = try ModelVerifier(made.verifier).verify(proof, context: context)
    } catch {
      try Console.print(["tamper   \(what):", "         refused, \(error)"])
      return
    }
    throw CommandError.usage(
      "the demo's tampered proof was accepted; do not trust this build of tacit")
  }

  private static func step(_ name: String, _ duration: Duration, _ text: String)
    throws(CommandError)
  {
    let padded = name + String(repeating: " ", count: max(1, 9 - name.count))
    let time = Text.milliseconds(duration)
    try Console.print(
      padded + String(repeating: " ", count: max(0, 9 - time.count)) + time + "   " + text)
  }
}
