import Checker
import Compiler
import ConstraintSystem
import Model
import TestSupport
import Testing
import Witness

/// What `inspect` accepts compiles, and computes what the operators say.
struct RandomGraphTests {
  /// Of so many graphs in each run.
  private static let graphs: UInt64 = 600

  @Test func `a network that is accepted compiles and computes what its operators say`() throws {
    var (accepted, nodes) = (0, Set<String>())
    for seed in 0..<Self.graphs {
      let graph = try RandomGraph.make(seed: seed)
      guard !graph.nodes.isEmpty, IntegerNetwork.problems(of: graph).isEmpty,
        IntegerNetwork.obstacle(to: graph) == nil
      else { continue }
      let described = "seed \(seed): \(graph.nodes.map(\.name))"
      accepted += 1
      nodes.formUnion(graph.nodes.map(\.operator.label))
      let compiled: CompiledCircuit
      do { compiled = try Compiler.compile(graph) } catch {
        Issue.record("\(described): \(error)")
        continue
      }
      let network = try IntegerNetwork(graph)
      let interpreter = try Interpreter(network.graph)
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
        let own = trace.values(of: port.block, in: compiled.system).map { $0 + port.zeroPoint }
        let wanted = try interpreter.run(integers: row)[0]
        #expect(own.count == wanted.count, "\(described)")
        let isSame = zip(own, wanted).allSatisfy { abs($0 - $1) <= slack }
        #expect(isSame, "\(described): \(own), not \(wanted)")
      }
    }
    #expect(accepted > Int(Self.graphs) / 2)
    #expect(nodes.count >= 25, "\(nodes.sorted())")
  }
}
