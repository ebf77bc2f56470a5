import ConstraintSystem
import TestSupport
import Testing
import Witness

/// A witness that is honest but for one thing, and the claims of the verifier that it makes false.
struct Lie: Sendable, CustomTestStringConvertible {
  let name: String
  let circuit: @Sendable () -> Circuit
  /// Exactly what refuses it.
  let violated: Set<String>
  let tell: @Sendable (inout Trace, Fixture) throws -> Void

  init(
    _ name: String, in circuit: @escaping @Sendable () -> Circuit = { Circuits.mlp() },
    violates violated: Set<String>,
    _ tell: @escaping @Sendable (inout Trace, Fixture) throws -> Void
  ) {
    self.name = name
    self.circuit = circuit
    self.violated = violated
    self.tell = tell
  }

  var testDescription: String { name }

  /// Sees to the rows after the one that lies: later layers follow it, lookups that the table has
  /// are counted.
  private static func follow(_ trace: inout Trace, _ fixture: Fixture, after block: Int) {
    fixture.rows.redo(&trace, from: block + 1)
    fixture.rows.recount(&trace)
  }

  /// A lie in row (1) of the first layer of `mlp`.
  private static func hidden(
    _ name: String, violates violated: Set<String>,
    _ tell: @escaping @Sendable (inout Trace, Fixture, Int) throws -> Void
  ) -> Lie {
    Lie(name, violates: violated) { trace, fixture in
      let block = try fixture.block("l0")
      try tell(&trace, fixture, fixture.rows.row(block, [1]))
      follow(&trace, fixture, after: block)
    }
  }

  private static func remainder(_ trace: Trace, _ row: Int, _ bits: Int) -> Int64 {
    trace.limbs.enumerated().reduce(0) { $0 + ($1.element[row] << Int64(bits * $1.offset)) }
  }

  /// The remainder moves by −step · 2^S, so that q moves by `step`; y follows q.
  private static func shift(_ trace: inout Trace, _ fixture: Fixture, _ row: Int, by step: Int64) {
    let parameters = fixture.circuit.system.parameters
    let rest = remainder(trace, row, parameters.limbBits)
    fixture.rows.set(&trace, row: row, remainder: rest - (step << Int64(parameters.scaleBits)))
    answer(&trace, fixture, row)
  }

  /// y as the function has it at q + `step`, in the second block.
  private static func answer(
    _ trace: inout Trace, _ fixture: Fixture, _ row: Int, at step: Int64 = 0
  ) {
    let place = row - fixture.circuit.system.blocks[1].offset
    guard let q = fixture.rows.quotient(trace, 1, [place]) else { return }
    if let y = fixture.circuit.system.functions[1](q + step) { trace.outputs[row] = y }
  }

  static let inRows: [Lie] = [
    hidden("a y that is not the function of q", violates: ["balance"]) { trace, _, row in
      trace.outputs[row] += trace.outputs[row] == 15 ? -1 : 1
    },
    hidden("y of q + 1, the limbs as they were", violates: ["balance"]) { trace, fixture, row in
      answer(&trace, fixture, row, at: 1)
    },
    hidden("y of q − 1, the limbs as they were", violates: ["balance"]) { trace, fixture, row in
      answer(&trace, fixture, row, at: -1)
    },
    hidden("a limb moved within its range", violates: ["balance"]) { trace, _, row in
      trace.limbs[0][row] ^= 1
    },
    hidden("a top limb moved within its range", violates: ["balance"]) { trace, _, row in
      trace.limbs[1][row] += trace.limbs[1][row] < 7 ? 1 : -1
    },
    hidden("q + 1 with the top limb below its range", violates: ["balance"]) {
      shift(&$0, $1, $2, by: 1)
    },
    hidden("q − 1 with the top limb above its range", violates: ["balance"]) {
      shift(&$0, $1, $2, by: -1)
    },
    hidden("q far outside of every range, the top limb in balance", violates: ["balance"]) {
      shift(&$0, $1, $2, by: 1 << 40)
    },
    hidden("limbs with a carry not taken", violates: ["balance"]) { trace, _, row in
      trace.limbs[0][row] += 16
      trace.limbs[1][row] -= 1
    },
    hidden("a negative low limb", violates: ["balance"]) { trace, _, row in
      trace.limbs[0][row] -= 16
      trace.limbs[1][row] += 1
    },
    hidden("an accumulator that is not the sum", violates: ["linear"]) { trace, fixture, row in
      let block = try fixture.block("l0")
      fixture.rows.fill(
        &trace, row: row, accumulator: trace.accumulators[row] + 1,
        multiplier: fixture.rows.multiplier(block, at: [1]), function: 1, shift: 0)
    },
    hidden("two rows swapped", violates: ["balance", "linear"]) { trace, fixture, row in
      trace.accumulators.swapAt(row, row + 2)
      trace.outputs.swapAt(row, row + 2)
      for limb in trace.limbs.indices { trace.limbs[limb].swapAt(row, row + 2) }
    },
    Lie("an input row whose accumulator is not its y", violates: ["balance", "linear"]) {
      trace, fixture in
      trace.accumulators[fixture.rows.row(0, [3])] += 1
      fixture.rows.recount(&trace)
    },
    Lie("the same with the difference in the remainder", violates: ["balance", "linear"]) {
      trace, fixture in
      let row = fixture.rows.row(0, [3])
      trace.accumulators[row] += 1
      trace.limbs[1][row] += 16
      fixture.rows.recount(&trace)
    },
    Lie(
      "a hidden input above its declared range", in: { Circuits.tiny() }, violates: ["balance"]
    ) { trace, fixture in
      let row = fixture.rows.row(0, [1])
      trace.accumulators[row] = 4
      trace.outputs[row] = 4
      follow(&trace, fixture, after: 0)
    },
    Lie(
      "a hidden input below its declared range", in: { Circuits.tiny() }, violates: ["balance"]
    ) { trace, fixture in
      let row = fixture.rows.row(0, [0])
      trace.accumulators[row] = -5
      trace.outputs[row] = -5
      follow(&trace, fixture, after: 0)
    },
    Lie("a tie rounded down", in: { ties() }, violates: ["balance"]) { trace, fixture in
      shift(&trace, fixture, fixture.rows.row(1, [0]), by: -1)
      fixture.rows.recount(&trace)
    },
    Lie("a negative tie rounded away from zero", in: { ties() }, violates: ["balance"]) {
      trace, fixture in
      shift(&trace, fixture, fixture.rows.row(1, [1]), by: -1)
      fixture.rows.recount(&trace)
    },
  ]

