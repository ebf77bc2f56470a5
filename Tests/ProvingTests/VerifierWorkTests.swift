import Arguments
import ConstraintSystem
import Field
import Proving
import Compute
import TestSupport
import Testing
import Transcript
import Verification

/// The account of a key's work: no verifier does more than it says, and it says little more than is done.
struct VerifierWorkTests {
  /// Products over what the key sizes, on this thread.
  private func counted(_ system: ConstraintSystem) throws -> Int {
    let before = OperationCounter.productsOverKeys
    // Planning runs the verifier's code once, on no proof.
    _ = ProofLayout(system)
    return OperationCounter.productsOverKeys - before
  }

  /// An input of a shape, and terms that read it in a block of another shape.
  private static func reading(
    _ shape: [Int], in output: [Int], functions: [TableFunction] = [], _ terms: [Term]
  ) -> ConstraintSystem {
    var circuit = Circuit("reading", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 11)
    let identity = circuit.function(.identity(-128...127))
    _ = circuit.input("x", shape, function: identity, visibility: .private, values: [])
    circuit.system.functions += functions
    circuit.output(
      circuit.block("y", output, function: identity, circuit.one, terms), visibility: .private)
    circuit.place()
    return circuit.system
  }

  /// Circuits in which one thing is large.
  private static let extremes: [(name: String, system: ConstraintSystem)] = {
    let x = Source.block(0)
    func window(_ steps: [(Int, Int)], _ constant: Int = 0) -> AffineIndex {
      AffineIndex(steps: steps.map { .init(label: $0.0, stride: $0.1) }, constant: constant)
    }
    let long = (0..<4).map { index in
      TableFunction(
        name: "long\(index)",
        body: .segments([.init(input: 0, count: 1 << 15, output: Int64(index), slope: 0)]))
    }
    let short = (0..<200).map { index in
      TableFunction(name: "short\(index)", body: .values(lowest: 0, [Int16(index)]))
    }
    var indexed = reading(
      [1 << 12, 4], in: [64, 4],
      [
        Term(
          factors: [
            TensorAccess(
              x,
              [
                AffineIndex(steps: [.init(label: 0, stride: 1)], constant: 0, through: 1),
                .label(1),
              ])
          ])
      ])
    indexed.inputs.append(
      Port(
        name: "ids", blocks: [], visibility: .public, shape: [64], type: .int64, scale: 1,
        zeroPoint: 0, userType: .int64))
    return [
      ("an axis that an input leads along", indexed),
      (
        "an axis",
        reading([1 << 16], in: [1 << 16], [Term(factors: [TensorAccess(x, [.label(0)])])])
      ),
      (
        "an axis that is read in places",
        reading(
          [1 << 16], in: [4],
          (0..<64).map { Term(factors: [TensorAccess(x, [.fixed($0)])]) })
      ),
      (
        "a window of two labels",
        reading(
          [1 << 11], in: [1 << 10],
          [Term(summed: [64], factors: [TensorAccess(x, [window([(0, 1), (1, 16)], -3)])])])
      ),
      (
        "a sum of products",
        reading(
          [1 << 13], in: [4],
          [
            Term(
              summed: [1 << 13],
              factors: [
                TensorAccess(x, [.label(1)]), TensorAccess(x, [window([(1, -1)], 1 << 13 - 1)]),
              ])
          ])
      ),
      (
        "products of cells",
        reading(
          [1 << 14], in: [1 << 14],
          [Term(factors: [TensorAccess(x, [.label(0)]), TensorAccess(x, [.label(0)])])])
      ),
      (
        "functions by values behind long ones",
        reading(
          [4], in: [4], functions: long + short, [Term(factors: [TensorAccess(x, [.label(0)])])])
      ),
    ]
  }()

  @Test(arguments: extremes.map(\.name))
  func `extreme circuits take what their account says`(name: String) throws {
    let system = try #require(Self.extremes.first { $0.name == name }?.system)
    try system.validate()
    let (work, counted) = (VerifierWork(system).products, try counted(system))
    #expect(counted <= work)
    #expect(work <= 4 * counted + 20_000)
  }

