import Checker
import Compiler
import ConstraintSystem
import Import
import Model
import TestSupport
import Testing
import Witness

/// Functions of one byte and of several, and forms of products, between DequantizeLinear and QuantizeLinear, beside what onnxruntime
/// answers (Tests/Vectors/onnx-functions): interpreter and circuit give its integers.
struct ONNXFunctionTests {
  static let cases = (try? PackedCase.read("onnx-functions/cases.json")) ?? []

  /// Values that differ, by 1: `README.md` beside the vectors says why.
  static let differing = ["sum-one-scale": 37, "mean-one-scale": 1, "mean-of-three": 1]

  @Test func `all vectors are there`() { #expect(Self.cases.count == 129) }

  @Test(arguments: cases) func `a function answers as onnxruntime does`(_ test: PackedCase) throws {
    let graph = try ONNXReader.read(test.bytes).graph
    let network = try IntegerNetwork(graph)
    let interpreter = try Interpreter(network.graph)
    let compiled = try Compiler.compile(graph)
    let system = compiled.system
    #expect(system.blockLabels == compiled.labels)
    #expect(compiled.notes.isEmpty)
    var differing = 0
    for row in test.rows {
      let integers = try row.inputs.enumerated().map { try network.quantize($1.reals, input: $0) }
      let expected = try #require(row.outputs[0].integers)
      let answer = try interpreter.run(integers: integers)[0]
      #expect(answer.count == expected.count)
      for (own, theirs) in zip(answer, expected) where own != theirs {
        differing += 1
        #expect(abs(own - theirs) == 1)
      }
      let trace = try Trace.execute(
        system, compiled.cells,
        inputs: zip(integers, system.inputs).map { row, port in row.map { $0 - port.zeroPoint } })
      #expect(Checker.check(system, compiled.cells, trace).isEmpty)
      let port = system.outputs[0]
      #expect(trace.values(of: port.blocks[0], in: system).map { $0 + port.zeroPoint } == answer)
    }
    #expect(differing == Self.differing[test.name] ?? 0)
  }

  /// However many nodes it is made of.
  @Test(arguments: cases.filter { $0.rows.count == 1 && !$0.name.hasPrefix("batchnorm") })
  func `a function of one byte is one table`(_ test: PackedCase) throws {
    let graph = try IntegerNetwork(ONNXReader.read(test.bytes).graph).graph
    #expect(graph.nodes.count == 1, "\(graph.nodes.map(\.name))")
  }
}
