import Checker
import Compiler
import ConstraintSystem
import Foundation
import Import
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Networks of other people's converters, against integers from outside (Tests/Vectors/networks).
struct VectorTests {
  struct Case: Decodable, CustomTestStringConvertible {
    var name: String
    var model: String
    var quantizedInputs: [[Int64]]?
    var integers: [[Int64]]?
    var testDescription: String { name }

    private enum Key: String, CodingKey {
      case name, model, inputs, integer
      case inputKind = "input_kind"
      case outputKind = "output_kind"
      case quantizedInputs = "quantized_inputs"
    }
    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      name = try values.decode(String.self, forKey: .name)
      model = try values.decode(String.self, forKey: .model)
      quantizedInputs = try values.decodeIfPresent([[Int64]].self, forKey: .quantizedInputs)
      if try values.decode(String.self, forKey: .inputKind) == "int8" {
        quantizedInputs = try values.decode([[Int64]].self, forKey: .inputs)
      }
      integers = try? values.decode([[Int64]].self, forKey: .integer)
    }
  }

  static func cases(_ file: String) throws -> [Case] {
    let data = try Data(contentsOf: Vectors.url("networks/\(file).json"))
    return try JSONDecoder().decode([Case].self, from: data)
  }

  /// The circuit's integers, the interpreter's and the file's are the same, and are what a proof of
  /// the first and of the last row states.
  private func check(_ graph: Graph, _ inputs: [[Int64]], _ expected: [[Int64]]?) throws {
    let compiled = try Compiler.compile(graph)
    let interpreter = try Interpreter(IntegerNetwork(graph).graph)
    let (input, output) = (compiled.system.inputs[0], compiled.system.outputs[0])
    let key = try ProverKey(compiled.system, cells: compiled.cells)
    for (index, values) in inputs.enumerated() {
      let trace = try Trace.execute(
        compiled.system, compiled.cells, inputs: [values.map { $0 - input.zeroPoint }])
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let result = trace.values(of: output.blocks[0], in: compiled.system).map {
        $0 + output.zeroPoint
      }
      #expect(try interpreter.run(integers: [values]) == [result])
      if index == 0 || index == inputs.count - 1 {
        let proof = Prover.prove(trace, key: key)
        try Verifier.verify(proof, key: key.verifier)
        #expect(proof.statement.outputs.map { $0?.values } == [result])
      }
      if let expected, output.finalSteps.allSatisfy({ $0 == .dequantize }) {
        #expect(result == expected[index])
      }
    }
  }

  @Test(arguments: try cases("onnx"))
  func `ONNX networks give their integers`(network: Case) throws {
    let graph = try ModelFile.read(Vectors.bytes("networks/\(network.model)")).graph
    try check(graph, try #require(network.quantizedInputs), network.integers)
  }

  @Test(arguments: try cases("tflite").filter { $0.quantizedInputs != nil })
  func `TFLite networks give their integers`(network: Case) throws {
    let graph = try ModelFile.read(Vectors.bytes("networks/\(network.model)")).graph
    try check(graph, try #require(network.quantizedInputs), network.integers)
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `ad01 gives the runtime's bytes at a bounded cost`() throws {
    let graph = try ModelFile.read(Shared.bytes("models/mlperf_tiny/ad01_int8.tflite")).graph
    func rows(_ bytes: [UInt8]) -> [[Int64]] {
      stride(from: 0, to: bytes.count, by: 640).map { start in
        bytes[start..<start + 640].map { Int64(Int8(bitPattern: $0)) }
      }
    }
    let (inputs, outputs) = (
      try rows(Shared.bytes("models/golden/ad01_int8.input.i8")),
      try rows(Shared.bytes("models/golden/ad01_int8.output.i8"))
    )
    #expect(inputs.count == 8 && outputs.count == 8)
    try check(graph, inputs, outputs)
    let report = try Compiler.compile(graph).report
    #expect(report.estimate.proofBytes <= 40 << 10)
    #expect(report.traceRows == 1 << 12)
    #expect((24...40).contains(report.parameters.scaleBits))
  }

  @Test(arguments: ["model-int8-qdq", "model-int8-qoperator"])
  func `the digit classifier stays within what it may cost`(name: String) throws {
    let url = Vectors.url("../../Circuits/digits-mlp/\(name).onnx")
    let graph = try ModelFile.read([UInt8](Data(contentsOf: url))).graph
    let compiled = try Compiler.compile(graph)
    #expect(compiled.report.estimate.proofBytes <= 15 << 10)
    #expect(compiled.system.inputs[0].userType == .float32)
  }
}
