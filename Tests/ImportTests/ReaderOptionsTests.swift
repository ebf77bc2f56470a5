import Import
import Model
import TestSupport
import Testing

/// What a model file leaves to who reads it: extents, and files beside it.
struct ReaderOptionsTests {
  typealias X = ONNXBytes

  // MARK: - Extents

  /// An input whose extents are numbers or names; nil for one without a shape.
  private static func input(_ name: String, _ extents: [String]?) -> [UInt8] {
    let dimensions = (extents ?? []).flatMap { extent -> [UInt8] in
      guard let number = Int(extent) else { return X.field(1, X.field(2, extent)) }
      return X.field(1, X.field(1, number))
    }
    let shape = extents == nil ? [] : X.field(2, dimensions)
    return X.field(11, X.field(1, name) + X.field(2, X.field(1, X.field(1, 1) + shape)))
  }

  private static func model(_ x: [String]?, _ y: [String]? = nil) -> [UInt8] {
    guard let y else {
      return X.model(input("x", x), X.node("Relu", ["x"], ["z"]), X.output("z"))
    }
    return X.model(
      input("x", x), input("y", y), X.node("Relu", ["x"], ["u"]), X.node("Relu", ["y"], ["v"]),
      X.output("u"), X.output("v"))
  }

  private static func shapes(
    _ bytes: [UInt8], _ given: [String: [Int]] = [:]
  ) throws -> (shapes: [[Int]], notes: Int) {
    let (graph, notes) = try ONNXReader.read(bytes, ReaderOptions(shapes: given))
    return (graph.inputs.map { graph.tensors[$0].shape }, notes.count)
  }

  @Test(arguments: ["-1", "0", "batch", ""]) func `an open first extent is a batch of one`(
    extent: String
  ) throws {
    let read = try Self.shapes(Self.model([extent, "8"]))
    #expect(read.shapes == [[1, 8]] && read.notes == 1)
  }

  @Test func `extents that are given stand in place of open ones`() throws {
    let model = Self.model(["batch", "3", "height", "-1"])
    let read = try Self.shapes(model, ["x": [2, 3, 5, 7]])
    #expect(read.shapes == [[2, 3, 5, 7]] && read.notes == 0)
    #expect(try Self.shapes(Self.model(nil), ["x": [4, 2]]).shapes == [[4, 2]])
    #expect(try Self.shapes(Self.model(["n"]), ["x": [6]]).shapes == [[6]])
  }

  @Test func `what is given for one input is so for others that name it alike`() throws {
    let model = Self.model(["batch", "length"], ["batch", "2", "length"])
    let read = try Self.shapes(model, ["x": [3, 5]])
    #expect(read.shapes == [[3, 5], [3, 2, 5]])
    // A batch of one is one wherever it stands.
    #expect(try Self.shapes(Self.model(["n", "4"], ["2", "n"])).shapes == [[1, 4], [2, 1]])
  }

  @Test(arguments: [
    (["x": [1, 3]], "[1, 3] is given for input \"x\"; the model's own is [batch, 3, length]"),
    (["x": [1, 4, 2]], "[1, 4, 2] is given"), (["x": [1, 3, 0]], "an extent of 0"),
    (["x": [1, 3, -2]], "an extent of -2"), (["x": [1, 3, 1 << 40]], "an extent of"),
    (["z": [1]], "\"z\", which is no input of the model; its inputs are \"x\""),
    (
      [:],
      "input \"x\": dimension 2 (\"length\") has no fixed extent; say which, as in --shape x=1,3,N"
    ),
  ])
  func `what does not fit is said in the user's words`(given: [String: [Int]], words: String) {
    do throws(ModelError) {
      _ = try ONNXReader.read(
        Self.model(["batch", "3", "length"]), ReaderOptions(shapes: given))
      Issue.record("it was read")
    } catch { #expect("\(error)".contains(words), "\(error)") }
  }

  @Test(arguments: [
    (
      ["x": [3, 5], "y": [3, 2, 6]],
      "[3, 2, 6] is given for input \"y\"; the model's own is [batch, 2, length]"
    ),
    (["x": [3, 5], "y": [4, 2, 5]], "[4, 2, 5] is given for input \"y\""),
    (["x": [3, 5], "y": [3, 7, 5]], "[3, 7, 5] is given for input \"y\""),
    (["x": [3, 5], "y": [3, 2, 5]], ""),
  ])
  func `what inputs name alike is given alike`(given: [String: [Int]], words: String) {
    let model = Self.model(["batch", "length"], ["batch", "2", "length"])
    do throws(ModelError) {
      _ = try ONNXReader.read(model, ReaderOptions(shapes: given))
      #expect(words.isEmpty, "it was read")
    } catch { #expect(!words.isEmpty && "\(error)".contains(words), "\(error)") }
  }

  @Test func `an input that names two extents alike is square`() throws {
    let model = Self.model(["n", "n"])
    #expect(try Self.shapes(model, ["x": [3, 3]]).shapes == [[3, 3]])
    #expect {
      try Self.shapes(model, ["x": [2, 3]])
    } throws: { error in
      "\(error)".contains("[2, 3] is given for input \"x\"; the model's own is [n, n]")
    }
  }

  @Test func `a name is quoted as a shell wants it`() {
    let model = X.model(
      Self.input("it's x", ["1", "n"]), X.node("Relu", ["it's x"], ["z"]), X.output("z"))
    #expect(ONNXErrorTests.message(model).contains("--shape 'it'\\''s x'=1,N"))
  }

  @Test func `a TFLite model has shapes of its own`() throws {
    let bytes = try Vectors.bytes("networks/unsupported/unsupported.tflite")
    #expect(throws: ModelError.self) {
      try ModelFile.survey(bytes, ReaderOptions(shapes: ["x": [1]]))
    }
  }

