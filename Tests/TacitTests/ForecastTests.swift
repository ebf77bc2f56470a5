import Foundation
import Tacit
import TestSupport
import Testing

/// What is told of a model file before it is compiled: what a proof will take.
struct ForecastTests {
  private static let circuits = Digits.folder.deletingLastPathComponent()

  private static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: circuits.appendingPathComponent(name)))
  }

  @Test(arguments: [
    "digits-mlp/model-int8-qdq.onnx", "digits-mlp/model-int8-qoperator.onnx",
    "ds-cnn/model-int8-qdq.onnx", "resnet/model-int8-qoperator.onnx",
  ])
  func `a small network that is quantized is told what compiling it gives`(name: String) throws {
    let bytes = try Self.bytes(name)
    let forecast = try #require(try ModelFileDescription(bytes).forecast)
    let verifier = try ModelProver.compile(bytes).prover.verifier
    #expect(forecast.basis == .circuit)
    #expect(forecast.rows == verifier.description.usedRows)
    #expect(forecast.proofBytes == verifier.description.proofBytes)
    #expect(forecast.proveMilliseconds == verifier.profile.proveMilliseconds)
    #expect(forecast.verifyMilliseconds == verifier.profile.verifyMilliseconds)
  }

  @Test(arguments: ["digits-mlp", "ds-cnn", "lenet5", "resnet"])
  func `a float network is told about what calibration makes of it`(name: String) throws {
    let bytes = try Self.bytes(name + "/model.onnx")
    let forecast = try #require(try ModelFileDescription(bytes).forecast)
    let calibration = try NamedArrays(
      Self.bytes(name + "/calibration.npy"), named: "calibration.npy")
    let verifier = try ModelProver.compile(bytes, calibration: calibration).prover.verifier
    func isNear(_ one: Double, _ other: Double) -> Bool { abs(one / other - 1) < 0.35 }
    #expect(forecast.basis == .trial)
    #expect(isNear(Double(forecast.rows), Double(verifier.description.usedRows)))
    #expect(isNear(Double(forecast.proofBytes), Double(verifier.description.proofBytes)))
    #expect(isNear(forecast.proveMilliseconds, verifier.profile.proveMilliseconds))
    #expect(isNear(forecast.verifyMilliseconds, verifier.profile.verifyMilliseconds))
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `a large network is judged by its shapes`() throws {
    let bytes = try Shared.bytes("models/mlperf_tiny/pretrainedResnet_quant.tflite")
    let forecast = try #require(try ModelFileDescription(bytes).forecast)
    let description = try ModelProver.compile(bytes).prover.verifier.description
    #expect(forecast.basis == .shapes)
    #expect(abs(Double(forecast.rows) / Double(description.usedRows) - 1) < 0.1)
    #expect(abs(Double(forecast.proofBytes) / Double(description.proofBytes) - 1) < 0.2)
  }

  @Test func `inspect prints the forecast, and none for what cannot be proven`() throws {
    let tacit = try Program(named: "tacit")
    let shown = try tacit.run(["inspect", Digits.path("model-int8-qdq.onnx")])
    #expect(
      shown.output.contains(
        """
        forecast        of the circuit that compile makes
          rows          115
          proof bytes   7,767
          proving       about 2.
        """), "\(shown.output)")
    let json = try tacit.run(["inspect", "--json", Digits.path("model.onnx")])
    let model = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let forecast = try #require(model["forecast"] as? [String: Any])
    #expect(
      Set(forecast.keys) == ["basis", "rows", "proof_bytes", "proving_ms", "verifying_ms"])
    #expect(forecast["basis"] as? String == "trial")
    let refused = Digits.folder.deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Tests/Vectors/networks/unsupported/unsupported.onnx").path
    #expect(try tacit.run(["inspect", refused]).output.contains("\nforecast        none\n"))
  }
}
