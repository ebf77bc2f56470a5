import Foundation
import Tacit
import TacitVerifier
import TestSupport

/// Circuits/digits-mlp: a 64-32-10 network on 8×8 handwritten digits.
enum Digits {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Circuits/digits-mlp")

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static func arrays(_ name: String) throws -> NamedArrays {
    try NamedArrays(bytes(name), named: name)
  }

  /// The float model, quantized by its calibration inputs.
  static func compile(_ options: CompilationOptions = CompilationOptions()) throws -> ModelProver {
    try ModelProver.compile(
      bytes("model.onnx"), options: options, calibration: arrays("calibration.npy")
    ).prover
  }

  /// The quantized model.
  static func compileQuantized(
    _ options: CompilationOptions = CompilationOptions()
  ) throws -> ModelProver {
    try ModelProver.compile(bytes("model-int8-qdq.onnx"), options: options).prover
  }

  static let input = "input.npy"
}

/// The place of the first largest value in each row.
func classes(_ outputs: NumericArray) -> [Int] {
  let width = outputs.shape.last ?? 1
  return stride(from: 0, to: outputs.count, by: width).map { start in
    let row = outputs.reals[start..<start + width]
    return (row.firstIndex(of: row.max() ?? 0) ?? start) - start
  }
}
