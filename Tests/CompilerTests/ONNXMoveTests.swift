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

/// Networks of integers at other places, beside what onnxruntime answers (Tests/Vectors/onnx-shapes).
struct ONNXMoveTests {
  static let cases = (try? PackedCase.read("onnx-shapes/quantized.json")) ?? []

  /// Rows of each circuit beyond those of its input and its output: copies of runs of places.
  static let rows: [String: Int] = [
    "gather": 0, "gather-frames": 0, "tile": 0, "expand": 0, "pad-number": 0, "pad-half-way": 0,
    "pad-beyond": 0, "pad-zero": 0, "pad-quantized": 0, "flip": 0,
    // Of two places turned round before three that stay the latter are copied.
    "gather-elements": 3, "gather-nd": 0, "gather-nd-batch": 0,
    // Two planes of one row before, two behind; then three columns before and one behind.
    "pad-reflect": 64, "pad-edge": 64,
    // What comes from the other end needs no copy: it ends where the axis does.
    "pad-wrap": 0,
  ]

  @Test func `all vectors are there`() {
    #expect(Set(Self.cases.map(\.name)) == Set(Self.rows.keys))
  }

  @Test(arguments: Self.cases) func `integers at other places are those of onnxruntime`(
    _ test: PackedCase
  ) throws {
    let graph = try ONNXReader.read(test.bytes).graph
    #expect(try ONNXReader.survey(test.bytes).problems.isEmpty)
    let network = try IntegerNetwork(graph)
    let interpreter = try Interpreter(network.graph)
    let compiled = try Compiler.compile(graph)
    #expect(compiled.notes.isEmpty)
    let (input, output) = (compiled.system.inputs[0], compiled.system.outputs[0])
    let rows = compiled.system.blocks.reduce(0) { $0 + $1.shape.reduce(1, *) }
    let ends = try #require(test.rows.first.map { $0.inputs[0].reals + $0.outputs[0].reals }).count
    #expect(rows - ends == Self.rows[test.name])
    for row in test.rows {
      let integers = try network.quantize(row.inputs[0].reals, input: 0)
      #expect(try interpreter.run(integers: [integers])[0] == row.outputs[0].integers)
      let trace = try Trace.execute(
        compiled.system, compiled.cells, inputs: [integers.map { $0 - input.zeroPoint }])
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let values = trace.values(of: output.blocks[0], in: compiled.system)
      #expect(values.map { $0 + output.zeroPoint } == row.outputs[0].integers)
    }
    guard ["gather", "gather-elements", "tile", "pad-reflect", "pad-number"].contains(test.name)
    else { return }
    let integers = try network.quantize(test.rows[0].inputs[0].reals, input: 0)
    let trace = try Trace.execute(
      compiled.system, compiled.cells, inputs: [integers.map { $0 - input.zeroPoint }])
    let key = try ProverKey(compiled.system, cells: compiled.cells)
    let proof = Prover.prove(trace, key: key)
    try Verifier.verify(proof, key: key.verifier)
    #expect(proof.statement.outputs.map { $0?.values } == [test.rows[0].outputs[0].integers])
  }
}
