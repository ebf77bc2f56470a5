import Commitment
import ConstraintSystem
import Curve
import Field
import Proving
import Verification
import TestSupport
import Testing
import Transcript

/// Every element and every region of a proof's bytes altered: refused with an error, never a trap.
struct MalleabilityTests {
  /// The elements of a body in order; those that come after the equation in the field is told enter
  /// the commitments' alone.
  private enum Element { case point, scalar, late }

  private func elements(_ key: VerifierKey) -> [Element] {
    let points = 1 + key.rows.phaseOne.count + key.rows.phaseTwo.count
    let summed = key.system.parameters.commitmentRowLength + key.plan.folded.count
    return [Element](repeating: .point, count: points)
      + [Element](repeating: .scalar, count: key.plan.messages)
      + [Element](repeating: .point, count: 2)
      + [Element](repeating: .scalar, count: 2 + key.plan.opened.count + 1)
      + [.late] + [Element](repeating: .point, count: 2 * InnerProduct.rounds(summed))
      + [Element](repeating: .late, count: InnerProduct.remaining(summed))
  }

  private func replaced(_ proof: Proof, _ index: Int, by bytes: [UInt8]) -> Proof {
    var altered = proof
    altered.body.replaceSubrange(32 * index..<32 * (index + 1), with: bytes)
    return altered
  }

  @Test(arguments: ["tiny", "mlp"])
  func `any altered element is refused`(name: String) throws {
    let fixture = try Fixture.named(name)
    let proof = try fixture.proof()
    let elements = elements(fixture.key.verifier)
    #expect(elements.count * 32 == proof.body.count)
    for (index, element) in elements.enumerated() {
      let bytes = Array(proof.body[32 * index..<32 * (index + 1)])
      switch element {
      case .scalar, .late:
        let scalar = try #require(Fr(canonicalBigEndian: bytes))
        let altered = replaced(proof, index, by: (scalar + .one).bigEndianBytes)
        #expect(
          fixture.refusal(altered)
            == .refused(.rejected(element == .late ? .commitments : .equation)),
          "element \(index)")
      case .point:
        let point = try #require(AffinePoint(compressed: bytes))
        let other = (G1(point) + AffinePoint.generator).affine
        for valid in [other, -point] {
          guard
            case .refused(.rejected) = fixture.refusal(replaced(proof, index, by: valid.compressed))
          else {
            Issue.record("element \(index) replaced by another point")
            continue
          }
        }
      }
    }
  }

  @Test(arguments: ["tiny", "mlp"])
  func `elements that are not canonical are refused before anything is computed`(
    name: String
  ) throws {
    let fixture = try Fixture.named(name)
    let proof = try fixture.proof()
    for (index, element) in elements(fixture.key.verifier).enumerated() {
      let bytes = Array(proof.body[32 * index..<32 * (index + 1)])
      var forms: [[UInt8]] = [[UInt8](repeating: 0xff, count: 32)]
      switch element {
      case .scalar, .late:
        // x + p fits 256 bits for every x < p, as p < 2^254.
        forms += [Self.modulus, Self.sum(bytes, Self.modulus)]
      case .point:
        forms += [
          AffinePoint.identity.compressed, [UInt8](repeating: 0, count: 32),
          // x = 4 is on no point of the curve: 4³ + 3 = 67 is no square.
          [0x80] + [UInt8](repeating: 0, count: 30) + [4],
          // Without its flag.
          [bytes[0] & 0x3f] + bytes[1...],
        ]
      }
      for form in forms {
        switch (element, fixture.refusal(replaced(proof, index, by: form))) {
        case (.scalar, .refused(.scalar)), (.late, .refused(.scalar)), (.point, .refused(.point)):
          break
        case (_, let other): Issue.record("element \(index): \(String(describing: other))")
        }
      }
    }
  }

  private static let modulus: [UInt8] = {
    var bytes = (-Fr.one).bigEndianBytes
    bytes[31] += 1
    return bytes
  }()

  private static func sum(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
    var (result, carry) = (a, 0)
    for index in a.indices.reversed() {
      carry += Int(a[index]) + Int(b[index])
      result[index] = UInt8(carry & 255)
      carry >>= 8
    }
    return result
  }

  @Test func `flipped bits are refused`() throws {
    let fixture = try Fixture.named("tiny")
    let proof = try fixture.proof()
    var random = SplitMix64(seed: 5)
    for byte in stride(from: 0, to: proof.body.count, by: 3) {
      var altered = proof
      altered.body[byte] ^= 1 << UInt8(random.next() % 8)
      #expect(fixture.refusal(altered) != nil, "byte \(byte)")
    }
  }

  @Test func `a proof that is cut or continued is refused`() throws {
    let fixture = try Fixture.named("tiny")
    let proof = try fixture.proof()
    let length = proof.body.count
    for count in [0, 1, 31] + Array(stride(from: 32, to: length, by: 32)) + [length - 1] {
      var altered = proof
      altered.body.removeLast(length - count)
      #expect(
        fixture.refusal(altered) == .refused(.length(expected: length, actual: count)))
    }
    for tail in [1, 32] {
      var altered = proof
      altered.body += [UInt8](repeating: 0, count: tail)
      #expect(
        fixture.refusal(altered) == .refused(.length(expected: length, actual: length + tail)))
    }
  }

  @Test func `equal elements swapped are refused`() throws {
    let fixture = try Fixture.named("mlp")
    let proof = try fixture.proof()
    let elements = elements(fixture.key.verifier)
    for index in 1..<elements.count where elements[index] == elements[index - 1] {
      let first = Array(proof.body[32 * (index - 1)..<32 * index])
      let second = Array(proof.body[32 * index..<32 * (index + 1)])
      let altered = replaced(replaced(proof, index, by: first), index - 1, by: second)
      #expect(fixture.refusal(altered) != nil, "elements \(index - 1) and \(index)")
    }
  }

  @Test func `a proof's file altered anywhere is refused`() throws {
    let fixture = try Fixture(Circuits.mlp(input: .committed, output: .public))
    let proof = try fixture.proof(context: [1, 2, 3])
    let bytes = proof.encoded(for: fixture.circuit.system)
    func read(_ bytes: [UInt8]) throws -> Proof {
      var reader = ByteReader(bytes)
      return try Proof(decoding: &reader, for: fixture.key.verifier)
    }
    #expect(try read(bytes) == proof)
    let header = bytes.count - proof.body.count
    for index in 0..<header {
      var altered = bytes
      altered[index] ^= 1
      guard let decoded = try? read(altered) else { continue }
      #expect(fixture.refusal(decoded) != nil, "byte \(index)")
    }
    for count in 0..<bytes.count where count < header || count % 32 == 0 {
      #expect(throws: VerificationError.self) { try read(Array(bytes.prefix(count))) }
    }
    #expect(throws: VerificationError.self) { try read(bytes + [0]) }
  }

  @Test func `a commitment of nothing is refused where it is read`() throws {
    let fixture = try Fixture(Circuits.mlp(input: .committed))
    let proof = try fixture.proof()
    var bytes = proof.encoded(for: fixture.circuit.system)
    // The tensor's rows stand before the argument.
    let first = bytes.count - proof.body.count - 32 * proof.statement.commitments[0].count
    bytes.replaceSubrange(first..<first + 32, with: AffinePoint.identity.compressed)
    var reader = ByteReader(bytes)
    #expect(throws: VerificationError.commitment(port: 0)) {
      try Proof(decoding: &reader, for: fixture.key.verifier)
    }
  }
}
