import Foundation
import Import
import Model
import TestSupport
import Testing

/// Models that cannot be read, made by changing bytes of ones that can.
struct ONNXErrorTests {
  /// All places of a pattern replaced by one of the same length.
  static func replacing(_ old: [UInt8], by new: [UInt8], in path: String) throws -> [UInt8] {
    var bytes = try Vectors.bytes(path)
    try #require(old.count == new.count && bytes.count > old.count)
    var found = 0
    for start in 0...(bytes.count - old.count)
    where Array(bytes[start..<start + old.count]) == old {
      bytes.replaceSubrange(start..<start + old.count, with: new)
      found += 1
    }
    try #require(found > 0)
    return bytes
  }

  static func message(_ bytes: [UInt8]) -> String {
    do throws(ModelError) {
      _ = try ONNXReader.read(bytes)
      return "no error"
    } catch { return error.description }
  }

  static func bytes(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
  }

  @Test func `all unknown operators are named together`() throws {
    let bytes = try Self.replacing(
      Array("Gemm".utf8), by: Array("Gelu".utf8), in: "networks/float/gemm.onnx")
    guard case .nodes(let nodes, let supported) = try #require(Self.error(bytes)) else {
      Issue.record("another error")
      return
    }
    #expect(!nodes.isEmpty && nodes.allSatisfy { $0.type == "Gelu" && $0.isUnknownOperator })
    #expect(supported.contains { $0.hasPrefix("Gemm (opsets 7") })
    #expect(supported.contains("com.microsoft.QGemm"))
  }

  static func error(_ bytes: [UInt8]) -> ModelError? {
    do throws(ModelError) {
      _ = try ONNXReader.read(bytes)
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    (Float(0), "zero"), (-0.037, "negative"), (.leastNonzeroMagnitude, "subnormal"),
    (.nan, "not finite"), (.infinity, "not finite"),
  ])
  func `a scale that is no positive normal number is refused`(
    scale: Float, word: String
  ) throws {
    let bytes = try Self.replacing(
      Self.bytes(0.037), by: Self.bytes(scale), in: "networks/onnx/qdq-add.onnx")
    #expect(Self.message(bytes).contains("scale \"input.scale\" is \(word)"))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `weights that are no numbers are refused`(value: Float) throws {
    let bytes = try Vectors.bytes("networks/float/gemm.onnx")
    let graph = try ONNXReader.read(bytes).graph
    let weight = graph.tensors.compactMap { tensor -> Float? in
      guard case .real(let values)? = tensor.constant, tensor.shape.count == 2 else { return nil }
      return values[0]
    }
    let changed = try Self.replacing(
      Self.bytes(try #require(weight.first)), by: Self.bytes(value),
      in: "networks/float/gemm.onnx")
    #expect(Self.message(changed).contains("NaN or infinite"))
  }

  @Test func `a file that is something else is refused`() {
    #expect(Self.message(Array("TFL3 not this".utf8)).contains("not an ONNX model"))
    #expect(Self.message([]).contains("not an ONNX model"))
  }
}
