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

/// Networks that read by the integers of an input, beside what onnxruntime answers (Tests/Vectors/onnx-indices).
struct ONNXIndexTests {
  static let cases = (try? PackedCase.read("onnx-indices/cases.json")) ?? []

  @Test func `all vectors are there`() {
    #expect(Self.cases.map(\.name) == ["embedding", "columns", "two-tables", "chosen"])
  }

  @Test(arguments: Self.cases) func `what is read is what onnxruntime reads`(
    _ test: PackedCase
  ) throws {
    let graph = try ONNXReader.read(test.bytes).graph
    #expect(try ONNXReader.survey(test.bytes).problems.isEmpty)
    #expect(IntegerNetwork.problems(of: graph) == [])
    let network = try IntegerNetwork(graph)
    let interpreter = try Interpreter(network.graph)
    let compiled = try Compiler.compile(graph)
    let system = compiled.system
    for row in test.rows {
      var integers: [[Int64]] = []
      for (place, input) in row.inputs.enumerated() {
        integers.append(try network.quantize(input.reals, input: place))
      }
      #expect(try interpreter.run(integers: integers)[0] == row.outputs[0].integers)
      let inputs = zip(integers, system.inputs).map { values, port in
        port.circuit(RuntimeIntegers(values))
      }
      let trace = try Trace.execute(system, compiled.cells, inputs: inputs)
      #expect(Checker.check(system, compiled.cells, trace).isEmpty)
      var executor = PlainExecutor(system, compiled.cells, runs: 1)
      let plain = try executor.run(inputs)
      #expect(plain == [trace.values(at: system.outputs[0], in: system)])
      #expect(system.outputs[0].runtime(plain[0]).values == row.outputs[0].integers)
    }
    let inputs = zip(test.rows[0].inputs, system.inputs).enumerated().map { place, pair in
      pair.1.circuit(
        RuntimeIntegers((try? network.quantize(pair.0.reals, input: place)) ?? []))
    }
    let key = try ProverKey(system, cells: compiled.cells)
    let trace = try Trace.execute(system, compiled.cells, inputs: inputs)
    let proof = Prover.prove(trace, key: key)
    try Verifier.verify(proof, key: key.verifier)
    #expect(proof.statement.outputs[0]?.values == test.rows[0].outputs[0].integers)
    // The integers that say where to read are no block.
    let number = try #require(system.inputs.firstIndex { $0.blocks.isEmpty })
    #expect(proof.statement.inputs[number]?.values == test.rows[0].inputs[number].integers)
    var altered = proof
    altered.statement.inputs[number]?[0] = -1
    #expect(throws: VerificationError.self) { try Verifier.verify(altered, key: key.verifier) }
  }

  @Test func `a place that is not there is told in the interpreter's words`() throws {
    let test = try #require(Self.cases.first)
    let network = try IntegerNetwork(try ONNXReader.read(test.bytes).graph)
    #expect(
      throws: ModelError.invalid(
        node: "Gather.e",
        what: "its indices hold 20 at position 1; the axis that it reads has places 0 to 19")
    ) { try Interpreter(network.graph).run(integers: [[0, 20, 0, 0, 0, 0]]) }
  }

  @Test func `indices that nobody else may know are refused`() throws {
    let test = try #require(Self.cases.first)
    let graph = try ONNXReader.read(test.bytes).graph
    var options = CompilerOptions()
    options.input = .private
    #expect(throws: ModelError.self) { try Compiler.compile(graph, options) }
  }

  /// A float network's table may be read anywhere, whatever calibration read.
  @Test func `calibration sees all of a table`() throws {
    let table = Tensor(
      name: "t", shape: [4, 1], type: .float32, constant: .real([1, 2, 3, 40]))
    var graph = Graph(name: "float")
    graph.tensors = [
      Tensor(name: "ids", shape: [2], type: .int64), table,
      Tensor(name: "y", shape: [2, 1], type: .float32),
    ]
    let source = SourceNode(
      format: .onnx(opset: 17), type: "Gather", name: "g", attributes: [:],
      inputs: [table, graph.tensors[0]], outputs: [graph.tensors[2]])
    graph.nodes = [
      Node(name: "g", operator: try Gather(source), inputs: [1, 0], outputs: [2])
    ]
    (graph.inputs, graph.outputs) = ([0], [2])
    let (quantized, _) = try Quantizer.quantize(graph, calibration: [[[0, 1]], [[1, 0]]])
    let network = try IntegerNetwork(quantized)
    let found = try Interpreter(network.graph).run(integers: [[3, 0]])[0]
    let values = try network.finalValues(found)
    guard case .reals(let reals) = values.elements else { return }
    #expect(abs(reals[0] - 40) < 0.2 && abs(reals[1] - 1) < 0.2)
    let compiled = try Compiler.compile(quantized)
    let trace = try Trace.execute(compiled.system, compiled.cells, inputs: [[3, 0] as [Int64]])
    #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
  }
}
