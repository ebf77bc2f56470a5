import Checker
import Compiler
import ConstraintSystem
import Model
import TestSupport
import Testing
import Witness

/// A network's circuit beside what its operators say of random integers of int8.
enum CircuitAgreement {
  /// - Parameter described: in front of what differs.
  /// - Returns: the circuit.
  @discardableResult
  static func check(
    _ graph: Graph, seed: UInt64, _ described: String = ""
  ) throws -> CompiledCircuit {
    let compiled = try Compiler.compile(graph)
    let interpreter = try Interpreter(try IntegerNetwork(graph).graph)
    let slack: Int64 = compiled.notes.isEmpty ? 0 : Int64(graph.nodes.count)
    var random = SplitMix64(seed: seed)
    for _ in 0..<2 {
      let row = graph.inputs.map {
        random.integers(graph.tensors[$0].count, in: -128...127)
      }
      let trace = try Trace.execute(
        compiled.system, compiled.cells,
        inputs: zip(row, compiled.system.inputs).map { row, port in
          row.map { $0 - port.zeroPoint }
        })
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty, "\(described)")
      let port = compiled.system.outputs[0]
      let own = trace.values(of: port.blocks[0], in: compiled.system).map { $0 + port.zeroPoint }
      let wanted = try interpreter.run(integers: row)[0]
      #expect(own.count == wanted.count, "\(described)")
      let isSame = zip(own, wanted).allSatisfy { abs($0 - $1) <= slack }
      #expect(isSame, "\(described): \(own), not \(wanted)")
    }
    return compiled
  }
}
