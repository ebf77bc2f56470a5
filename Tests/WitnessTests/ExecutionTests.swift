import BigInteger
import Checker
import ConstraintSystem
import Foundation
import TestSupport
import Testing
import Witness

struct ExecutionTests {
  @Test(arguments: Circuits.all.map(\.name))
  func `the trace is what the definitions say`(name: String) throws {
    let circuit = try #require(Circuits.all.first { $0.name == name }).circuit
    try circuit.system.validate()
    try expectSame(circuit)
  }

  @Test(arguments: 0..<20)
  func `random inputs and models of every circuit`(seed: UInt64) throws {
    for circuit in [
      Circuits.mlp([7, 9, 3], seed: seed), Circuits.mlp([5], seed: seed),
      Circuits.tiny(seed: seed), Circuits.elementwise(seed: seed),
    ] { try expectSame(circuit) }
  }

  /// Views with any strides, offsets and orders of labels, so that every way to nest loops is met.
  @Test(arguments: 0..<200)
  func `random relations`(seed: UInt64) throws {
    let circuit = RandomCircuits.relation(seed: seed)
    try circuit.system.validate()
    try expectSame(circuit)
  }

  private func expectSame(_ circuit: Circuit) throws {
    let trace = try circuit.execute()
    let system = circuit.system
    // However few of the model's cells are widened at a time.
    for widened in [1, 6] {
      let cut = try Trace.execute(
        system, try circuit.cells, inputs: circuit.inputs, widened: widened)
      #expect(cut == trace)
    }
    // Whether it prepares windows or not, an executor without a trace has its outputs, again and again.
    for runs in [1, 100] {
      var executor = PlainExecutor(system, try circuit.cells, runs: runs)
      for _ in 0..<2 {
        let outputs = try executor.run(circuit.inputs.map { CircuitIntegers($0) })
        #expect(outputs == system.outputs.map { trace.values(at: $0, in: system) })
      }
    }
    let naive = NaiveEvaluator(system, model: circuit.values, inputs: circuit.inputs)
    for (index, block) in system.blocks.enumerated() {
      func values(_ column: [Int64]) -> [Integer] {
        Layout.values(of: column, shape: block.shape, offset: block.offset).map { Integer($0) }
      }
      #expect(values(trace.accumulators) == naive.accumulators[index], "\(block.name)")
      #expect(values(trace.outputs) == naive.outputs[index], "\(block.name)")
      #expect(trace.values(of: index, in: system).map { Integer($0) } == naive.outputs[index])
    }
    // The limbs, of which q follows and y is the function; and nothing beside the blocks.
    #expect(Checker.check(system, try circuit.cells, trace).map(\.description) == [])
    let lookups = trace.multiplicities.reduce(0, +)
    #expect(lookups == Int64((system.parameters.limbs + 1) << system.traceBits))
  }

  /// Written by `Tests/Vectors/constraint-system/make.py`, which shares nothing with this package.
  @Test(arguments: ["tiny", "mlp", "elementwise", "depthwise", "convnet"])
  func `outputs are those of the script`(name: String) throws {
    let circuit = try #require(Circuits.all.first { $0.name == name }).circuit
    let bytes = try Vectors.bytes("constraint-system/outputs.json")
    let vectors = try JSONDecoder().decode([String: [String: [Int64]]].self, from: Data(bytes))
    let expected = try #require(vectors[name])
    let trace = try circuit.execute()
    #expect(expected.count == circuit.system.blocks.count)
    for (index, block) in circuit.system.blocks.enumerated() {
      #expect(trace.values(of: index, in: circuit.system) == expected[block.name], "\(block.name)")
    }
  }

  @Test func `an input out of range is named with position, value and range`() throws {
    var circuit = Circuits.elementwise()
    circuit.inputs[1][7] = 128
    circuit.system.inputs[1].zeroPoint = -3
    circuit.system.inputs[1].shape = [1, 15, 1]
    let error = ExecutionError.inputRange(
      input: "z", position: [0, 7, 0], value: 125, range: -131...124)
    #expect(throws: error) { try circuit.execute() }
    #expect(error.description == "input z at [0, 7, 0]: 125 is outside -131…124")
  }

  @Test func `inputs of another number or length are refused`() throws {
    var circuit = Circuits.mlp()
    circuit.inputs[0].append(0)
    #expect(throws: ExecutionError.inputLength(input: "x", expected: 8, actual: 9)) {
      try circuit.execute()
    }
    circuit.inputs = []
    #expect(throws: ExecutionError.inputCount(expected: 1, actual: 0)) { try circuit.execute() }
  }

  @Test func `a model of another length is refused`() throws {
    let circuit = Circuits.mlp()
    let cells = ModelCells(cells: Array(try circuit.cells.cells.dropLast()))
    #expect(throws: ExecutionError.self) {
      try Trace.execute(circuit.system, cells, inputs: circuit.inputs)
    }
  }

  @Test func `a quotient outside the table is named with its layer and position`() throws {
    var circuit = Circuits.mlp()
    circuit.values[3 + 2] = [1, 2, 1 << 40, 3]
    let error = #expect(throws: ExecutionError.self) { try circuit.execute() }
    var executor = PlainExecutor(circuit.system, try circuit.cells, runs: 100)
    let inputs = circuit.inputs.map { CircuitIntegers($0) }
    let plain = #expect(throws: ExecutionError.self) { try executor.run(inputs) }
    #expect(plain == error)
    guard case .quotient("l1", [2], _, -136...119) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [.min, .max, .min + 1, 1 << 62, -(1 << 61)] as [Int64])
  func `hostile model values are an error or a trace, not a trap`(value: Int64) throws {
    for (_, circuit) in Circuits.all {
      let honest = Array(try circuit.cells.cells)
      func execute(_ cells: [Int64]) {
        let cells = ModelCells(cells: cells)
        _ = try? Trace.execute(circuit.system, cells, inputs: circuit.inputs)
        var executor = PlainExecutor(circuit.system, cells, runs: 100)
        _ = try? executor.run(circuit.inputs.map { CircuitIntegers($0) })
      }
      for place in honest.indices {
        var cells = honest
        cells[place] = value
        execute(cells)
      }
      execute(honest.map { _ in value })
    }
  }

  @Test func `an accumulator beyond what any compiler admits is named`() throws {
    let circuit = Circuits.mlp()
    var cells = Array(try circuit.cells.cells)
    cells[circuit.system.tensors[1].offset + 4] = 1 << 61
    let error = #expect(throws: ExecutionError.self) {
      try Trace.execute(circuit.system, ModelCells(cells: cells), inputs: circuit.inputs)
    }
    guard case .accumulator("l0", [4], _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
