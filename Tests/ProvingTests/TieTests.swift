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

/// A tensor that several proofs commit to by the same points, and values that are told of it.
struct TieTests {
  /// 16 values in, 16 out, both committed, in two rows each.
  static func step(seed: UInt64 = 1) -> Circuit {
    Circuits.mlp([16, 8, 16], input: .committed, output: .committed, seed: seed)
  }

  private static func openings(_ fixture: Fixture) throws -> [TensorOpening] {
    let (_, openings, _) = try Prover.measured(
      fixture.trace, key: fixture.key, as: fixture.shape, entropy: Fixture.entropy)
    return openings
  }

  private static func identity(_ fixture: Fixture, _ place: Int) -> TensorIdentity {
    let system = fixture.key.system
    return system.identity(
      of: system.committedPorts[place], inferences: fixture.shape.system.inferences)
  }

  private static func reuse(
    _ openings: [TensorOpening], at place: Int = 0, in fixture: Fixture, trace: Trace? = nil
  ) throws(ReuseError) -> ReusedBlinders {
    var reused = ReusedBlinders()
    try reused.reuse(
      openings, at: place, identity: identity(fixture, place), of: trace ?? fixture.trace,
      as: fixture.shape, by: fixture.key.committer)
    return reused
  }

  /// A circuit whose input is what another one's output was.
  private static func following(_ fixture: Fixture, seed: UInt64 = 2) throws -> Fixture {
    var circuit = step(seed: seed)
    let output = fixture.circuit.system.outputs[0]
    circuit.inputs[0] = fixture.trace.values(at: output, in: fixture.circuit.system).values
    return try Fixture(circuit)
  }

  @Test(arguments: [1, 3])
  func `a tensor is committed to again, by the same points and nothing else`(
    inferences: Int
  ) throws {
    let fixture = try Fixture(Self.step(), inferences: inferences)
    let first = try Prover.measured(
      fixture.trace, key: fixture.key, as: fixture.shape, context: [1])
    #expect(first.openings.map(\.name) == ["x", "l1"])
    #expect(first.openings.map(\.isOutput) == [false, true])
    let again = try Prover.measured(
      fixture.trace, key: fixture.key, as: fixture.shape, context: [2],
      reusing: Self.reuse(first.openings, in: fixture))
    #expect(fixture.refusal(first.proof) == nil && fixture.refusal(again.proof) == nil)
    let (one, two) = (first.proof.statement.commitments, again.proof.statement.commitments)
    #expect(one[0] == two[0])
    #expect(Set(one[1]).isDisjoint(with: two[1]))
    func elements(_ proof: Proof) -> Set<[UInt8]> {
      Set(
        stride(from: 0, to: proof.body.count, by: 32).map { Array(proof.body[$0..<$0 + 32]) })
    }
    #expect(elements(first.proof).isDisjoint(with: elements(again.proof)))
    // What is said of a second proof opens it as well.
    #expect(again.openings[0] == first.openings[0])
  }

  @Test func `an output is the next input, of another model too`() throws {
    let fixture = try Fixture(Self.step())
    let next = try Self.following(fixture)
    let openings = try Self.openings(fixture)
    let proof = try Prover.measured(
      next.trace, key: next.key, reusing: Self.reuse(openings, in: next)
    ).proof
    #expect(next.refusal(proof) == nil)
    #expect(proof.statement.commitments[0] == openings[1].commitments)
  }

