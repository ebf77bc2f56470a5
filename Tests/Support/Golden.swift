import Foundation

/// One of the golden models in ../shared: raw int8 inputs and outputs of LiteRT's default kernels; the
/// integers before the last step stand in Vectors/networks/logits.
public struct Golden: Sendable, CustomStringConvertible {
  public let name: String
  /// Without the batch.
  public let shape: [Int]
  public let outputs: Int
  public let cases: Int
  public var description: String { name }

  /// The convolutional networks of MLPerf Tiny.
  public static let convolutional = [
    Golden(name: "kws_ref_model", shape: [49, 10, 1], outputs: 12, cases: 5),
    Golden(name: "str_ww_ref_model", shape: [30, 1, 40], outputs: 3, cases: 8),
    Golden(name: "pretrainedResnet_quant", shape: [32, 32, 3], outputs: 10, cases: 5),
    Golden(name: "pretrainedResnet_large_int8", shape: [32, 32, 3], outputs: 10, cases: 5),
    Golden(name: "vww_96_int8", shape: [96, 96, 3], outputs: 2, cases: 6),
  ]

  public func model() throws -> [UInt8] { try Shared.bytes("models/mlperf_tiny/\(name).tflite") }

  public func inputs() throws -> [[Int64]] { try rows("input", shape.reduce(1, *)) }
  /// After the last step.
  public func finals() throws -> [[Int64]] { try rows("output", outputs) }
  /// Before it.
  public func logits() throws -> [[Int64]] {
    try rows(Vectors.bytes("networks/logits/\(name).i8"), outputs)
  }

  private func rows(_ kind: String, _ width: Int) throws -> [[Int64]] {
    try rows(Shared.bytes("models/golden/\(name).\(kind).i8"), width)
  }

  private func rows(_ bytes: [UInt8], _ width: Int) throws -> [[Int64]] {
    guard bytes.count == cases * width else { throw CocoaError(.fileReadCorruptFile) }
    return (0..<cases).map { row in
      bytes[row * width..<(row + 1) * width].map { Int64(Int8(bitPattern: $0)) }
    }
  }
}
