import ConstraintSystem
import Import
import Model
import TestSupport
import Testing

/// The convolutional int8 networks of MLPerf Tiny against LiteRT's bytes, logits included.
@Suite(.enabled(if: Shared.isPresent, "needs ../shared"))
struct GoldenModelTests {
  @Test(arguments: Golden.convolutional)
  func `the interpreter gives every golden byte, before and after the last step`(
    _ golden: Golden
  ) throws {
    let network = try IntegerNetwork(ModelFile.read(golden.model()).graph)
    let interpreter = try Interpreter(network.graph)
    let (logits, finals) = (try golden.logits(), try golden.finals())
    for (row, input) in try golden.inputs().enumerated() {
      let answer = try interpreter.run(integers: [input])
      #expect(answer == [logits[row]], "case \(row)")
      #expect(try network.finalValues(answer[0]).elements == .integers(finals[row]))
    }
  }

  /// Biases of one axis that carry axis 3, and another runtime's files: they are read and run.
  @Test(arguments: ["person_detect", "micro_speech_quantized", "hello_world_int8"])
  func `TFLite Micro's networks are read`(_ name: String) throws {
    let bytes = try Shared.bytes("models/tflite_micro/\(name).tflite")
    let network = try IntegerNetwork(ModelFile.read(bytes).graph)
    let input = network.graph.tensors[network.graph.inputs[0]]
    let answer = try Interpreter(network.graph).run(
      integers: [[Int64](repeating: 0, count: input.count)])
    #expect(answer[0].count == network.graph.tensors[network.graph.outputs[0]].count)
  }
}
