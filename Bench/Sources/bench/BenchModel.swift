import Foundation
import Tacit

/// A network that is measured: its bytes, what quantizes it, and what it is run on.
struct BenchModel {
  let name: String
  private let source: Source
  /// In one proof, of the same input.
  private let inferences: Int

  private enum Source {
    case file(URL, calibration: URL?, input: Input)
    case synthetic(@Sendable () -> SyntheticNetwork)
  }

  private enum Input {
    case file(URL)
    /// The first case of raw int8 values, in this shape.
    case raw(URL, shape: [Int])
  }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let thresholds = root.appendingPathComponent("Bench/thresholds.json")

  /// The table; a model of `../shared` is named and left out where that is absent.
  static let all: [BenchModel] = {
    let shared = root.deletingLastPathComponent().appendingPathComponent("shared/models")
    let bench = root.appendingPathComponent("Bench/models")
    return [
      circuit("digits-mlp"),
      BenchModel(
        name: "784-128-10",
        source: .file(
          bench.appendingPathComponent("dense-784-128-10.onnx"),
          calibration: bench.appendingPathComponent("dense-784-128-10.calibration.npy"),
          input: .file(bench.appendingPathComponent("dense-784-128-10.input.npy")))),
      circuit("lenet5"),
      BenchModel(
        name: "mnist-8",
        source: .file(
          shared.appendingPathComponent("onnx/mnist-8.onnx"),
          calibration: bench.appendingPathComponent("mnist-8.calibration.npy"),
          input: .file(bench.appendingPathComponent("mnist-8.input.npy")))),
      golden("ad01_int8", "ad01_int8", [1, 640], in: shared),
      golden("kws", "kws_ref_model", [1, 49, 10, 1], in: shared),
      golden("resnet-8", "pretrainedResnet_quant", [1, 32, 32, 3], in: shared),
      golden("vww", "vww_96_int8", [1, 96, 96, 3], in: shared),
      BenchModel(name: "dense-4m") {
        var network = SyntheticNetwork(input: [1, 1024])
        for _ in 0..<4 { network.dense(1024) }
        return network
      },
    ]
  }()

  /// A float model of the gallery.
  private static func circuit(_ name: String) -> BenchModel {
    let folder = root.appendingPathComponent("Circuits/\(name)")
    return BenchModel(
      name: name,
      source: .file(
        folder.appendingPathComponent("model.onnx"),
        calibration: folder.appendingPathComponent("calibration.npy"),
        input: .file(folder.appendingPathComponent("input.npy"))))
  }

  /// An int8 network of MLPerf Tiny on its first golden input.
  private static func golden(
    _ name: String, _ file: String, _ shape: [Int], in shared: URL
  ) -> BenchModel {
    BenchModel(
      name: name,
      source: .file(
        shared.appendingPathComponent("mlperf_tiny/\(file).tflite"), calibration: nil,
        input: .raw(shared.appendingPathComponent("golden/\(file).input.i8"), shape: shape)))
  }

  private init(name: String, source: Source, inferences: Int = 1) {
    self.name = name
    self.source = source
    self.inferences = inferences
  }

  func batched(_ inferences: Int, name: String) -> BenchModel {
    BenchModel(name: name, source: source, inferences: inferences)
  }

  init(name: String, synthetic: @escaping @Sendable () -> SyntheticNetwork) {
    self.init(name: name, source: .synthetic(synthetic))
  }

  var isPresent: Bool {
    switch source {
    case .file(let file, _, _): FileManager.default.fileExists(atPath: file.path)
    case .synthetic: true
    }
  }

  func model() throws -> (bytes: [UInt8], calibration: NamedArrays?) {
    switch source {
    case .file(let file, let calibration, _):
      let arrays = try calibration.map {
        try NamedArrays(Files.bytes($0), named: $0.lastPathComponent)
      }
      return (try Files.bytes(file), arrays)
    case .synthetic(let make):
      let network = make()
      return (network.file, NamedArrays(try Self.array(network.inputs(4, seed: 1))))
    }
  }

  /// Of all inferences; every network of the table has one input.
  func input() throws -> NamedArrays {
    let single = try singleInput()
    let copies: NumericArray.Values =
      switch single.values {
      case .real(let cells): .real((0..<inferences).flatMap { _ in cells })
      case .integer(let cells): .integer((0..<inferences).flatMap { _ in cells })
      }
    let shape = inferences > 1 ? [inferences] + single.shape.dropFirst() : single.shape
    let array = try NumericArray(shape: shape, element: single.element, values: copies)
    return NamedArrays(array, reading: reading)
  }

  /// Recorded inputs are the integers that the model's runtime was given.
  private var reading: InputReading {
    if case .file(_, _, .raw) = source { .integers } else { .automatic }
  }

  private func singleInput() throws -> NumericArray {
    switch source {
    case .file(_, _, .file(let url)):
      return try NumericArray.read(Files.bytes(url), named: url.lastPathComponent)
    case .file(_, _, .raw(let url, let shape)):
      let cells = try Files.bytes(url).prefix(shape.reduce(1, *))
      let values = cells.map { Int64(Int8(bitPattern: $0)) }
      return try NumericArray(shape: shape, element: .int8, values: .integer(values))
    case .synthetic(let make): return try Self.array(make().inputs(1, seed: 2))
    }
  }

  private static func array(_ inputs: (shape: [Int], values: [Double])) throws -> NumericArray {
    try NumericArray(shape: inputs.shape, element: .float32, values: .real(inputs.values))
  }
}

enum Files {
  static func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }
}
