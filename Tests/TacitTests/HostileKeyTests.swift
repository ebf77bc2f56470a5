import ConstraintSystem
import Foundation
import Proving
import Tacit
import TacitVerifier
import TestSupport
import Testing
import Witness

/// Keys of up to 1 MB, each large in something: none takes a verifier more than 2 s or 256 MB, and all
/// end in an answer.
struct HostileKeyTests {
  private struct Attack {
    let name: String
    let file: [UInt8]

    /// - Parameter rows: identity points after the circuit, as commitments to the model.
    init(_ name: String, _ system: ConstraintSystem, rows: Int = 0) {
      self.name = name
      let identity = [UInt8](repeating: 0, count: 31)
      file = FileFormat.wrap(
        .verifier, system.encoded() + (0..<rows).flatMap { _ in [0x40] + identity })
    }
  }

  private static func window(_ steps: [(label: Int, stride: Int)], _ constant: Int = 0)
    -> AffineIndex
  {
    AffineIndex(steps: steps.map { .init(label: $0.label, stride: $0.stride) }, constant: constant)
  }

  /// Inputs x of some shape, and blocks of another whose terms are given.
  private static func system(
    _ shape: [Int], commitmentRowBits: Int = 11, limbs: Int = 2, limbBits: Int = 4,
    functions: [TableFunction] = [], blocks: [(shape: [Int], terms: [Term])]
  ) -> ConstraintSystem {
    var circuit = Circuit(
      "x", limbs: limbs, limbBits: limbBits, quotientBits: 9, commitmentRowBits: commitmentRowBits)
    let identity = circuit.function(.identity(-128...127))
    _ = circuit.input("", shape, function: identity, visibility: .private, values: [])
    circuit.system.functions += functions
    var last = Source.block(0)
    for block in blocks {
      last = circuit.block("", block.shape, function: identity, circuit.one, block.terms)
    }
    circuit.output(last, visibility: .private)
    circuit.place()
    return circuit.system
  }

  private static func reading(_ windows: [AffineIndex], summed: [Int] = []) -> Term {
    Term(summed: summed, factors: [TensorAccess(.block(0), windows)])
  }

  private static let attacks: [Attack] = {
    let label = AffineIndex.label(0)
    let fixed = (0..<8).map { reading([.fixed($0)]) }
    return [
      Attack("one long axis", system([1 << 23], blocks: [([], fixed)])),
      Attack(
        "one long axis in short parts",
        system([1 << 12, 1 << 11], blocks: [([], [reading([.fixed(0), .fixed(0)])])])),
      Attack(
        "rows without number",
        system(
          [1 << 12, 1 << 11], commitmentRowBits: 2,
          blocks: [([], [reading([.fixed(0), .fixed(0)])])])),
      Attack(
        "long axes in many blocks",
        system(
          [1 << 14],
          blocks: (0..<64).map { _ in
            ([1 << 14], [Term](repeating: reading([window([(0, 1)], -1)]), count: 64))
          })),
      Attack(
        "as many products as are allowed",
        system(
          [1 << 10],
          blocks: (0..<56).map { _ in
            ([1 << 10], [Term](repeating: reading([window([(0, 1)], -1)]), count: 36))
          })),
      Attack(
        "windows of two labels",
        system(
          [1 << 12],
          blocks: [
            (
              [1 << 10],
              [Term](repeating: reading([window([(0, 1), (1, 1)])], summed: [1 << 9]), count: 7)
            )
          ])),
      Attack(
        "values behind long functions",
        system(
          [4],
          functions: (0..<4).map { index in
            TableFunction(
              name: "",
              body: .segments([.init(input: 0, count: 1 << 17, output: Int64(index), slope: 0)]))
          }
            + (0..<250).map { TableFunction(name: "", body: .values(lowest: 0, [Int16($0)])) },
          blocks: [([4], [reading([label])])])),
      Attack(
        "segments without number",
        system(
          [4],
          functions: [
            TableFunction(
              name: "",
              body: .segments(
                (0..<150_000).map {
                  .init(input: $0 - 75_000, count: 1, output: $0 % 2, slope: 0)
                }))
          ], blocks: [([4], [reading([label])])])),
      Attack(
        "terms without number",
        system(
          [], blocks: (0..<2000).map { _ in ([], [Term](repeating: reading([]), count: 60)) })),
      Attack(
        "products without number",
        system(
          [4],
          blocks: (0..<24).map { _ in
            (
              [4],
              [Term](
                repeating: Term(factors: [
                  TensorAccess(.block(0), [label]), TensorAccess(.block(0), [label]),
                ]),
                count: 60)
            )
          })),
      Attack(
        "a tensor of 2^28 zeros",
        {
          var system = system([4], blocks: [([4], [reading([label])])])
          system.tensors = [ModelTensor(name: "", shape: [1 << 28], type: .int8)]
          system.blocks[1].relation.append(
            Term(summed: [1 << 28], factors: [TensorAccess(.tensor(0), [.label(1)])]))
          return system
        }(), rows: 30_000),
      Attack(
        "commitments without number",
        {
          var system = system([4], commitmentRowBits: 5, blocks: [([4], [reading([label])])])
          system.tensors = [ModelTensor(name: "", shape: [32, 1 << 15], type: .int8)]
          system.blocks[1].relation.append(
            Term(factors: [TensorAccess(.tensor(0), [.fixed(0), .fixed(0)])]))
          return system
        }(), rows: 32_768),
    ]
  }()

