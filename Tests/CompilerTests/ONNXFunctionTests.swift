import Checker
import Compiler
import ConstraintSystem
import Import
import Model
import TestSupport
import Testing
import Witness

/// Functions of one byte and of several between DequantizeLinear and QuantizeLinear, beside what onnxruntime
/// answers (Tests/Vectors/onnx-functions): interpreter and circuit give its integers.
struct ONNXFunctionTests {
  static let cases = (try? PackedCase.read("onnx-functions/cases.json")) ?? []

  @Test func `all vectors are there`() { #expect(Self.cases.count == 118) }

  @Test(arguments: cases) func `a function answers as onnxruntime does`(_ test: PackedCase) throws {
    let graph = try ONNXReader.read(test.bytes).graph
    let network = try IntegerNetwork(graph)
    let interpreter = try Interpreter(network.graph)
    let compiled = try Compiler.compile(graph)
    let system = compiled.system
    #expect(system.blockLabels == compiled.labels)
    #expect(compiled.notes.isEmpty)
    for row in test.rows {
      let integers = try row.inputs.enumerated().map { try network.quantize($1.reals, input: $0) }
      let expected = try #require(row.outputs[0].integers)
      #expect(try interpreter.run(integers: integers)[0] == expected)
      let trace = try Trace.execute(
        system, compiled.cells,
        inputs: zip(integers, system.inputs).map { row, port in row.map { $0 - port.zeroPoint } })
      #expect(Checker.check(system, compiled.cells, trace).isEmpty)
      let port = system.outputs[0]
      #expect(trace.values(of: port.block, in: system).map { $0 + port.zeroPoint } == expected)
    }
  }

  /// However many nodes it is made of.
  @Test(arguments: cases.filter { $0.rows[0].inputs.count == 1 })
  func `a function of one byte is one table`(_ test: PackedCase) throws {
    let graph = try IntegerNetwork(ONNXReader.read(test.bytes).graph).graph
    #expect(graph.nodes.count == 1, "\(graph.nodes.map(\.name))")
  }
}
