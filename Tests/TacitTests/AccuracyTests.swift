import Tacit
import TacitVerifier
import TestSupport
import Testing

/// The network that is proven classifies as well as the float one.
struct AccuracyTests {
  /// Of 360 test images onnxruntime's float32 network has 355 right (Circuits/digits-mlp/README.md).
  @Test func `float and proven integers differ by at most one point on the test split`() throws {
    let labels = try #require(
      try NumericArray.read(Digits.bytes("test-labels.npy"), named: "labels.npy").integers)
    let outputs = try Digits.compile().run(Digits.arrays("test-inputs.npy"))
    #expect(outputs.shape == [360, 10])
    let right = zip(classes(outputs), labels).count { $0 == Int($1) }
    #expect(labels.count == 360)
    #expect(abs(right - 355) <= 3, "\(right) of 360")
  }

  /// onnxruntime has 354 of 360 right with the same integers.
  @Test func `the quantized model keeps its runtime's classes`() throws {
    let labels = try #require(
      try NumericArray.read(Digits.bytes("test-labels.npy"), named: "labels.npy").integers)
    let outputs = try Digits.compileQuantized().run(Digits.arrays("test-inputs.npy"))
    let right = zip(classes(outputs), labels).count { $0 == Int($1) }
    #expect(abs(right - 354) <= 1, "\(right) of 360")
  }

  @Test func `labels say how many samples both networks get right`() throws {
    let samples = try Digits.arrays("test-inputs.npy")
    let labels = try NumericArray.read(Digits.bytes("test-labels.npy"), named: "labels.npy")
    let (prover, report) = try ModelProver.compile(
      Digits.bytes("model.onnx"), calibration: samples, labels: labels)
    let quantization = try #require(report.quantization)
    let accuracy = try #require(quantization.accuracy)
    #expect(quantization.samples == 360 && accuracy.float == 355)
    let right = zip(classes(try prover.run(samples)), labels.integers ?? []).count { $0 == Int($1) }
    #expect(accuracy.quantized == right)
    // The model id does not depend on them.
    let other = try ModelProver.compile(
      Digits.bytes("model.onnx"), options: CompilationOptions(weightsArePublic: true),
      calibration: samples, labels: labels)
    let without = try ModelProver.compile(
      Digits.bytes("model.onnx"), options: CompilationOptions(weightsArePublic: true),
      calibration: samples)
    #expect(other.prover.verifier.modelID == without.prover.verifier.modelID)
    #expect(without.report.quantization?.accuracy == nil)
  }

  @Test func `labels that fit neither samples nor classes are refused`() throws {
    let samples = try Digits.arrays(Digits.input)
    func fault(_ labels: NumericArray, _ model: String = "model.onnx") throws -> TacitError? {
      #expect(throws: TacitError.self) {
        try ModelProver.compile(
          Digits.bytes(model), calibration: model == "model.onnx" ? samples : nil, labels: labels)
      }
    }
    func labels(_ values: [Double]) throws -> NumericArray {
      try NumericArray(shape: [values.count], element: .float64, values: .real(values))
    }
    #expect(try fault(labels([1, 2])) == .labels(.count(2, samples: 1)))
    for value in [-1, 10, 0.5, .nan, .infinity, 1e300] as [Double] {
      let error = try #require(try fault(labels([value])))
      guard case .labels(.notAClass(label: 0, _, classes: 10)) = error else {
        Issue.record("\(error)")
        continue
      }
      #expect(error.subject == .labels)
    }
    #expect(try fault(labels([1]), "model-int8-qdq.onnx") == .labels(.withoutInputs))
  }
}
