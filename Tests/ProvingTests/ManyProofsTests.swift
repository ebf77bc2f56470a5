import Commitment
import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification

/// Proofs of one key checked together: none is accepted or refused for another's sake.
struct ManyProofsTests {
  /// Proofs of several inputs under one key, each bound to its place.
  private func proofs(_ count: Int, of fixture: Fixture) throws -> [Proof] {
    try (0..<count).map { place in
      var circuit = fixture.circuit
      circuit.inputs[0][place % circuit.inputs[0].count] ^= 1
      return Prover.prove(try circuit.execute(), key: fixture.key, context: [UInt8(place)])
    }
  }

  /// Adds to the last cell of the opening: an error of the group's equation and of nothing else.
  private func shifted(_ proof: Proof, by error: Fr) throws -> Proof {
    var altered = proof
    let range = altered.body.count - 32..<altered.body.count
    let cell = try #require(Fr(canonicalBigEndian: altered.body[range]))
    altered.body.replaceSubrange(range, with: (cell + error).bigEndianBytes)
    return altered
  }

  @Test(arguments: ["mlp", "convnet"], [1, 2, 5])
  func `honest proofs are accepted together`(name: String, count: Int) throws {
    let fixture = try Fixture.named(name)
    let verdicts = Verifier.verify(try proofs(count, of: fixture), key: fixture.key.verifier)
    #expect(verdicts == [VerificationError?](repeating: nil, count: count))
  }

  @Test func `no proofs have no verdicts`() throws {
    #expect(Verifier.verify([], key: try Fixture.named("tiny").key.verifier).isEmpty)
  }

  @Test(arguments: 0..<4)
  func `a proof that fails in the group is the one that is refused`(place: Int) throws {
    let fixture = try Fixture.named("mlp")
    var proofs = try proofs(4, of: fixture)
    proofs[place] = try shifted(proofs[place], by: .one)
    var expected = [VerificationError?](repeating: nil, count: 4)
    expected[place] = .refused(.rejected(.commitments))
    #expect(Verifier.verify(proofs, key: fixture.key.verifier) == expected)
  }

  @Test func `each proof is refused for its own fault`() throws {
    let fixture = try Fixture.named("mlp")
    var proofs = try proofs(6, of: fixture)
    proofs[0].statement.outputs[0]?[1] ^= 1
    proofs[1].body.removeLast()
    proofs[2].modelID[0] ^= 1
    proofs[4] = try shifted(proofs[4], by: -Fr.one)
    proofs[5].statement.inputs[0] = nil
    let verdicts = Verifier.verify(proofs, key: fixture.key.verifier)
    #expect(verdicts[0] == .refused(.rejected(.equation)))
    let length = fixture.key.verifier.bodyBytes
    #expect(verdicts[1] == .refused(.length(expected: length, actual: length - 1)))
    guard case .otherModel = verdicts[2] else {
      Issue.record("another model's proof: \(String(describing: verdicts[2]))")
      return
    }
    #expect(verdicts[3] == nil)
    #expect(verdicts[4] == .refused(.rejected(.commitments)))
    #expect(verdicts[5] == .statement)
  }

  /// One error of the group's equation in one proof, its opposite in another: added as they are, they
  /// are gone.
  @Test func `errors of two proofs that cancel are refused, by the weights alone`() throws {
    let fixture = try Fixture.named("mlp")
    let key = fixture.key.verifier
    var obligations = try proofs(3, of: fixture).map {
      try Verifier.argue($0, key: key, by: Pedersen()).get()
    }
    obligations[0].equation.blinding += Fr(77)
    obligations[2].equation.blinding -= Fr(77)
    #expect(Verifier.settle(obligations, weights: [.one, .one, .one], key: key))
    #expect(Verifier.settle(obligations, weights: [5, 8, 5], key: key))
    let weights = Verifier.weights(of: obligations, key: key)
    #expect(!Verifier.settle(obligations, weights: weights, key: key))
    #expect(!Verifier.settle([obligations[0]], weights: [.one], key: key))
  }

  /// Every weight but the first, a scale, depends on every proof.
  @Test func `weights follow from all proofs`() throws {
    let fixture = try Fixture.named("tiny")
    let key = fixture.key.verifier
    var proofs = (0..<3).map { place in
      Prover.prove(fixture.trace, key: fixture.key, context: [UInt8(place)])
    }
    func weights() throws -> [Fr] {
      Verifier.weights(
        of: try proofs.map { try Verifier.argue($0, key: key, by: Pedersen()).get() }, key: key)
    }
    let first = try weights()
    #expect(first[0] == .one && Set(first).count == 3)
    for place in proofs.indices {
      let honest = proofs[place]
      // The last message of all.
      proofs[place] = try shifted(honest, by: .one)
      let other = try weights()
      #expect(other[1] != first[1] && other[2] != first[2])
      proofs[place] = honest
    }
  }
}
