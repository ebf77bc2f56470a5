import ArgumentKernels
import Arguments
import Ceremony
import Commitment
import ConstraintSystem
import Curve
import Field
import Hashing
import ProofSizes
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Keys and proofs of the scheme whose generators are powers of τ, over powers of a τ that everybody knows.
struct ChainSchemeTests {
  private static func fixture(_ name: String, inferences: Int = 1) throws -> Fixture {
    let circuit = try #require(Circuits.all.first { $0.name == name }?.circuit)
    return try Fixture(circuit.over(.knownSRS), inferences: inferences)
  }

  @Test(arguments: Circuits.all.map(\.name), [1, 3])
  func `honest proofs are accepted`(name: String, inferences: Int) throws {
    let fixture = try Self.fixture(name, inferences: inferences)
    let proof = try fixture.proof(context: [7])
    #expect(fixture.refusal(proof) == nil)
    var reader = ByteReader(proof.encoded(for: fixture.shape.system))
    #expect(try Proof(decoding: &reader, for: fixture.key.verifier) == proof)
    // Rows have one length, whatever the number of inferences; no fractions are added up.
    #expect(
      fixture.shape.system.commitmentRowBits
        == fixture.key.system.parameters.commitmentRowBits)
    #expect(fixture.shape.shape.treeLevels == 0)
  }

  @Test(arguments: [Visibility.public, .private, .committed])
  func `ports of every visibility are proven`(visibility: Visibility) throws {
    let fixture = try Fixture(
      Circuits.mlp([8, 6, 8], input: visibility, output: visibility).over(.knownSRS), inferences: 2)
    #expect(fixture.refusal(try fixture.proof()) == nil)
  }

  @Test func `proofs are accepted together, and the one that is false is refused`() throws {
    let fixture = try Self.fixture("mlp")
    var proofs = (0..<3).map { place in
      Prover.prove(fixture.trace, key: fixture.key, context: [UInt8(place)])
    }
    let key = fixture.key.verifier
    #expect(Verifier.verify(proofs, key: key) == [nil, nil, nil])
    // The sign of the last quotient: of the equation in the group alone.
    proofs[1].body[proofs[1].body.count - 32] ^= 0x40
    #expect(Verifier.verify(proofs, key: key) == [nil, .refused(.rejected(.commitments)), nil])
  }

  /// Two errors that cancel, as in `ManyProofsTests`.
  @Test func `errors of two proofs that cancel are refused, by the weights alone`() throws {
    let fixture = try Self.fixture("tiny")
    let key = fixture.key.verifier
    var obligations = try (0..<2).map { place in
      let proof = Prover.prove(fixture.trace, key: fixture.key, context: [UInt8(place)])
      return try Verifier.argue(proof, key: key, by: KZGRows<KnownTau>()).get()
    }
    obligations[0].equation.sides.left.blinding += Fr(77)
    obligations[1].equation.sides.left.blinding -= Fr(77)
    #expect(Verifier.settle(obligations, weights: [.one, .one], key: key))
    #expect(
      !Verifier.settle(
        obligations, weights: Verifier.weights(of: obligations, key: key), key: key))
  }

  @Test(arguments: ["tiny", "mlp", "wide"])
  func `any one changed element is refused`(name: String) throws {
    let fixture = try Self.fixture(name)
    let proof = try fixture.proof()
    let size = fixture.shape.size
    let rows = 1 + size.rows
    let opening = rows + size.messages
    for element in Set([0, 1, rows - 1, rows, opening - 1]).union(opening..<proof.body.count / 32)
      .sorted()
    {
      var altered = proof
      let late = proof.body.count / 32 - 4
      let isPoint =
        element < rows || (opening..<opening + 2).contains(element)
        || [late, late + 2, late + 3].contains(element)
      altered.body[isPoint ? 32 * element : 32 * element + 31] ^= isPoint ? 0x40 : 1
      #expect(fixture.refusal(altered) != nil, "element \(element)")
    }
    var other = proof
    other.statement.outputs[0]?[0] ^= 1
    #expect(fixture.refusal(other) != nil)
  }

  /// A trace longer than the table, so that the sum-check over h and g runs over slots and rows.
  @Test func `inverses of a trace that is longer than the table are all checked`() throws {
    let fixture = try Self.fixture("wide")
    let shape = fixture.shape.shape
    #expect(shape.inverseBits > shape.tableBits && shape.inverseRounds == shape.inverseBits)
    for lie in 0..<4 {
      var prover = fixture.prover()
      let proof = try prover.run { inverses, table, _ in
        let used = inverses.indices.filter { !inverses[$0].isZero }
        switch lie {
        case 0: inverses[used[0]] += .one
        case 1: inverses[used[used.count - 1]] += .one
        case 2:
          // The sum stays as it is.
          inverses[used[3]] += .one
          inverses[used[5]] -= .one
        default: table[0] += .one
        }
      }
      #expect(fixture.refusal(proof) == .refused(.rejected(.equation)), "lie \(lie)")
    }
  }

  @Test func `a trace that looks up what the table lacks is refused`() throws {
    let fixture = try Self.fixture("wide")
    var trace = fixture.trace
    let row = try #require(trace.limbs[0].firstIndex { $0 != 0 })
    trace.limbs[0][row] += 1 << Int64(fixture.circuit.system.parameters.limbBits)
    var prover = fixture.prover(trace)
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }

  @Test func `a key's own proof is accepted, and refused under another key`() throws {
    let fixture = try Self.fixture("mlp")
    let proof = try Prover.keyProof(fixture.key)
    try Verifier.verify(proof, key: fixture.key.verifier)
    var altered = proof
    altered.bodies[0][altered.bodies[0].count - 1] ^= 1
    #expect(throws: VerificationError.self) {
      try Verifier.verify(altered, key: fixture.key.verifier)
    }
  }

  @Test func `values of a committed tensor are revealed`() throws {
    let fixture = try Fixture(Circuits.tiny(width: 4, input: .committed).over(.knownSRS))
    let (proof, openings, _) = try Prover.measured(fixture.trace, key: fixture.key)
    try Verifier.verify(proof, key: fixture.key.verifier)
    let reveal = try Prover.reveal(
      [1, 3], at: 0, opening: openings[0], trace: fixture.trace, key: fixture.key,
      as: fixture.shape, context: [])
    try Verifier.verify(reveal, of: proof.statement, key: fixture.key.verifier)
    var other = reveal
    other.values[1] ^= 1
    #expect(throws: VerificationError.self) {
      try Verifier.verify(other, of: proof.statement, key: fixture.key.verifier)
    }
  }

  @Test func `an input is committed to as another proof did`() throws {
    let fixture = try Fixture(Circuits.tiny(width: 4, input: .committed).over(.knownSRS))
    let (first, openings, _) = try Prover.measured(fixture.trace, key: fixture.key)
    var reused = ReusedBlinders()
    try reused.reuse(
      openings, at: 0, identity: openings[0].identity, of: fixture.trace, as: fixture.shape,
      by: fixture.key.committer)
    let second = try Prover.measured(fixture.trace, key: fixture.key, reusing: reused).proof
    #expect(first.statement.commitments == second.statement.commitments)
    #expect(fixture.refusal(second) == nil)
    // Never under a key of the other scheme, whose rows are over other generators.
    let other = try Fixture(Circuits.tiny(width: 4, input: .committed))
    let identity = other.key.system.identity(of: other.key.system.inputs[0], inferences: 1)
    #expect(identity != openings[0].identity)
    #expect(throws: ReuseError.otherIdentity) {
      var reused = ReusedBlinders()
      try reused.reuse(
        openings, at: 0, identity: identity, of: other.trace, as: other.shape, by: Pedersen())
    }
  }

  /// A verifier has no powers, and needs none for a state of zeros.
  @Test func `a first state of zeros is committed to without powers`() throws {
    var circuit = Circuits.tiny(width: 4, input: .committed).over(.srs)
    circuit.inputs[0] = [0, 0, 0, 0]
    let layout = ProofLayout(circuit.system)
    let port = layout.system.committedPorts[0]
    let points = Declared.commitments(
      to: RuntimeIntegers([0, 0, 0, 0]), at: 0, port: port, as: layout)
    #expect(points == [KZGCommitter.blinding])
    #expect(
      Declared.commitments(to: RuntimeIntegers([0, 1, 0, 0]), at: 0, port: port, as: layout)
        == nil)
  }

  // MARK: The scheme

  @Test func `the ceremony stands in the identity`() {
    #expect(CeremonyTau.ceremony.digest.bytes == ProofScheme.ceremonyDigest)
    #expect(Array(ProofScheme.srs.identity.suffix(32)) == ProofScheme.ceremonyDigest)
    #expect(Set(ProofScheme.allCases.map(\.identity)).count == ProofScheme.allCases.count)
  }

  @Test func `no file of the scheme that is for tests is read`() throws {
    let key = try Self.fixture("tiny").key
    #expect(key.verifier.encoded[0] == ProofScheme.knownSRS.rawValue)
    var reader = ByteReader(key.verifier.encoded)
    #expect(
      throws: KeyFileError.format(.unknownCode(part: "scheme", at: 0, code: 255))
    ) { try VerifierKey(decoding: &reader) }
    var secret = ByteReader(key.encoded)
    #expect(
      throws: KeyFileError.format(.unknownCode(part: "scheme", at: 0, code: 255))
    ) { try ProverKey(decoding: &secret) }
  }

  /// A blinder under two schemes would give away what it hides.
  @Test func `schemes draw different blinders from one seed`() throws {
    let circuit = Circuits.mlp()
    let seed = [UInt8](repeating: 9, count: 32)
    let keys = try [ProofScheme.transparent, .knownSRS].map {
      try ProverKey(circuit.over($0).system, cells: circuit.cells, seed: seed)
    }
    #expect(Set(keys[0].blinders).isDisjoint(with: keys[1].blinders))
    for label in ["proof", "key proof", "reveal", "model blinders"] {
      let first = ProofScheme.allCases.map { scheme in
        var stream = SecretRandomness(label: label, scheme: scheme, parts: [seed])
        return stream.scalar()
      }
      #expect(Set(first).count == ProofScheme.allCases.count)
    }
  }

  /// The same proof over another τ: what was committed over one is nothing over the other.
  @Test func `a proof over powers of another tau is refused`() throws {
    let circuit = Circuits.tiny().over(.knownSRS)
    let tau = KnownTau.tau + .one
    var (power, powers) = (Fr.one, [AffinePoint]())
    for _ in 0..<160 {
      powers.append((power * G1(.generator)).affine)
      power *= tau
    }
    let committer = KZGCommitter(powers: powers)
    let key = try ProverKey(circuit.system, cells: circuit.cells, committer: committer)
    let proof = Prover.prove(try circuit.execute(), key: key)
    #expect(throws: VerificationError.refused(.rejected(.commitments))) {
      try Verifier.verify(proof, key: key.verifier)
    }
  }

  // MARK: The real ceremony

  private static func powers(_ count: Int) throws -> [AffinePoint] {
    let bytes = try Shared.bytes("data/srs/eigenda_g1_65536.point")
    return try PowersOfTau(
      importing: Array(bytes.prefix(count * AffinePoint.byteCount)),
      accepting: [CeremonyTau.ceremony]
    ).g1
  }

  @Test(.enabled(if: Shared.isPresent), arguments: [1, 2])
  func `a proof over the powers of the ceremony is accepted`(inferences: Int) throws {
    let circuit = Circuits.mlp(input: .committed).over(.srs)
    let committer = KZGCommitter(powers: try Self.powers(512))
    let key = try ProverKey(circuit.system, cells: circuit.cells, committer: committer)
    let batch = try circuit.batched(inferences)
    let layout = try key.verifier.proofLayout(inferences)
    var proof = Prover.prove(try batch.execute(), key: key, as: layout, context: [1])
    try Verifier.verify(proof, key: key.verifier)
    // Read again from its bytes, as is the key.
    var reader = ByteReader(key.verifier.encoded)
    let read = try VerifierKey(decoding: &reader)
    #expect(read.modelID == key.verifier.modelID)
    try Verifier.verify(proof, key: read)
    proof.body[proof.body.count - 32] ^= 0x40
    #expect(throws: VerificationError.refused(.rejected(.commitments))) {
      try Verifier.verify(proof, key: read)
    }
    // What a verifier of tests would accept proves nothing here.
    let known = try ProverKey(
      circuit.system, cells: circuit.cells, committer: KnownTau.committer)
    let other = Prover.prove(try circuit.execute(), key: known)
    #expect(throws: VerificationError.refused(.rejected(.commitments))) {
      try Verifier.verify(other, key: known.verifier)
    }
  }
}
