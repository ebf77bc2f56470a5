import ConstraintSystem
import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// Bad usage and bad input: an exit code, one message in plain words, and nothing written.
struct BadInputTests {
  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  /// Expects a failure that says `message` and leaves the folder as it was.
  private func expect(
    _ status: Int32, _ message: String, _ arguments: [String], in folder: Folder,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try folder.names
    let result = try tacit.run(arguments, in: folder.url)
    #expect(result.status == status, sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
    #expect(result.errors == "tacit: \(message)\n", sourceLocation: sourceLocation)
    #expect(try folder.names == before, sourceLocation: sourceLocation)
  }

  /// digits.prover, digits.verifier, digits.proof, input.npy.
  private func prepare(_ folder: Folder) throws -> ModelProver {
    let prover = try Digits.compileQuantized(CompilationOptions(weightsArePublic: true))
    try folder.write(prover.file, "digits.prover")
    try folder.write(prover.verifier.file, "digits.verifier")
    try folder.write(Digits.bytes("input.npy"), "input.npy")
    try folder.write(prover.prove(Digits.arrays("input.npy")), "digits.proof")
    return prover
  }

  @Test(arguments: [
    [], ["frob"], ["prove"], ["prove", "a", "b"], ["verify", "a"], ["verify", "a", "b", "--what"],
    ["verify", "a", "b", "--model-id", "12"], ["prove", "a", "b", "-o", "c", "--context", "0xzz"],
    ["compile", "a", "-o", "b", "--input", "secret"], ["bench", "a", "--runs", "0"],
  ])
  func `bad usage exits with 2 and shows the usage`(arguments: [String]) throws {
    let result = try tacit.run(arguments)
    if arguments.isEmpty {
      #expect(result.status == 0 && result.output.contains("USAGE: tacit"))
    } else {
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.errors.contains("Usage: tacit"))
    }
  }

  @Test func `models that cannot be compiled`() throws {
    try Folder.with { folder in
      try expect(
        2, "error: no.onnx: no such file or directory", ["compile", "no.onnx", "-o", "x"],
        in: folder)
      try expect(
        2, "error: .: it is a folder; name a file", ["compile", ".", "-o", "x"], in: folder)
      let model = Digits.path("model.onnx")
      try expect(
        2,
        "error: \(model): calibration: the model computes in float32 and has to be quantized; "
          + "give typical inputs, one row each (--calibrate inputs.npy), for \"pixels\" [1, 64]",
        ["compile", model, "-o", "x"], in: folder)
      let quantized = Digits.path("model-int8-qdq.onnx")
      let calibration = Digits.path("calibration.npy")
      try expect(
        2,
        "error: \(calibration): calibration: the model is quantized already; compile it without "
          + "calibration inputs",
        ["compile", quantized, "-o", "x", "--calibrate", calibration], in: folder)
      let labels = Digits.path("test-labels.npy")
      try expect(
        2,
        "error: \(labels): calibration: \"pixels\" has shape [1, 64], the file's array has [360]; "
          + "give one row of 64 values per inference",
        ["compile", model, "-o", "x", "--calibrate", labels], in: folder)
      try folder.write(Array(Digits.bytes("model.onnx").prefix(5000)), "cut.onnx")
      for file in ["cut.onnx"] {
        let result = try tacit.run(["compile", file, "-o", "x"], in: folder.url)
        #expect(result.status == 2 && result.errors.hasPrefix("tacit: error: cut.onnx: "))
      }
      #expect(try folder.names == ["cut.onnx"])
    }
  }

  @Test func `NaN in calibration inputs`() throws {
    try Folder.with { folder in
      var row = [Double](repeating: 1, count: 128)
      row[70] = .nan
      try folder.write(
        NumericArray(shape: [2, 64], element: .float32, values: .real(row)).npy(), "nan.npy")
      try expect(
        2, "error: nan.npy: calibration: row 1 of \"pixels\" holds NaN or infinite values",
        ["compile", Digits.path("model.onnx"), "-o", "x", "--calibrate", "nan.npy"], in: folder)
    }
  }

  @Test func `inputs that do not fit`() throws {
    try Folder.with { folder in
      _ = try prepare(folder)
      func refuse(_ array: NumericArray, _ message: String, _ options: String...) throws {
        try folder.write(array.npy(), "x.npy")
        try expect(
          2, "error: x.npy: the input does not fit: \(message)",
          ["prove", "digits.prover", "x.npy", "-o", "y.proof"] + options, in: folder)
      }
      let ones = [Double](repeating: 1, count: 64)
      try refuse(
        NumericArray(shape: [8, 8], element: .float32, values: .real(ones)),
        "\"pixels\" has shape [1, 64], the file's array has [8, 8]; give one row of 64 values per "
          + "inference")
      try refuse(
        NumericArray(
          shape: [1, 64], element: .int32, values: .integer(ones.map { Int64($0) * 300 })),
        "input \"pixels\" holds 300 at [0, 0]; int8 holds -128 to 127", "--as", "integers")
      var bad = ones
      bad[10] = .infinity
      try refuse(
        NumericArray(shape: [1, 64], element: .float32, values: .real(bad)),
        "input \"pixels\" holds inf at [0, 10], and takes finite numbers in single precision")
      bad[10] = 1e300
      try refuse(
        NumericArray(shape: [1, 64], element: .float64, values: .real(bad)),
        "input \"pixels\" holds 1e+300 at [0, 10], and takes finite numbers in single precision")
      try folder.write(Array("[1, 2,".utf8), "x.json")
      let result = try tacit.run(
        ["prove", "digits.prover", "x.json", "-o", "y.proof"], in: folder.url)
      #expect(
        result.status == 2
          && result.errors.hasPrefix("tacit: error: x.json: JSON line 1, column 7: "))
    }
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `integers out of an integer network's range`() throws {
    try Folder.with { folder in
      let prover = try GoldenTests.compile()
      try folder.write(prover.file, "ad01.prover")
      var values = [Int64](repeating: 0, count: 640)
      values[7] = 128
      try folder.write(
        NumericArray(shape: [1, 640], element: .int16, values: .integer(values)).npy(), "x.npy")
      try expect(
        2,
        "error: x.npy: the input does not fit: input \"input_1\" holds 128 at [0, 7]; int8 holds "
          + "-128 to 127", ["prove", "ad01.prover", "x.npy", "-o", "y.proof"], in: folder)
    }
  }

  @Test func `keys that are damaged, of another kind or newer`() throws {
    try Folder.with { folder in
      let prover = try prepare(folder)
      let verify = ["verify", "bad", "digits.proof"]
      let prove = ["prove", "bad", "input.npy", "-o", "y.proof"]
      try folder.write(Array("hello".utf8), "bad")
      try expect(
        2, "error: bad: the verifier key is refused: this is not a file that tacit wrote", verify,
        in: folder)
      try folder.write(prover.file, "bad")
      try expect(
        2,
        "error: bad: the verifier key is refused: this is a prover key file; a verifier key file "
          + "is needed", verify, in: folder)
      try folder.write(prover.verifier.file, "bad")
      try expect(
        2,
        "error: bad: the prover key is refused: this is a verifier key file; a prover key file is "
          + "needed", prove, in: folder)
      var newer = prover.verifier.file
      newer[8] = 9
      try folder.write(newer, "bad")
      try expect(
        2,
        "error: bad: the verifier key is refused: the file has format version 9; this tacit reads "
          + "version 3: update it", verify, in: folder)
      for count in [0, 9, 40, 700] {
        try folder.write(Array(prover.verifier.file.prefix(count)), "bad")
        #expect(try tacit.run(verify, in: folder.url).status == 2)
        try folder.write(Array(prover.file.prefix(count)), "bad")
        #expect(try tacit.run(prove, in: folder.url).status == 2)
      }
      #expect(try !folder.names.contains("y.proof"))
    }
  }

  @Test func `a prover key with a flipped bit is an error before it is used`() throws {
    try Folder.with { folder in
      let file = try prepare(folder).file
      for place in Array(stride(from: 42, to: file.count, by: 811)) + [file.count - 1] {
        var damaged = file
        damaged[place] ^= 1 << UInt8(place % 8)
        try folder.write(damaged, "bad.prover")
        for arguments in [
          ["prove", "bad.prover", "input.npy", "-o", "y"], ["check", "bad.prover", "input.npy"],
          ["run", "bad.prover", "input.npy", "-o", "y"], ["inspect", "bad.prover"],
        ] {
          try expect(
            2,
            "error: bad.prover: the prover key is refused: the file is damaged: its bytes are not "
              + "those that were written; copy it again from where it was made, or make it again",
            arguments, in: folder)
        }
      }
    }
  }

  @Test func `a key with a weight changed makes no proof`() throws {
    try Folder.with { folder in
      let prover = try prepare(folder)
      var payload = prover.file.dropFirst(FileFormat.headerBytes + 32)
      payload[payload.endIndex - 40] ^= 0x10
      try folder.write(FileFormat.wrap(.prover, Array(payload)), "bad.prover")
      let result = try tacit.run(
        ["prove", "bad.prover", "input.npy", "-o", "y.proof"], in: folder.url)
      #expect(result.status == 2)
      #expect(result.errors.hasPrefix("tacit: error: bad.prover: the prover key is refused: "))
      #expect(try !folder.names.contains("y.proof"))
    }
  }

  @Test func `proofs that are rejected`() throws {
    try Folder.with { folder in
      let prover = try prepare(folder)
      let proof = try folder.bytes("digits.proof")
      let verify = ["verify", "digits.verifier", "bad.proof"]
      var flipped = proof
      flipped[proof.count - 50] ^= 1
      try folder.write(flipped, "bad.proof")
      #expect(try tacit.run(verify, in: folder.url).status == 1)
      try folder.write(Array(proof.dropLast()), "bad.proof")
      let cut = try tacit.run(verify, in: folder.url)
      #expect(cut.status == 1)
      #expect(
        cut.errors.hasPrefix("tacit: rejected: bad.proof: the proof cannot be read: the bytes end"))
      try folder.write(prover.prove(Digits.arrays("input.npy"), context: [9]), "bad.proof")
      try expect(
        1, "rejected: bad.proof: the proof is bound to context 0x09, not to context \"a\"",
        verify + ["--context", "a"], in: folder)
      let other = try Digits.compileQuantized()
      try folder.write(other.verifier.file, "other.verifier")
      try expect(
        1,
        "rejected: digits.proof: the proof is for model \(prover.modelID), this key is model "
          + "\(other.modelID)", ["verify", "other.verifier", "digits.proof"], in: folder)
      try expect(
        1,
        "rejected: digits.verifier: the key is of model \(prover.modelID), not of the model asked "
          + "for, \(other.modelID)",
        ["verify", "digits.verifier", "digits.proof", "--model-id", "\(other.modelID)"],
        in: folder)
      try expect(
        2, "error: no.proof: no such file or directory", ["verify", "digits.verifier", "no.proof"],
        in: folder)
    }
  }

  @Test func `a proof of another input or output than the one claimed`() throws {
    try Folder.with { folder in
      _ = try prepare(folder)
      try folder.write(
        NumericArray(
          shape: [1, 64], element: .float32, values: .real([Double](repeating: 0, count: 64))
        ).npy(), "zeros.npy")
      let verify = ["verify", "digits.verifier", "digits.proof"]
      let input = try tacit.run(verify + ["--input", "zeros.npy"], in: folder.url)
      #expect(input.status == 1)
      #expect(input.errors.hasPrefix("tacit: rejected: zeros.npy: the proof is of another input: "))
      try folder.write(
        NumericArray(
          shape: [10], element: .int8, values: .integer([Int64](repeating: 1, count: 10))
        )
        .npy(), "output.npy")
      let output = try tacit.run(verify + ["--output", "output.npy"], in: folder.url)
      #expect(output.status == 1)
      #expect(output.errors.hasPrefix("tacit: rejected: output.npy: another output was proven: "))
    }
  }

  @Test func `outputs that exist or cannot be written`() throws {
    try Folder.with { folder in
      _ = try prepare(folder)
      let model = Digits.path("model-int8-qdq.onnx")
      try expect(
        2,
        "error: digits.prover exists; choose another name, or replace it with --force",
        ["compile", model, "-o", "digits"], in: folder)
      let before = try folder.bytes("digits.prover")
      try expect(
        2, "error: cannot write no/x.prover: there is no folder no",
        ["compile", model, "-o", "no/x"], in: folder)
      try expect(
        2, "error: cannot write input.npy/x.proof: input.npy is not a folder",
        ["prove", "digits.prover", "input.npy", "-o", "input.npy/x.proof"], in: folder)
      try expect(
        2, "error: cannot write .: it is a folder",
        ["prove", "digits.prover", "input.npy", "-o", ".", "--force"], in: folder)
      #expect(try folder.bytes("digits.prover") == before)
      let forced = try tacit.run(["compile", model, "-o", "digits", "--force"], in: folder.url)
      #expect(forced.status == 0)
      #expect(try folder.bytes("digits.prover") != before)
    }
  }

  /// Root writes anywhere but there.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self"), "needs /proc"))
  func `a folder that takes no files`() throws {
    let result = try tacit.run(
      ["compile", Digits.path("model-int8-qdq.onnx"), "-o", "/proc/x"])
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("tacit: error: cannot write /proc/x.prover: "))
  }
}
