import Checker
import Compiler
import ConstraintSystem
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Float32 steps as integers: every accumulator of a range goes through rows of the finished circuit.
struct FitFloatStepsTests {
  /// y[n, c] = clamp(step_c(x[n]·w_c + b_c)), or x[n, c] in place of x[n].
  private struct Network {
    var weights: [Int64]
    var biases: [Int64]?
    var factors: [Float]
    var clamp: ClosedRange<Int64>
    var inputs: ClosedRange<Int64>
    var count: Int
    /// Whether each channel reads an input of its own, as in a depthwise layer.
    var isShared = true

    func lowered() throws -> LoweredNetwork {
      var recorder = CircuitRecorder()
      let channels = weights.count
      let x = recorder.input(
        "x", shape: isShared ? [count] : [count, channels], range: inputs)
      let weight = recorder.tensor(
        "y", as: .weight, shape: [channels], type: .fitting(weights), values: weights)
      let shape = [count, channels]
      var relation = recorder.terms(
        over: shape, Reading(x, isShared ? [.label(0)] : [.label(0), .label(1)]),
        Reading(weight, [.label(1)]), named: "y")
      if let biases {
        let bias = recorder.tensor(
          "y", as: .bias, shape: [channels], type: .fitting(biases), values: biases)
        relation += recorder.terms(over: shape, Reading(bias, [.label(1)]), named: "y")
      }
      let steps = try factors.map { try #require(FloatStep($0)) }
      let y = recorder.block(
        "y", shape: shape, relation: relation,
        scaling: .float(FloatScaling(steps: steps, axes: [1])), activation: .clamp(clamp))
      return LoweredNetwork(
        name: "steps", draft: recorder.draft, inputs: [try FitFloatStepsTests.port("x", x)],
        outputs: [try FitFloatStepsTests.port("y", y)])
    }

    /// By the definition.
    func output(_ input: [Int64]) -> [Int64] {
      (0..<count).flatMap { place in
        weights.indices.map { channel in
          let x = isShared ? input[place] : input[place * weights.count + channel]
          let acc = x * weights[channel] + (biases?[channel] ?? 0)
          let q = (Float(acc) * factors[channel]).rounded(.toNearestOrEven)
          return min(max(Int64(q), clamp.lowerBound), clamp.upperBound)
        }
      }
    }
  }
  private struct Missing: Error {}

  private static func port(_ name: String, _ wire: TensorView) throws -> LoweredNetwork.Port {
    guard case .block(let block)? = wire.source else { throw Missing() }
    return LoweredNetwork.Port(
      name: name, blocks: [block], shape: wire.shape, type: .int16, scale: 1, zeroPoint: 0,
      userType: .int16)
  }

