import Checker
import ConstraintSystem
import TestSupport
import Testing
import Witness

/// What gadgets find, against brute force, and what their checks refuse, by the exact checker.
struct GadgetExecutionTests {
  private func blocks(_ circuit: Circuit, _ trace: Trace, _ names: [String]) -> [[Int64]] {
    names.map { name in
      circuit.block(named: name).map { trace.values(of: $0, in: circuit.system) } ?? []
    }
  }

  @Test(arguments: GadgetCircuits.all.map(\.name), [1, 2, 3])
  func `advice satisfies its checks`(name: String, inferences: Int) throws {
    let circuit = try #require(GadgetCircuits.all.first { $0.name == name }?.circuit)
    try circuit.system.validate()
    let batch = try circuit.batched(inferences)
    let trace = try batch.execute()
    #expect(Checker.check(batch.system, try batch.cells, trace) == [])
    // The same outputs without a trace.
    var executor = PlainExecutor(batch.system, try batch.cells, runs: 1)
    let outputs = try executor.run(batch.inputs.map { CircuitIntegers($0) })
    #expect(outputs == batch.system.outputs.map { trace.values(at: $0, in: batch.system) })
  }

  @Test func `a quotient is the floor of its operands'`() throws {
    var circuit = GadgetCircuits.quotient()
    var random = SplitMix64(seed: 1)
    for _ in 0..<50 {
      circuit.inputs[0] = random.integers(6, in: -2...7)
      let limbs = blocks(circuit, try circuit.execute(), ["R.0", "R.1"])
      for row in 0..<2 {
        let sum = circuit.inputs[0][3 * row..<3 * row + 3].reduce(0, +)
        #expect(limbs[0][row] + 8 * limbs[1][row] == 64 / (sum + 10))
      }
    }
  }

  @Test func `a root is the floor of its radicand's`() throws {
    var circuit = GadgetCircuits.squareRoot()
    var random = SplitMix64(seed: 2)
    for _ in 0..<50 {
      circuit.inputs[0] = random.integers(6, in: -4...7)
      let root = blocks(circuit, try circuit.execute(), ["y"])[0]
      for row in 0..<2 {
        let x = circuit.inputs[0][3 * row..<3 * row + 3]
        let sum = x.reduce(0, +)
        let radicand = 3 * x.reduce(0) { $0 + $1 * $1 } - sum * sum + 1
        let expected = (0...radicand).last { $0 * $0 <= radicand }
        #expect(root[row] == expected)
      }
    }
  }

  @Test(arguments: ["maximum", "rectangle", "masked", "first maximum"])
  func `a maximum is the largest of its values`(name: String) throws {
    var circuit = try #require(GadgetCircuits.all.first { $0.name == name }?.circuit)
    let count = circuit.inputs[0].count / 2
    var random = SplitMix64(seed: 3)
    for _ in 0..<50 {
      // Ties are usual.
      circuit.inputs[0] = random.integers(2 * count, in: -3...2)
      if circuit.inputs.count > 1 {
        circuit.inputs[1] = random.integers(2 * count, in: 0...1)
        for row in 0..<2 { circuit.inputs[1][row * count + Int(random.integer(in: 0...4))] = 1 }
      }
      let found = blocks(circuit, try circuit.execute(), ["y"])[0]
      for row in 0..<2 {
        let places = (0..<count).filter {
          circuit.inputs.count < 2 || circuit.inputs[1][row * count + $0] == 1
        }
        let values = places.map { circuit.inputs[0][row * count + $0] }
        let largest = try #require(values.max())
        let first = try #require(values.firstIndex(of: largest))
        #expect(found[row] == (name == "first maximum" ? Int64(first) : largest))
      }
    }
  }

  @Test func `what has no value is an error that says why`() throws {
    func error(_ circuit: Circuit, _ inputs: [[Int64]]) throws -> ExecutionError? {
      var circuit = circuit
      circuit.inputs = inputs
      let (system, cells) = (circuit.system, try circuit.cells)
      do throws(ExecutionError) {
        _ = try Trace.execute(system, cells, inputs: inputs)
        return nil
      } catch {
        var executor = PlainExecutor(system, cells, runs: 1)
        #expect(throws: error) { try executor.run(inputs.map { CircuitIntegers($0) }) }
        return error
      }
    }
    let low: [Int64] = [1, 1, 1, -4, -4, -4]
    #expect(
      try error(GadgetCircuits.quotient(), [low])
        == .advice(layer: "R.0", position: [1], .denominator(-2)))
    #expect(
      try error(GadgetCircuits.quotient(shift: -2), [[1, 1, 1, 1, 1, 1]])
        == .advice(layer: "R.0", position: [0], .wide(64, bits: 6)))
    #expect(
      try error(GadgetCircuits.squareRoot(offset: -9), [low])
        == .advice(layer: "root.0", position: [0], .radicand(-9)))
    let values: [Int64] = [3, -8, 7, 7, 1, -4, -2, -5, -2, -8]
    let masked = try error(GadgetCircuits.masked(), [values, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]])
    #expect(masked == .advice(layer: "u", position: [1], .nothingAllowed))
    #expect(
      masked?.description
        == "layer u at [1]: it takes the largest of no values: all of them are masked")
    // In the second inference of two.
    var batch = try GadgetCircuits.quotient().batched(2)
    batch.inputs[0].replaceSubrange(6..., with: low)
    #expect(
      throws: ExecutionError.inference(
        1, .advice(layer: "R.0", position: [1], .denominator(-2)))
    ) { try batch.execute() }
  }

  @Test(arguments: GadgetLie.all.map(\.name))
  func `a lie breaks the check against it, and nothing else`(name: String) throws {
    let lie = try #require(GadgetLie.all.first { $0.name == name })
    let circuit = lie.circuit
    func broken(_ circuit: Circuit) throws -> Set<String> {
      let trace = try lie.trace(of: circuit)
      let violations = Checker.check(circuit.system, try circuit.cells, trace)
      return Set(
        violations.map { violation in
          if case .cell(let layer, _, _) = violation.place { layer } else { "\(violation)" }
        })
    }
    #expect(try broken(circuit) == lie.broken)
    for name in lie.broken {
      // Without the one check the lie stands.
      var open = circuit
      open.system.blocks[try #require(circuit.block(named: name))].relation = []
      #expect(try broken(open) == [])
    }
    if lie.broken.isEmpty {
      let honest = try circuit.execute()
      let other = try lie.trace(of: circuit)
      #expect(other != honest)
      #expect(blocks(circuit, other, ["m", "y"]) == blocks(circuit, honest, ["m", "y"]))
    }
  }
}
