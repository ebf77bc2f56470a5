import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// The convolutional classifiers of Circuits: compiled, proven, verified, and as right as in
/// onnxruntime, whose answers `expected.json` holds.
struct GalleryTests {
  struct Network: CustomTestStringConvertible, Sendable {
    var folder: String
    var model: String
    var testDescription: String { "\(folder)/\(model)" }

    func bytes(_ name: String) throws -> [UInt8] {
      let circuits = Digits.folder.deletingLastPathComponent()
      return [UInt8](try Data(contentsOf: circuits.appendingPathComponent("\(folder)/\(name)")))
    }

    var isFloat: Bool { model == "model.onnx" }

    func compile() throws -> ModelProver {
      let calibration = try isFloat ? arrays("calibration.npy") : nil
      return try ModelProver.compile(bytes(model), calibration: calibration).prover
    }

    func arrays(_ name: String) throws -> NamedArrays {
      try NamedArrays(bytes(name), named: name)
    }
  }

  static let networks = [
    Network(folder: "lenet5", model: "model.onnx"),
    Network(folder: "ds-cnn", model: "model.onnx"),
    Network(folder: "ds-cnn", model: "model-int8-qdq.onnx"),
    Network(folder: "resnet", model: "model.onnx"),
    Network(folder: "resnet", model: "model-int8-qoperator.onnx"),
    Network(folder: "ecg", model: "model.onnx"),
    Network(folder: "ecg", model: "model-int8-qdq.onnx"),
  ]

  /// `expected.json`.
  struct Expected: Decodable {
    struct Model: Decodable {
      /// Of all test inputs.
      var right: Int
      /// Of the first test inputs: integers of a quantized model, reals of a float one.
      var beforeSoftmax: [[Double]]

      private enum CodingKeys: String, CodingKey {
        case right
        case beforeSoftmax = "before_softmax"
      }
    }
    var label: Int
    var models: [String: Model]
  }

  static func expected(_ network: Network) throws -> (label: Int, model: Expected.Model) {
    let expected = try JSONDecoder().decode(
      Expected.self, from: Data(network.bytes("expected.json")))
    return (expected.label, try #require(expected.models[network.model]))
  }

  /// A network's test inputs, so many at least.
  static func tests(_ network: Network, _ count: Int) throws -> NamedArrays {
    try network.folder == "ecg" ? network.arrays("test-inputs.npy") : images(count)
  }

  /// The test images of digits-mlp as `Circuits/training/data.py` enlarges them: every pixel three
  /// by three, in a frame of two.
  static func images(_ count: Int) throws -> NamedArrays {
    let pixels = try NumericArray.read(Digits.bytes("test-inputs.npy"), named: "test").reals
    var values: [Double] = []
    for image in 0..<count {
      for (y, x) in (0..<784).map({ ($0 / 28 - 2, $0 % 28 - 2) }) {
        let isFrame = !(0..<24).contains(y) || !(0..<24).contains(x)
        values.append(isFrame ? 0 : Double(pixels[64 * image + 8 * (y / 3) + x / 3]))
      }
    }
    return NamedArrays(
      try NumericArray(shape: [count, 1, 28, 28], element: .float32, values: .real(values)))
  }

  @Test(arguments: networks) func `the input's proof states its class`(_ network: Network) throws {
    let prover = try network.compile()
    let proof = try prover.prove(network.arrays("input.npy"), checked: false)
    let inference = try ModelVerifier(prover.verifier.file).verify(proof)
    let integers = try #require(inference.outputs.first?.integers)
    #expect(integers.firstIndex(of: integers.max() ?? 0) == (try Self.expected(network).label))
  }

  @Test(arguments: networks) func `every constraint holds exactly`(_ network: Network) throws {
    #expect(try network.compile().check(network.arrays("input.npy")).violations.isEmpty)
  }

  @Test(arguments: networks.filter { !$0.isFloat })
  func `integers are onnxruntime's`(_ network: Network) throws {
    let answers = try Self.expected(network).model.beforeSoftmax
    let result = try network.compile().run(Self.tests(network, answers.count), lastSteps: false)
    let expected = answers.flatMap { $0.map { Int64($0) } }
    #expect(result.integers?.prefix(expected.count).elementsEqual(expected) == true)
  }

  @Test(arguments: networks.filter(\.isFloat))
  func `quantization keeps the classes of the float model`(_ network: Network) throws {
    let answers = try Self.expected(network).model.beforeSoftmax
    let result = try network.compile().run(Self.tests(network, answers.count))
    let agreeing = zip(classes(result), answers).count { ours, reals in
      reals.firstIndex(of: reals.max() ?? 0) == ours
    }
    #expect(agreeing >= answers.count - 1, "\(agreeing) of \(answers.count)")
  }
}