  /// Runs every input of the domain; the rows are what the definition says and no constraint is violated.
  @discardableResult
  private func check(_ network: Network) throws -> CompiledCircuit {
    let compiled = try Compiler.compile(network.lowered())
    let output = compiled.system.outputs[0].blocks[0]
    let domain = Array(network.inputs)
    for start in stride(from: 0, to: domain.count, by: network.count) {
      let part = (0..<network.count).map { domain[min(start + $0, domain.count - 1)] }
      let input =
        network.isShared ? part : part.flatMap { x in network.weights.map { _ in x } }
      let trace = try Trace.execute(compiled.system, compiled.cells, inputs: [input])
      #expect(trace.values(of: output, in: compiled.system) == network.output(input))
      if start == 0 {
        #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      }
    }
    return compiled
  }

  private func partBlock(_ compiled: CompiledCircuit) -> Block? {
    compiled.system.blocks.first { $0.name == "y.part" }
  }

  @Test(arguments: 1...24 as ClosedRange<UInt64>)
  func `every accumulator of a range gets the float32 step's output`(seed: UInt64) throws {
    var random = Seeded(seed)
    let channels = 8
    let low = Int64.random(in: -200...20, using: &random)
    var network = Network(
      weights: [], biases: seed % 2 == 0 ? [] : nil, factors: [],
      clamp: low...(low + .random(in: 0...255, using: &random)), inputs: -4000...4000,
      count: 1024, isShared: seed % 3 != 0)
    for channel in 0..<channels {
      network.weights.append(Int64.random(in: 1...3, using: &random))
      network.biases?.append(Int64.random(in: -3000...3000, using: &random))
      // Short factors make ties; long ones make what single precision takes for ties.
      let factor = Float.random(in: 0.004...0.5, using: &random)
      let kept = UInt32(seed % 5 == 0 ? 0 : 24 - [0, 2, 8, 14, 18, 20, 22, 23][channel])
      network.factors.append(
        kept == 0 ? factor : Float(bitPattern: (factor.bitPattern >> (24 - kept)) << (24 - kept)))
    }
    try check(network)
  }

  @Test func `ties that exclude each other take a second row, and only those channels`() throws {
    let network = Network(
      weights: [1, 1, 1, 1], biases: [0, 7, -3, 100], factors: [0.25, 0.013, 0.5, 0.75],
      clamp: -128...127, inputs: -700...700, count: 256)
    let compiled = try check(network)
    let parts = try #require(partBlock(compiled))
    #expect(parts.shape.sorted() == [3, 256])
    #expect(compiled.report.usedRows == 256 * (1 + 4 + 3))
  }

  @Test func `channels with inputs of their own are chosen by zeros`() throws {
    var network = Network(
      weights: [1, 3, 1, 1], biases: nil, factors: [0.013, 0.25, 0.5, 0.017],
      clamp: 0...255, inputs: -300...1100, count: 128, isShared: false)
    let several = try #require(partBlock(check(network)))
    #expect(several.shape == [128, 2] && several.relation[0].summed == [4])
    (network.weights[1], network.factors[1]) = (1, 0.017)
    let one = try #require(partBlock(check(network)))
    #expect(one.shape == [128, 1] && one.relation[0].summed.isEmpty)
  }

  // Two channels of kws_ref_model and one of ResNet-8 that two lines do not fit.
  @Test(
    arguments: [
      (0.011739915236830711, -155_248...154_832, 0...255),
      (0.0011858213692903519, -1_472_983...1_040_297, 0...255),
      (0.0009921006858348846, -266_518...132_812, -166...89),
    ] as [(Double, ClosedRange<Int64>, ClosedRange<Int64>)])
  func `more lines where single precision adds to the ties`(
    factor: Double, accumulators: ClosedRange<Int64>, clamp: ClosedRange<Int64>
  ) throws {
    let step = try #require(FloatStep(Float(factor)))
    // acc = high·w + low reaches all of the range, and what is around it.
    let (digit, count) = (Int64(1023), 1 << 11)
    let weight = max(-accumulators.lowerBound, accumulators.upperBound) / digit + 1
    var recorder = CircuitRecorder()
    let x = recorder.input("x", shape: [count, 2], range: -digit...digit)
    let weights = recorder.tensor(
      "y", as: .weight, shape: [1, 2], type: .int32, values: [weight, 1])
    let y = recorder.block(
      "y", shape: [count, 1],
      relation: recorder.terms(
        over: [count, 1], summed: [2], Reading(x, [.label(0), .label(2)]),
        Reading(weights, [.label(1), .label(2)]), named: "y"),
      scaling: .float(FloatScaling(steps: [step], axes: [1])), activation: .clamp(clamp))
    let compiled = try Compiler.compile(
      LoweredNetwork(
        name: "steps", draft: recorder.draft, inputs: [try FitFloatStepsTests.port("x", x)],
        outputs: [try FitFloatStepsTests.port("y", y)]))
    #expect(compiled.notes.isEmpty)
    #expect(try #require(partBlock(compiled)).shape[1] >= 2)
    // Both sides of every jump, and the ends.
    var wanted = [accumulators.lowerBound, accumulators.upperBound]
    for target in clamp {
      let least = step.leastAccumulator(reaching: target, in: accumulators)
      wanted += (least - 3...least + 2).filter(accumulators.contains)
    }
    wanted += [Int64](repeating: 0, count: count - wanted.count)
    let input = wanted.flatMap { acc in
      let high = (acc + (acc < 0 ? -weight / 2 : weight / 2)) / weight
      return [high, acc - high * weight]
    }
    let trace = try Trace.execute(compiled.system, compiled.cells, inputs: [input])
    let output = trace.values(of: compiled.system.outputs[0].blocks[0], in: compiled.system)
    let expected = wanted.map { acc in
      let q = Int64((Float(acc) * Float(factor)).rounded(.toNearestOrEven))
      return min(max(q, clamp.lowerBound), clamp.upperBound)
    }
    #expect(output == expected)
    #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
  }

  @Test func `accumulators beyond 24 bits are rounded to floats first`() throws {
    // Float(acc) has steps of 2 and 4 there; few of them are next to a half.
    try check(
      Network(
        weights: [1, 3], biases: [(1 << 24) + 1, 1 << 25], factors: [0x1p-23, 0x1.8p-25],
        clamp: -128...127, inputs: -400...400, count: 128))
  }

  @Test func `a channel that no lines fit is named, and one off at most`() throws {
    let network = Network(
      weights: [1 << 20, 7], biases: nil, factors: [0x1.8p-22, 0.0123], clamp: -128...127,
      inputs: -400...400, count: 128)
    let compiled = try Compiler.compile(network.lowered())
    #expect(compiled.notes.count == 1)
    #expect(compiled.notes[0].hasPrefix("layer \"y\": 1 of 2 channels"))
    let input = (0..<128).map { Int64($0) * 6 - 400 }
    let trace = try Trace.execute(compiled.system, compiled.cells, inputs: [input])
    let output = trace.values(of: compiled.system.outputs[0].blocks[0], in: compiled.system)
    #expect(zip(output, network.output(input)).allSatisfy { abs($0 - $1) <= 1 })
  }

  @Test func `a product of activations whose ties exclude each other is named`() throws {
    var recorder = CircuitRecorder()
    let x = recorder.input("x", shape: [64, 2], range: -20...20)
    let relation = recorder.terms(
      over: [64], Reading(x, [.label(0), .fixed(0)]), Reading(x, [.label(0), .fixed(1)]), named: "y"
    )
    let step = try #require(FloatStep(0.25))
    let y = recorder.block(
      "y", shape: [64], relation: relation,
      scaling: .float(FloatScaling(steps: [step], axes: [])), activation: .clamp(-128...127))
    let compiled = try Compiler.compile(
      LoweredNetwork(
        name: "product", draft: recorder.draft, inputs: [try FitFloatStepsTests.port("x", x)],
        outputs: [try FitFloatStepsTests.port("y", y)]))
    #expect(compiled.notes.count == 1)
    let input = (0..<64).flatMap { [Int64($0 % 20), Int64($0 % 13) - 6] }
    let trace = try Trace.execute(compiled.system, compiled.cells, inputs: [input])
    let output = trace.values(of: compiled.system.outputs[0].blocks[0], in: compiled.system)
    for (place, value) in output.enumerated() {
      #expect(abs(value - step(input[2 * place] * input[2 * place + 1])) <= 1)
    }
  }

  @Test func `a network with parts proves, and lies in them are refused`() throws {
    let network = Network(
      weights: [1, 2], biases: [0, 3], factors: [0.5, 0.021], clamp: -100...100,
      inputs: -64...64, count: 8)
    let compiled = try Compiler.compile(network.lowered())
    let system = compiled.system
    let key = try ProverKey(system, cells: compiled.cells)
    let input: [Int64] = [1, 3, -1, 5, -3, 7, 64, -64]
    let trace = try Trace.execute(system, compiled.cells, inputs: [input])
    let proof = Prover.prove(trace, key: key)
    try Verifier.verify(proof, key: key.verifier)
    #expect(proof.statement.outputs.map { $0?.values } == [network.output(input)])

    let part = try #require(partBlock(compiled))
    let own = system.blocks[system.outputs[0].blocks[0]]
    for place in 0..<part.count {
      var lie = trace
      // A part that is one more, with the row that reads it as it would then be.
      let row = part.offset + place
      lie.limbs[system.parameters.limbs - 1][row] -= 1 << Int64(system.parameters.limbBits)
      lie.outputs[row] += 1
      #expect(!Checker.check(system, compiled.cells, lie).isEmpty)
      #expect(throws: VerificationError.self) {
        try Verifier.verify(Prover.prove(lie, key: key), key: key.verifier)
      }
      lie = trace
      lie.outputs[own.offset + place] += 1
      lie.limbs[system.parameters.limbs - 1][own.offset + place] -=
        1 << Int64(system.parameters.limbBits)
      #expect(throws: VerificationError.self) {
        try Verifier.verify(Prover.prove(lie, key: key), key: key.verifier)
      }
    }
  }

  @Test func `plain and constant channels take no rows besides`() throws {
    let network = Network(
      weights: [1, 1], biases: [0, 1 << 11], factors: [0.013, 0.5], clamp: 0...100,
      inputs: -700...700, count: 512)
    let compiled = try check(network)
    #expect(partBlock(compiled) == nil)
    let coarse = compiled.report.layers.filter(\.isCoarse).map(\.rows).reduce(0, +)
    #expect(compiled.report.usedRows - coarse == 512 * 3)
  }
}
