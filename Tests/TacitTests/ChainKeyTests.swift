import Ceremony
import Curve
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// Keys for a chain from end to end, over powers of the real ceremony.
@Suite(.enabled(if: Shared.isPresent)) struct ChainKeyTests {
  /// A file of the ceremony's first powers.
  private static func srs(_ count: Int) throws -> [UInt8] {
    let bytes = try Shared.bytes("data/srs/eigenda_g1_65536.point")
    return try PowersOfTau(importing: Array(bytes.prefix(count * AffinePoint.byteCount))).file
  }

  @Test func `a model is compiled for a chain, proven, and verified without powers`() throws {
    let powers = try CeremonyPowers(Self.srs(1 << 10))
    let model = try Digits.bytes("model-int8-qdq.onnx")
    let (prover, report) = try ModelProver.compile(model, powers: powers)
    #expect(prover.isForChain && report.circuit.contains("on a chain"))
    let chain = try #require(prover.verifier.profile.chain)
    #expect(chain.gas > 200_000 && chain.gas < 800_000)
    let input = try Digits.arrays("input.npy")
    let proof = try prover.prove(input, context: [1, 2])
    let verifier = try ModelVerifier(prover.verifier.file)
    #expect(verifier.modelID == prover.modelID)
    #expect(try verifier.verify(proof, context: [1, 2]).context == [1, 2])
    // The key that is read again runs without powers, and proves with them alone.
    let bare = try ModelProver(prover.file)
    #expect(bare.isForChain)
    #expect(try bare.run(input).reals == prover.run(input).reals)
    #expect(throws: TacitError.powers(.missing)) { try bare.prove(input) }
    #expect(throws: TacitError.powers(.missing)) { try bare.keyProof() }
    #expect(throws: TacitError.powers(.missing)) { try bare.check(input) }
    let read = try ModelProver(prover.file, powers: powers)
    _ = try verifier.verify(try read.prove(input))
    #expect(try read.check(input).violations.isEmpty)
    #expect(throws: TacitError.self) {
      try ModelProver(prover.file, powers: CeremonyPowers(Self.srs(64)))
    }
    let transparent = try ModelProver.compile(model).prover
    #expect(!transparent.isForChain && transparent.modelID != prover.modelID)
    #expect(throws: TacitError.powers(.unwanted)) {
      try ModelProver(transparent.file, powers: powers)
    }
  }

  @Test func `powers of another ceremony are refused`() throws {
    let file = try PowersOfTau(importing: Vectors.bytes("ceremony/hermez-04.ptau")).file
    #expect {
      try CeremonyPowers(file)
    } throws: { error in
      guard case .powers(.file(let reason)) = error as? TacitError else { return false }
      return reason.contains("ceremony")
    }
    #expect(throws: TacitError.self) { try CeremonyPowers([1, 2, 3]) }
  }
}
