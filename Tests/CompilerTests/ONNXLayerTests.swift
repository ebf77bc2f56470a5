import Checker
import Compiler
import ConstraintSystem
import Import
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Networks as onnxruntime's `quantize_static` writes them, beside what onnxruntime answers
/// (Tests/Vectors/onnx-layers): the interpreter, the circuit and a proof give its integers.
struct ONNXLayerTests {
  static let cases = (try? PackedCase.read("onnx-layers/cases.json")) ?? []

  /// Values that differ, by 1: `README.md` beside the vectors says why.
  static let differing: [String: Int] = [
    "averagepool-pads-qdq-u8s8": 5, "averagepool-pads-qdq-s8-channel": 4, "gated-qdq-u8s8": 3,
    "gated-qdq-s8-channel": 2, "convinteger": 1, "averagepool-2x2-qdq-s8-channel": 29,
    "averagepool-2x2-relu-qdq-u8s8": 6, "averagepool-2x2-relu-qdq-s8-channel": 6,
    "mean-uint8": 7, "mean-int8": 7, "mean-rescaled-uint8": 2, "mean-rescaled-int8": 1,
    "mean-new-axis-uint8": 2, "mean-new-axis-int8": 3, "reduce-sum-ties": 8,
    "resize-linear-up": 106, "resize-linear-up-rescaled": 6, "resize-linear-up-3": 284,
    "resize-linear-down": 11, "resize-linear-decimal": 21, "resize-linear-decimal-rescaled": 1,
    "resize-cubic-up": 3, "resize-cubic-down": 1,
  ]

  @Test func `all vectors are there`() { #expect(Self.cases.count == 177) }

  @Test(arguments: Self.cases) func `a quantized network answers as onnxruntime does`(
    _ test: PackedCase
  ) throws {
    let graph = try ONNXReader.read(test.bytes).graph
    let network = try IntegerNetwork(graph)
    let interpreter = try Interpreter(network.graph)
    let compiled = try Compiler.compile(graph)
    let (input, output) = (compiled.system.inputs[0], compiled.system.outputs[0])
    #expect(compiled.system.blockLabels == compiled.labels)
    var differing = 0
    for (index, row) in test.rows.enumerated() {
      let integers = try network.quantize(row.inputs[0].reals, input: 0)
      let answer = try interpreter.run(integers: [integers])[0]
      let expected = try #require(row.outputs[0].integers)
      #expect(answer.count == expected.count)
      for (own, theirs) in zip(answer, expected) where own != theirs {
        differing += 1
        #expect(abs(own - theirs) == 1)
      }
      guard index == 0 || index == test.rows.count - 1 else { continue }
      let trace = try Trace.execute(
        compiled.system, compiled.cells, inputs: [integers.map { $0 - input.zeroPoint }])
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let values = trace.values(of: output.blocks[0], in: compiled.system)
      #expect(values.map { $0 + output.zeroPoint } == answer)
      guard index == 0 else { continue }
      let key = try ProverKey(compiled.system, cells: compiled.cells)
      let proof = Prover.prove(trace, key: key)
      try Verifier.verify(proof, key: key.verifier)
      #expect(proof.statement.outputs.map { $0?.values } == [answer])
    }
    #expect(differing == Self.differing[test.name] ?? 0, "\(test.name)")
  }
}
