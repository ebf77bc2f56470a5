import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// MLPerf Tiny's anomaly detector, 265,864 parameters, against LiteRT's bytes.
@Suite(.enabled(if: Shared.isPresent, "needs ../shared"))
struct GoldenTests {
  static func golden(_ name: String) throws -> [[Int64]] {
    let bytes = try Shared.bytes("models/golden/ad01_int8.\(name).i8")
    return stride(from: 0, to: bytes.count, by: 640).map { start in
      bytes[start..<start + 640].map { Int64(Int8(bitPattern: $0)) }
    }
  }

  static func array(_ rows: [[Int64]]) throws -> NamedArrays {
    NamedArrays(
      try NumericArray(
        shape: [rows.count, 640], element: .int8, values: .integer(rows.flatMap(\.self))))
  }

  static func compile() throws -> ModelProver {
    try ModelProver.compile(Shared.bytes("models/mlperf_tiny/ad01_int8.tflite")).prover
  }

  @Test func `every byte of every golden case`() throws {
    let (inputs, outputs) = (try Self.golden("input"), try Self.golden("output"))
    #expect(inputs.count == 8 && outputs.count == 8)
    let result = try Self.compile().run(Self.array(inputs))
    #expect(result.shape == [8, 640] && result.element == .int8)
    #expect(result.integers == outputs.flatMap(\.self))
  }

  @Test func `every golden output is proven`() throws {
    let (inputs, outputs) = (try Self.golden("input"), try Self.golden("output"))
    let prover = try Self.compile()
    let verifier = try ModelVerifier(prover.verifier.file)
    for index in inputs.indices {
      let proof = try prover.prove(Self.array([inputs[index]]), checked: false)
      let inference = try verifier.verify(proof)
      #expect(inference.outputs.first?.integers == outputs[index])
      #expect(inference.inputs.first?.integers == inputs[index])
      #expect(proof.count <= 90 << 10)
    }
    let model = try Shared.bytes("models/mlperf_tiny/ad01_int8.tflite")
    #expect(prover.file.count <= 3 * model.count + 65_536)
  }

  @Test func `all golden outputs are proven at once`() throws {
    let (inputs, outputs) = (try Self.golden("input"), try Self.golden("output"))
    let prover = try Self.compile()
    let proof = try prover.prove(Self.array(inputs), checked: false)
    let inference = try ModelVerifier(prover.verifier.file).verify(proof)
    #expect(inference.inferences == 8)
    #expect(inference.outputs.first?.integers == outputs.flatMap(\.self))
    #expect(inference.inputs.first?.integers == inputs.flatMap(\.self))
    #expect(proof.count <= 90 << 10)
  }

  @Test func `every constraint of a golden case holds exactly`() throws {
    let inputs = try Self.golden("input")
    #expect(try Self.compile().check(Self.array([inputs[0]])).violations.isEmpty)
  }
}
