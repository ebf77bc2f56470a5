import Foundation
import Import
import Model
import TestSupport
import Testing

/// Quantization after training, on digits-mlp and on the float networks of other people's outputs.
struct QuantizerTests {
  /// Float32 rows of a `.npy` file of version 1 (Circuits/digits-mlp).
  static func rows(_ path: String, _ width: Int) throws -> [[Float]] {
    let bytes = try Circuits.bytes(path)
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    let values = stride(from: start, to: bytes.count, by: 4).map { place in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
    }
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }

  static func labels() throws -> [Int] {
    let bytes = try Circuits.bytes("digits-mlp/test-labels.npy")
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    return stride(from: start, to: bytes.count, by: 8).map { Int(bytes[$0]) }
  }

  static func firstLargest<T: Comparable>(_ values: [T]) -> Int? {
    values.indices.max { (values[$0], $1) < (values[$1], $0) }
  }

  @Test(arguments: [31, 12, 8])
  func `digits-mlp loses at most one point of accuracy`(multiplierBits: Int) throws {
    let float = try ONNXReader.read(Circuits.bytes("digits-mlp/model.onnx")).graph
    let calibration = try Self.rows("digits-mlp/calibration.npy", 64).map { [$0] }
    let (quantized, report) = try Quantizer.quantize(
      float, calibration: calibration, multiplierBits: multiplierBits)
    let network = try IntegerNetwork(quantized)
    let (reals, integers) = (try Interpreter(float), try Interpreter(network.graph))
    let (inputs, labels) = (try Self.rows("digits-mlp/test-inputs.npy", 64), try Self.labels())
    #expect(inputs.count == 360 && labels.count == 360)
    var (floatRight, right) = (0, 0)
    for (input, label) in zip(inputs, labels) {
      floatRight += Self.firstLargest(try reals.run(reals: [input])[0]) == label ? 1 : 0
      let row = try network.quantize(input, input: 0)
      right += Self.firstLargest(try integers.run(integers: [row])[0]) == label ? 1 : 0
    }
    #expect(floatRight == 355)
    #expect(abs(floatRight - right) * 100 <= 360)
    #expect(report.samples == 200 && report.agreement >= 0.98)
    #expect(report.layers.count == 2)
    let worst = try #require(report.worstLayer)
    #expect(worst.relativeError > 0 && worst.relativeError < 0.05)
  }

  @Test(arguments: ONNXFloatTests.cases) func `every float network has an integer twin`(
    _ test: ONNXFloatTests.Case
  ) throws {
    let float = try ONNXReader.read(Vectors.bytes("networks/" + test.model)).graph
    let (quantized, report) = try Quantizer.quantize(
      float, calibration: test.inputs.map { [$0] })
    #expect(report.samples == test.inputs.count)
    for layer in report.layers { #expect(layer.relativeError < 0.1, "\(layer)") }
    #expect(try IntegerNetwork(quantized).graph.nodes.isEmpty == false)
  }

  @Test func `calibration is needed, finite and of the right length`() throws {
    let float = try ONNXReader.read(Circuits.bytes("digits-mlp/model.onnx")).graph
    let quantized = try ONNXReader.read(Circuits.bytes("digits-mlp/model-int8-qdq.onnx")).graph
    let row = [Float](repeating: 0, count: 64)
    #expect(throws: ModelError.self) { try Quantizer.quantize(float, calibration: []) }
    #expect(throws: ModelError.self) { try Quantizer.quantize(float, calibration: [[[1]]]) }
    #expect(throws: ModelError.self) {
      try Quantizer.quantize(float, calibration: [[[.nan] + row.dropLast()]])
    }
    #expect(throws: ModelError.self) { try Quantizer.quantize(quantized, calibration: [[row]]) }
    // A range of nothing but zeros still gives scales that are numbers.
    _ = try IntegerNetwork(Quantizer.quantize(float, calibration: [[row]]).graph)
  }
}
