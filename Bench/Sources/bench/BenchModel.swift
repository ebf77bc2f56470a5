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
    let digits = root.appendingPathComponent("Circuits/digits-mlp")
    let dense = root.appendingPathComponent("Bench/models")
    let shared = root.deletingLastPathComponent().appendingPathComponent("shared/models")
    return [
      BenchModel(
        name: "digits-mlp", file: digits.appendingPathComponent("model.onnx"),
        calibration: digits.appendingPathComponent("calibration.npy"),
        input: .file(digits.appendingPathComponent("input.npy"))),
      BenchModel(
        name: "784-128-10", file: dense.appendingPathComponent("dense-784-128-10.onnx"),
        calibration: dense.appendingPathComponent("dense-784-128-10.calibration.npy"),
        input: .file(dense.appendingPathComponent("dense-784-128-10.input.npy"))),
      BenchModel(
        name: "ad01_int8",
        file: shared.appendingPathComponent("mlperf_tiny/ad01_int8.tflite"), calibration: nil,
        input: .raw(shared.appendingPathComponent("golden/ad01_int8.input.i8"), shape: [1, 640])),
    ]
  }()

  var isPresent: Bool { FileManager.default.fileExists(atPath: file.path) }
}