  @Test(arguments: attacks.map(\.name))
  func `a key of anyone's making takes little`(name: String) throws {
    let attack = try #require(Self.attacks.first { $0.name == name })
    #expect(attack.file.count <= 1_200_000)
    try Folder.with { folder in
      try folder.write(attack.file, "key")
      try folder.write(FileFormat.wrap(.proof, [UInt8](repeating: 0, count: 64)), "proof")
      let tacit = try Program(named: "tacit")
      for arguments in [
        ["inspect", folder.path("key")], ["verify", folder.path("key"), folder.path("proof")],
      ] {
        let used = try tacit.measure(arguments)
        #expect(used.status.map { (0...2).contains($0) } ?? false, "\(arguments)")
        #expect(used.seconds < 2, "\(arguments)")
        #expect(used.peak < 256 << 20, "\(arguments)")
      }
    }
  }

  /// A megabyte of public values is a proof's own, and is read and shown in little more.
  @Test func `a proof of a megabyte takes little`() throws {
    let identity = TableFunction.identity(-128...127)
    var circuit = Circuit("x", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 11)
    let function = circuit.function(identity)
    let x = circuit.input("x", [1000, 1000], function: function, values: [])
    let y = circuit.block(
      "y", [4], function: function, circuit.one,
      [Term(factors: [TensorAccess(x, [.label(0), .fixed(999)])])])
    circuit.output(y)
    circuit.place()
    let key = try ProverKey(circuit.system, cells: ModelCells(circuit.system, values: []))
    let prover = try ModelProver(FileFormat.wrap(.prover, key.encoded))
    let values = (0..<1_000_000).map { Int64($0 % 241 - 120) }
    let proof = try prover.prove(
      NamedArrays(try NumericArray(shape: [1000, 1000], element: .int8, values: .integer(values))))
    try Folder.with { folder in
      try folder.write(prover.verifier.file, "key")
      try folder.write(proof, "proof")
      var points = proof[..<(proof.count / 2)]
      points += [UInt8](repeating: 0, count: proof.count - points.count)
      try folder.write(Array(points), "false")
      let tacit = try Program(named: "tacit")
      for (file, status) in [("proof", Int32(0)), ("false", 1)] {
        for json in [[], ["--json"]] {
          let used = try tacit.measure(["verify", folder.path("key"), folder.path(file)] + json)
          #expect(used.status == status)
          #expect(used.seconds < 2)
          #expect(used.peak < 256 << 20)
        }
      }
    }
  }

