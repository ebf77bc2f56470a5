import Checker
import Compiler
import ConstraintSystem
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Committed tensors have blocks of their own, also where the network has one for two of them.
struct SeparateCommittedTests {
  /// A network whose outputs are its input, and its input once more.
  private func network() -> LoweredNetwork {
    var recorder = CircuitRecorder()
    _ = recorder.input("x", shape: [64], range: -128...127)
    func port(_ name: String) -> LoweredNetwork.Port {
      LoweredNetwork.Port(
        name: name, blocks: [0], shape: [64], type: .int8, scale: 1, zeroPoint: 0, userType: .int8)
    }
    return LoweredNetwork(
      name: "same", draft: recorder.draft, inputs: [port("x")],
      outputs: [port("y"), port("z")])
  }

  @Test(arguments: [Visibility.public, .private, .committed], [Visibility.public, .committed])
  func `an output that is the input is proven`(input: Visibility, output: Visibility) throws {
    let compiled = try Compiler.compile(
      network(), CompilerOptions(input: input, output: output))
    let (system, values) = (compiled.system, (0..<64).map { Int64($0 * 3 - 90) })
    let committed = (system.inputs + system.outputs).filter { $0.visibility == .committed }
    #expect(Set(committed.flatMap(\.blocks)).count == committed.count)
    let trace = try Trace.execute(system, compiled.cells, inputs: [values])
    #expect(Checker.check(system, compiled.cells, trace).isEmpty)
    for port in system.outputs { #expect(trace.values(of: port.blocks[0], in: system) == values) }
    let key = try ProverKey(system, cells: compiled.cells)
    try Verifier.verify(Prover.prove(trace, key: key), key: key.verifier)
  }

  /// Nothing changes where no two committed tensors meet.
  @Test func `a network that needs no copy is left as it is`() {
    let network = network()
    let separated = SeparateCommitted.run(network, CompilerOptions(input: .committed))
    #expect(separated.draft.blocks == network.draft.blocks)
    #expect(separated.outputs == network.outputs)
  }
}
