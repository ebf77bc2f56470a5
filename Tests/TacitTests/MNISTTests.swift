import Tacit
import TacitVerifier
import TestSupport
import Testing

/// The MNIST network of the ONNX model zoo, float and as onnxruntime quantizes it, on the first thousand test
/// images. onnxruntime has 987 of them right with the float network.
@Suite(.enabled(if: Shared.isPresent, "needs ../shared"))
struct MNISTTests {
  /// Images as the network takes them, a row each, and their classes.
  static func images(_ range: Range<Int>) throws -> (inputs: NamedArrays, labels: [Int]) {
    let archive = try NamedArrays(
      Shared.bytes("data/mnist/mnist_test_first1000.npz"), named: "mnist.npz")
    let (images, labels) = (try #require(archive["x"]), try #require(archive["y"]))
    let pixels = images.reals[(range.lowerBound * 784)..<(range.upperBound * 784)]
    let inputs = NamedArrays(
      try NumericArray(
        shape: [range.count, 1, 28, 28], element: .float32,
        values: .real(pixels.map { Double($0) })))
    return (inputs, labels.reals[range].map { Int($0) })
  }

  static func compile(_ name: String) throws -> ModelProver {
    let isFloat = name == "mnist-8"
    return try ModelProver.compile(
      Shared.bytes("models/onnx/\(name).onnx"),
      calibration: isFloat ? images(900..<1000).inputs : nil
    ).prover
  }

  /// How many of the thousand onnxruntime has right with each.
  @Test(arguments: [("mnist-8", 987), ("mnist8_qdq_pt_u8s8", 987), ("mnist8_qop_pt_u8u8", 986)])
  func `the proven integers classify as onnxruntime does`(name: String, expected: Int) throws {
    let (inputs, labels) = try Self.images(0..<1000)
    let right = zip(classes(try Self.compile(name).run(inputs)), labels).count(where: ==)
    #expect(abs(right - expected) <= 3, "\(right) of 1000")
  }

  @Test func `an image is proven and verified`() throws {
    let prover = try Self.compile("mnist-8")
    let (input, labels) = try Self.images(3..<4)
    let inference = try prover.verifier.verify(try prover.prove(input))
    let reals = try #require(inference.outputs.first?.reals)
    #expect(reals.firstIndex(of: reals.max() ?? 0) == labels[0])
  }

  @Test func `scales that depend on the input are refused, with the reason`() throws {
    let bytes = try Shared.bytes("models/onnx/mnist8_dynamic.onnx")
    let error = try #require(throws: TacitError.self) { try ModelProver.compile(bytes) }
    let text = "\(error)"
    #expect(text.contains("DynamicQuantizeLinear") && text.contains("quantize_static"))
  }
}
