import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// What stands after an extent counts for nothing, whatever the key or the witness holds there.
struct ExtentTests {
  /// The key says 8-6-4; in the padding of its tensors lie the weights of an 8-8-4 network.
  private func keyWithMoreThanItSays() throws -> (narrow: Fixture, wide: Circuit, key: ProverKey) {
    // Rows long enough to be sent with all of their padding: what is not sent is zero.
    let narrow = Circuits.mlp([8, 6, 4], commitmentRowBits: 6)
    var wide = Circuits.mlp([8, 8, 4], commitmentRowBits: 6, seed: 2)
    // The two more neurons of the first layer: weights of the input's signs, large multipliers.
    for neuron in 6..<8 {
      for (place, x) in narrow.inputs[0].enumerated() {
        wide.values[0][neuron * 8 + place] = 7 * x.signum()
      }
      wide.values[2][neuron] = wide.values[2].max() ?? 0
    }
    #expect(narrow.system.tensors.map(\.offset) == wide.system.tensors.map(\.offset))
    #expect(narrow.system.blocks.map(\.offset) == wide.system.blocks.map(\.offset))
    // Within the extents the narrow network's own weights.
    var cells = Array(try wide.cells.cells)
    for (index, tensor) in narrow.system.tensors.enumerated() {
      Layout.forEachRun(shape: tensor.shape) { cell, place, count in
        for step in 0..<count {
          cells[tensor.offset + cell + step] = narrow.values[index][place + step]
        }
      }
    }
    #expect(try cells != Array(narrow.cells.cells))
    return (
      try Fixture(narrow), wide, try ProverKey(narrow.system, cells: ModelCells(cells: cells))
    )
  }

  @Test func `weights in the padding of a key change nothing`() throws {
    let (narrow, _, key) = try keyWithMoreThanItSays()
    let trace = try Trace.execute(narrow.circuit.system, key.cells, inputs: narrow.circuit.inputs)
    #expect(trace == narrow.trace)
    let proof = Prover.prove(trace, key: key)
    try Verifier.verify(proof, key: key.verifier)
  }

  @Test func `a network wider than its key says is refused`() throws {
    let (narrow, wide, key) = try keyWithMoreThanItSays()
    let trace = try Trace.execute(wide.system, key.cells, inputs: narrow.circuit.inputs)
    #expect(trace.outputs != narrow.trace.outputs)
    let proof = Prover.prove(trace, key: key)
    #expect(throws: VerificationError.refused(.rejected(.equation))) {
      try Verifier.verify(proof, key: key.verifier)
    }
  }

  /// e = exp-like of five values in a block of eight, s their sum: f(0) = 8 on the three others.
  private static func exponentials() -> Circuit {
    var circuit = Circuit(
      "exponentials", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 2)
    let identity = circuit.function(.identity(-128...127))
    let steps: [Int16] = [8, 11, 15, 20]
    let exponential = circuit.function(
      TableFunction(
        name: "exp", body: .values(lowest: -8, (-8..<8).map { steps[min(3, max(0, $0))] })))
    let x = circuit.input("x", [5], function: identity, values: [-2, -1, 0, 1, 2])
    let e = circuit.block(
      "e", [5], function: exponential, circuit.one, [Term(factors: [TensorAccess(x, [.label(0)])])])
    let sum = circuit.block(
      "s", [1], function: identity, circuit.one,
      [Term(summed: [5], factors: [TensorAccess(e, [.label(1)])])])
    circuit.output(sum)
    circuit.place()
    return circuit
  }

  @Test func `the value of zero does not leak from padding into sums`() throws {
    let fixture = try Fixture(Self.exponentials())
    #expect(fixture.trace.values(of: 2, in: fixture.circuit.system) == [8 + 8 + 8 + 11 + 15])
    #expect(fixture.refusal(try fixture.proof()) == nil)
    // What a relation over all eight rows would make of it.
    for (fills, violated) in [(false, Set(["linear"])), (true, ["balance", "linear"])] {
      var trace = fixture.trace
      let row = fixture.rows.row(2, [0])
      if fills { for index in 5..<8 { trace.outputs[fixture.rows.row(1, [index])] = 8 } }
      fixture.rows.fill(
        &trace, row: row, accumulator: trace.accumulators[row] + 24, multiplier: 256, function: 0,
        shift: 0)
      fixture.rows.recount(&trace)
      var prover = fixture.prover(trace)
      let proof = try prover.run()
      #expect(try Diagnosis(prover).violated == violated)
      #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
    }
  }
}
