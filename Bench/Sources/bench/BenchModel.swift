import Foundation

/// A network that is measured: its file, what quantizes it, and what it is run on.
struct BenchModel {
  let name: String
  let file: URL
  let calibration: URL?
  let input: Input

  enum Input {
    case file(URL)
    /// The first case of raw int8 values, in this shape.
    case raw(URL, shape: [Int])
  }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Those whose files are there; a model of `../shared` is named and left out where that is absent.
  static let all: [BenchModel] = {
    let shared = root.deletingLastPathComponent().appendingPathComponent("shared/models")
    let bench = root.appendingPathComponent("Bench/models")
    return [
      circuit("digits-mlp"),
      BenchModel(
        name: "784-128-10", file: bench.appendingPathComponent("dense-784-128-10.onnx"),
        calibration: bench.appendingPathComponent("dense-784-128-10.calibration.npy"),
        input: .file(bench.appendingPathComponent("dense-784-128-10.input.npy"))),
      circuit("lenet5"),
      BenchModel(
        name: "mnist-8", file: shared.appendingPathComponent("onnx/mnist-8.onnx"),
        calibration: bench.appendingPathComponent("mnist-8.calibration.npy"),
        input: .file(bench.appendingPathComponent("mnist-8.input.npy"))),
      golden("ad01_int8", "ad01_int8", [1, 640], in: shared),
      golden("kws", "kws_ref_model", [1, 49, 10, 1], in: shared),
      golden("resnet-8", "pretrainedResnet_quant", [1, 32, 32, 3], in: shared),
      golden("vww", "vww_96_int8", [1, 96, 96, 3], in: shared),
    ]
  }()

  /// A float model of the gallery.
  private static func circuit(_ name: String) -> BenchModel {
    let folder = root.appendingPathComponent("Circuits/\(name)")
    return BenchModel(
      name: name, file: folder.appendingPathComponent("model.onnx"),
      calibration: folder.appendingPathComponent("calibration.npy"),
      input: .file(folder.appendingPathComponent("input.npy")))
  }

  /// An int8 network of MLPerf Tiny on its first golden input.
  private static func golden(
    _ name: String, _ file: String, _ shape: [Int], in shared: URL
  ) -> BenchModel {
    BenchModel(
      name: name, file: shared.appendingPathComponent("mlperf_tiny/\(file).tflite"),
      calibration: nil,
      input: .raw(shared.appendingPathComponent("golden/\(file).input.i8"), shape: shape))
  }

  var isPresent: Bool { FileManager.default.fileExists(atPath: file.path) }
}
