import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// The verbs as a user types them: the built program, run as a process.
struct CommandTests {
  private let tacit: Program

  /// What is said of the quantized digits' input.
  private let read = "input \"pixels\": read as reals, quantized with scale 0.0627\n"

  init() throws { tacit = try Program(named: "tacit") }

  @Test func `compile, prove, verify`() throws {
    try Folder.with { folder in
      let compiled = try tacit.run(
        [
          "compile", Digits.path("model.onnx"), "-o", "digits", "--calibrate",
          Digits.path("calibration.npy"),
        ], in: folder.url)
      #expect(compiled.status == 0 && compiled.errors.isEmpty)
      #expect(
        compiled.output.contains("of float in 2") || compiled.output.contains("of float in 1"))
      #expect(compiled.output.contains("worst layer"))
      let key = try ModelVerifier(folder.bytes("digits.verifier"))
      #expect(compiled.output.contains("model id   \(key.modelID)\n"))

      let proved = try tacit.run(
        [
          "prove", "digits.prover", Digits.path("input.npy"), "-o", "a.proof", "--context", "job 7",
        ],
        in: folder.url)
      #expect(proved.status == 0 && proved.errors.isEmpty)
      #expect(try folder.bytes("a.proof").count == key.description.proofBytes + 5)

      let verified = try tacit.run(
        [
          "verify", "digits.verifier", "a.proof", "--context", "job 7", "--model-id",
          "\(key.modelID)", "--input", Digits.path("input.npy"),
        ], in: folder.url)
      #expect(verified.status == 0 && verified.errors.isEmpty)
      #expect(verified.output.hasPrefix("verified: model \(key.modelID)\ncontext  \"job 7\"\n"))
      #expect(
        verified.output.contains("softmax (public step after the proof): class 5, 1.0000\n"))
      #expect(try folder.names == ["a.proof", "digits.prover", "digits.verifier"])
    }
  }

  @Test func `a key's own proof is written beside it, and checked alone or with proofs`() throws {
    try Folder.with { folder in
      let compiled = try tacit.run(
        ["compile", Digits.path("model-int8-qdq.onnx"), "-o", "k", "--key-proof", "--json"],
        in: folder.url)
      #expect(compiled.status == 0 && compiled.errors.isEmpty)
      let made = try #require(
        try JSONSerialization.jsonObject(with: Data(compiled.output.utf8)) as? [String: Any])
      #expect(made["key_proof"] as? String == "k.keyproof")
      #expect(made["key_proof_bytes"] as? Int == (try folder.bytes("k.keyproof").count))
      let id = try ModelVerifier(folder.bytes("k.verifier")).modelID
      let line = "verified: k.keyproof: every weight of model \(id) is an integer of its type\n"
      let alone = try tacit.run(
        ["verify", "k.verifier", "--key-proof", "k.keyproof"], in: folder.url)
      #expect(alone.status == 0 && alone.output == line)
      _ = try tacit.run(
        ["prove", "k.prover", Digits.path("input.npy"), "-o", "a.proof"], in: folder.url)
      let both = try tacit.run(
        ["verify", "k.verifier", "a.proof", "--key-proof", "k.keyproof"], in: folder.url)
      #expect(both.status == 0 && both.output.hasPrefix(line + "verified: model \(id)\n"))

      var altered = try folder.bytes("k.keyproof")
      altered[altered.count - 1] ^= 1
      try folder.write(altered, "altered.keyproof")
      let refused = try tacit.run(
        ["verify", "k.verifier", "a.proof", "--key-proof", "altered.keyproof"], in: folder.url)
      #expect(refused.status == 1 && refused.output.isEmpty)
      #expect(refused.errors.hasPrefix("tacit: rejected: altered.keyproof: "))
      // Another key's, a proof of an inference, and nothing at all.
      _ = try tacit.run(
        ["compile", Digits.path("model-int8-qdq.onnx"), "-o", "other", "--key-proof"],
        in: folder.url)
      for (file, status) in [("other.keyproof", Int32(1)), ("a.proof", 1)] {
        let result = try tacit.run(["verify", "k.verifier", "--key-proof", file], in: folder.url)
        #expect(result.status == status && result.output.isEmpty, "\(file)")
      }
      #expect(try tacit.run(["verify", "k.verifier"], in: folder.url).status == 2)
      let shown = try tacit.run(["inspect", "k.keyproof"], in: folder.url)
      #expect(shown.status == 0 && shown.output.contains("key proof"))
    }
  }

  @Test func `labels of the calibration inputs say how accurate the network is`() throws {
    try Folder.with { folder in
      let arguments = [
        "compile", Digits.path("model.onnx"), "-o", "digits", "--calibrate",
        Digits.path("test-inputs.npy"),
      ]
      let labelled = arguments + ["--labels", Digits.path("test-labels.npy"), "--force"]
      let text = try tacit.run(labelled + ["--html", "digits.html"], in: folder.url).output
      #expect(
        text.contains(
          "  by their labels the float model has 355 (98.6 %) right, the quantized one 35"),
        "\(text)")
      let page = String(decoding: try folder.bytes("digits.html"), as: UTF8.self)
      #expect(page.contains("By their labels the float model has 355 (98.6 %) right"))
      let json = try tacit.run(labelled + ["--json"], in: folder.url).output
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let quantization = try #require(object?["quantization"] as? [String: Any])
      #expect((quantization["accuracy"] as? [String: Int])?["float"] == 355)

      try folder.write(Array("0,1,2".utf8), "three.csv")
      let refused = try tacit.run(
        arguments + ["--labels", "three.csv", "--force"], in: folder.url)
      #expect(refused.status == 2)
      #expect(
        refused.errors.hasPrefix(
          "tacit: error: three.csv: the labels do not fit: there are 3 labels and 360 calibration"),
        "\(refused.errors)")
      let alone = try tacit.run(
        ["compile", Digits.path("model-int8-qdq.onnx"), "-o", "x", "--labels", "three.csv"],
        in: folder.url)
      #expect(alone.status == 2 && alone.errors.contains("they go with --calibrate"))
    }
  }

  @Test func `a proof's phases are timed`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      let arguments = [
        "prove", "digits.prover", Digits.path("input.npy"), "-o", "a.proof", "--force", "--timings",
      ]
      let text = try tacit.run(arguments, in: folder.url).output.split(separator: "\n")
        .dropFirst().map { $0 }
      #expect(text[0].hasPrefix("wrote a.proof"))
      #expect(
        text[1].split(separator: " ").map(String.init) == [
          "phase", "time", "processor", "peak", "memory",
        ])
      let names = [
        "witness", "commit witness", "commit inverses", "row argument", "einsum argument",
        "claim reduction",
        "opening",
      ]
      #expect(text[2..<9].map { $0.prefix { $0 != " " } } == names.map { $0.prefix { $0 != " " } })
      #expect(text[9].hasPrefix("all ") && text[10].contains("group additions"))

      let json = try tacit.run(arguments + ["--json"], in: folder.url).output
      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let cost = try #require(object?["cost"] as? [String: Any])
      let phases = try #require(cost["phases"] as? [[String: Any]])
      #expect(phases.map { $0["name"] as? String } == names)
      for phase in phases {
        #expect(phase["ms"] as? Double ?? -1 > 0)
        #expect(phase["processor_ms"] as? Double ?? -1 >= 0)
        #expect(phase["peak_rss_bytes"] as? Int ?? 0 > 1 << 20)
      }
      #expect(cost["group_additions"] as? Int ?? 0 > 1000)
    }
  }

  @Test func `a file of several inputs makes one proof of them all`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      let all = try NumericArray.read(Digits.bytes("test-inputs.npy"), named: "test-inputs.npy")
      let rows = try NumericArray(
        shape: [3, 64], element: .float32,
        values: .real(all.reals.prefix(192).map { Double($0) }))
      try folder.write(rows.npy(), "three.npy")
      let proved = try tacit.run(
        ["prove", "digits.prover", "three.npy", "-o", "three.proof"], in: folder.url)
      let id = try ModelVerifier(folder.bytes("digits.verifier")).modelID
      let size = try folder.bytes("three.proof").count
      let digits = Array("\(size)")
      let grouped = String(digits.dropLast(3)) + "," + String(digits.suffix(3))
      #expect(
        proved.output
          == read + "wrote three.proof, 3 inferences, \(grouped) bytes, for model \(id)\n")
      let verified = try tacit.run(
        ["verify", "digits.verifier", "three.proof", "--input", "three.npy"], in: folder.url)
      #expect(verified.status == 0 && verified.errors.isEmpty)
      let lines = verified.output.split(separator: "\n").map(String.init)
      #expect(lines.count == 9)
      #expect(lines[7...] == ["compared with what was given:", "  " + read.dropLast()])
      #expect(lines[0] == "verified: 3 inferences of model \(id)")
      #expect(lines[1].hasPrefix("input    \"pixels\" [3, 64], "))
      #expect(lines[2].hasPrefix("output   \"probabilities\" [3, 10] before softmax, "))
      #expect(lines[3] == "softmax (public step after the proof):")
      for place in 0..<3 { #expect(lines[4 + place].hasPrefix("  \(place): class ")) }
      let json = try tacit.run(
        ["verify", "--json", "digits.verifier", "three.proof"], in: folder.url)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      #expect(object["inferences"] as? Int == 3)
      let final = try #require(object["final"] as? [String: Any])
      #expect(final["shape"] as? [Int] == [3, 10])
      #expect((final["values"] as? [Double])?.count == 30)
      let checked = try tacit.run(["check", "digits.prover", "three.npy"], in: folder.url)
      #expect(checked.output.hasSuffix(" rows of 3 inferences\n"))
      let other = try tacit.run(
        ["verify", "digits.verifier", "three.proof", "--input", Digits.path("input.npy")],
        in: folder.url)
      #expect(other.status == 2 && other.errors.contains("the proof is of 3 inferences"))
    }
  }

  @Test func `several proofs get a line each, and one bad one fails all`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      for name in ["a", "b", "c"] {
        let prove = [
          "prove", "digits.prover", Digits.path("input.npy"), "-o", "\(name).proof", "--context",
          name,
        ]
        #expect(try tacit.run(prove, in: folder.url).status == 0)
      }
      let id = try ModelVerifier(folder.bytes("digits.verifier")).modelID
      let verify = ["verify", "digits.verifier", "a.proof", "b.proof", "c.proof"]
      let good = try tacit.run(verify, in: folder.url)
      #expect(good.status == 0 && good.errors.isEmpty)
      #expect(
        good.output
          == ["a", "b", "c"].map { "verified: \($0).proof: context \"\($0)\", class 5, 1.0000\n" }
          .joined() + "3 of 3 proofs hold, of model \(id)\n")
      var proof = try folder.bytes("b.proof")
      proof[proof.count - 1] ^= 1
      try folder.write(proof, "b.proof")
      let bad = try tacit.run(verify, in: folder.url)
      #expect(bad.status == 1 && bad.errors == "tacit: rejected: 1 of 3 proofs\n")
      #expect(
        bad.output.contains("\nrejected: b.proof: the proof does not open its commitments")
          && bad.output.hasSuffix("\n2 of 3 proofs hold, of model \(id)\n"))
      let json = try tacit.run(verify + ["--json"], in: folder.url)
      #expect(json.status == 1)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let list = try #require(object["proofs"] as? [[String: Any]])
      #expect(object["verified"] as? Bool == false && object["rejected"] as? Int == 1)
      #expect(list.map { $0["verified"] as? Bool } == [true, false, true])
      #expect(list.map { $0["proof"] as? String } == ["a.proof", "b.proof", "c.proof"])
      #expect(list[1]["reason"] != nil && list[2]["outputs"] != nil)
      let claimed = try tacit.run(verify + ["--input", Digits.path("input.npy")], in: folder.url)
      #expect(claimed.status == 2)
    }
  }

  @Test func `prover keys are their owner's alone`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      func permissions(_ name: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
      }
      #expect(try permissions("digits.prover") == 0o600)
      #expect(try permissions("digits.verifier") != 0o600)
    }
  }

  @Test func `run writes what the runtime gives, for every row`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      let result = try tacit.run(
        ["run", "digits.prover", Digits.path("test-inputs.npy"), "-o", "out.npy"], in: folder.url)
      #expect(result.status == 0)
      #expect(result.output == read + "wrote out.npy, float32 [360, 10]\n")
      let outputs = try NumericArray.read(folder.bytes("out.npy"), named: "out.npy")
      #expect(outputs == (try Digits.compileQuantized().run(Digits.arrays("test-inputs.npy"))))
    }
  }

  @Test func `run writes what a proof states when asked for it`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      let result = try tacit.run(
        ["run", "digits.prover", Digits.path("input.npy"), "-o", "out.npy", "--proven"],
        in: folder.url)
      #expect(result.output == read + "wrote out.npy, int8 [1, 10]\n")
      let integers = try NumericArray.read(folder.bytes("out.npy"), named: "out.npy").integers
      let prover = try ModelProver(folder.bytes("digits.prover"))
      let proof = try prover.prove(Digits.arrays("input.npy"))
      let stated = try ModelVerifier(folder.bytes("digits.verifier")).verify(proof)
      #expect(integers != nil && integers == stated.outputs.first?.integers)
    }
  }

  @Test func `check evaluates every constraint and names the rows that break one`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      let arguments = ["check", "digits.prover", Digits.path("input.npy")]
      let good = try tacit.run(arguments, in: folder.url)
      #expect(good.status == 0)
      #expect(good.output.hasPrefix(read + "all constraints hold on "))
      var key = try folder.bytes("digits.prover")
      key[key.count - 1] ^= 1
      try folder.write(key, "digits.prover")
      let bad = try tacit.run(arguments, in: folder.url)
      #expect(bad.status != 0 && !bad.errors.isEmpty)
    }
  }

  @Test func `inspect shows what is in each kind of file, and no weight`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      _ = try tacit.run(
        ["prove", "digits.prover", Digits.path("input.npy"), "-o", "a.proof"], in: folder.url)
      let key = try ModelVerifier(folder.bytes("digits.verifier"))
      for (file, words) in [
        ("digits.verifier", ["verifier key", "layers", "table rows", "public", "model id"]),
        ("digits.prover", ["secret", "prover key", "model id"]),
        ("a.proof", ["proof", "model id", "context"]),
        (Digits.path("model.onnx"), ["ONNX model", "Gemm", "2,410", "4 of them supported"]),
      ] {
        let shown = try tacit.run(["inspect", file], in: folder.url)
        #expect(shown.status == 0, "\(file)")
        for word in words { #expect(shown.output.contains(word), "\(file): \(word)") }
        let json = try tacit.run(["inspect", "--json", file], in: folder.url)
        #expect(json.status == 0)
        #expect(throws: Never.self) {
          try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        }
        if !file.hasSuffix("onnx") { #expect(shown.output.contains("\(key.modelID)")) }
      }
      // What differs between the two keys' files is the weights; what is shown of them does not.
      let seedAndWeights = try folder.bytes("digits.prover").dropFirst(32 + key.file.count)
      let text = try tacit.run(["inspect", "--json", "digits.prover"], in: folder.url).output
      #expect(!text.contains(seedAndWeights.prefix(4).map { String(format: "%02x", $0) }.joined()))
    }
  }

  @Test func `JSON says the same to a machine`() throws {
    try Folder.with { folder in
      try compile("digits", in: folder)
      _ = try tacit.run(
        ["prove", "digits.prover", Digits.path("input.npy"), "-o", "a.proof"], in: folder.url)
      let verified = try tacit.run(
        ["verify", "--json", "digits.verifier", "a.proof"], in: folder.url)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(verified.output.utf8)) as? [String: Any])
      #expect(object["verified"] as? Bool == true)
      let final = try #require(object["final"] as? [String: Any])
      #expect(final["proven"] as? Bool == false)
      #expect(final["steps"] as? [String] == ["softmax"])
      var proof = try folder.bytes("a.proof")
      proof[proof.count - 1] ^= 1
      try folder.write(proof, "a.proof")
      let rejected = try tacit.run(
        ["verify", "--json", "digits.verifier", "a.proof"], in: folder.url)
      #expect(rejected.status == 1)
      let reason = try #require(
        try JSONSerialization.jsonObject(with: Data(rejected.output.utf8)) as? [String: Any])
      #expect(reason["verified"] as? Bool == false)
    }
  }

  @Test func `the demo runs anywhere, without a file, and refuses what it tampered with`() throws {
    try Folder.with { folder in
      let demo = try tacit.run(["demo"], in: folder.url)
      #expect(demo.status == 0 && demo.errors.isEmpty)
      #expect(demo.output.contains("class 5"))
      #expect(demo.output.components(separatedBy: "refused, ").count == 4)
      #expect(try folder.names.isEmpty)
    }
  }

  @Test func `bench measures`() throws {
    let result = try tacit.run(
      ["bench", Digits.path("model-int8-qdq.onnx"), "--runs", "2", "--json"])
    #expect(result.status == 0)
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect((object?["prove_ms"] as? Double ?? 0) > 0)
    let many = try tacit.run(
      [
        "bench", Digits.path("model-int8-qdq.onnx"), "--runs", "1", "--inferences", "3", "--proofs",
        "2",
      ])
    #expect(many.status == 0)
    #expect(many.output.contains(" per inference\n") && many.output.contains(" per proof\n"))
  }

  @Test(arguments: [
    "compile", "prove", "verify", "run", "check", "reveal", "inspect", "srs", "demo", "bench",
  ])
  func `the help of each verb shows an example`(verb: String) throws {
    let help = try tacit.run([verb, "--help"])
    #expect(help.status == 0)
    #expect(help.output.replacing("\n", with: " ").contains("\(tacit.path) \(verb)"))
  }

  @Test func `public weights give the same model id from another process`() throws {
    try Folder.with { folder in
      for name in ["a", "b"] {
        let result = try tacit.run(
          [
            "compile", Digits.path("model.onnx"), "-o", name, "--weights", "public",
            "--calibrate", Digits.path("calibration.npy"),
          ], in: folder.url)
        #expect(result.status == 0)
      }
      #expect(try folder.bytes("a.verifier") == folder.bytes("b.verifier"))
      #expect(try folder.bytes("a.prover") == folder.bytes("b.prover"))
    }
  }

  private func compile(_ name: String, in folder: Folder) throws {
    let result = try tacit.run(
      ["compile", Digits.path("model-int8-qdq.onnx"), "-o", name], in: folder.url)
    try #require(result.status == 0, "\(result.errors)")
  }
}
