import Checker
import ConstraintSystem
import TestSupport
import Testing
import Witness

struct EncodingTests {
  /// The toy circuits, and one with everything that they lack.
  static let systems: [ConstraintSystem] = {
    var all = Circuits.all.map(\.circuit.system)
    all += [Circuits.embedding().system, Circuits.words().system, Circuits.sequence().system]
    var other = Circuits.mlp().system
    other.name = "größer ✓"
    other.functions.append(TableFunction(name: "values", body: .values(lowest: -2, [3, -4, 5])))
    other.outputs[0].finalSteps = [
      .softmax(
        beta: 1, output: FinalQuantization(type: .int8, scale: 1.0 / 256, zeroPoint: -128)),
      .softmax(beta: 0.5, output: nil), .argMax(axis: 0), .dequantize,
      .requantize(FinalQuantization(type: .uint8, scale: 1.0 / 256, zeroPoint: 0)),
    ]
    other.weightsArePublic = true
    other.outputs[0].visibility = .committed
    all.append(other)
    // Steps of the second and the fourth of four outputs.
    var several = Circuits.mlp().system
    several.outputs = Array(repeating: several.outputs[0], count: 4)
    several.outputs[1].finalSteps = [.dequantize, .softmax(beta: 1, output: nil)]
    let byte = FinalQuantization(type: .uint8, scale: 1.0 / 255, zeroPoint: 3)
    several.outputs[3].finalSteps = [
      .quantizedSoftmax(output: byte),
      .requantize(FinalQuantization(type: .int8, scale: 1.0 / 255, zeroPoint: -128)),
      .table((0..<256).map { Float($0) / 3 }), .sigmoid, .tanh, .quantize(byte),
      .reshape([1, 2, 2]), .transpose([0, 2, 1]),
    ]
    all.append(several)
    return all
  }()

  private func decoded(_ bytes: [UInt8]) throws -> ConstraintSystem {
    var reader = ByteReader(bytes)
    let system = try ConstraintSystem(decoding: &reader)
    try reader.finish()
    return system
  }

  @Test func `a circuit is what its bytes say`() throws {
    for system in Self.systems {
      let bytes = system.encoded()
      #expect(try decoded(bytes) == system)
      #expect(try decoded(bytes).encoded() == bytes)
    }
  }

  @Test func `the form of a small circuit is frozen`() {
    let system = ConstraintSystem(
      name: "n",
      parameters: Parameters(limbs: 2, limbBits: 8, quotientBits: 12, commitmentRowBits: 5),
      functions: [.identity(-1...1)],
      tensors: [ModelTensor(name: "w", shape: [3, 200], offset: 1024, type: .int8)],
      blocks: [
        Block(
          name: "b", shape: [3], function: 0, shift: -1,
          multiplier: .tensor(TensorAccess(.tensor(0), [.label(0)])),
          relation: [
            Term(
              coefficient: -2, summed: [4],
              factors: [
                TensorAccess(
                  .block(0), [AffineIndex(steps: [.init(label: 1, stride: 2)], constant: -1)])
              ]
            )
          ])
      ], inputs: [],
      outputs: [
        Port(
          name: "y", blocks: [0], visibility: .private, shape: [3], type: .int8, scale: 0.5,
          zeroPoint: 3, userType: .float32, finalSteps: [.argMax(axis: 0)])
      ], weightsArePublic: true)
    let expected: [UInt8] =
      [1]
      + [1, 0x6e, 4, 16, 24, 10]
      + [1, 8, 0x69, 0x64, 0x65, 0x6e, 0x74, 0x69, 0x74, 0x79, 0, 1, 1, 6, 1, 2]
      + [1, 1, 0x77, 2, 6, 0x90, 0x03, 0x80, 0x10, 1]
      + [1, 1, 0x62, 1, 6, 0, 0, 1, 1, 1, 0, 1, 1, 0, 2, 0]
      + [1, 3, 1, 8, 1, 0, 0, 1, 1, 2, 4, 1]
      + [0, 0]
      + [1, 1, 0x79, 1, 0, 1, 1, 6, 1, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 6, 0]
      + [1, 1, 0, 1]
    #expect(system.encoded() == expected)
  }

