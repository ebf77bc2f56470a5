import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// What `--force` may replace, and what it never does.
struct OutputFileTests {
  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  /// k.prover, k.verifier, p.proof, input.npy, model.onnx.
  private func prepare(_ folder: Folder) throws {
    let prover = try Digits.compileQuantized()
    try folder.write(prover.file, "k.prover")
    try folder.write(prover.verifier.file, "k.verifier")
    try folder.write(prover.prove(Digits.arrays("input.npy")), "p.proof")
    try folder.write(Digits.bytes("input.npy"), "input.npy")
    try folder.write(Digits.bytes("model-int8-qdq.onnx"), "model.onnx")
  }

  /// Expects exit code 2, with `words`, and every file as it was.
  private func refuse(
    _ arguments: [String], _ words: String, in folder: Folder,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    func contents() throws -> [String: [UInt8]] {
      var files: [String: [UInt8]] = [:]
      for name in try folder.names {
        files[name] = name.hasSuffix("pipe") ? [] : try folder.bytes(name)
      }
      return files
    }
    let before = try contents()
    let result = try tacit.run(arguments, in: folder.url)
    #expect(result.status == 2, "\(arguments)", sourceLocation: sourceLocation)
    #expect(
      result.errors.contains(words), "\(arguments): \(result.errors)",
      sourceLocation: sourceLocation)
    #expect(try contents() == before, "\(arguments)", sourceLocation: sourceLocation)
  }

  @Test func `an output that is an input is refused, by whatever name`() throws {
    try Folder.with { folder in
      try prepare(folder)
      let files = FileManager.default
      for name in ["k.prover", "input.npy", "model.onnx", "k.verifier"] {
        try files.linkItem(at: folder.url(name), to: folder.url("hard-\(name)"))
        try files.createSymbolicLink(
          atPath: folder.path("soft-\(name)"), withDestinationPath: name)
      }
      let isInput = "it is read as an input; choose another name"
      for force in [[], ["--force"]] {
        for name in [
          "k.prover", "./k.prover", "hard-k.prover", "soft-k.prover", folder.path("k.prover"),
        ] {
          try refuse(["prove", "k.prover", "input.npy", "-o", name] + force, isInput, in: folder)
          try refuse(["run", "k.prover", "input.npy", "-o", name] + force, isInput, in: folder)
          try refuse(["inspect", "k.prover", "--html", name] + force, isInput, in: folder)
        }
        for name in ["input.npy", ".//input.npy", "hard-input.npy", "soft-input.npy"] {
          // An array over an array: only that it is the input forbids it.
          try refuse(["run", "k.prover", "input.npy", "-o", name] + force, isInput, in: folder)
          try refuse(
            ["run", "k.prover", "hard-input.npy", "-o", name] + force, isInput, in: folder)
        }
        try refuse(
          ["compile", "model.onnx", "-o", "a", "--html", "soft-model.onnx"] + force, isInput,
          in: folder)
        try refuse(["compile", "k.prover", "-o", "k"] + force, isInput, in: folder)
      }
    }
  }

  @Test func `a file of another kind is never replaced`() throws {
    try Folder.with { folder in
      try prepare(folder)
      try folder.write(Array("my notes\n".utf8), "notes")
      try folder.write(
        Array("<!DOCTYPE html>\n<html><body>mine</body></html>\n".utf8), "index.html")
      try folder.write(Array("PK\u{3}\u{4} a document".utf8), "document.zip")
      let made = unsafe mkfifo(folder.path("pipe"), 0o600)
      #expect(made == 0)
      for (name, holds) in [
        ("k.verifier", "a verifier key"), ("notes", "something that tacit did not write"),
        ("model.onnx", "something that tacit did not write"), ("input.npy", "a NumPy array"),
      ] {
        try refuse(
          ["prove", "k.prover", Digits.path("input.npy"), "-o", name, "--force"],
          "\(name): it holds \(holds), and --force replaces only a proof; choose another name",
          in: folder)
      }
      for name in ["k.verifier", "p.proof", "notes", "document.zip", "index.html"] {
        try refuse(
          ["run", "k.prover", "input.npy", "-o", name, "--force"], "only a NumPy array", in: folder)
      }
      for name in ["k.prover", "p.proof", "notes", "index.html"] {
        try refuse(["inspect", "k.verifier", "--html", name, "--force"], "only a page", in: folder)
      }
      // Without --force the advice to use it would lead nowhere.
      try refuse(
        ["prove", "k.prover", "input.npy", "-o", "notes"], "choose another name\n", in: folder)
      for name in ["pipe", "/dev/null"] {
        try refuse(
          ["prove", "k.prover", "input.npy", "-o", name, "--force"],
          "it is a device or a pipe, not a file", in: folder)
      }
      // A key is not replaced by the other one.
      try folder.write(folder.bytes("k.prover"), "swapped.verifier")
      try refuse(
        ["compile", "model.onnx", "-o", "swapped", "--force"], "replaces only a verifier key",
        in: folder)
      try refuse(
        ["compile", "model.onnx", "-o", "k", "--html", "k.prover", "--force"],
        "replaces only a page", in: folder)
      try refuse(
        ["compile", "model.onnx", "-o", "a", "--html", "./a.verifier"], "another output goes there",
        in: folder)
    }
  }

  @Test func `like is replaced by like, and what is empty by anything`() throws {
    try Folder.with { folder in
      try prepare(folder)
      try folder.write([], "empty")
      for arguments in [
        ["compile", "model.onnx", "-o", "k"], ["compile", "model.onnx", "-o", "k", "--html", "h"],
        ["compile", "model.onnx", "-o", "k", "--html", "h"],
        ["inspect", "k.prover", "--html", "h"],
        ["prove", "k.prover", "input.npy", "-o", "p.proof"],
        ["prove", "k.prover", "input.npy", "-o", "empty"],
        ["run", "k.prover", "input.npy", "-o", "o.npy"],
        ["run", "k.prover", "input.npy", "-o", "o.npy"],
      ] {
        let result = try tacit.run(arguments + ["--force"], in: folder.url)
        #expect(result.status == 0, "\(arguments): \(result.errors)")
      }
      let verified = try tacit.run(["verify", "k.verifier", "p.proof", "empty"], in: folder.url)
      #expect(verified.status == 0)
      #expect(
        try folder.names == [
          "empty", "h", "input.npy", "k.prover", "k.verifier", "model.onnx", "o.npy", "p.proof",
        ])
    }
  }

  @Test func `an empty name is refused`() throws {
    try Folder.with { folder in
      try prepare(folder)
      try FileManager.default.createDirectory(
        at: folder.url("made"), withIntermediateDirectories: false)
      let before = try folder.names
      for arguments in [
        ["compile", "model.onnx", "-o", ""], ["compile", "model.onnx", "-o", "made/"],
        ["compile", "model.onnx", "-o", "a", "--html", ""],
        ["prove", "k.prover", "input.npy", "-o", ""], ["run", "k.prover", "input.npy", "-o", ""],
        ["inspect", "k.prover", "--html", ""],
      ] {
        let result = try tacit.run(arguments, in: folder.url)
        #expect(result.status == 2 && result.errors.contains("empty"), "\(arguments)")
      }
      for name in [".", "..", "-", " ", "made/."] {
        let result = try tacit.run(["compile", "model.onnx", "-o", name], in: folder.url)
        #expect(result.status == 2 && result.errors.contains("is no name for two keys"), "\(name)")
      }
      #expect(try folder.names == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("made")).isEmpty)
    }
  }

  @Test func `four compilations at once under one name leave one pair of keys`() throws {
    try Folder.with { folder in
      // Weights are private, so that each compilation makes a model id of its own.
      // Not `wait`, which needs signals that a shell started from a worker thread does not get.
      let script = """
        printf '%s\\n' 1 2 3 4 | xargs -P 4 -I {} sh -c \
          '"$1" compile "$2" -o k --force > {}.out 2> {}.err' sh "$1" "$2"
        """
      let model = Digits.path("model-int8-qdq.onnx")
      for round in 0..<25 {
        let result = try Program.shell.run(["-c", script, "sh", tacit.path, model], in: folder.url)
        #expect(result.status == 0)
        for place in 1...4 {
          #expect(try folder.bytes("\(place).err").isEmpty)
        }
        let prover = try ModelProver(folder.bytes("k.prover"))
        let verifier = try ModelVerifier(folder.bytes("k.verifier"))
        #expect(prover.modelID == verifier.modelID, "round \(round)")
      }
      #expect(
        try folder.names.filter { $0.hasPrefix(".") || $0.hasPrefix("k") } == [
          "k.prover", "k.verifier",
        ])
    }
  }

  @Test func `a pair of which one key cannot be replaced stays as it was`() throws {
    try Folder.with { folder in
      try prepare(folder)
      // 254 bytes with .prover, and one more than a name may have with .verifier: the second key
      // cannot be put where it belongs when the first is there already.
      let name = String(repeating: "x", count: 247)
      try FileManager.default.moveItem(at: folder.url("k.prover"), to: folder.url(name + ".prover"))
      let before = (try folder.names, try folder.bytes(name + ".prover"))
      let result = try tacit.run(["compile", "model.onnx", "-o", name, "--force"], in: folder.url)
      #expect(result.status == 2 && result.errors.contains(".verifier: file name too long"))
      #expect(try folder.names == before.0 && folder.bytes(name + ".prover") == before.1)
      try FileManager.default.removeItem(at: folder.url(name + ".prover"))
      #expect(
        try tacit.run(["compile", "model.onnx", "-o", name], in: folder.url).status == 2
          && !folder.names.contains(name + ".prover"))
    }
  }
}
