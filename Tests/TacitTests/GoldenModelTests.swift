import Tacit
import TacitVerifier
import TestSupport
import Testing

/// The convolutional int8 networks of MLPerf Tiny, proven: the attested bytes are LiteRT's.
@Suite(.enabled(if: Shared.isPresent, "needs ../shared"))
struct GoldenModelTests {
  /// Kilobytes of a proof, at most.
  static let sizes = [
    "kws_ref_model": 80, "str_ww_ref_model": 45, "pretrainedResnet_quant": 90,
    "pretrainedResnet_large_int8": 150, "vww_96_int8": 180,
  ]

  private func array(_ golden: Golden, _ rows: [[Int64]]) throws -> NamedArrays {
    NamedArrays(
      try NumericArray(
        shape: [rows.count] + golden.shape, element: .int8, values: .integer(rows.flatMap(\.self))))
  }

  /// The two smallest, all cases in one proof.
  @Test(arguments: Golden.convolutional.prefix(2))
  func `all golden cases are proven at once`(_ golden: Golden) throws {
    let prover = try ModelProver.compile(golden.model()).prover
    let inputs = try golden.inputs()
    let proof = try prover.prove(array(golden, inputs), checked: false)
    let inference = try ModelVerifier(prover.verifier.file).verify(proof)
    #expect(inference.inferences == golden.cases)
    #expect(inference.inputs.first?.integers == inputs.flatMap(\.self))
    #expect(inference.outputs.first?.integers == (try golden.logits().flatMap(\.self)))
    #expect(inference.outputs.first?.shape.first == golden.cases)
  }

  @Test(arguments: Golden.convolutional)
  func `every golden case is its circuit's, and the first is proven`(_ golden: Golden) throws {
    let prover = try ModelProver.compile(golden.model()).prover
    let inputs = try golden.inputs()
    let result = try prover.run(array(golden, inputs))
    #expect(result.integers == (try golden.finals().flatMap(\.self)))
    for input in inputs { #expect(try prover.check(array(golden, [input])).violations.isEmpty) }

    let proof = try prover.prove(array(golden, [inputs[0]]), checked: false)
    #expect(proof.count <= (Self.sizes[golden.name] ?? 0) << 10)
    let inference = try ModelVerifier(prover.verifier.file).verify(proof)
    #expect(inference.inputs.first?.integers == inputs[0])
    #expect(inference.outputs.first?.integers == (try golden.logits()[0]))
  }
}