  /// Tables that a product's sum-check would need beyond any memory are told of, and not made.
  @Test func `a prover key that asks for more memory than there is is refused`() throws {
    var circuit = Circuit("x", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 11)
    let function = circuit.function(.identity(-128...127))
    let x = circuit.input(
      "x", [1 << 10, 1 << 10], function: function, visibility: .private, values: [])
    func view(_ label: Int) -> TensorAccess {
      TensorAccess(
        x,
        [AffineIndex(steps: [.init(label: label, stride: 1)], constant: 0), .fixed(0)])
    }
    let y = circuit.block(
      "y", [4], function: function, circuit.one,
      [Term(summed: [1 << 14, 1 << 14], factors: [view(1), view(2)])])
    circuit.output(y)
    circuit.place()
    let key = try ProverKey(circuit.system, cells: ModelCells(circuit.system, values: []))
    let prover = try ModelProver(FileFormat.wrap(.prover, key.encoded))
    let cost = try prover.expectedCost()
    #expect(cost.isLarge && cost.bytes > 16 << 30)
    guard ProcessInfo.processInfo.physicalMemory < UInt64(cost.bytes) else { return }
    let zeros = try NumericArray(
      shape: [1024, 1024], element: .int8, values: .integer(Array(repeating: 0, count: 1 << 20)))
    #expect {
      try prover.prove(NamedArrays(zeros))
    } throws: { error in
      guard let error = error as? TacitError, case .tooLarge(1, _, _) = error else { return false }
      return error.subject == .key && "\(error)".contains("of memory")
    }
  }

  /// 227 is not −29, whoever asks.
  @Test func `an output beyond its type is refused by every verb`() throws {
    var circuit = Circuit("x", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 2)
    let function = circuit.function(.identity(-128...127))
    let x = circuit.input("x", [4], function: function, values: [])
    circuit.output(
      circuit.block(
        "y", [4], function: function, circuit.one, [Term(factors: [TensorAccess(x, [.label(0)])])]))
    circuit.system.outputs[0].zeroPoint = 100
    circuit.place()
    let key = try ProverKey(circuit.system, cells: ModelCells(circuit.system, values: []))
    let prover = try ModelProver(FileFormat.wrap(.prover, key.encoded))
    func input(_ first: Int64) throws -> NamedArrays {
      NamedArrays(
        try NumericArray(shape: [4], element: .int8, values: .integer([first, -128, 0, -1])))
    }
    func refused(_ call: (NamedArrays) throws -> Void) throws {
      try call(input(27))
      #expect {
        try call(input(127))
      } throws: { error in
        guard let error = error as? TacitError,
          case .key(.output(name: "y", at: [0], value: 227, type: .int8)) = error
        else { return false }
        return "\(error)".contains("is 227 at [0]")
      }
    }
    try refused { _ = try prover.run($0) }
    try refused { _ = try prover.check($0) }
    try refused { _ = try prover.prove($0) }
    try refused { _ = try prover.prove($0, checked: false) }
  }

  @Test func `a list of zeros is refused before it is read`() throws {
    var empty = Self.system([4], blocks: [([4], [Self.reading([.label(0)])])])
    empty.blocks = []
    // The count of blocks follows the functions and tensors.
    var writer = ByteWriter()
    writer.write(raw: Array(empty.encoded().prefix(Self.bytesBeforeBlocks(of: empty))))
    writer.write(unsigned: 4_000_000)
    writer.write(raw: [UInt8](repeating: 0, count: 40_000_000))
    try Folder.with { folder in
      try folder.write(FileFormat.wrap(.verifier, writer.bytes), "key")
      let tacit = try Program(named: "tacit")
      let result = try tacit.run(["inspect", folder.path("key")])
      #expect(result.status == 2)
      #expect(result.errors.contains("too many"))
      #expect(try tacit.measure(["inspect", folder.path("key")]).peak < 256 << 20)
    }
  }

  /// Bytes of a circuit before the count of its blocks.
  private static func bytesBeforeBlocks(of system: ConstraintSystem) -> Int {
    var other = system
    other.blocks = [
      Block(
        name: "", shape: [], function: 0, shift: 0, multiplier: .constant(0), relation: [])
    ]
    return zip(system.encoded(), other.encoded()).prefix { $0 == $1 }.count
  }
}
