import Compiler
import ConstraintSystem
import Import
import Model
import Proving
import TestSupport
import Testing

struct RealModelTests {
  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `ad01 gives the runtime's bytes, and its interpreter's`() throws {
    let graph = try ModelFile.read(Shared.bytes("models/mlperf_tiny/ad01_int8.tflite")).graph
    let compiled = try Compiler.compile(graph)
    let (input, output) = (compiled.system.inputs[0], compiled.system.outputs[0])
    let interpreter = try Interpreter(IntegerNetwork(graph).graph)
    func cases(_ name: String) throws -> [[Int64]] {
      let bytes = try Shared.bytes("models/golden/ad01_int8.\(name).i8")
      return stride(from: 0, to: bytes.count, by: 640).map { start in
        bytes[start..<start + 640].map { Int64(Int8(bitPattern: $0)) }
      }
    }
    let (inputs, expected) = (try cases("input"), try cases("output"))
    #expect(inputs.count == 8 && expected.count == 8)
    for (values, expected) in zip(inputs, expected) {
      let trace = try Trace.execute(
        compiled.system, compiled.cells, inputs: [values.map { $0 - input.zeroPoint }])
      let result = trace.values(of: output.block, in: compiled.system)
      #expect(result.map { $0 + output.zeroPoint } == expected)
      #expect(try interpreter.run(integers: [values]) == [expected])
    }
    let trace = try Trace.execute(
      compiled.system, compiled.cells, inputs: [inputs[0].map { $0 - input.zeroPoint }])
    #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `ad01 stays within what it may cost`() throws {
    let graph = try ModelFile.read(Shared.bytes("models/mlperf_tiny/ad01_int8.tflite")).graph
    let report = try Compiler.compile(graph).report
    #expect(report.estimate.proofBytes <= 40 << 10)
    #expect(report.traceRows == 1 << 12)
    #expect(report.paddedTableRows <= 1 << 12)
    #expect(report.parameters.scaleBits >= 40)
  }
}
