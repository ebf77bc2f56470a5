import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// What a program that calls the command relies on: exit codes, objects, ids.
struct MachineTests {
  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  /// k.prover, k.verifier, p.proof, bad.proof, input.npy, short.npy.
  private func prepare(_ folder: Folder) throws -> ModelProver {
    let prover = try Digits.compileQuantized()
    try folder.write(prover.file, "k.prover")
    try folder.write(prover.verifier.file, "k.verifier")
    let proof = try prover.prove(Digits.arrays("input.npy"))
    try folder.write(proof, "p.proof")
    try folder.write(Array(proof.dropLast()), "bad.proof")
    try folder.write(Digits.bytes("input.npy"), "input.npy")
    let short = try NumericArray(shape: [3], element: .float32, values: .real([1, 2, 3]))
    try folder.write(short.npy(), "short.npy")
    return prover
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static let printing = [
    ["compile", Digits.path("model-int8-qdq.onnx"), "-o", "k", "--force"],
    ["prove", "k.prover", "input.npy", "-o", "p.proof", "--force"],
    ["verify", "k.verifier", "p.proof"], ["verify", "k.verifier", "p.proof", "p.proof"],
    ["run", "k.prover", "input.npy", "-o", "o.npy", "--force"], ["check", "k.prover", "input.npy"],
    ["inspect", "k.prover"], ["inspect", "p.proof"], ["inspect", Digits.path("model.onnx")],
    ["inspect", "k.verifier", "--html", "h", "--force"],
    ["bench", Digits.path("model-int8-qdq.onnx"), "--runs", "1"],
  ]

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"),
    arguments: printing + [["demo"], ["--help"], ["verify", "--help"], ["--version"]])
  func `what cannot be written is no success`(arguments: [String]) throws {
    try Folder.with { folder in
      _ = try prepare(folder)
      for json in [[], ["--json"]] where json.isEmpty || Self.printing.contains(arguments) {
        let result = try Program.shell.run(
          ["-c", #""$@" > /dev/full"#, "sh", tacit.path] + arguments + json, in: folder.url)
        #expect(result.status == 2, "\(arguments)")
        #expect(
          result.errors
            == "tacit: error: cannot write standard output: no space left on device\n")
      }
    }
  }

  @Test(arguments: printing)
  func `a stream that is closed is no success, and takes no file's place`(
    arguments: [String]
  ) throws {
    try Folder.with { folder in
      _ = try prepare(folder)
      for json in [[], ["--json"]] {
        let closed = try Program.shell.run(
          ["-c", #""$@" >&-"#, "sh", tacit.path] + arguments + json, in: folder.url)
        #expect(closed.status == 2 && closed.errors.contains("cannot write standard output: "))
        // The reader is gone before anything is written.
        let broken = try Program.shell.run(
          ["-c", #"{ sleep 0.2; "$@"; echo $? > status; } | true"#, "sh", tacit.path]
            + arguments + json, in: folder.url)
        #expect(String(decoding: try folder.bytes("status"), as: UTF8.self) == "2\n")
        #expect(
          broken.errors == "tacit: error: cannot write standard output: broken pipe\n")
        let deaf = try Program.shell.run(
          ["-c", #""$@" 2>&- <&-"#, "sh", tacit.path] + arguments + json, in: folder.url)
        #expect(deaf.status == 0)
      }
      // The keys hold what keys hold, and nothing that was printed.
      _ = try ModelProver(folder.bytes("k.prover"))
      _ = try ModelVerifier(folder.bytes("k.verifier"))
    }
  }

  @Test func `every failure is an object too`() throws {
    try Folder.with { folder in
      _ = try prepare(folder)
      let other = try Digits.compileQuantized()
      try folder.write(other.verifier.file, "other.verifier")
      try folder.write(Array("hello".utf8), "hello")
      try folder.write(Array("[[1, 2], [3, x]]".utf8), "x.json")
      let model = Digits.path("model.onnx")
      let unsupported = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Vectors/networks/unsupported/unsupported.onnx").path
      let (verify, prove) = (["verify", "k.verifier"], ["prove", "k.prover"])
      let cases: [(arguments: [String], status: Int32, kind: String, file: String?)] = [
        ([], 2, "usage", nil), (["frob"], 2, "usage", nil), (["prove"], 2, "usage", nil),
        (verify + ["p.proof", "--what"], 2, "usage", nil),
        (verify + ["p.proof", "--model-id", "12"], 2, "usage", nil),
        (["bench", "a", "--runs", "0"], 2, "usage", nil),
        (["compile", "a", "-o", "b", "--input", "secret"], 2, "usage", nil),
        (["compile", model, "-o", ""], 2, "usage", nil),
        (["compile", "none", "-o", "x"], 2, "unreadable", "none"),
        (["compile", "hello", "-o", "x"], 2, "model", "hello"),
        (["compile", model, "-o", "x"], 2, "calibration", model),
        (["compile", unsupported, "-o", "x"], 2, "unsupported_model", unsupported),
        (["inspect", unsupported], 2, "unsupported_model", unsupported),
        (["inspect", "hello"], 2, "unknown_file", "hello"),
        (["bench", "hello"], 2, "model", "hello"),
        (prove + ["input.npy", "-o", "p.proof"], 2, "exists", "p.proof"),
        (prove + ["input.npy", "-o", "input.npy"], 2, "is_input", "input.npy"),
        (prove + ["input.npy", "-o", "hello", "--force"], 2, "other_kind", "hello"),
        (prove + ["input.npy", "-o", "no/x"], 2, "unwritable", "no/x"),
        (prove + ["short.npy", "-o", "x"], 2, "input", "short.npy"),
        (prove + ["x.json", "-o", "x"], 2, "numbers", "x.json"),
        (["prove", "hello", "input.npy", "-o", "x"], 2, "prover_key", "hello"),
        (["run", "hello", "input.npy", "-o", "x"], 2, "prover_key", "hello"),
        (["check", "hello", "input.npy"], 2, "prover_key", "hello"),
        (["check", "k.prover", "short.npy"], 2, "input", "short.npy"),
        (["verify", "hello", "p.proof"], 2, "verifier_key", "hello"),
        (verify + ["none"], 2, "unreadable", "none"),
        (verify + ["bad.proof"], 1, "malformed_proof", "bad.proof"),
        (verify + ["p.proof", "--context", "a"], 1, "other_context", "p.proof"),
        (verify + ["p.proof", "bad.proof"], 1, "refused_proofs", nil),
        (["verify", "other.verifier", "p.proof"], 1, "other_model", "p.proof"),
        (
          verify + ["p.proof", "--model-id", "\(other.modelID)"], 1, "pinned_model", "k.verifier"
        ),
        (verify + ["p.proof", "--input", "short.npy"], 2, "unfit_claim", "short.npy"),
      ]
      for (arguments, status, kind, file) in cases {
        let result = try tacit.run(arguments + ["--json"], in: folder.url)
        #expect(result.status == status, "\(arguments)")
        #expect(result.errors.hasPrefix("tacit: ") || kind == "usage", "\(arguments)")
        #expect(!result.errors.isEmpty && result.output.count { $0 == "\n" } == 1, "\(arguments)")
        let object = try object(result.output)
        #expect(object["kind"] as? String == kind, "\(arguments): \(result.output)")
        let message = try #require(object["message"] as? String)
        #expect(!message.isEmpty && !message.hasPrefix("error"))
        let place = try #require(object["where"] as? [String: Any])
        #expect(Set(place.keys) == ["file", "node", "position"])
        #expect(place["file"] as? String == file, "\(arguments)")
        if arguments[...].first == "verify" { #expect(object["verified"] as? Bool != true) }
      }
      let array = try object(
        try tacit.run(prove + ["x.json", "-o", "x", "--json"], in: folder.url).output)
      #expect((array["where"] as? [String: Any])?["position"] as? String == "line 1, column 14")
      // After the end of options it is a file's name.
      let named = try tacit.run(["verify", "k.verifier", "--", "--json"], in: folder.url)
      #expect(named.status == 2 && named.output.isEmpty)
    }
  }

  @Test func `a node that is at fault is named apart from the message`() throws {
    try Folder.with { folder in
      // The model's own bytes with an attribute that no operator of that name has.
      let model = RenamedModel(suffix: "!", renamesOperators: true)
      try folder.write(model.file(Digits.bytes("model.onnx")), "m.onnx")
      let result = try tacit.run(["compile", "m.onnx", "-o", "x", "--json"], in: folder.url)
      let shown = try object(result.output)
      let nodes = try #require(shown["unsupported"] as? [[String: Any]])
      let place = try #require(shown["where"] as? [String: Any])
      #expect(place["file"] as? String == "m.onnx")
      #expect(place["node"] as? String == (nodes.count == 1 ? nodes[0]["name"] as? String : nil))
    }
  }

  @Test func `the model id is what the README's line computes`() throws {
    try Folder.with { folder in
      let prover = try prepare(folder)
      let readme = try String(
        contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
          .deletingLastPathComponent().deletingLastPathComponent()
          .appendingPathComponent("README.md"), encoding: .utf8)
      let line = try #require(readme.split(separator: "\n").first { $0.contains("sha256sum") })
      let command = line.drop { $0 != "(" }.prefix { $0 != "`" }
      let result = try Program.shell.run(
        [
          "-c",
          // Where sha256sum has another name.
          "command -v sha256sum > /dev/null || sha256sum() { shasum -a 256; }\n"
            + command.replacing("NAME", with: "k"),
        ], in: folder.url)
      #expect(result.status == 0 && result.output.hasPrefix("\(prover.modelID) "))
    }
  }
}
