import Foundation
import Import
import Model
import TestSupport
import Testing

/// Float networks against onnxruntime's float outputs (Tests/Vectors/networks/float.json).
struct ONNXFloatTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var model: String
    var inputs: [[Float]]
    var onnxruntime: [[Double]]
    var testDescription: String { name }
  }

  static let cases: [Case] = {
    let bytes = (try? Vectors.bytes("networks/float.json")) ?? []
    return (try? JSONDecoder().decode([Case].self, from: Data(bytes))) ?? []
  }()

  @Test func `all vectors are there`() { #expect(Self.cases.count == 12) }

  @Test(arguments: Self.cases) func `a float network answers as onnxruntime does`(
    _ test: Case
  ) throws {
    let graph = try ONNXReader.read(Vectors.bytes("networks/" + test.model)).graph
    let interpreter = try Interpreter(graph)
    #expect(!test.inputs.isEmpty)
    for (input, expected) in zip(test.inputs, test.onnxruntime) {
      let output = try interpreter.run(reals: [input])[0]
      #expect(output.count == expected.count)
      for (own, theirs) in zip(output, expected) {
        #expect(abs(Double(own) - theirs) <= 1e-4 * max(1, abs(theirs)))
      }
    }
  }

  @Test(arguments: Self.cases) func `a float network is not proven without calibration`(
    _ test: Case
  ) throws {
    let graph = try ONNXReader.read(Vectors.bytes("networks/" + test.model)).graph
    #expect(throws: ModelError.self) { try IntegerNetwork(graph) }
  }
}
