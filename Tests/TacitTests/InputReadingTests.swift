import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// One meaning per file: what is calibrated is what is proven, run, checked and compared.
struct InputReadingTests {
  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  /// Seven inputs, float.
  private static let float = "networks/float/gemm.onnx"
  /// Seven inputs, int8: real = scale · (integer − zero point).
  private static let quantized = "networks/tflite/fc-none.tflite"
  private static let counts: [Int64] = [0, 10, 2, 1, 7, 0, 3]

  private static func path(_ name: String) -> String { Vectors.url(name).path }

  /// The counts as a file of each kind.
  private static func file(_ kind: String) throws -> [UInt8] {
    let text = counts.map { "\($0)" }.joined(separator: ",")
    switch kind {
    case "json": return Array("[[\(text)]]".utf8)
    case "by name": return Array("{\"x\": [[\(text)]]}".utf8)
    case "EZKL": return Array("{\"input_data\": [[\(text)]]}".utf8)
    case "csv": return Array((text + "\n").utf8)
    default:
      let element = try #require(NumericArray.Element(rawValue: kind))
      let isReal = kind.hasPrefix("float")
      return try NumericArray(
        shape: [1, 7], element: element,
        values: isReal ? .real(counts.map { Double($0) }) : .integer(counts)
      ).npy()
    }
  }

  private static func arrays(
    _ kind: String, as reading: InputReading = .automatic
  ) throws -> NamedArrays {
    try NamedArrays(file(kind), named: "-", reading: reading)
  }

  private static let kinds =
    NumericArray.Element.allCases.map(\.rawValue) + ["json", "by name", "EZKL", "csv"]

  private static func compile(_ calibration: NamedArrays? = nil) throws -> ModelProver {
    try ModelProver.compile(
      Vectors.bytes(calibration == nil ? quantized : float),
      options: CompilationOptions(weightsArePublic: true), calibration: calibration
    ).prover
  }

  // MARK: The rule

  @Test(arguments: kinds)
  func `a float network calibrates and proves a file as the same reals`(kind: String) throws {
    let prover = try Self.compile(Self.arrays(kind))
    #expect(prover.modelID == (try Self.compile(Self.arrays("float32")).modelID))
    let arrays = try Self.arrays(kind)
    let inference = try prover.verifier.verify(prover.prove(arrays))
    let reals = try #require(inference.inputs[0].reals)
    for (real, count) in zip(reals, Self.counts) { #expect(abs(real - Double(count)) < 0.03) }
    let report = try #require(try prover.reports(arrays).first)
    let port = inference.inputs[0].port
    #expect(
      report.meaning
        == .quantized(
          .int8, scale: port.scale, zeroPoint: port.zeroPoint,
          reach: port.real(-128)...port.real(127)))
    #expect(report.name == "x" && report.values == 7 && report.clamped == 0)
    try inference.confirm(input: arrays)
    #expect(try prover.run(arrays) == prover.run(Self.arrays("float32")))
    #expect(try prover.check(arrays).violations.isEmpty)
  }

  @Test(arguments: kinds)
  func `a quantized network takes a file as the same integers`(kind: String) throws {
    let prover = try Self.compile()
    let arrays = try Self.arrays(kind)
    let inference = try prover.verifier.verify(prover.prove(arrays))
    #expect(inference.inputs[0].integers == Self.counts)
    #expect(try prover.reports(arrays).map(\.meaning) == [.integers(.int8)])
    try inference.confirm(input: arrays)
    #expect(try prover.run(arrays) == prover.run(Self.arrays("int8")))
    #expect(try prover.check(arrays).violations.isEmpty)
  }

