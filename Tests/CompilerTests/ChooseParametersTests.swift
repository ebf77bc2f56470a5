import Compiler
import ConstraintSystem
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

struct ChooseParametersTests {
  @Test(arguments: [[3, 2], [16, 20, 10], [64, 32, 10], [33, 1, 7]], [false, true])
  func `the estimated length is the proof's`(shape: [Int], perChannel: Bool) throws {
    for ratio in [0.5, 40] {
      let network = DenseNetwork.random(shape, perChannel: perChannel, ratio: ratio, seed: 1)
      let compiled = try Compiler.compile(network.network)
      let key = try ProverKey(compiled.system, cells: compiled.cells)
      #expect(compiled.report.estimate.proofBytes == key.verifier.bodyBytes)
    }
  }

  @Test(arguments: [1.5, 200], [false, true])
  func `a digit classifier's proof is short`(ratio: Double, perChannel: Bool) throws {
    let network = DenseNetwork.random([64, 32, 10], perChannel: perChannel, ratio: ratio, seed: 3)
    #expect(try Compiler.compile(network.network).report.estimate.proofBytes <= 16 << 10)
  }

  @Test func `parameters keep within their limits`() throws {
    let network = DenseNetwork.random([64, 32, 10], perChannel: false, seed: 3)
    let ranges = try AnalyzeRanges.run(network.network.draft)
    let choice = try ChooseParameters.run(network.network.draft, ranges, committed: [])
    let shifts = network.layers.flatMap(\.multiplier.shifts)
    #expect(choice.parameters.scaleBits >= shifts.max() ?? 0)
    #expect(Limits.limbs.contains(choice.parameters.limbs))
    #expect(Limits.limbBits.contains(choice.parameters.limbBits))
    #expect(Limits.quotientBits.contains(choice.parameters.quotientBits))
    #expect(Limits.commitmentRowBits.contains(choice.parameters.commitmentRowBits))
  }

  @Test func `multipliers of every size stay below 62 bits`() throws {
    var network = DenseNetwork.random([6, 2], perChannel: true, seed: 3)
    network.layers[0].multiplier = FixedPoint(
      mantissas: [(1 << 31) - 1, (1 << 31) - 1], shifts: [10, 41], axes: [0])
    let draft = network.network.draft
    let ranges = try AnalyzeRanges.run(draft)
    #expect(throws: ModelError.self) { try ChooseParameters.run(draft, ranges, committed: []) }
    // Shortened they fit.
    for shift in [10, 30] {
      network.layers[0].multiplier.shifts[0] = shift
      let multipliers = try Compiler.compile(network.network).values.last ?? []
      #expect(multipliers.allSatisfy { $0 < 1 << Int64(Limits.multiplierBits) })
    }
  }

  /// Rows for a chain are longer, as points cost more than anything else there, and as long as there are powers
  /// at most; and their proof is as long as is said.
  @Test func `rows for a chain are as long as gas asks for`() throws {
    let network = DenseNetwork.random([64, 32, 10], perChannel: false, seed: 3)
    let transparent = try Compiler.compile(network.network)
    #expect(transparent.report.estimate.chain == nil)
    var gas: [Double] = []
    for powers in [1 << 16, 1 << 9] {
      let compiled = try Compiler.compile(
        network.network, CompilerOptions(scheme: .srs, powers: powers))
      let parameters = compiled.report.parameters
      #expect(parameters.scheme == .srs)
      #expect(parameters.commitmentRowLength <= powers)
      #expect(
        parameters.commitmentRowBits > transparent.report.parameters.commitmentRowBits)
      let chain = try #require(compiled.report.estimate.chain)
      gas.append(chain.gas)
      // Of the design, for a network of this shape.
      #expect((300_000...700_000).contains(chain.gas))
      #expect((2_000...8_000).contains(chain.calldataBytes))
      #expect(compiled.report.estimate.proofBytes == ProofLayout(compiled.system).bodyBytes)
    }
    #expect(gas[0] < gas[1])
    #expect(throws: ModelError.self) {
      try Compiler.compile(network.network, CompilerOptions(scheme: .srs, powers: 64))
    }
  }

  @Test func `a committed tensor of two values is refused`() {
    let network = DenseNetwork.random([6, 2], perChannel: true, seed: 3)
    #expect(throws: ModelError.self) {
      try Compiler.compile(network.network, CompilerOptions(output: .committed))
    }
  }
}

struct ProvenTests {
  @Test(arguments: [false, true])
  func `a compiled network with split blocks is proven and verified`(perChannel: Bool) throws {
    let network = DenseNetwork.random([12, 8, 6], perChannel: perChannel, ratio: 3000, seed: 5)
    let compiled = try Compiler.compile(network.network)
    #expect(compiled.report.layers.filter(\.isCoarse).count == 2)
    let key = try ProverKey(compiled.system, cells: compiled.cells)
    var random = Seeded(2)
    let trace = try Trace.execute(
      compiled.system, compiled.cells, inputs: [network.input(&random)])
    try Verifier.verify(Prover.prove(trace, key: key), key: key.verifier)
  }
}
