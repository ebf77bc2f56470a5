import Model
import TestSupport
import Testing

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
      do { try CircuitAgreement.check(graph, seed: seed, described) } catch {
        Issue.record("\(described): \(error)")
      }
    }
    #expect(accepted > Int(Self.graphs) / 2)
    #expect(nodes.count >= 25, "\(nodes.sorted())")
  }
}