  @Test(arguments: kinds) func `either reading can be asked for`(kind: String) throws {
    let float = try Self.compile(Self.arrays("float32"))
    let integers = try Self.arrays(kind, as: .integers)
    let taken = try float.verifier.verify(float.prove(integers))
    #expect(taken.inputs[0].integers == Self.counts)
    #expect(try float.reports(integers).map(\.meaning) == [.integers(.int8)])
    try taken.confirm(input: integers)
    #expect(throws: ClaimFailure.self) { try taken.confirm(input: Self.arrays(kind)) }

    let quantized = try Self.compile()
    let reals = try Self.arrays(kind, as: .reals)
    let made = try quantized.verifier.verify(quantized.prove(reals))
    let port = made.inputs[0].port
    #expect(
      made.inputs[0].integers
        == Self.counts.map {
          let steps = (Double($0) / port.scale).rounded(.toNearestOrEven)
          return min(max(Int64(steps) + port.zeroPoint, -128), 127)
        })
  }

  // MARK: What is refused

  @Test(arguments: [
    ("[[0.5, 1, 2, 3, 4, 5, 6]]", "the file holds 0.5 at [0, 0]; to have reals quantized"),
    ("[[0, 1, 2, 128, 4, 5, 6]]", "input \"input\" holds 128 at [0, 3]; int8 holds -128 to 127"),
    ("[[0, 1, 2, 3, 4, 5, 6], [0, -129, 0, 0, 0, 0, 0]]", "holds -129 at [0, 1] of row 1;"),
    ("[[0, 1, 2, 3, 4, 5, 1e30]]", "the file holds 1e+30 at [0, 6]"),
  ])
  func `what is no integer of the type is refused`(text: String, words: String) throws {
    let prover = try Self.compile()
    let arrays = try NamedArrays(Array(text.utf8), named: "x.json")
    let error = #expect(throws: TacitError.self) { try prover.prove(arrays) }
    let said = "\(error, default: "")"
    #expect(said.contains(words), "\(said)")
  }

  @Test func `calibration inputs are no integers`() throws {
    let error = #expect(throws: TacitError.self) {
      try Self.compile(Self.arrays("int8", as: .integers))
    }
    #expect("\(error, default: "")".contains("only once there is a scale"))
  }

  @Test func `a list of EZKL's for each input, and arrays by name`() throws {
    let model = try Vectors.bytes("networks/operators/add-equal.tflite")
    let prover = try ModelProver.compile(model).prover
    let ports = prover.verifier.description.inputs
    #expect(ports.count == 2)
    let rows = ports.enumerated().map { index, port in
      (0..<port.count).map { "\(($0 * 7 + index * 50) % 100)" }.joined(separator: ", ")
    }
    func arrays(_ text: String) throws -> NamedArrays {
      try NamedArrays(Array(text.utf8), named: "x.json")
    }
    let lists = try arrays("{\"input_data\": [[\(rows[0])], [\(rows[1])]], \"output_data\": [[0]]}")
    #expect(lists.notes == ["beside input_data, output_data of the file is not read"])
    let proven = try prover.verifier.verify(prover.prove(lists))
    for (tensor, row) in zip(proven.inputs, rows) {
      #expect(tensor.integers?.map { "\($0)" }.joined(separator: ", ") == row)
    }
    #expect(throws: TacitError.self) {
      try prover.prove(arrays("{\"input_data\": [[\(rows[0])]]}"))
    }
    let shaped = try zip(ports, rows).map { port, row in
      let values = row.split(separator: ", ").compactMap { Int64($0) }
      return (
        name: port.name,
        array: try NumericArray(shape: port.shape, element: .int16, values: .integer(values))
      )
    }
    try proven.confirm(input: NamedArrays(shaped.reversed()))
  }

  // MARK: Clamping

  @Test func `values beyond the calibrated range are counted`() throws {
    let prover = try Self.compile(
      NamedArrays(Array("[[-1, 1, 0.5, 0, 0, 0, 0]]".utf8), named: "x"))
    let port = prover.verifier.description.inputs[0]
    let (lowest, highest) = (port.real(-128), port.real(127))
    // A value that rounds to the end is not beyond it.
    let values = [
      highest + 0.49 * port.scale, highest + 0.51 * port.scale, 100, lowest - 0.51 * port.scale, -7,
      0, lowest - 0.49 * port.scale,
    ]
    let report = try #require(
      try prover.reports(
        NamedArrays(NumericArray(shape: [1, 7], element: .float64, values: .real(values)))
      ).first)
    #expect(report.lowered == 2 && report.raised == 2 && report.clamped == 4)
  }

  // MARK: The command

  private func run(_ arguments: [String], _ input: [UInt8] = [], in folder: Folder) throws
    -> Program.Result
  {
    try tacit.run(arguments, in: folder.url, input: input)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `every verb says how it read its input`() throws {
    try Folder.with { folder in
      try folder.write(Self.file("int8"), "counts.npy")
      try folder.write(Array("a,b,c,d,e,f,g\n100,0,0,0,0,0,0\n".utf8), "far.csv")
      let compile = [
        "compile", Self.path(Self.float), "-o", "k", "--force", "--calibrate", "counts.npy",
      ]
      #expect(
        try run(compile, in: folder).output.hasPrefix("input \"x\": read as reals\nquantized to"))
      let compiled = try object(try run(compile + ["--json"], in: folder).output)
      let quantization = try #require(compiled["quantization"] as? [String: Any])
      let calibrated = try #require(quantization["inputs"] as? [[String: Any]])
      #expect(calibrated.map { $0["reading"] as? String } == ["read as reals"])

      let read = "input \"x\": read as reals, quantized with scale 0.0392\n"
      let notes =
        "note: 1 of 7 values was clamped to 10.0\nnote: line 1 is a heading: \"a\", \"b\", \"c\", "
        + "\"d\", \"e\", \"f\", \"g\"\n"
      for (verb, rest) in [
        ("prove", ["-o", "p.proof"]), ("run", ["-o", "y.npy"]), ("check", []),
      ] {
        let force = rest.isEmpty ? [] : ["--force"]
        func arguments(_ file: String, _ options: [String] = []) -> [String] {
          [verb, "k.prover", file] + rest + force + options
        }
        let plain = try run(arguments("counts.npy"), in: folder)
        #expect(plain.output.hasPrefix(read), "\(plain)")
        #expect(!plain.output.contains("note:"))
        let far = try run(arguments("far.csv"), in: folder)
        #expect(far.output.hasPrefix(read + notes), "\(far)")
        let integers = try run(arguments("counts.npy", ["--as", "integers"]), in: folder)
        #expect(integers.output.hasPrefix("input \"x\": read as int8 integers\n"), "\(integers)")
        let json = try object(try run(arguments("far.csv", ["--json"]), in: folder).output)
        let inputs = try #require(json["inputs"] as? [[String: Any]])
        #expect(inputs[0]["read_as"] as? String == "reals")
        #expect(inputs[0]["clamped"] as? Int == 1 && inputs[0]["values"] as? Int == 7)
        #expect((json["notes"] as? [String])?.count == 2)
      }
    }
  }

  @Test func `a verifier reads a claimed input by the same rule`() throws {
    try Folder.with { folder in
      try folder.write(Self.file("int8"), "counts.npy")
      for arguments in [
        ["compile", Self.path(Self.float), "-o", "k", "--calibrate", "counts.npy"],
        ["prove", "k.prover", "counts.npy", "-o", "p", "--as", "integers"],
      ] { #expect(try run(arguments, in: folder).status == 0) }
      let verify = ["verify", "k.verifier", "p", "--input", "counts.npy"]
      #expect(try run(verify, in: folder).status == 1)
      let held = try run(verify + ["--as", "integers"], in: folder)
      #expect(held.status == 0)
      #expect(
        held.output.hasSuffix(
          "compared with what was given:\n  input \"x\": read as int8 integers\n"))
    }
  }

  @Test func `--as wants something to read`() throws {
    try Folder.with { folder in
      for arguments in [
        ["compile", Self.path(Self.quantized), "-o", "k", "--as", "reals"],
        ["verify", "k.verifier", "p", "--as", "reals"],
        ["check", "k.prover", "x", "--as", "bytes"],
      ] { #expect(try run(arguments, in: folder).status == 2) }
      try folder.write(Self.file("int8"), "counts.npy")
      let refused = try run(
        [
          "compile", Self.path(Self.float), "-o", "k", "--calibrate", "counts.npy", "--as",
          "integers",
        ], in: folder)
      #expect(refused.status == 2 && refused.errors.contains("only once there is a scale"))
    }
  }

  // MARK: Standard streams

  @Test func `- is standard input and standard output`() throws {
    try Folder.with { folder in
      try folder.write(Self.file("json"), "x.json")
      let model = try Vectors.bytes(Self.float)
      let compiled = try run(
        ["compile", "-", "-o", "k", "--calibrate", "x.json"], model, in: folder)
      #expect(compiled.status == 0)
      let named = try folder.names
      let key = try folder.bytes("k.prover")
      let proved = try run(
        ["prove", "k.prover", "-", "-o", "-"], Self.file("by name"), in: folder)
      #expect(proved.status == 0 && proved.errors.contains("\nwrote standard output, "))
      #expect(proved.errors.hasPrefix("input \"x\": read as reals, quantized"))
      let verifier = try ModelVerifier(folder.bytes("k.verifier"))
      let inference = try verifier.verify(proved.bytes)
      let ran = try run(
        ["run", "-", "x.json", "-o", "-", "--proven", "--json"], key, in: folder)
      let told = try object(ran.errors)
      #expect(ran.status == 0 && told["type"] as? String == "int8")
      let array = try NumericArray.read(ran.bytes, named: "-")
      #expect(array.integers == inference.outputs[0].integers)
      let verified = try run(["verify", "k.verifier", "-"], proved.bytes, in: folder)
      #expect(verified.status == 0 && verified.output.hasPrefix("verified: "))
      #expect(try run(["check", "k.prover", "-"], Self.file("csv"), in: folder).status == 0)
      #expect(try folder.names == named)
    }
  }

  @Test func `what is wrong with standard input is said of it`() throws {
    try Folder.with { folder in
      let prover = try Self.compile(Self.arrays("float32"))
      try folder.write(prover.file, "k.prover")
      let bad = try run(["check", "k.prover", "-"], Array("[1,".utf8), in: folder)
      #expect(bad.status == 2 && bad.errors.hasPrefix("tacit: error: standard input: JSON line 1"))
      let unfit = try run(["check", "k.prover", "-"], Array("[1]".utf8), in: folder)
      #expect(unfit.errors.hasPrefix("tacit: error: standard input: the input does not fit"))
      let twice = try run(["check", "-", "-"], prover.file, in: folder)
      #expect(twice.status == 2 && twice.errors.contains("a stream is read once"))
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func `standard output that takes nothing is an error`() throws {
    try Folder.with { folder in
      try folder.write(Self.compile(Self.arrays("float32")).file, "k.prover")
      try folder.write(Self.file("csv"), "x.csv")
      let result = try tacit.run(
        ["prove", "k.prover", "x.csv", "-o", "-"], in: folder.url, output: "/dev/full")
      #expect(result.status == 2 && result.errors.contains("cannot write standard output: "))
    }
  }
}