  // MARK: - Files

  /// What is asked for, and answers from memory.
  private struct Files: CompanionFiles {
    var files: [String: [UInt8]] = [:]
    var fault = CompanionFault.missing

    func size(of path: [String]) throws(CompanionFault) -> Int {
      guard let file = files[path.joined(separator: "/")] else { throw fault }
      return file.count
    }

    func bytes(of path: [String], in range: Range<Int>) throws(CompanionFault) -> [UInt8] {
      guard let file = files[path.joined(separator: "/")] else { throw fault }
      return Array(file[range])
    }
  }

  private static let weights: [Float] = [1, 2, 3, 4, 5, 6]
  private static let data =
    [UInt8](repeating: 9, count: 8) + weights.flatMap { X.little($0.bitPattern) }

  /// x · w, whose numbers stand elsewhere.
  private static func elsewhere(_ entries: [(String, String)], times: Int = 1) -> [UInt8] {
    let tensors = (0..<times).flatMap { index in
      X.field(
        5,
        X.field(1, 3) + X.field(1, 2) + X.field(2, 1) + X.field(8, "w\(index)")
          + entries.flatMap { X.field(13, X.field(1, $0.0) + X.field(2, $0.1)) } + X.field(14, 1))
    }
    return X.model(
      X.input("x", [1, 3]), tensors, X.node("MatMul", ["x", "w\(times - 1)"], ["y"]), X.output("y"))
  }

  private static func message(_ bytes: [UInt8], _ files: Files?) -> String {
    do throws(ModelError) {
      _ = try ONNXReader.read(bytes, ReaderOptions(companions: files))
      return "no error"
    } catch { return "\(error)" }
  }

  @Test(arguments: ["w.data", "weights/w.data"])
  func `weights are read from a file beside the model`(name: String) throws {
    let bytes = Self.elsewhere([("location", name), ("offset", "8"), ("length", "24")])
    let files = Files(files: [name: Self.data])
    let graph = try ONNXReader.read(bytes, ReaderOptions(companions: files)).graph
    #expect(graph.tensors.contains { $0.constant == .real(Self.weights) })
    // To the end where no length is stated; a checksum is not read.
    let rest = Self.elsewhere([("location", name), ("offset", "8"), ("checksum", "0")])
    #expect(Self.message(rest, files) == "no error")
  }

  @Test(arguments: [
    "../w.data", "/w.data", "a/../w.data", "./w.data", "a//w.data", "", "w.data/", "a\\w.data",
    "w\0.data",
  ])
  func `a name that leads elsewhere is not followed`(name: String) {
    let files = Files(files: [name: Self.data, "w.data": Self.data])
    let message = Self.message(Self.elsewhere([("location", name), ("offset", "8")]), files)
    #expect(message.contains("no plain name of a file"), "\(message)")
  }

  @Test(arguments: [
    ([("location", "w.data"), ("offset", "8"), ("length", "23")], "cut off inside an element"),
    (
      [("location", "w.data"), ("offset", "8"), ("length", "20")],
      "5 elements where its shape says 6"
    ),
    ([("location", "w.data"), ("offset", "16"), ("length", "24")], "24 bytes from 16 on"),
    ([("location", "w.data"), ("offset", "99")], "0 bytes from 99 on"),
    ([("location", "w.data"), ("offset", "-8")], "the offset \"-8\""),
    ([("location", "w.data"), ("length", "9223372036854775807")], "which has 32"),
    ([("location", "w.data"), ("length", "9223372036854775808")], "the length"),
    ([("offset", "8")], "names no file"),
    ([("location", "v.data")], "\"v.data\" with the model's data is not there"),
  ])
  func `data that does not fit is refused`(entries: [(String, String)], words: String) {
    let message = Self.message(Self.elsewhere(entries), Files(files: ["w.data": Self.data]))
    #expect(message.contains(words), "\(message)")
  }

  @Test(arguments: [
    (CompanionFault.isLink, "is a link"), (.isNoFile, "is no file"),
    (.unreadable("permission denied"), "cannot be read: permission denied"),
  ])
  func `a file that cannot be read is named`(fault: CompanionFault, words: String) {
    let message = Self.message(Self.elsewhere([("location", "w")]), Files(fault: fault))
    #expect(message.contains(words), "\(message)")
  }

  @Test func `a model that came alone says what it wants`() {
    let message = Self.message(Self.elsewhere([("location", "w.data")]), nil)
    #expect(message.contains("in the file \"w.data\"") && message.contains("weights inside"))
  }

  @Test func `no more is read than there is`() {
    let entries = [("location", "w.data"), ("offset", "8"), ("length", "24")]
    let message = Self.message(
      Self.elsewhere(entries, times: 2), Files(files: ["w.data": Self.data]))
    #expect(message.contains("\"w.data\" over and over"), "\(message)")
  }
}
