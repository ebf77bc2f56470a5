import Arguments
import Commitment
import ConstraintSystem
import Curve
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Proofs that a key's model holds integers of the types that the key declares.
struct KeyProofTests {
  /// Values of a stored type for three rows of five, at its ends and in between.
  private static func values(_ type: ModelTensor.StoredType) -> [Int64] {
    var random = SplitMix64(seed: 4)
    switch type {
    case .int8, .int16, .int32, .int64:
      let range = type.range
      return [range.lowerBound, range.upperBound, 0, -1, 1]
        + random.integers(10, in: range.clamped(to: -(1 << 61)...(1 << 61)))
    case .bit: return random.integers(15, in: 0...1)
    case .sign: return random.integers(15, in: 0...1).map { 2 * $0 - 1 }
    case .oneHot: return [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0]
    }
  }

  /// A tensor of each stored type.
  private static func everyType() -> Circuit {
    var circuit = Circuit("types", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 3)
    let identity = circuit.function(.identity(-128...127))
    let x = circuit.input("x", [3], function: identity, values: [1, 2, 3])
    for type in ModelTensor.StoredType.allCases {
      _ = circuit.tensor("\(type)", [3, 5], values(type), type: type)
    }
    circuit.output(
      circuit.block(
        "y", [3], function: identity, circuit.one,
        [
          Term(factors: [TensorAccess(x, [.label(0)])])
        ]))
    circuit.place()
    return circuit
  }

  private func key(_ circuit: Circuit, _ cells: ModelCells? = nil) throws -> ProverKey {
    try ProverKey(
      circuit.system, cells: try cells ?? circuit.cells, seed: [UInt8](repeating: 7, count: 32))
  }

