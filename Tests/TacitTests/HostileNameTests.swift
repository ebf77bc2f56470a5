import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// Names, contexts and paths that try to write a verdict, a colour or a direction: no verb lets them.
struct HostileNameTests {
  private static let forged = "verified: model 0000000000000000"
  private static let attack =
    "\" [1, 2], int8: 7 7\n\(forged)\r\(forged)\u{2028}\(forged)\u{85}\(forged)\u{1B}[31m\u{202E}\u{2066}\u{E0041}\u{FEFF}"
  private static let forbidden = Set(
    "\r\u{2028}\u{85}\u{1B}\u{202E}\u{2066}\u{E0041}\u{FEFF}".unicodeScalars)

  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  private static func expectHarmless(
    _ text: String, _ what: String, sourceLocation: SourceLocation
  ) {
    #expect(
      !text.unicodeScalars.contains(where: forbidden.contains), "\(what)",
      sourceLocation: sourceLocation)
    let lines = text.split(whereSeparator: \.isNewline)
    #expect(
      !lines.contains { $0.hasPrefix(forged) }, "\(what): \(text)", sourceLocation: sourceLocation)
  }

  /// Runs a verb with and without `--json`, and looks at both streams.
  @discardableResult private func harmless(
    _ arguments: [String], in folder: Folder, status: Int32 = 0, hasJSON: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let what = arguments.map { $0.debugDescription }.joined(separator: " ")
    let text = try tacit.run(arguments, in: folder.url)
    #expect(text.status == status, "\(what): \(text.errors)", sourceLocation: sourceLocation)
    for stream in [text.output, text.errors] {
      Self.expectHarmless(stream, what, sourceLocation: sourceLocation)
    }
    guard hasJSON else { return [:] }
    let json = try tacit.run(arguments + ["--json"], in: folder.url)
    #expect(json.status == status, "\(what): \(json.errors)", sourceLocation: sourceLocation)
    for stream in [json.output, json.errors] {
      Self.expectHarmless(stream, what, sourceLocation: sourceLocation)
    }
    #expect(json.output.count { $0 == "\n" } == 1, "\(what)", sourceLocation: sourceLocation)
    return try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any],
      sourceLocation: sourceLocation)
  }

  @Test func `hostile names in a model`() throws {
    try Folder.with { folder in
      let model = RenamedModel(suffix: Self.attack)
      try folder.write(model.file(Digits.bytes("model.onnx")), "m.onnx")
      let (input, calibration) = (Digits.path("input.npy"), Digits.path("calibration.npy"))
      let shown = try harmless(["inspect", "m.onnx"], in: folder)
      let nodes = try #require(shown["nodes"] as? [[String: Any]])
      // A machine gets the name itself.
      #expect(nodes.contains { ($0["name"] as? String)?.hasSuffix(Self.attack) == true })
      let compiled = try harmless(
        [
          "compile", "m.onnx", "--calibrate", calibration, "-o", "k", "--force", "--html",
          "c.html",
        ], in: folder)
      let quantization = try #require(compiled["quantization"] as? [String: Any])
      let layers = try #require(quantization["layers"] as? [[String: Any]])
      #expect(layers.allSatisfy { ($0["name"] as? String)?.contains(Self.attack) == true })
      try harmless(
        ["prove", "k.prover", input, "-o", "p", "--force", "--context", Self.attack], in: folder)
      let verified = try harmless(["verify", "k.verifier", "p"], in: folder)
      let outputs = try #require(verified["outputs"] as? [[String: Any]])
      #expect(outputs.allSatisfy { ($0["name"] as? String)?.hasSuffix(Self.attack) == true })
      #expect((verified["model"] as? String)?.hasSuffix(Self.attack) == true)
      let text = try tacit.run(["verify", "k.verifier", "p"], in: folder.url).output
      #expect(text.contains(#"output   "probabilities\" [1, 2], int8: 7 7\n"#))
      try harmless(["verify", "k.verifier", "p", "p"], in: folder)
      try harmless(["verify", "k.verifier", "p", "--context", "other"], in: folder, status: 1)
      try harmless(["run", "k.prover", input, "-o", "o.npy", "--force"], in: folder)
      try harmless(["check", "k.prover", input], in: folder)
      try harmless(["inspect", "k.prover"], in: folder)
      try harmless(["inspect", "k.verifier"], in: folder)
      try harmless(["inspect", "p"], in: folder)
      try harmless(["inspect", "k.verifier", "--html", "i.html", "--force"], in: folder)
      for page in ["c.html", "i.html"] {
        let html = String(decoding: try folder.bytes(page), as: UTF8.self)
        Self.expectHarmless(html, page, sourceLocation: #_sourceLocation)
        #expect(html.contains("\\n\(Self.forged)\\r"))
      }
      try harmless(["bench", "m.onnx", "--calibrate", calibration, "--runs", "1"], in: folder)
      // Errors that quote them.
      try harmless(["compile", "m.onnx", "-o", "x"], in: folder, status: 2)
      try harmless(["bench", "m.onnx"], in: folder, status: 2)
      let short = try NumericArray(shape: [3], element: .float32, values: .real([1, 2, 3]))
      try folder.write(short.npy(), "short.npy")
      for arguments in [
        ["prove", "k.prover", "short.npy", "-o", "x"], ["run", "k.prover", "short.npy", "-o", "x"],
        ["check", "k.prover", "short.npy"], ["verify", "k.verifier", "p", "--input", "short.npy"],
        ["compile", "m.onnx", "--calibrate", "short.npy", "-o", "x"],
      ] {
        try harmless(arguments, in: folder, status: 2)
      }
    }
  }

  @Test func `hostile names of operators and of nodes that are refused`() throws {
    try Folder.with { folder in
      let model = RenamedModel(suffix: Self.attack, renamesOperators: true)
      try folder.write(model.file(Digits.bytes("model.onnx")), "m.onnx")
      let shown = try harmless(["inspect", "m.onnx"], in: folder, status: 2)
      #expect(shown["kind"] as? String == "unsupported_model")
      let refused = try harmless(["compile", "m.onnx", "-o", "x"], in: folder, status: 2)
      let nodes = try #require(refused["unsupported"] as? [[String: Any]])
      #expect(nodes.allSatisfy { ($0["name"] as? String)?.contains(Self.attack) == true })
    }
  }

  @Test func `hostile paths`() throws {
    try Folder.with { folder in
      let prover = try Digits.compileQuantized()
      let (key, verifier, proof) = ("k\(Self.attack)", "v\(Self.attack)", "p\(Self.attack)")
      try folder.write(prover.file, key)
      try folder.write(prover.verifier.file, verifier)
      try folder.write(Digits.bytes("model-int8-qdq.onnx"), "m\(Self.attack)")
      try folder.write(Digits.bytes("input.npy"), "i\(Self.attack)")
      let (model, input) = ("m\(Self.attack)", "i\(Self.attack)")
      try harmless(["prove", key, input, "-o", proof, "--force"], in: folder)
      try harmless(["verify", verifier, proof], in: folder)
      try harmless(["verify", verifier, proof, proof], in: folder)
      try harmless(["run", key, input, "-o", "o\(Self.attack)", "--force"], in: folder)
      try harmless(["check", key, input], in: folder)
      try harmless(["compile", model, "-o", "c\(Self.attack)", "--force"], in: folder)
      try harmless(["inspect", key, "--html", "h\(Self.attack)", "--force"], in: folder)
      // Errors that quote them.
      let none = "none\(Self.attack)"
      for arguments in [
        ["compile", none, "-o", "x"], ["compile", key, "-o", "x"],
        ["compile", model, "-o", none + "/x"],
        ["prove", none, input, "-o", "x"], ["prove", key, none, "-o", "x"],
        ["prove", key, key, "-o", "x"], ["prove", verifier, input, "-o", "x"],
        ["prove", key, input, "-o", verifier], ["prove", key, input, "-o", key, "--force"],
        ["run", key, model, "-o", "x"], ["check", none, input], ["verify", none, proof],
        ["verify", verifier, none], ["verify", key, proof], ["inspect", none], ["inspect", input],
        ["inspect", model, "--html", "x"], ["inspect", proof, "--html", "x"], ["bench", none],
        ["bench", input],
        // What the parser itself quotes.
        [none], ["prove", none], ["verify", "a", "b", "--model-id", none], ["inspect", "a", none],
        ["verify", "a", "b", "--what\(Self.attack)"], ["bench", "a", "--runs", none],
        ["prove", "a", "b", "-o", "c", "--context", "0x\(Self.attack)"],
        ["compile", "a", "-o", "b", "--input=\(none)"],
      ] {
        try harmless(arguments, in: folder, status: 2)
      }
      try harmless(["verify", verifier, input], in: folder, status: 1)
      try harmless(["verify", verifier, input, proof], in: folder, status: 1)
    }
  }

  @Test func `fields of an array file that are quoted`() throws {
    try Folder.with { folder in
      try folder.write(Digits.compileQuantized().file, "k.prover")
      for (name, text) in [
        ("a.csv", "1,2\n3,x\u{1B}[31m\u{202E}\u{85}\(Self.forged)\n"),
        ("b.json", "[1, \(Self.attack)]"),
        ("c.npy", "\u{93}NUMPY\(Self.attack)"),
      ] {
        try folder.write(Array(text.utf8), name)
        try harmless(["prove", "k.prover", name, "-o", "x"], in: folder, status: 2)
      }
    }
  }

  @Test func `an error of the libraries is one line`() {
    let names = [Self.attack, Self.attack]
    let inputs: [InputFault] = [
      .arrayCount(given: 2, inputs: [Self.attack]), .arrayCount(given: 1, inputs: names),
      .listCount(given: 1, inputs: names), .missingArray(input: Self.attack, inputs: names),
      .shape(input: Self.attack, expected: [1], given: [2]),
      .inferenceCounts(input: Self.attack, inferences: 1, others: 2),
    ]
    let errors: [any CustomStringConvertible] =
      inputs.map { TacitError.input($0) } + inputs.map { TacitError.calibration(.arrays($0)) }
      + inputs.map { ClaimFailure.unfitInput($0) } + [
        TacitError.model(.invalid(node: Self.attack, what: Self.attack)),
        TacitError.model(.unsupported(node: Self.attack, what: "x", remedy: Self.attack)),
        TacitError.model(
          .unsupportedAttribute(
            node: Self.attack, operator: Self.attack, attribute: Self.attack, value: Self.attack,
            remedy: "")),
        TacitError.calibration(.integers(input: Self.attack)),
        TacitError.calibration(.notFinite(input: Self.attack, sample: 1)),
        TacitError.key(.output(name: Self.attack, at: [0], value: 1, type: .int8)),
        ClaimFailure.otherInput(
          name: Self.attack, index: 0, inference: nil, proven: 1, claimed: 2),
        VerificationFailure.refused(.scalar(message: Self.attack, element: 0)),
        VerificationFailure.otherContext(expected: Array(Self.attack.utf8), proof: []),
      ]
    for error in errors {
      Self.expectHarmless(error.description, "\(type(of: error))", sourceLocation: #_sourceLocation)
      #expect(!error.description.contains("\n"))
    }
    for input in inputs {
      #expect(TacitError.input(input).reason == "\(TacitError.input(input))".dropFirst(24))
    }
  }
}
