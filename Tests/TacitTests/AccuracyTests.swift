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
}