  @Test func `every prefix is refused`() throws {
    for system in Self.systems {
      let bytes = system.encoded()
      for count in 0..<bytes.count {
        #expect(throws: FormatError.self) { try decoded(Array(bytes[..<count])) }
      }
      #expect(throws: FormatError.trailing(at: bytes.count, count: 1)) {
        try decoded(bytes + [0])
      }
    }
  }

  @Test func `every flipped bit is refused or another circuit in its one form`() throws {
    for system in Self.systems {
      let bytes = system.encoded()
      var accepted = 0
      for bit in 0..<(8 * bytes.count) {
        var damaged = bytes
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let other = try? decoded(damaged) else { continue }
        accepted += 1
        #expect(other.encoded() == damaged)
        #expect(other.digest != system.digest)
        // Whatever it says, looking at it does no harm.
        try? other.validate()
      }
      #expect(accepted > 0)
    }
  }

  /// A circuit of anyone's making that passes validation, run on zeros and on extremes.
  @Test func `every flipped bit that validation lets pass can be run and checked`() throws {
    var run = 0
    for system in Self.systems where system.usedRows < 256 {
      let bytes = system.encoded()
      for bit in 0..<(8 * bytes.count) {
        var damaged = bytes
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let other = try? decoded(damaged), (try? other.validate()) != nil,
          other.usedRows < 1 << 14, other.usedModelCells < 1 << 14, products(other) < 1 << 16
        else { continue }
        let inputs = other.inputs.map { [Int64](repeating: 0, count: $0.count) }
        for value in [0, Int64.max] {
          let cells = ModelCells(cells: Array(repeating: value, count: other.usedModelCells))
          guard let trace = try? Trace.execute(other, cells, inputs: inputs) else { continue }
          if value == 0 { #expect(Checker.check(other, cells, trace) == []) }
          run += 1
        }
      }
    }
    #expect(run > 1000)
  }

  private func products(_ system: ConstraintSystem) -> Int {
    system.blocks.reduce(0) { sum, block in
      sum + block.relation.reduce(0) { $0 + $1.summed.reduce(block.count, *) }
    }
  }

  @Test(arguments: 0..<8) func `random damage is no trap`(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let originals = Self.systems.map { $0.encoded() }
    for _ in 0..<4000 {
      var bytes = originals[Int(random.next() % UInt64(originals.count))]
      for _ in 0...(random.next() % 6) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.insert(0xff, at: place)
        case 2: bytes.remove(at: place)
        default: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][Int(random.next() % 5)]
        }
      }
      guard let other = try? decoded(bytes) else { continue }
      #expect(other.encoded() == bytes)
      try? other.validate()
    }
  }

  @Test func `a count is checked before anything is allocated`() {
    // The scheme, a name, four parameters, then 2^60 table functions.
    let bytes: [UInt8] =
      [1, 0, 2, 2, 2, 2] + [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]
    #expect(
      throws: FormatError.outOfRange(part: "functions", at: 6, value: "1152921504606846976")
    ) { try decoded(bytes) }
  }

  @Test(arguments: [Limits.ports, Int.max, -2])
  func `a window goes through one of the inputs that a key may have`(input: Int) throws {
    var system = Circuits.embedding().system
    system.blocks[0].relation[0].factors[0].windows[0].through = Limits.ports - 1
    #expect(try decoded(system.encoded()) == system)
    system.blocks[0].relation[0].factors[0].windows[0].through = input
    #expect(throws: FormatError.self) { try decoded(system.encoded()) }
  }

  @Test func `numbers have one spelling`() throws {
    for (bytes, at) in [([0x80, 0x00], 0), ([0xff, 0x80, 0x00], 0)] as [([UInt8], Int)] {
      var reader = ByteReader(bytes)
      #expect(throws: FormatError.notCanonical(part: "n", at: at)) { try reader.unsigned("n") }
    }
    var long = ByteReader(Array(repeating: 0xff, count: 9) + [0x02])
    #expect(throws: FormatError.notCanonical(part: "n", at: 0)) { try long.unsigned("n") }
    for value in [0, 1, 127, 128, 1 << 20, UInt64(1) << 63, .max] as [UInt64] {
      var writer = ByteWriter()
      writer.write(unsigned: value)
      var reader = ByteReader(writer.bytes)
      #expect(try reader.unsigned("n") == value)
      #expect(reader.remaining == 0)
    }
    for value in [0, -1, 1, 63, -64, 64, -65, .min, .max] as [Int64] {
      var writer = ByteWriter()
      writer.write(signed: value)
      var reader = ByteReader(writer.bytes)
      #expect(try reader.signed("n") == value)
      #expect(reader.remaining == 0)
    }
  }

  @Test func `text is UTF-8`() throws {
    for bytes in [[1, 0xff], [2, 0xc0, 0x80], [3, 0xed, 0xa0, 0x80]] as [[UInt8]] {
      var reader = ByteReader(bytes)
      #expect(throws: FormatError.notUTF8(part: "name", at: 1)) { try reader.text("name") }
    }
  }

  @Test func `flags and codes are known ones`() {
    var flag = ByteReader([2])
    #expect(throws: FormatError.unknownCode(part: "f", at: 0, code: 2)) { try flag.flag("f") }
    var code = ByteReader([9])
    #expect(throws: FormatError.unknownCode(part: "c", at: 0, code: 9)) {
      try code.code("c", as: Visibility.self)
    }
  }

  @Test func `the digest tells every field apart`() {
    let base = Self.systems[1]
    var others = [base, base, base, base, base, base]
    others[1].name += "x"
    others[2].weightsArePublic = true
    others[3].parameters.commitmentRowBits += 1
    others[4].blocks[1].shift += 1
    others[5].outputs[0].zeroPoint += 1
    #expect(Set(others.map(\.digest)).count == others.count)
    #expect(base.digest.count == 32)
  }
}
