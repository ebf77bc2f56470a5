import Checker
import Compiler
import ConstraintSystem
import Model
import TestSupport
import Testing
import Witness

struct PipelineTests {
  static let shapes: [[Int]] = [[3, 2], [5, 4, 3], [8, 8, 8, 8], [13, 1, 7], [16, 20, 10]]

  private func check(_ network: DenseNetwork, _ compiled: CompiledCircuit, seed: UInt64) throws {
    try compiled.system.validate()
    var random = Seeded(seed)
    let inputs = network.edgeInputs(&random) + (0..<6).map { _ in network.input(&random) }
    for input in inputs {
      let trace = try Trace.execute(compiled.system, compiled.cells, inputs: [input])
      let output = trace.values(of: compiled.system.outputs[0].blocks[0], in: compiled.system)
      #expect(output == network.run(input).last?.y)
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
    }
  }

  @Test(arguments: shapes, [false, true])
  func `text, execution and checker agree`(shape: [Int], perChannel: Bool) throws {
    for (seed, ratio) in [(1, 0.5), (2, 3), (3, 60)] as [(UInt64, Double)] {
      let network = DenseNetwork.random(shape, perChannel: perChannel, ratio: ratio, seed: seed)
      try check(network, try Compiler.compile(network.network), seed: seed)
    }
  }

  @Test(arguments: [false, true])
  func `quotients far beyond the table are split`(perChannel: Bool) throws {
    let network = DenseNetwork.random([12, 8, 6], perChannel: perChannel, ratio: 3000, seed: 5)
    let compiled = try Compiler.compile(network.network)
    #expect(compiled.report.layers.filter(\.isCoarse).count == 2)
    #expect(compiled.system.outputs[0].blocks[0] == 4)
    try check(network, compiled, seed: 6)
  }

  @Test(arguments: [false, true])
  func `multipliers above one`(perChannel: Bool) throws {
    var network = DenseNetwork.random([12, 8, 6], perChannel: perChannel, seed: 7)
    for layer in network.layers.indices {
      for index in network.layers[layer].multiplier.mantissas.indices {
        let fixed = DenseNetwork.q31(40 / Double(index + 1))
        network.layers[layer].multiplier.mantissas[index] = fixed.mantissa
        network.layers[layer].multiplier.shifts[index] = fixed.shift
      }
    }
    try check(network, try Compiler.compile(network.network), seed: 8)
  }

  @Test func `a dead channel beside live ones`() throws {
    var network = DenseNetwork.random([12, 4], perChannel: true, seed: 9)
    network.layers[0].weights[1] = [Int64](repeating: 0, count: 12)
    network.layers[0].bias[1] = -104_000_000
    network.layers[0].multiplier.mantissas[1] = 1_100_000_001
    network.layers[0].multiplier.shifts[1] = 53
    network.layers[0].multiplier.mantissas[2] = 0
    network.layers[0].multiplier.shifts[2] = 31
    try check(network, try Compiler.compile(network.network), seed: 10)
  }

  @Test func `look-ups, identities and shared functions`() throws {
    var network = DenseNetwork.random([6, 5, 4, 3], perChannel: false, ratio: 4, seed: 11)
    let values = (0..<256).map { (x: Int) -> Int16 in Int16((x - 128) * (x - 100) / 16) }
    network.layers[0].activation = .lookup(name: "square", lowest: -128, values: values)
    network.layers[2].activation = .identity
    let compiled = try Compiler.compile(network.network)
    try check(network, compiled, seed: 12)
  }

  @Test func `one network compiles to one circuit`() throws {
    let network = DenseNetwork.random([9, 7, 5], perChannel: true, ratio: 9, seed: 13).network
    let (one, other) = (try Compiler.compile(network), try Compiler.compile(network))
    #expect(one.system == other.system && one.values == other.values)
  }

  @Test func `options reach the circuit`() throws {
    let network = DenseNetwork.random([9, 7, 5], perChannel: true, seed: 13).network
    let compiled = try Compiler.compile(
      network,
      CompilerOptions(input: .private, output: .committed, weightsArePublic: true, name: "n"))
    #expect(compiled.system.inputs[0].visibility == .private)
    #expect(compiled.system.outputs[0].visibility == .committed)
    #expect(compiled.system.parameters.commitmentRowBits <= 3)
    #expect(compiled.system.weightsArePublic && compiled.system.name == "n")
  }

  @Test func `that a bias or all weights are zero does not show`() throws {
    var network = DenseNetwork.random([9, 7], perChannel: false, seed: 14)
    network.layers[0].bias = network.layers[0].bias.map { _ in 0 }
    for _ in 0..<2 {
      let compiled = try Compiler.compile(network.network)
      #expect(
        compiled.system.tensors.map(\.name)
          == ["layer0.weight", "layer0.bias", "layer0.multiplier"])
      try check(network, compiled, seed: 15)
      network.layers[0].weights = network.layers[0].weights.map { $0.map { _ in 0 } }
    }
  }

  @Test func `more layers to split than numbers of them are tried`() throws {
    let sizes = [Int](repeating: 3, count: 150)
    let network = DenseNetwork.random(sizes, perChannel: false, ratio: 100, seed: 16)
    let compiled = try Compiler.compile(network.network)
    #expect(compiled.report.layers.filter(\.isCoarse).count > 64)
    try check(network, compiled, seed: 17)
  }

  @Test func `values that no table holds are refused by the layer's name`() throws {
    var network = DenseNetwork.random([9, 7], perChannel: false, ratio: 3000, seed: 14)
    network.layers[0].activation = .identity
    #expect {
      try Compiler.compile(network.network)
    } throws: { error in
      guard case .unsupported(let node, let what, _)? = error as? ModelError else { return false }
      return node == "layer0" && what.contains("17 bits")
    }
  }

  @Test func `a value out of its tensor's type is refused`() {
    var network = DenseNetwork.random([9, 7], perChannel: false, seed: 14)
    network.layers[0].weights[0][0] = 200
    #expect(throws: ModelError.self) { try Compiler.compile(network.network) }
  }
}