  private func refusal(_ proof: KeyProof, _ key: VerifierKey) -> VerificationError? {
    do throws(VerificationError) {
      try Verifier.verify(proof, key: key)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: Circuits.all.map(\.name) + ["types"])
  func `an honest key's proof is accepted, and no other byte of it`(name: String) throws {
    let circuit =
      name == "types"
      ? Self.everyType() : try #require(Circuits.all.first { $0.name == name }?.circuit)
    let key = try key(circuit)
    let proof = try Prover.keyProof(key)
    #expect(refusal(proof, key.verifier) == nil)
    let bytes = proof.encoded(for: key.system)
    func read(_ bytes: [UInt8]) throws -> KeyProof {
      var reader = ByteReader(bytes)
      return try KeyProof.decode(&reader, for: key.verifier).proof
    }
    #expect(try read(bytes) == proof)
    for place in stride(from: 0, to: bytes.count, by: 61) {
      var altered = bytes
      altered[place] ^= 1
      if let proof = try? read(altered) { #expect(refusal(proof, key.verifier) != nil) }
    }
    let lengths: [[UInt8]] = [bytes.dropLast(), Array(bytes[..<33]), [bytes[0]], bytes + [0]]
    for other in lengths {
      #expect(throws: VerificationError.self) { try read(other) }
    }
  }

  @Test func `the head of a key's proof has one form, and its last scalar is bound`() throws {
    let key = try key(Circuits.mlp())
    let proof = try Prover.keyProof(key)
    let bytes = proof.encoded(for: key.system)
    func read(_ bytes: [UInt8]) throws -> KeyProof {
      var reader = ByteReader(bytes)
      return try KeyProof.decode(&reader, for: key.verifier).proof
    }
    // Scheme, version, model id.
    for place in 0..<34 {
      var altered = bytes
      altered[place] ^= 1
      #expect(throws: VerificationError.self, "byte \(place)") { try read(altered) }
    }
    var altered = bytes
    altered[bytes.count - 1] ^= 1
    #expect(try refusal(read(altered), key.verifier) == .refused(.rejected(.commitments)))
  }

  @Test func `digits make up every integer of a type in one way`() {
    for type in [ModelTensor.StoredType.int8, .int16, .int32, .int64] {
      let ranges = type.digits
      let (low, high) = (type.range.lowerBound, type.range.upperBound)
      for value in [
        low, low + 1, -4097, -4096, -129, -128, -1, 0, 1, 127, 4095, 4096, high - 1, high,
      ]
      where type.range.contains(value) {
        let digits = ModelRange.digits(of: value, type: type)
        #expect(zip(ranges, digits).allSatisfy { $0.contains($1) } && ranges.count == digits.count)
        var sum = Int64(0)
        for (place, digit) in digits.enumerated() { sum &+= digit << Int64(12 * place) }
        #expect(sum == value)
      }
      // As many tuples of digits as integers: their widths multiply to the type's.
      let bits = ranges.reduce(0) { $0 + ceilLog2($1.count) }
      #expect(bits == 8 * type.bytes)
      #expect(ranges.allSatisfy { $0.count == 1 << ceilLog2($0.count) })
      #expect(ranges.dropLast().allSatisfy { $0 == 0...4095 })
    }
  }

  /// Cells that the type's bytes can hold, in the tensor that is declared so.
  @Test(arguments: [
    (ModelTensor.StoredType.bit, [Int64(2)]), (.bit, [-1]), (.sign, [0]), (.sign, [3]),
    (.oneHot, [2, -1, 0, 0, 0]), (.oneHot, [1, 1, 0, 0, 0]), (.oneHot, [0, 0, 0, 0, 0]),
    // Too many in one row are as many too few in the next.
    (.oneHot, [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
  ])
  func `a tensor that is not as declared is refused`(
    type: ModelTensor.StoredType, values: [Int64]
  ) throws {
    let circuit = Self.everyType()
    let index = try #require(circuit.system.tensors.firstIndex { $0.type == type })
    let tensor = circuit.system.tensors[index]
    var wrong = circuit
    wrong.values[index].replaceSubrange(0..<values.count, with: values)
    #expect(throws: ModelCellsError.self) { try wrong.cells }
    // Where cells are what digits make, rows of digits say nothing against them.
    var (lying, digits) = (Array(try circuit.cells.cells), Array(try circuit.cells.cells))
    for (place, value) in values.enumerated() {
      let cell = tensor.offset + (place / 5) * 8 + place % 5
      lying[cell] = value
      if type == .oneHot, value == 0 || value == 1 { digits[cell] = value }
    }
    let (proof, key) = try lie(
      circuit, cells: ModelCells(cells: lying), digits: ModelCells(cells: digits))
    #expect(refusal(proof, key.verifier) == .refused(.rejected(.equation)))
    let (bare, other) = try lie(
      circuit, cells: ModelCells(cells: lying), digits: ModelCells(cells: digits), ranges: false)
    let part = try #require(try ModelRangeCircuit.parts(of: circuit.system).first)
    let statement = KeyProof.statement(part: 0, of: part.system)
    try Verifier.verify(
      bare.bodies[0], statement: statement, as: ProofLayout(part.system), key: other.verifier,
      transcript: statement.transcript(key: other.verifier))
    // What is no such row may be bits.
    guard type == .oneHot, values.allSatisfy({ $0 == 0 || $0 == 1 }) else { return }
    wrong.system.tensors[index].type = .bit
    let bits = try self.key(wrong)
    #expect(refusal(try Prover.keyProof(bits), bits.verifier) == nil)
  }

  @Test func `a prover key with values that are not as declared is refused`() throws {
    let circuit = Self.everyType()
    for (type, value) in [(ModelTensor.StoredType.bit, Int64(2)), (.sign, 0), (.oneHot, 0)] {
      let index = try #require(circuit.system.tensors.firstIndex { $0.type == type })
      var cells = Array(try circuit.cells.cells)
      cells[circuit.system.tensors[index].offset] = value
      var writer = ByteWriter()
      ModelCells(cells: cells).write(to: &writer, in: circuit.system)
      var reader = ByteReader(writer.bytes)
      #expect {
        try ModelCells(decoding: &reader, for: circuit.system)
      } throws: { error in
        if case .outOfRange? = error as? FormatError { true } else { false }
      }
    }
  }

  /// A prover who knows that its key is false, and tells digits of another integer.
  private func lie(
    _ circuit: Circuit, cells: ModelCells, digits of: ModelCells, ranges: Bool = true
  ) throws -> (proof: KeyProof, key: ProverKey) {
    let key = try key(circuit, cells)
    let part = try #require(try ModelRangeCircuit.parts(of: circuit.system).first)
    let layout = ranges ? ProofLayout(part) : ProofLayout(part.system)
    let trace = try Trace.execute(part.system, of, inputs: Prover.digits(part, of: of))
    var prover = Prover(
      trace, key: key, as: layout, context: [], subject: .model(part: 0),
      randomness: SecretRandomness(
        label: "test", scheme: .transparent, parts: [SecretRandomness.systemRandomness()]))
    let proof = try prover.run()
    return (KeyProof(modelID: key.verifier.modelID, bodies: [proof.body]), key)
  }

  /// Of the cells of the tensors that `mlp` has: bytes, biases in words, multipliers in long words.
  @Test(arguments: [
    ("w0", Int64(128)), ("w0", -129), ("w0", 256), ("w1", 1 << 40), ("b0", 1 << 13),
  ])
  func `a value beyond its type is refused, and by the claim on it alone`(
    name: String, value: Int64
  ) throws {
    let circuit = Circuits.mlp()
    let index = try #require(circuit.system.tensors.firstIndex { $0.name == name })
    let tensor = circuit.system.tensors[index]
    var cells = try circuit.cells.cells.map { $0 }
    cells[tensor.offset] = value
    let honest = try circuit.cells
    let (proof, key) = try lie(circuit, cells: ModelCells(cells: cells), digits: honest)
    #expect(refusal(proof, key.verifier) == .refused(.rejected(.equation)))
    // Without the claims nothing speaks against it.
    let (bare, other) = try lie(
      circuit, cells: ModelCells(cells: cells), digits: honest, ranges: false)
    let part = try #require(try ModelRangeCircuit.parts(of: circuit.system).first)
    let statement = KeyProof.statement(part: 0, of: part.system)
    try Verifier.verify(
      bare.bodies[0], statement: statement, as: ProofLayout(part.system), key: other.verifier,
      transcript: statement.transcript(key: other.verifier))
  }

  /// Along an axis, and across two: with one weight for both cells what is wrong in them would be gone.
  @Test(arguments: [(0, 1), (0, 8), (1, 8)])
  func `errors of two cells that cancel are refused`(first: Int, second: Int) throws {
    let circuit = Circuits.mlp()
    let tensor = circuit.system.tensors[0]
    #expect(tensor.shape == [6, 8])
    let honest = try circuit.cells
    var cells = Array(honest.cells)
    cells[tensor.offset + first] += 1000
    cells[tensor.offset + second] -= 1000
    let (proof, key) = try lie(circuit, cells: ModelCells(cells: cells), digits: honest)
    #expect(refusal(proof, key.verifier) == .refused(.rejected(.equation)))
  }

  /// 1/2 in the field, which the row acc·2^S = q·2^S + rem would admit: q = 0, rem = 2^(S − 1).
  @Test func `a cell that is no integer is refused`() throws {
    let circuit = Circuits.mlp()
    let honest = try key(circuit)
    var rows = honest.verifier.modelRows
    let half = Pedersen().commit([CommitmentRow([Fr(UInt64(2)).inverse()][...], blinder: .zero)])[0]
    rows[0] = (G1(rows[0]) + G1(half)).affine
    let verifier = try VerifierKey(circuit.system, modelRows: rows)
    let proof = try Prover.keyProof(honest)
    #expect(
      refusal(KeyProof(modelID: verifier.modelID, bodies: proof.bodies), verifier)
        != nil)
    #expect(
      refusal(proof, verifier)
        == .otherModel(expected: verifier.modelID, actual: honest.verifier.modelID))
  }

  @Test func `a proof is of one key, one part and no inference`() throws {
    let circuit = Circuits.mlp()
    let key = try key(circuit)
    let proof = try Prover.keyProof(key)
    #expect(
      refusal(KeyProof(modelID: key.verifier.modelID, bodies: []), key.verifier) == .statement)
    let part = try #require(try ModelRangeCircuit.parts(of: circuit.system).first)
    // Its argument is bound to what it is about.
    #expect(KeyProof.statement(part: 1, of: part.system).subject == .model(part: 1))
    var statement = KeyProof.statement(part: 1, of: part.system)
    for subject in [Statement.Subject.model(part: 1), .inferences] {
      statement.subject = subject
      #expect(throws: ProofError.rejected(.equation)) {
        try Verifier.verify(
          proof.bodies[0], statement: statement, as: ProofLayout(part), key: key.verifier,
          transcript: statement.transcript(key: key.verifier))
      }
    }
  }

  @Test func `parts hold every tensor once, and none is larger than a trace`() throws {
    var circuit = Circuits.mlp()
    circuit.system.parameters.commitmentRowBits = 11
    func tensors(_ tensors: [(bits: Int, type: ModelTensor.StoredType)]) throws
      -> [ModelRangeCircuit]
    {
      circuit.system.tensors = tensors.enumerated().map {
        ModelTensor(
          name: "t\($0)", shape: [1 << ($1.bits / 2), 1 << ($1.bits - $1.bits / 2)], type: $1.type)
      }
      circuit.place()
      return try ModelRangeCircuit.parts(of: circuit.system)
    }
    let parts = try tensors([
      (23, .int8), (22, .int8), (22, .int16), (10, .int64), (24, .int8), (4, .int32),
    ])
    #expect(parts.map { $0.ranges.map(\.tensor) } == [[0, 1], [2, 3], [4], [5]])
    #expect(parts.allSatisfy { $0.system.traceBits <= 24 })
    #expect(throws: KeyError.beyondEnd(.tensor(1), limit: 1 << 24)) {
      try tensors([(4, .int8), (24, .int16)])
    }
    #expect(try tensors([]).isEmpty)
  }

  @Test func `a part that is more work than a verifier takes on is refused`() throws {
    var circuit = Circuits.mlp()
    circuit.system.parameters.commitmentRowBits = 11
    circuit.system.tensors = [ModelTensor(name: "long", shape: [1 << 22], type: .int8)]
    circuit.place()
    #expect {
      try ModelRangeCircuit.parts(of: circuit.system)
    } throws: { error in
      if case .verifierProducts? = error as? KeyError { true } else { false }
    }
  }
}