  /// Rows that belong to no cell: one after the extent of the first layer, one between blocks.
  static let inPadding: [Lie] =
    idle("padding of a block", in: { Circuits.mlp() }, row: { $0.rows.row(1, [6]) })
    + idle("a gap", in: { openGap() }, row: { _ in 17 })

  private static func idle(
    _ place: String, in circuit: @escaping @Sendable () -> Circuit,
    row: @escaping @Sendable (Fixture) -> Int
  ) -> [Lie] {
    [
      Lie("acc in \(place)", in: circuit, violates: ["linear"]) { trace, fixture in
        trace.accumulators[row(fixture)] = 5
      },
      Lie("y in \(place)", in: circuit, violates: ["balance"]) { trace, fixture in
        trace.outputs[row(fixture)] = 3
        fixture.rows.recount(&trace)
      },
      Lie("a q of 1 in \(place), of its remainder", in: circuit, violates: ["balance"]) {
        trace, fixture in
        trace.limbs[1][row(fixture)] = -16
        fixture.rows.recount(&trace)
      },
      Lie("limbs in \(place) that cancel", in: circuit, violates: ["balance"]) { trace, fixture in
        trace.limbs[0][row(fixture)] = 16
        trace.limbs[1][row(fixture)] = -1
        fixture.rows.recount(&trace)
      },
      Lie("a limb in \(place)", in: circuit, violates: ["balance"]) { trace, fixture in
        trace.limbs[0][row(fixture)] = 1
        fixture.rows.recount(&trace)
      },
      Lie("a neuron in \(place)", in: circuit, violates: ["balance", "linear"]) {
        trace, fixture in
        fixture.rows.fill(
          &trace, row: row(fixture), accumulator: 30, multiplier: 40, function: 1, shift: 0)
        fixture.rows.recount(&trace)
      },
    ]
  }

  static let inMultiplicities: [Lie] = [
    Lie("a count too many", violates: ["balance"]) { trace, _ in trace.multiplicities[40] += 1 },
    Lie("a count too few", violates: ["balance"]) { trace, _ in trace.multiplicities[1] -= 1 },
    Lie("a count moved to the next row", violates: ["balance"]) { trace, _ in
      trace.multiplicities[40] += 1
      trace.multiplicities[41] -= 1
    },
    Lie("a count moved from the zero triple", violates: ["balance"]) { trace, _ in
      trace.multiplicities[0] -= 1
      trace.multiplicities[1] += 1
    },
  ]

  /// Half of an odd input: ties of both signs.
  static func ties() -> Circuit {
    var circuit = Circuit("ties", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 2)
    let identity = circuit.function(.identity(-128...127))
    let wide = circuit.function(.identity(-128...127))
    let x = circuit.input("x", [4], function: identity, values: [3, -3, 5, 6])
    let half = circuit.block(
      "half", [4], function: wide, .constant(128), [Term(factors: [TensorAccess(x, [.label(0)])])])
    circuit.output(half)
    circuit.place()
    return circuit
  }

  /// `mlp` with four free rows before its last block, in a row of commitments that is sent.
  static func openGap() -> Circuit {
    var circuit = Circuits.mlp()
    circuit.system.blocks[2].offset += 4
    return circuit
  }
}
