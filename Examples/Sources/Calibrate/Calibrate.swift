import Foundation
import Tacit

/// Quantizes a float network by typical inputs, says how well the integers follow it, and compares
/// them with labels that calibration has not seen.
///
///     Calibrate [Circuits/digits-mlp [NAME]]
///
/// With a NAME it writes NAME.prover, which is secret, NAME.verifier, which is to be published, and
/// NAME.proof of the first of these inputs.
@main
enum Calibrate {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    let folder = URL(fileURLWithPath: arguments.first ?? "Circuits/digits-mlp")
    func bytes(_ name: String) throws -> [UInt8] {
      [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }
    // One row of 64 reals for each typical input: 200 of them here, a few dozen are a beginning.
    let typical = try NamedArrays(bytes("calibration.npy"), named: "calibration.npy")
    let (prover, report) = try await ModelProver.compile(
      bytes("model.onnx"), options: CompilationOptions(input: .private), calibration: typical)
    show(report)

    // What counts: inputs that it was not calibrated by.
    let inputs = try NamedArrays(bytes("test-inputs.npy"), named: "test-inputs.npy")
    let labels = try NumericArray.read(bytes("test-labels.npy"), named: "test-labels.npy")
    let right = zip(classes(try await prover.run(inputs)), labels.values(as: Int.self) ?? [])
      .count(where: ==)
    print("\(right) of \(labels.count) right")

    if let name = arguments.dropFirst().first {
      try Data(prover.file).write(to: URL(fileURLWithPath: name + ".prover"))
      try Data(prover.verifier.file).write(to: URL(fileURLWithPath: name + ".verifier"))
      let first = try inputs.only().values(as: Float.self).prefix(64)
      let proof = try await prover.prove(NamedArrays(Array(first), shape: [1, 64]))
      try Data(proof).write(to: URL(fileURLWithPath: name + ".proof"))
      print("wrote \(name).prover, .verifier and .proof of model \(prover.modelID)")
    }
  }

  /// What quantization costs, on the inputs that it was made by.
  private static func show(_ report: ModelReport) {
    for note in report.notes { print("note: \(note)") }
    guard let quantization = report.quantization else { return }
    print(
      "on \(quantization.samples) inputs the largest output is that of float in "
        + "\(quantization.agreeing)")
    let worst = quantization.layers.sorted { $0.relativeError > $1.relativeError }.prefix(3)
    for layer in worst {
      print("\(layer.name): error \(Float(layer.relativeError)), \(layer.saturated) cut off")
    }
  }

  /// The place of the largest value in each row.
  private static func classes(_ outputs: NumericArray) -> [Int] {
    let (values, width) = (outputs.values(as: Float.self), max(1, outputs.shape.last ?? 1))
    return stride(from: 0, to: values.count, by: width).map { start in
      let row = values[start..<start + width]
      return (row.firstIndex(of: row.max() ?? 0) ?? start) - start
    }
  }
}
