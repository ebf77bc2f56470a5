import Foundation
import Import
import Model
import TestSupport
import Testing

/// Small networks and digits-mlp against what onnxruntime answered (Tests/Vectors/networks).
struct ONNXVectorTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var model: String
    var input_kind: String
    var output_kind: String
    var output_scale: Double
    var output_zero_point: Int64
    var inputs: [[Double]]
    var quantized_inputs: [[Int64]]
    var onnxruntime: [[Int64]]
    var integer: [[Int64]]
    var testDescription: String { name }
  }

  static let cases: [Case] = {
    let bytes = (try? Vectors.bytes("networks/onnx.json")) ?? []
    return (try? JSONDecoder().decode([Case].self, from: Data(bytes))) ?? []
  }()

  @Test func `all vectors are there`() { #expect(Self.cases.count == 18) }

  @Test(arguments: Self.cases)
  func `a quantized network answers as onnxruntime does`(_ test: Case) throws {
    let bytes = try Vectors.bytes("networks/" + test.model)
    let (graph, notes) = try ONNXReader.read(bytes)
    #expect(notes.isEmpty)
    let network = try IntegerNetwork(graph)
    let interpreter = try Interpreter(network.graph)
    var differing = 0
    for (row, input) in test.inputs.enumerated() {
      let integers =
        test.input_kind == "float32"
        ? try network.quantize(input.map { Float($0) }, input: 0) : input.map { Int64($0) }
      #expect(integers == test.quantized_inputs[row])
      let output = try interpreter.run(integers: [integers])[0]
      #expect(output == test.integer[row])
      for (own, theirs) in zip(output, test.onnxruntime[row]) where own != theirs {
        differing += 1
        #expect(abs(own - theirs) <= 1)
      }
    }
    // Runtimes send exact ties to even; only that network is made of them.
    #expect(differing <= (test.name == "qdq-ties" ? 6 : 0))
    let last = network.graph.tensors[network.graph.outputs[0]]
    #expect(last.quantization?.scales.first == Float(test.output_scale))
    #expect(last.quantization?.zeroPoints.first == test.output_zero_point)
    #expect(network.finalSteps[0].isEmpty == (test.output_kind != "float32"))
  }

  struct Digits: Decodable {
    var pixels: [[Int64]]
    var logits: [[Int64]]
  }

  @Test(arguments: ["qdq", "qoperator"])
  func `digits-mlp answers as onnxruntime does`(form: String) throws {
    let digits = try JSONDecoder().decode(
      Digits.self, from: Data(Vectors.bytes("networks/digits.json")))
    let network = try IntegerNetwork(
      ONNXReader.read(Circuits.bytes("digits-mlp/model-int8-\(form).onnx")).graph)
    let interpreter = try Interpreter(network.graph)
    #expect(network.graph.nodes.count == 2)
    #expect(network.finalSteps[0].count >= 1)
    #expect(digits.pixels.count == 64)
    for (pixels, logits) in zip(digits.pixels, digits.logits) {
      #expect(try interpreter.run(integers: [pixels])[0] == logits)
    }
  }
}

/// `Circuits/…`: the gallery of models.
enum Circuits {
  static func bytes(_ path: String) throws -> [UInt8] {
    let root = Vectors.url("").deletingLastPathComponent().deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: root.appendingPathComponent("Circuits/" + path)))
  }
}