  @Test func `an account holds wherever an input leads`() throws {
    let long = try #require(Self.extremes.first?.system)
    let many = try long.batched(16)
    // Along the whole axis, and along nearly all of it: a run that begins within has blocks on both of its sides.
    for first in [0, 1] as [Int64] {
      let ids = (0..<64).map { $0 % 2 == 0 ? first : 4095 - first }
      #expect(
        try counted(long.reading([nil, CircuitIntegers(ids)])) <= VerifierWork(long).products)
      // Each inference is led there.
      let all = CircuitIntegers((0..<16).flatMap { _ in ids })
      #expect(try counted(many.reading([nil, all])) <= VerifierWork(many).products)
    }
    for count in [1, 5] {
      let batch = try Circuits.embedding(ids: [0, 4, 0, 4], chosen: [0, 3]).batched(count)
      let read = batch.system.reading(batch.inputs.map { CircuitIntegers($0) })
      #expect(try counted(read) <= VerifierWork(batch.system).products)
      let padded = try Circuits.sequence().system.batched(count)
      #expect(try counted(padded) <= VerifierWork(padded).products)
    }
  }

  @Test(arguments: GadgetCircuits.all.map(\.name))
  func `what gadgets ask for is accounted for`(name: String) throws {
    let system = try #require(GadgetCircuits.all.first { $0.name == name }?.circuit.system)
    var without = system
    without.gadgets = []
    #expect(VerifierWork(system).products > VerifierWork(without).products)
  }

  @Test(arguments: Circuits.all.map(\.name), [1, 5])
  func `circuits take what their account says`(name: String, inferences: Int) throws {
    let circuit = try #require(Circuits.all.first { $0.name == name }?.circuit)
    let system = try circuit.system.batched(inferences)
    let (work, counted) = (VerifierWork(system).products, try counted(system))
    #expect(counted <= work)
    #expect(work <= 8 * counted + 20_000)
  }

  @Test func `random circuits take no more than their account says`() throws {
    var least = Double.infinity
    for seed in 0..<300 {
      let system = RandomCircuits.relation(seed: UInt64(seed)).system
      let (work, counted) = (VerifierWork(system).products, try counted(system))
      #expect(counted <= work, "seed \(seed)")
      least = min(least, Double(work) / Double(max(1, counted)))
    }
    #expect(least < 8)
  }

  /// Each of these took seconds and gigabytes to load, or ended in an abort of the allocator.
  @Test(arguments: [23, 24])
  func `a block that is one long axis is refused where it is read`(bits: Int) throws {
    let x = Source.block(0)
    let system = Self.reading(
      [1 << bits], in: [], (0..<8).map { Term(factors: [TensorAccess(x, [.fixed($0)])]) })
    #expect {
      try system.validate()
    } throws: { error in
      switch error as? KeyError {
      case .verifierBytes?, .verifierProducts?, .beyondEnd?: true
      default: false
      }
    }
  }

  @Test func `long windows in many terms are refused`() throws {
    let x = Source.block(0)
    let view = TensorAccess(x, [AffineIndex(steps: [.init(label: 0, stride: 1)], constant: -1)])
    let system = Self.reading(
      [1 << 14], in: [1 << 14], [Term](repeating: Term(factors: [view]), count: 64))
    var many = system
    for index in 2..<64 {
      var block = system.blocks[1]
      block.offset += (index - 1) << 14
      many.blocks.append(block)
    }
    let work = VerifierWork(many)
    #expect(
      throws: KeyError.verifierProducts(work.products, limit: Limits.verifierProducts)
    ) { try many.validate() }
  }

  /// A label that reads four cells: half of the products that a verifier takes on, and more than the memory.
  @Test func `weights that no memory holds are refused`() throws {
    let system = Self.reading(
      [4], in: [1 << 22], [Term(factors: [TensorAccess(.block(0), [.label(0)])])])
    #expect(VerifierWork(system).products < Limits.verifierProducts)
    #expect {
      try system.validate()
    } throws: { error in
      if case .verifierBytes? = error as? KeyError { true } else { false }
    }
  }

  @Test func `a label as long as the largest tensor is refused`() throws {
    var system = Self.reading([4], in: [4], [Term(factors: [TensorAccess(.block(0), [.label(0)])])])
    system.tensors = [ModelTensor(name: "w", shape: [1 << 28], type: .int8)]
    system.blocks[1].relation = [
      Term(summed: [1 << 28], factors: [TensorAccess(.tensor(0), [.label(1)])])
    ]
    #expect {
      try system.validate()
    } throws: { error in
      if case .verifierProducts? = error as? KeyError { true } else { false }
    }
  }

  @Test func `more of anything than a key may hold is refused before it is read`() throws {
    let system = try #require(Circuits.all.first?.circuit.system)
    var empty = system
    (empty.functions, empty.tensors, empty.blocks) = ([], [], [])
    let head = empty.encoded()
    // The lists of functions, tensors, blocks, inputs, … follow the scheme, the name and four parameters.
    let counts = 1 + system.name.utf8.count + 1 + 4
    for (place, limit) in [Limits.functions, Limits.tensors, Limits.blocks].enumerated() {
      var writer = ByteWriter()
      writer.write(raw: Array(head[..<(counts + place)]))
      writer.write(unsigned: UInt64(limit + 1))
      writer.write(raw: [UInt8](repeating: 0, count: 1 << 20))
      var reader = ByteReader(writer.bytes)
      #expect {
        try ConstraintSystem(decoding: &reader)
      } throws: { error in
        guard case .tooMany(_, counts + place, limit + 1, limit)? = error as? FormatError else {
          return false
        }
        return true
      }
    }
  }
}
