import ArgumentParser
import ConstraintSystem
import Tacit
import TacitVerifier

/// Who learns a tensor, as the command line names it.
enum Audience: String, ExpressibleByArgument, CaseIterable {
  case `public`, `private`, committed

  var visibility: TensorVisibility {
    switch self {
    case .public: .public
    case .private: .private
    case .committed: .committed
    }
  }
}

enum WeightVisibility: String, ExpressibleByArgument, CaseIterable {
  case `private`, `public`
}

/// Who verifies proofs, where it is not a program of tacit's.
enum ProofTarget: String, ExpressibleByArgument, CaseIterable {
  case chain
}

struct Compile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a model's two keys: NAME.prover (secret) and NAME.verifier (publish).",
    discussion: """
      A float model is quantized by typical inputs, one row each; int8 models, ONNX and TFLite,
      keep their integers exactly.

      \(TacitTool.program) compile Circuits/digits-mlp/model.onnx -o digits \\
        --calibrate Circuits/digits-mlp/calibration.npy --html digits.html

      Keys for a chain stand on powers of a public ceremony: a ceremony that was broken could forge
      proofs, and never show weights.

      \(TacitTool.program) compile Circuits/digits-mlp/model-int8-qdq.onnx -o digits --for chain \\
        --srs powers.srs
      """)

  @Argument(help: "The model: .onnx (float32 or int8) or .tflite (float32 or int8).")
  var model: String
  @Option(name: [.short, .customLong("output-name")], help: "NAME of the two keys.")
  var output: String
  @Option(help: "Typical inputs for a float model: .npy, .npz, JSON or CSV.")
  var calibrate: String?
  @Option(
    help: "The class of each calibration input, by its index: reports how many are recognized.")
  var labels: String?
  @OptionGroup var reading: ReadingOption
  @OptionGroup var modelOptions: ModelOptions
  @Option(name: .customLong("input"), help: "Who learns the input: public, private or committed.")
  var input = Audience.public
  @Option(
    name: .customLong("output"), help: "Who learns the output: public, private or committed.")
  var outputVisibility = Audience.public
  @Option(help: "public: anyone who has the model gets the same model id from it.")
  var weights = WeightVisibility.private
  @Option(
    name: .customLong("for"),
    help: "chain: proofs that a contract verifies, with rows as long as gas asks for; takes --srs.")
  var target: ProofTarget?
  @OptionGroup var powers: PowersOption
  @Flag(
    help:
      "Also write NAME.keyproof, to publish: that every weight is an integer of its declared type.")
  var keyProof = false
  @Option(
    help: "Also write a page for a browser: the network's layers, costs, and quantization errors.")
  var html: String?
  @Flag(help: "Replace files that exist, if they are of the same kind.")
  var force = false
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if calibrate == nil, reading.numbers != nil {
      throw ValidationError("--as is of calibration inputs: it goes with --calibrate")
    }
    if calibrate == nil, labels != nil {
      throw ValidationError("--labels are of calibration inputs: they go with --calibrate")
    }
    if target == .chain, powers.path == nil {
      throw ValidationError("--for chain takes powers of a ceremony: --srs FILE")
    }
    if target == nil, powers.path != nil {
      throw ValidationError("--srs is of keys for a chain: it goes with --for chain")
    }
  }

  func run() throws {
    let name = output.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard !name.allSatisfy({ $0 == "." || $0.isWhitespace }), output != "-" else {
      let fault =
        name.isEmpty
        ? "the name of the two keys is empty" : "\(output.quoted) is no name for two keys"
      throw CommandError.usage(
        fault + "; name them, -o digits for digits.prover and digits.verifier")
    }
    let files = try OutputFiles(
      [
        OutputFiles.Target(path: output + ".prover", holds: .prover),
        OutputFiles.Target(path: output + ".verifier", holds: .verifier),
      ] + (keyProof ? [OutputFiles.Target(path: output + ".keyproof", holds: .keyProof)] : [])
        + [html].compactMap(\.self).map { OutputFiles.Target(path: $0, holds: .page) },
      reading: [model] + [calibrate, labels].compactMap(\.self) + powers.paths, force: force)
    let bytes = try InputFile.bytes(model)
    let calibration = try calibrate.map { path throws(CommandError) in
      try InputFile.arrays(path, as: reading)
    }
    let classes = try labels.map { path throws(CommandError) in try InputFile.array(path) }
    let modelReading = try modelOptions.reading(model)
    let ceremony = try powers.path.map { path throws(CommandError) in try InputFile.powers(path) }
    let options = CompilationOptions(
      input: input.visibility, output: outputVisibility.visibility,
      weightsArePublic: weights == .public)
    let result: (prover: ModelProver, report: ModelReport)
    do throws(TacitError) {
      result = try Console.during("compiling \(model)") { () throws(TacitError) in
        try ModelProver.compile(
          bytes, reading: modelReading, options: options, calibration: calibration,
          labels: classes, powers: ceremony)
      }
    } catch {
      var path = model
      if error.subject == .calibration, let calibrate { path = calibrate }
      if error.subject == .labels, let labels { path = labels }
      if error.subject == .powers, let powers = powers.path { path = powers }
      throw CommandError.tacit(path: InputFile.name(of: path), error)
    }
    let (proverFile, verifierFile) = (result.prover.file, result.prover.verifier.file)
    let page = html.map { _ in
      Array(
        ReportPage(result.prover.verifier, quantization: result.report.quantization).html.utf8)
    }
    let proof = try proof(of: result.prover)
    try files.write([proverFile, verifierFile] + [proof, page].compactMap(\.self))
    let description = result.prover.verifier.description
    let chain = result.prover.verifier.profile.chain
    if json {
      try Console.print(
        "\(json(description, result.report, chain, [proverFile.count, verifierFile.count], proof?.count))"
      )
    } else {
      try Console.print(
        text(
          description, result.report, chain, [proverFile.count, verifierFile.count], proof?.count))
    }
  }

  /// The key proof, where one is asked for.
  private func proof(of prover: ModelProver) throws(CommandError) -> [UInt8]? {
    guard keyProof else { return nil }
    do throws(TacitError) {
      return try Console.during("proving the key") { () throws(TacitError) in
        try prover.keyProof()
      }
    } catch {
      throw .tacit(path: InputFile.name(of: model), error)
    }
  }

  private func text(
    _ model: ModelDescription, _ report: ModelReport, _ chain: ModelProfile.Chain?,
    _ sizes: [Int], _ proofBytes: Int?
  ) -> [String] {
    var lines = InputReport.lines(report.quantization?.inputs ?? [], notes: report.notes)
    if let quantization = report.quantization {
      lines.append(
        "quantized to int8: on \(Text.count(quantization.samples)) calibration inputs the largest "
          + "output is that of float in \(Text.count(quantization.agreeing)) "
          + "(\(Text.percent(quantization.agreement)))")
      if let accuracy = quantization.accuracy {
        lines.append("  by their labels " + accuracy.text(quantization))
      }
      if let worst = quantization.worstLayer {
        lines.append(
          "  worst layer \(worst.name.quoted): error \(Text.percent(worst.relativeError)) of its "
            + "values; \(Text.count(quantization.saturated)) of "
            + "\(Text.count(quantization.values)) values saturated")
      }
    }
    lines += [
      "model id   \(model.modelID)",
      "circuit    \(Text.count(model.usedRows)) rows of \(Text.count(model.traceRows)), table of "
        + "\(Text.count(model.tableRows)), \(Text.count(model.modelValues)) model values",
      "proof      \(Text.bytes(model.proofBytes)) each",
    ]
    if let chain { lines.append("on chain   \(chain.text)") }
    lines += [
      "wrote      \(output).prover    \(Text.bytes(sizes[0])); secret: it holds the weights",
      "           \(output).verifier  \(Text.bytes(sizes[1])); publish it",
    ]
    if let proofBytes {
      lines.append(
        "           \(output).keyproof  \(Text.bytes(proofBytes)); publish it beside the key")
    }
    if let page = html { lines.append("           \(page)  the page for a browser") }
    return lines
  }

  private func json(
    _ model: ModelDescription, _ report: ModelReport, _ chain: ModelProfile.Chain?,
    _ sizes: [Int], _ proofBytes: Int?
  ) -> JSONValue {
    .object(
      [
        ("model_id", .text("\(model.modelID)")),
        ("prover", .text(output + ".prover")), ("prover_bytes", .integer(sizes[0])),
        ("verifier", .text(output + ".verifier")), ("verifier_bytes", .integer(sizes[1])),
        ("key_proof", proofBytes.map { _ in .text(output + ".keyproof") } ?? .null),
        ("key_proof_bytes", proofBytes.map { .integer($0) } ?? .null),
      ] + model.figures + report.jsonMembers + [("html", html.map { .text($0) } ?? .null)]
        + (chain.map { [("chain", $0.json)] } ?? []))
  }
}

extension ModelReport.Quantization.Accuracy {
  /// For people.
  func text(_ report: ModelReport.Quantization) -> String {
    func share(_ right: Int) -> String {
      "\(Text.count(right)) (\(Text.percent(Double(right) / Double(max(1, report.samples)))))"
    }
    return "the float model has \(share(float)) right, the quantized one \(share(quantized))"
  }
}