  @Test func `another tensor is refused before anything is sent`() throws {
    let fixture = try Fixture(Self.step())
    let openings = try Self.openings(fixture)
    var circuit = fixture.circuit
    circuit.inputs[0][9] += 1
    let other = try circuit.execute()
    #expect(throws: ReuseError.otherTensor) {
      try Self.reuse(openings, in: fixture, trace: other)
    }
    // Without the check the commitments' difference is that of the tensors, unblinded: anyone finds it.
    let rows = fixture.shape.rows.committed[0]
    let points = ReusedBlinders.commitments(
      to: rows, of: other, under: openings[0].blinders, in: fixture.shape.system,
      by: Pedersen())
    #expect(points[0] == openings[0].commitments[0])
    let difference = (G1(points[1]) + (-G1(openings[0].commitments[1]))).affine
    #expect(difference == Generators.prefix(2).last)
  }

  @Test func `a tensor of another kind is refused, though its cells are the same`() throws {
    let fixture = try Fixture(Self.step())
    let openings = try Self.openings(fixture)
    func refused(_ alter: (inout ConstraintSystem) -> Void, inferences: Int = 1) throws {
      var circuit = Self.step()
      alter(&circuit.system)
      let other = try Fixture(circuit, inferences: inferences)
      #expect(throws: ReuseError.otherIdentity) { try Self.reuse(openings, in: other) }
      let differences = Self.identity(other, 0).differences(from: openings[0].identity)
      #expect(!differences.isEmpty)
      // The cells alone would pass.
      if inferences == 1 {
        var reused = ReusedBlinders()
        try reused.reuse(
          openings, at: 0, identity: openings[0].identity, of: other.trace, as: other.shape,
          by: Pedersen())
      }
    }
    try refused { $0.inputs[0].scale = 0.25 }
    try refused { $0.inputs[0].type = .int16 }
    try refused {
      $0.inputs[0].type = .int16
      $0.inputs[0].zeroPoint = 3
    }
    try refused { $0.inputs[0].shape = [4, 4] }
    try refused({ _ in }, inferences: 2)
    // A batch of one is none.
    var batch = Self.step()
    batch.system.inputs[0].shape = [1, 16]
    _ = try Self.reuse(openings, in: Fixture(batch))
  }

  @Test func `axes in another order are another tensor`() {
    func identity(_ shape: [Int], _ layout: [Int]) -> TensorIdentity {
      TensorIdentity(
        scheme: .transparent, type: .int8, scale: 1, zeroPoint: 0, inferences: 1, shape: shape,
        layout: [layout], shifts: [0], rowBits: 3)
    }
    let one = identity([2, 8], [2, 8])
    #expect(one.differences(from: one).isEmpty)
    #expect(one.differences(from: identity([8, 2], [8, 2])).count == 2)
    #expect(
      one.differences(from: identity([2, 8], [8, 2]))
        == ["order of values [[2, 8]], not [[8, 2]]"])
  }

  @Test func `a declared tensor is committed to by whoever knows it, zeros too`() throws {
    for isZero in [false, true] {
      var circuit = Self.step()
      if isZero { circuit.inputs[0] = circuit.inputs[0].map { _ in 0 } }
      for inferences in [1, 3] {
        let fixture = try Fixture(circuit, inferences: inferences)
        var reused = ReusedBlinders()
        reused.declare(at: 0, as: fixture.shape)
        let proof = try Prover.measured(
          fixture.trace, key: fixture.key, as: fixture.shape, reusing: reused
        ).proof
        #expect(fixture.refusal(proof) == nil)
        let port = fixture.shape.system.committedPorts[0]
        var values = port.runtime(CircuitIntegers(fixture.circuit.inputs[0]))
        #expect(
          Declared.commitments(to: values, at: 0, port: port, as: fixture.shape)
            == proof.statement.commitments[0])
        values[11] += 1
        #expect(
          Declared.commitments(to: values, at: 0, port: port, as: fixture.shape)
            != proof.statement.commitments[0])
      }
    }
  }

  @Test(arguments: [1, 3])
  func `a declared tensor of several limbs is committed to in all of them`(
    inferences: Int
  ) throws {
    let fixture = try Fixture(Circuits.words(visibility: .committed), inferences: inferences)
    var reused = ReusedBlinders()
    reused.declare(at: 0, as: fixture.shape)
    let proof = try Prover.measured(
      fixture.trace, key: fixture.key, as: fixture.shape, reusing: reused
    ).proof
    #expect(fixture.refusal(proof) == nil)
    let port = fixture.shape.system.committedPorts[0]
    let values = RuntimeIntegers(fixture.circuit.inputs[0])
    let commitments = proof.statement.commitments[0]
    #expect(
      Declared.commitments(to: values, at: 0, port: port, as: fixture.shape) == commitments)
    for limb in 0..<4 {
      var other = values
      other[2] += 1 << Int64(8 * limb)
      #expect(
        Declared.commitments(to: other, at: 0, port: port, as: fixture.shape) != commitments)
    }
  }

  @Test func `an opening is read as it was written, or refused`() throws {
    let openings = try Self.openings(Fixture(Self.step()))
    let payload = TensorOpening.encoded(openings)
    var reader = ByteReader(payload)
    #expect(try TensorOpening.decode(&reader) == openings)
    for count in payload.indices {
      var reader = ByteReader(Array(payload[..<count]))
      #expect(throws: FormatError.self) { try TensorOpening.decode(&reader) }
    }
    let file = FileFormat.wrap(.opening, payload)
    for place in stride(from: FileFormat.headerBytes, to: file.count, by: 7) {
      var altered = file
      altered[place] ^= 1
      #expect(throws: FormatError.damaged) { try FileFormat.open(.opening, altered) }
    }
  }

  @Test func `an opening holds nothing of what its proof drew besides`() throws {
    let fixture = try Fixture(Self.step())
    var prover = fixture.prover()
    _ = try prover.run()
    let file = TensorOpening.encoded(prover.openings)
    var chunks = Set<[UInt8]>()
    for start in 0...file.count - 32 { chunks.insert(Array(file[start..<start + 32])) }
    #expect(chunks.contains(prover.openings[0].blinders[0].bigEndianBytes))
    for pad in prover.pads { #expect(!chunks.contains(pad.bigEndianBytes)) }
    for secret in [fixture.key.seed, Fixture.entropy] { #expect(!chunks.contains(secret)) }
    for blinder in fixture.key.blinders { #expect(!chunks.contains(blinder.bigEndianBytes)) }
  }

  // MARK: Reveal

  private static func reveal(
    _ indices: [Int], at place: Int = 1, _ fixture: Fixture, context: [UInt8] = [7]
  ) throws -> (proof: Proof, reveal: Reveal) {
    let (proof, openings, _) = try Prover.measured(
      fixture.trace, key: fixture.key, as: fixture.shape, entropy: Fixture.entropy)
    let reveal = try Prover.reveal(
      indices, at: place, opening: openings[place], trace: fixture.trace, key: fixture.key,
      as: fixture.shape, context: context)
    return (proof, reveal)
  }

  private static func refusal(
    _ reveal: Reveal, of proof: Proof, _ fixture: Fixture
  ) -> VerificationError? {
    do throws(VerificationError) {
      try Verifier.verify(reveal, of: proof.statement, key: fixture.key.verifier)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ([0], 1, 1), ([5, 13], 1, 1), ([1, 6, 9, 14], 1, 1), ([3, 8, 11], 0, 1),
    ([2, 18, 34, 47], 1, 3),
    (Array(0..<48), 0, 3),
  ])
  func `values are told as they are`(indices: [Int], place: Int, inferences: Int) throws {
    let fixture = try Fixture(Self.step(), inferences: inferences)
    let (proof, reveal) = try Self.reveal(indices, at: place, fixture)
    let port = fixture.shape.system.committedPorts[place]
    let values = port.runtime(fixture.trace.values(at: port, in: fixture.shape.system)).values
    #expect(reveal.values == indices.map { values[$0] })
    #expect(Self.refusal(reveal, of: proof, fixture) == nil)
    let file = reveal.encoded(for: fixture.key.system)
    var reader = ByteReader(file)
    #expect(
      try Reveal(decoding: &reader, for: fixture.key.verifier, inferences: inferences) == reveal)
    for count in stride(from: 0, to: file.count, by: 5) {
      var reader = ByteReader(Array(file[..<count]))
      #expect(throws: VerificationError.self) {
        try Reveal(decoding: &reader, for: fixture.key.verifier, inferences: inferences)
      }
    }
  }

  @Test(arguments: [1, 3])
  func `values of several limbs are told in all of them`(inferences: Int) throws {
    let fixture = try Fixture(Circuits.words(visibility: .committed), inferences: inferences)
    for place in 0..<2 {
      let (proof, reveal) = try Self.reveal([0, 2], at: place, fixture)
      #expect(reveal.values == [-2_147_483_648, 255])
      #expect(Self.refusal(reveal, of: proof, fixture) == nil)
      for (value, step) in [(0, 1), (0, 1 << 24), (1, 256), (1, -1)] {
        var altered = reveal
        altered.values[value] += Int64(step)
        #expect(Self.refusal(altered, of: proof, fixture) != nil)
      }
    }
  }

  /// Every challenge is one of the lie's own.
  @Test(arguments: 0..<4)
  func `a value told in other limbs than are committed to is refused`(limb: Int) throws {
    let fixture = try Fixture(Circuits.words([1, 2, 3], visibility: .committed))
    let (proof, openings, _) = try Prover.measured(
      fixture.trace, key: fixture.key, as: fixture.shape, entropy: Fixture.entropy)
    var reveal = try Prover.reveal(
      [0, 2], at: 1, opening: openings[1], trace: fixture.trace, key: fixture.key,
      as: fixture.shape, context: [])
    #expect(Self.refusal(reveal, of: proof, fixture) == nil)
    reveal.values[1] += 1 << Int64(8 * limb)
    var trace = fixture.trace
    trace.outputs[fixture.rows.row(4 + limb, [2])] += 1
    let port = fixture.shape.system.committedPorts[1]
    var randomness = SecretRandomness(
      label: "lie", scheme: .transparent, parts: [Fixture.entropy])
    reveal.bodies = reveal.groups(of: port, as: fixture.shape).enumerated().map { place, group in
      Prover.body(
        of: reveal, group: group, port: port, opening: openings[1], trace: trace,
        as: fixture.shape, by: Pedersen(),
        transcript: reveal.transcript(key: fixture.key.verifier, group: place),
        randomness: &randomness)
    }
    #expect(Self.refusal(reveal, of: proof, fixture) == .refused(.rejected(.commitments)))
  }

  @Test func `rows that tell the same columns share an argument`() throws {
    let fixture = try Fixture(Self.step(), inferences: 3)
    let port = fixture.shape.system.committedPorts[1]
    func groups(_ indices: [Int]) -> [Reveal.Group] {
      Reveal(
        modelID: [], inferences: 3, context: [], place: 1, indices: indices,
        values: indices.map(Int64.init), commitments: []
      ).groups(of: port, as: fixture.shape)
    }
    let groups = groups([1, 3, 9, 11, 16])
    #expect(groups.map(\.rows) == [[0, 1], [2]])
    #expect(groups.map(\.columns) == [[1, 3], [0]])
    #expect(groups.map(\.places) == [[[0, 1], [2, 3]], [[4]]])
  }

  @Test func `a reveal of anything else is refused`() throws {
    let fixture = try Fixture(Self.step())
    let (proof, reveal) = try Self.reveal([1, 9, 12], fixture)
    #expect(reveal.bodies.count == 2)
    func refused(_ expected: VerificationError? = nil, _ alter: (inout Reveal) -> Void) {
      var altered = reveal
      alter(&altered)
      let refusal = Self.refusal(altered, of: proof, fixture)
      #expect(refusal != nil)
      if let expected { #expect(refusal == expected) }
    }
    // Another value, column, context; a value more or less; the groups' arguments exchanged.
    for place in 0..<3 { refused { $0.values[place] += $0.values[place] > 0 ? -1 : 1 } }
    refused { $0.values.swapAt(0, 1) }
    refused { $0.indices[0] = 0 }
    refused { $0.indices = [1, 10, 12] }
    refused { $0.indices = [1, 9, 13] }
    refused { $0.context = [8] }
    refused { $0.bodies.swapAt(0, 1) }
    refused(.statement) { $0.bodies.removeLast() }
    refused(.statement) { $0.values[0] = 500 }
    refused(.statement) { $0.values.removeLast() }
    refused(.otherCommitment) { $0.commitments.swapAt(0, 1) }
    refused(.otherCommitment) { $0.place = 0 }
    for index in stride(from: 0, to: reveal.bodies[0].count, by: 11) {
      refused { $0.bodies[0][index] ^= 1 }
    }
  }

  @Test func `a reveal is compared with its proof and its key first`() throws {
    let fixture = try Fixture(Self.step())
    let (proof, reveal) = try Self.reveal([1, 9, 12], fixture)
    var other = reveal
    other.inferences = 2
    #expect(Self.refusal(other, of: proof, fixture) == .statement)
    other = reveal
    other.place = 2
    #expect(Self.refusal(other, of: proof, fixture) == .statement)
    other = reveal
    other.modelID[0] ^= 1
    #expect(
      Self.refusal(other, of: proof, fixture)
        == .otherModel(expected: reveal.modelID, actual: other.modelID))
    other = reveal
    other.bodies[1][reveal.bodies[1].count - 1] ^= 1
    #expect(Self.refusal(other, of: proof, fixture) == .refused(.rejected(.commitments)))
  }

  @Test func `a reveal's file has one form, and tells values that are there in their order`() throws
  {
    let fixture = try Fixture(Self.step())
    let port = fixture.shape.system.committedPorts[1]
    let (_, reveal) = try Self.reveal([3, 12], fixture)
    func read(_ bytes: [UInt8]) throws -> Reveal {
      var reader = ByteReader(bytes)
      return try Reveal(decoding: &reader, for: fixture.key.verifier, inferences: 1)
    }
    let bytes = reveal.encoded(for: fixture.key.system)
    #expect(try read(bytes) == reveal)
    // Scheme, version, model id, number of inferences.
    for place in 0..<35 {
      var altered = bytes
      altered[place] ^= 1
      #expect(throws: VerificationError.self, "byte \(place)") { try read(altered) }
    }
    #expect(throws: VerificationError.self) { try read(bytes + [0]) }
    for indices in [[], [16], [3, 16], [3, 3], [12, 3]] as [[Int]] {
      var other = reveal
      (other.indices, other.values) = (indices, indices.map { _ in 0 })
      // As many arguments as a reader would look for.
      other.bodies = other.groups(of: port, as: fixture.shape).map { _ in reveal.bodies[0] }
      let file = other.encoded(for: fixture.key.system)
      #expect(throws: VerificationError.statement, "\(indices)") { try read(file) }
    }
  }

  @Test func `values are told with their zero point`() throws {
    var circuit = Self.step()
    circuit.system.outputs[0].zeroPoint = 5
    let fixture = try Fixture(circuit)
    let (proof, reveal) = try Self.reveal([2, 11], fixture)
    let port = fixture.shape.system.committedPorts[1]
    let cells = fixture.trace.values(at: port, in: fixture.shape.system).values
    #expect(reveal.values == [cells[2] + 5, cells[11] + 5])
    #expect(Self.refusal(reveal, of: proof, fixture) == nil)
  }

  /// By hand, in the order and under the labels of the protocol; without any part it is another one.
  @Test func `a reveal's transcript hears all that is told, part by part`() throws {
    let fixture = try Fixture(Self.step())
    let (_, reveal) = try Self.reveal([1, 9], fixture)
    func numbers(_ numbers: [Int64]) -> [UInt8] {
      numbers.flatMap { number in
        (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - 8 * $0)) }
      }
    }
    let parts: [(label: Label, bytes: [UInt8])] = [
      (.scheme, Array("BN254 G1 hashed, SHA-256, inverses, halving".utf8)), (.reveal, [1]),
      (.keyDigest, fixture.key.verifier.modelID), (.inferences, numbers([1])), (.context, [7]),
      (.revealPort, numbers([1])), (.committedTensors, reveal.commitments.flatMap(\.compressed)),
      (.revealPlaces, numbers([1, 9])), (.revealValues, numbers(reveal.values)),
      (.revealGroup, numbers([3])),
    ]
    func draws(_ parts: [(label: Label, bytes: [UInt8])]) -> [Fr] {
      var transcript = Transcript()
      for part in parts { transcript.absorb(part.label, part.bytes) }
      return transcript.challenges(2, .revealBatch)
    }
    var transcript = reveal.transcript(key: fixture.key.verifier, group: 3)
    let expected = transcript.challenges(2, .revealBatch)
    #expect(draws(parts) == expected)
    for place in parts.indices {
      var fewer = parts
      fewer.remove(at: place)
      #expect(draws(fewer) != expected, "\(parts[place].label)")
    }
  }

  @Test func `tensors that mean something else have another identity`() {
    let system = Self.step().system
    let own = system.identity(of: system.outputs[0], inferences: 1)
    func differs(_ alter: (inout ConstraintSystem) -> Void) {
      var other = system
      alter(&other)
      #expect(other.identity(of: other.outputs[0], inferences: 1) != own)
    }
    differs { $0.outputs[0].type = .int16 }
    differs { $0.outputs[0].scale = 0.25 }
    differs { $0.outputs[0].zeroPoint = 3 }
    differs { $0.outputs[0].shape = [4, 4] }
    differs { $0.blocks[$0.outputs[0].blocks[0]].shape = [4, 4] }
    differs { $0.parameters.commitmentRowBits = 2 }
    #expect(system.identity(of: system.outputs[0], inferences: 2) != own)
    // Limbs of other bits.
    let words = Circuits.words(visibility: .committed).system
    var narrow = words
    narrow.functions[0] = .identity(0...127)
    #expect(
      narrow.identity(of: narrow.inputs[0], inferences: 1)
        != words.identity(of: words.inputs[0], inferences: 1))
  }

  @Test func `a reveal of a commitment of no accepted proof is refused`() throws {
    let fixture = try Fixture(Self.step())
    var circuit = fixture.circuit
    circuit.inputs[0][0] += 1
    let other = try Fixture(circuit)
    let (proof, reveal) = try Self.reveal([4], fixture)
    let (stranger, strange) = try Self.reveal([4], other)
    #expect(Self.refusal(strange, of: stranger, fixture) == nil)
    #expect(Self.refusal(strange, of: proof, fixture) == .otherCommitment)
    #expect(Self.refusal(reveal, of: stranger, fixture) == .otherCommitment)
    // It is the comparison alone that refuses: the argument holds.
    var forged = proof.statement
    forged.commitments[1] = strange.commitments
    try Verifier.verify(strange, of: forged, key: fixture.key.verifier)
  }

  /// Weights known beforehand: values told with errors that cancel make the same statement, and the honest
  /// argument is one of the lie. Drawn when all that is told was heard, they are others for each lie.
  @Test func `the weights of values told depend on all that is told`() throws {
    let fixture = try Fixture(Self.step())
    let port = fixture.shape.system.committedPorts[1]
    let (_, reveal) = try Self.reveal([1, 2, 9, 10], fixture)
    let group = reveal.groups(of: port, as: fixture.shape)[0]
    func value(_ reveal: Reveal, _ draws: [Fr]) -> Fr {
      reveal.opening(of: group, port: port, in: fixture.shape.system, draws: draws).statement.value
    }
    // Weights 1, χ, μ, μχ.
    let known = [Fr(5), Fr(3)]
    for (first, second) in [((0, 3), (1, -1)), ((0, 5), (2, -1)), ((2, 3), (3, -1))] {
      var lie = reveal
      lie.values[first.0] += Int64(first.1)
      lie.values[second.0] += Int64(second.1)
      #expect(value(lie, known) == value(reveal, known))
    }
    let key = fixture.key.verifier
    func draws(_ reveal: Reveal, group: Int = 0) -> [Fr] {
      var transcript = reveal.transcript(key: key, group: group)
      return transcript.challenges(2, .revealBatch)
    }
    var seen = [draws(reveal), draws(reveal, group: 1)]
    func altered(_ alter: (inout Reveal) -> Void) {
      var altered = reveal
      alter(&altered)
      seen.append(draws(altered))
    }
    for place in reveal.values.indices {
      altered { $0.values[place] += 1 }
      altered { $0.indices[place] += 1 }
    }
    altered { $0.values.swapAt(0, 1) }
    altered { $0.values.append(0) }
    altered { $0.context.append(0) }
    altered { $0.commitments.swapAt(0, 1) }
    altered { $0.place = 0 }
    altered { $0.inferences = 2 }
    altered { $0.modelID[0] ^= 1 }
    #expect(Set(seen.map { $0.map(\.bigEndianBytes) }).count == seen.count)
  }
}
