import Foundation
import Import
import Model
import TestSupport
import Testing

/// Whatever the bytes, reading ends in a graph or an error.
struct ONNXRobustnessTests {
  static let seeds = [
    "networks/onnx/qdq-add.onnx", "networks/onnx/qdq-clip.onnx",
    "networks/onnx/qop-matmul-u8u8.onnx", "networks/float/reshape.onnx",
    "networks/float/gemm-alpha-beta.onnx",
  ]

  /// Reads, and where that works goes on to what a user would do next.
  static func attempt(_ bytes: [UInt8]) -> Bool {
    guard let (graph, _) = try? ONNXReader.read(bytes) else { return false }
    guard let network = try? IntegerNetwork(graph) else { return true }
    _ = try? Interpreter(network.graph)
    return true
  }

  @Test(arguments: Self.seeds) func `a file cut short is an error, not a trap`(
    path: String
  ) throws {
    let bytes = try Vectors.bytes(path)
    #expect(Self.attempt(bytes))
    // Opset and graph are the last fields: some cuts between fields leave a readable model.
    let readable = (0..<bytes.count).filter { Self.attempt(Array(bytes[..<$0])) }
    #expect(readable.count < bytes.count / 10)
    #expect(!Self.attempt([]))
  }

  @Test(arguments: Self.seeds) func `a changed byte is a graph or an error, not a trap`(
    path: String
  ) throws {
    let bytes = try Vectors.bytes(path)
    var refused = 0
    for index in bytes.indices {
      for flip in [UInt8(1), 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= flip
        refused += Self.attempt(changed) ? 0 : 1
      }
    }
    #expect(refused > bytes.count / 4)
  }

  /// Networks that take every pass of the reader.
  static let networks =
    ["onnx-passes/cases.json", "onnx-layers/cases.json", "onnx-passes/refused.json"]
    .flatMap { (try? PackedCase.read($0)) ?? [] }.map(\.bytes)

  @Test(arguments: [0, 1]) func `two seconds of random damage end in graphs or errors`(
    part: Int
  ) throws {
    var random = SplitMix64(seed: UInt64(2_026 + part))
    let originals = part == 0 ? try Self.seeds.map { try Vectors.bytes($0) } : Self.networks
    let seconds = ProcessInfo.processInfo.environment["TACIT_DAMAGE_SECONDS"].flatMap(Int.init)
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .seconds(seconds ?? 2))
    var rounds = 0
    while clock.now < end {
      var bytes = originals[Int.random(in: originals.indices, using: &random)]
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 2 where bytes.count > 1: bytes.remove(at: place)
        default:
          let count = min(bytes.count - place, Int.random(in: 1...32, using: &random))
          bytes.append(contentsOf: bytes[place..<place + count])
        }
      }
      _ = Self.attempt(bytes)
      rounds += 1
    }
    #expect(rounds > 100)
  }
}
