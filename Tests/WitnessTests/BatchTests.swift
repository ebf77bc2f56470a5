import Checker
import ConstraintSystem
import TestSupport
import Testing
import Witness

/// A batch is a circuit like any other: valid, laid out as its key is, and each of its inferences is
/// what the circuit alone makes of its input.
struct BatchTests {
  @Test(arguments: Circuits.all.map(\.name), [1, 2, 3, 7, 8])
  func `each inference is the circuit's own`(name: String, count: Int) throws {
    try compare(try #require(Circuits.all.first { $0.name == name }?.circuit), count)
  }

  @Test(arguments: 0..<120)
  func `each inference is a random circuit's own`(seed: UInt64) throws {
    try compare(RandomCircuits.relation(seed: seed), 2 + Int(seed % 4))
  }

  private func compare(_ circuit: Circuit, _ count: Int) throws {
    let batch = try circuit.batched(count)
    try batch.system.validate()
    let trace = try batch.execute()
    #expect(Checker.check(batch.system, try batch.cells, trace).isEmpty)
    for inference in 0..<count {
      var alone = circuit
      for (index, values) in batch.inputs.enumerated() {
        let size = circuit.inputs[index].count
        alone.inputs[index] = Array(values[inference * size..<(inference + 1) * size])
      }
      let own = try alone.execute()
      for (block, shape) in circuit.system.blocks.map(\.count).enumerated() {
        let all = trace.values(of: block, in: batch.system)
        #expect(
          Array(all[inference * shape..<(inference + 1) * shape])
            == own.values(of: block, in: circuit.system))
      }
    }
  }

  @Test func `blocks keep their places, scaled`() throws {
    let system = Circuits.gapped().system
    for (count, slots) in [(2, 2), (3, 4), (8, 8), (9, 16)] {
      let batch = try system.batched(count)
      #expect(batch.inferences == count)
      #expect(batch.blocks.map(\.offset) == system.blocks.map { $0.offset * slots })
      #expect(batch.usedRows == system.usedRows * slots)
      #expect(batch.tensors == system.tensors)
      #expect(batch.functions == system.functions)
    }
    #expect(try system.batched(1) == system)
  }

  @Test func `a leading extent of one gives way to the number of inferences`() {
    #expect(ConstraintSystem.batched([1, 64], 5) == [5, 64])
    #expect(ConstraintSystem.batched([64], 5) == [5, 64])
    #expect(ConstraintSystem.batched([1], 5) == [5])
    #expect(ConstraintSystem.batched([], 5) == [5])
    #expect(ConstraintSystem.batched([1, 64], 1) == [1, 64])
  }

  @Test(arguments: [0, -1, 4097, Int.max, Int.min])
  func `counts beyond the limit are refused`(count: Int) throws {
    #expect(throws: KeyError.inferences(count)) { try Circuits.mlp().system.batched(count) }
  }

  /// Up to the longest row that there are generators for.
  @Test func `rows grow with the root of the count, up to the limit`() throws {
    for (own, count, bits) in [
      (3, 1, 3), (3, 2, 3), (3, 3, 4), (3, 4, 4), (3, 16, 5), (3, 4096, 9), (10, 4, 11),
      (10, 4096, 11), (11, 64, 11),
    ] {
      let system = try Circuits.mlp(commitmentRowBits: own).system.batched(count)
      #expect(system.commitmentRowBits == bits && system.commitmentRowLength == 1 << bits)
      #expect(system.parameters.commitmentRowBits == own)
    }
  }

  @Test func `a batch is not batched again`() throws {
    let batch = try Circuits.mlp().system.batched(2)
    #expect(throws: KeyError.inferences(2)) { try batch.batched(2) }
  }

  @Test func `a trace that no key may have is refused`() throws {
    // 2^17 rows: 2^7 of them fill the longest trace.
    let system = ConvolutionalCircuits.residual().system
    #expect(system.traceBits == 17)
    #expect(system.maximalInferences == 128)
    #expect(throws: Never.self) { try system.batched(128) }
    #expect(throws: KeyError.self) { try system.batched(129) }
    #expect(Circuits.mlp().system.maximalInferences == 4096)
  }

  @Test func `a block of the highest rank can be batched, and no key has one more`() throws {
    var circuit = Circuit("deep", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 2)
    let identity = circuit.function(.identity(-128...127))
    let shape = [2, 1, 2, 1, 1, 2, 1, 1]
    let x = circuit.input("x", shape, function: identity, values: [1, 2, 3, 4, 5, 6, 7, 8])
    circuit.output(x)
    circuit.place()
    try circuit.system.validate()
    let batch = try circuit.batched(3)
    #expect(batch.system.blocks[0].shape == [3] + shape)
    _ = try batch.execute()
    circuit.system.blocks[0].shape += [1]
    #expect(throws: KeyError.self) { try circuit.system.validate() }
  }

  @Test func `a violation names its inference`() throws {
    let batch = try Circuits.mlp().batched(3)
    let rows = try NaiveRows(batch)
    var trace = try batch.execute()
    let row = rows.row(1, [2, 4])
    trace.limbs[0][row] ^= 1
    let violations = Checker.check(batch.system, try batch.cells, trace)
    let first = try #require(violations.first)
    #expect(first.inference == 2)
    #expect(first.place == .cell(layer: "l0", position: [4], row: row))
    #expect("\(first)".hasPrefix("inference 2, layer l0 at [4], row \(row): "))
    // Behind the last inference, and after an extent within one.
    for (place, inference) in [([3, 1], nil), ([1, 7], 1)] as [([Int], Int?)] {
      var trace = try batch.execute()
      trace.outputs[rows.row(1, place)] = 3
      let violation = try #require(
        Checker.check(batch.system, try batch.cells, trace).first { violation in
          if case .padding = violation.place { true } else { false }
        })
      #expect(violation.inference == inference)
    }
  }

  @Test func `an input out of range is named with its inference`() throws {
    var batch = try Circuits.mlp().batched(3)
    batch.inputs[0][8 + 5] = 200
    let error = ExecutionError.inference(
      1, .inputRange(input: "x", position: [5], value: 200, range: -128...127))
    #expect(throws: error) { try batch.execute() }
    #expect("\(error)" == "inference 1: input x at [5]: 200 is outside -128…127")
  }
}
