import Foundation
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// A network with several outputs, each with last steps of its own: `first` is a hidden layer that is read
/// on, `second` a softmax behind it, `third` the largest of that.
struct SeveralOutputsTests {
  static let hidden: [[Float]] = [
    [0.5, -1, 0.25], [1, 0.5, -0.5], [-0.25, 0.75, 1], [0, 1, -1],
  ]
  static let last: [[Float]] = [[1, -1], [0.5, 2], [-1.5, 0.25]]

  static let model = ONNXBytes.model(
    ONNXBytes.node("MatMul", ["x", "hidden"], ["sum"]),
    ONNXBytes.node("Relu", ["sum"], ["first"]),
    ONNXBytes.node("MatMul", ["first", "last"], ["logits"]),
    ONNXBytes.node("Softmax", ["logits"], ["second"]),
    ONNXBytes.node(
      "ArgMax", ["second"], ["third"], ONNXBytes.attribute("axis", 1),
      ONNXBytes.attribute("keepdims", 0)),
    ONNXBytes.reals("hidden", [4, 3], hidden.flatMap(\.self)),
    ONNXBytes.reals("last", [3, 2], last.flatMap(\.self)),
    ONNXBytes.input("x", [1, 4]), ONNXBytes.output("first"), ONNXBytes.output("second"),
    ONNXBytes.output("third"))

  static let rows: [[Double]] = (0..<24).map { row in
    (0..<4).map { (column: Int) -> Double in
      let step = (row * 7 + column * 5) % 17 - 8
      return Double(step) / 8
    }
  }

  static func inputs(_ rows: [[Double]]) throws -> NamedArrays {
    NamedArrays(
      try NumericArray(
        shape: [rows.count, 4], element: .float32, values: .real(rows.flatMap(\.self))))
  }

  static func compile() throws -> ModelProver {
    try ModelProver.compile(model, calibration: inputs(rows)).prover
  }

  /// What the float network has at `first` and `logits`.
  static func reals(_ row: [Double]) -> (first: [Double], logits: [Double]) {
    let first = product(row, hidden).map { max(0, $0) }
    return (first, product(first, last))
  }

  private static func product(_ row: [Double], _ matrix: [[Float]]) -> [Double] {
    var result = [Double](repeating: 0, count: matrix[0].count)
    for (value, weights) in zip(row, matrix) {
      for (column, weight) in weights.enumerated() { result[column] += value * Double(weight) }
    }
    return result
  }

  @Test func `each output has its own last steps, and its user's name`() throws {
    let prover = try Self.compile()
    let verifier = try ModelVerifier(prover.verifier.file)
    let outputs = verifier.description.outputs
    #expect(outputs.map(\.name) == ["first", "second", "third"])
    #expect(outputs.map(\.finalSteps) == [["dequantize"], ["softmax"], ["softmax", "argmax"]])
    let rows = Array(Self.rows.prefix(3))
    let proof = try prover.prove(Self.inputs(rows))
    let inference = try verifier.verify(proof)
    for (place, row) in rows.enumerated() {
      let (first, logits) = Self.reals(row)
      let given = inference.outputs.map { $0.finalOutputs[place] }
      for (own, wanted) in zip(given[0].values(as: Double.self), first) {
        #expect(abs(own - wanted) < 0.05)
      }
      let share = 1 / (1 + exp(logits[1] - logits[0]))
      #expect(abs(given[1].values(as: Double.self)[0] - share) < 0.05)
      if abs(logits[0] - logits[1]) > 0.1 {
        #expect(given[2].values(as: Int.self) == [logits[0] > logits[1] ? 0 : 1])
      }
    }
    #expect(inference.finalOutputs == inference.outputs[0].finalOutputs)
  }

  @Test func `running gives what verifying says, and one array is not enough`() throws {
    let prover = try Self.compile()
    let inputs = try Self.inputs(Self.rows)
    let given = try prover.runOutputs(inputs)
    #expect(given.map(\.name) == ["first", "second", "third"])
    #expect(given.map(\.array.shape) == [[24, 3], [24, 2], [24]])
    #expect(given[2].array.element == .int64)
    let inference = try prover.verifier.verify(prover.prove(inputs))
    for (output, (_, array)) in zip(inference.outputs, given) {
      let stated = try #require(output.finalOutput)
      #expect(stated.values(as: Float.self) == array.reals)
    }
    let integers = try prover.runOutputs(inputs, lastSteps: false)
    #expect(integers.map(\.array.integers) == inference.outputs.map(\.integers))
    #expect(throws: TacitError.input(.severalOutputs(3))) { try prover.run(inputs) }
  }

  @Test func `an archive of arrays is read as it was written`() throws {
    let reals = try NumericArray(shape: [2, 1], element: .float32, values: .real([0.5, -2]))
    let integers = try NumericArray(shape: [3], element: .int64, values: .integer([1, -2, 3]))
    let bytes = NumericArray.npz([("größer", reals), ("a/b:0", integers), ("a/b:0", reals)])
    let arrays = try NamedArrays(bytes, named: "outputs.npz")
    #expect(arrays["größer"] == reals && arrays["a/b:0"] == integers && arrays["a/b:0 2"] == reals)
    #expect(bytes.prefix(4).elementsEqual([0x50, 0x4B, 3, 4]))
    #expect(throws: ArrayFileError.self) {
      var damaged = bytes
      damaged[60] ^= 1
      _ = try NamedArrays(damaged, named: "outputs.npz")
    }
  }

  @Test func `a key's last steps belong to its outputs and cannot be moved`() throws {
    let prover = try Self.compile()
    let proof = try prover.prove(Self.inputs([Self.rows[0]]))
    // The second output's list of one step, softmax of beta 1, without what a runtime requantizes to.
    let softmax: [UInt8] = [1, 0] + (1.0).bitPattern.littleEndianBytes + [0]
    let file = prover.verifier.file
    let place = try #require(file.indices.first { file[$0...].starts(with: softmax) })
    var altered = file
    altered[place + 9] ^= 1
    let other = try ModelVerifier(altered)
    #expect(other.modelID != prover.modelID)
    #expect(throws: VerificationFailure.self) { try other.verify(proof) }
  }
}

extension UInt64 {
  fileprivate var littleEndianBytes: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64(8 * $0)) }
  }
}
