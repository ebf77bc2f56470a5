import Foundation
import Import
import Model
import TestSupport
import Testing

/// Float TFLite networks against LiteRT's float outputs (Tests/Vectors/networks/tflite-float.json).
struct TFLiteFloatTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var model: String
    var inputs: [[Float]]
    var litert: [[Double]]
    var testDescription: String { name }

    func graph() throws -> Graph { try ModelFile.read(Vectors.bytes("networks/" + model)).graph }
  }

  static let cases: [Case] = {
    let bytes = (try? Vectors.bytes("networks/tflite-float.json")) ?? []
    return (try? JSONDecoder().decode([Case].self, from: Data(bytes))) ?? []
  }()

  @Test func `all vectors are there`() { #expect(Self.cases.count == 11) }

  @Test(arguments: cases) func `a float network answers as LiteRT does`(_ test: Case) throws {
    let interpreter = try Interpreter(test.graph())
    #expect(!test.inputs.isEmpty)
    for (input, expected) in zip(test.inputs, test.litert) {
      let output = try interpreter.run(reals: [input])[0]
      #expect(output.count == expected.count)
      for (own, theirs) in zip(output, expected) {
        #expect(abs(Double(own) - theirs) <= 1e-4 * max(1, abs(theirs)))
      }
    }
  }

  @Test(arguments: cases) func `it needs calibration, by which it has an integer twin`(
    _ test: Case
  ) throws {
    let bytes = try Vectors.bytes("networks/" + test.model)
    #expect(try ModelFile.survey(bytes).problems.isEmpty)
    let float = try test.graph()
    #expect(float.isFloat)
    #expect(throws: ModelError.self) { try IntegerNetwork(float) }
    let (quantized, report) = try Quantizer.quantize(float, calibration: test.inputs.map { [$0] })
    for layer in report.layers { #expect(layer.relativeError < 0.1, "\(layer)") }
    #expect(try IntegerNetwork(quantized).graph.nodes.isEmpty == false)
  }

  /// What is left of a chain of layers with sums and factors by channel between them.
  @Test(arguments: [
    ("channels-after-conv", ["Convolution", "AveragePool", "Convolution", "Reshape"]),
    ("channels-after-fc", ["FullyConnected", "FullyConnected"]),
    ("fc-half", ["FullyConnected", "FullyConnected"]),
  ])
  func `constants go into the layer before them`(_ name: String, _ labels: [String]) throws {
    let test = try #require(Self.cases.first { $0.name == name })
    #expect(try test.graph().nodes.map(\.operator.label) == labels)
  }
}
