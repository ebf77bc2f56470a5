import Foundation
import Tacit
import TestSupport
import Testing

/// Models whose weights lie beside them, and whose inputs are open, in the library and at the command line.
struct ModelReadingTests {
  typealias X = ONNXBytes

  private static let weights: [Float] = [0.5, -1, 0.25, 1, 2, -0.5]
  private static let data = weights.flatMap { X.little($0.bitPattern) }

  private static func model(_ location: String) -> [UInt8] {
    let entries = [("location", location), ("offset", "0"), ("length", "24")]
    let weight = X.field(
      5,
      X.field(1, 3) + X.field(1, 2) + X.field(2, 1) + X.field(8, "w")
        + entries.flatMap { X.field(13, X.field(1, $0.0) + X.field(2, $0.1)) } + X.field(14, 1))
    let open = X.field(1, X.field(2, "length")) + X.field(1, X.field(1, 3))
    let input = X.field(
      11, X.field(1, "x") + X.field(2, X.field(1, X.field(1, 1) + X.field(2, open))))
    return X.model(input, weight, X.node("MatMul", ["x", "w"], ["y"]), X.output("y"))
  }

  /// The same with its weights inside, and extents stated.
  private static let whole = X.model(
    X.input("x", [2, 3]), X.reals("w", [3, 2], weights), X.node("MatMul", ["x", "w"], ["y"]),
    X.output("y"))

  private static func compile(
    _ model: [UInt8], _ reading: ModelReading = ModelReading()
  ) throws -> ModelProver {
    try ModelProver.compile(
      model, reading: reading, options: CompilationOptions(weightsArePublic: true),
      calibration: NamedArrays([1, -2, 0.5, 0.25, 1, -1], shape: [1, 6])
    ).prover
  }

  @Test func `where weights stood changes no model id`() throws {
    let folder = ModelFolder(files: ["parts/w.bin": Self.data])
    let reading = ModelReading(shapes: ["x": [2, 3]], folder: folder)
    let prover = try Self.compile(Self.model("parts/w.bin"), reading)
    #expect(prover.modelID == (try Self.compile(Self.whole).modelID))
    let description = try ModelFileDescription(Self.model("parts/w.bin"), reading: reading)
    #expect(description.problems.isEmpty && description.inputs[0].shape == [2, 3])
  }

  @Test func `a folder of the machine is read, and nothing outside of it`() throws {
    try Folder.with { folder in
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent("model/parts"), withIntermediateDirectories: true)
      for name in ["w.bin", "model/w.bin", "model/parts/w.bin"] {
        try folder.write(Self.data, name)
      }
      let path = folder.url.appendingPathComponent("model").path
      for (link, target) in [
        ("model/link.bin", "../w.bin"), ("model/near.bin", "w.bin"), ("model/up", ".."),
      ] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.url.appendingPathComponent(link).path, withDestinationPath: target)
      }
      try folder.write([UInt8](repeating: 0, count: 23), "model/short.bin")
      func problems(_ location: String) throws -> String {
        let reading = ModelReading(folder: ModelFolder(path: path))
        let model = try ModelFileDescription(Self.model(location), reading: reading)
        return model.problems.map(\.description).joined()
      }
      #expect(try problems("w.bin").isEmpty)
      #expect(try problems("parts/w.bin").isEmpty)
      for (location, words) in [
        ("link.bin", "is a link"), ("near.bin", "is a link"), ("up/w.bin", "is a link"),
        ("parts", "is no file"), ("parts/none.bin", "is not there"), ("w.bin/x", "is no file"),
        ("../w.bin", "no plain name"), ("short.bin", "which has 23"),
      ] {
        let problems = try problems(location)
        #expect(problems.contains(words), "\(location): \(problems)")
      }
    }
  }

  @Test func `the command finds what lies beside a model`() throws {
    let tacit = try Program(named: "tacit")
    try Folder.with { folder in
      try FileManager.default.createDirectory(
        at: folder.url.appendingPathComponent("models"), withIntermediateDirectories: true)
      try folder.write(Self.model("net.onnx.data"), "models/net.onnx")
      try folder.write(Self.data, "models/net.onnx.data")
      try folder.write(Array("[[1, -2, 0.5, 0.25, 1, -1]]".utf8), "x.json")
      let result = try tacit.run(
        [
          "compile", "models/net.onnx", "--shape", "x=2,3", "--calibrate", "x.json", "--weights",
          "public", "-o", "net", "--json",
        ], in: folder.url)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("\(try Self.compile(Self.whole).modelID)"))
      let models = folder.url.appendingPathComponent("models")
      #expect(try tacit.run(["inspect", "net.onnx"], in: models).status == 0)
      let stream = try tacit.run(["inspect", "-"], in: models, input: Self.model("net.onnx.data"))
      #expect(stream.status == 2 && stream.output.contains("name the model as a file"))
      for (arguments, words) in [
        (["models/net.onnx", "--shape", "x=2,4"], "the model's own is [length, 3]"),
        (["models/net.onnx", "--shape", "y=2,3"], "which is no input"),
        (["models/net.onnx", "--shape", "x=2,x"], "write it as in --shape image=1,3,224,224"),
        (["models/net.onnx", "--shape", "2,3"], "write it as in"),
        (["models/net.onnx", "--shape", "x=2,3", "--shape", "x=2,3"], "has a shape already"),
        (["net.verifier", "--shape", "x=2,3"], "net.verifier is none"),
      ] {
        let result = try tacit.run(["inspect"] + arguments, in: folder.url)
        #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
      }
    }
  }
}
