import Foundation
import Import
import Model
import TestSupport
import Testing

/// Bytes that are no model, or one that was cut, flipped or forged: an error in plain words or a
/// graph that the interpreter can run, never a trap.
struct TFLiteDamageTests {
  static func model(_ name: String) throws -> [UInt8] {
    try Vectors.bytes("networks/tflite/\(name).tflite")
  }

  /// Reads and, where that succeeds, runs; what matters is to come back.
  @discardableResult
  static func survive(_ bytes: [UInt8]) -> Bool {
    do {
      let network = try IntegerNetwork(ModelFile.read(bytes).graph)
      let interpreter = try Interpreter(network.graph)
      let inputs = network.graph.inputs.map { index in
        let tensor = network.graph.tensors[index]
        return [Int64](repeating: tensor.quantization?.zeroPoints[0] ?? 0, count: tensor.count)
      }
      guard inputs.allSatisfy({ $0.count < 1 << 16 }) else { return true }
      let outputs = try interpreter.run(integers: inputs)
      if network.graph.outputs.count == 1 { _ = try network.finalValues(outputs[0]) }
      return true
    } catch {
      return false
    }
  }

  @Test(arguments: ["fc-channel", "fc-softmax", "quantize-fc-dequantize"])
  func `a model cut off anywhere is refused`(_ name: String) throws {
    let bytes = try Self.model(name)
    #expect(Self.survive(bytes))
    for length in 0..<bytes.count {
      // The last bytes may be the alignment of a table that is already complete.
      let accepted = Self.survive(Array(bytes[..<length]))
      #expect(!accepted || length > bytes.count - 16, "\(length) of \(bytes.count) bytes")
    }
  }

  @Test func `every byte flipped, in a few ways`() throws {
    let bytes = try Self.model("fc-softmax")
    var refused = 0
    for index in bytes.indices {
      for flip in [0x01, 0x80, 0xFF, 0x40] as [UInt8] {
        var damaged = bytes
        damaged[index] ^= flip
        if !Self.survive(damaged) { refused += 1 }
      }
    }
    #expect(refused > bytes.count / 2)
  }

  @Test func `mutations of all small models for three seconds`() throws {
    let corpus = try TFLiteCase.all.map { try $0.bytes() } + Self.operators()
    try #require(!corpus.isEmpty)
    var random = SplitMix64(seed: 20_261_121)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(3)
    let values: [UInt32] = [0, 1, 4, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF, 0x10000]
    var rounds = 0
    while clock.now < end {
      var bytes = corpus[Int.random(in: corpus.indices, using: &random)]
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 8..<(bytes.count - 4), using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2:
          let value = values.randomElement(using: &random) ?? 0
          for byte in 0..<4 {
            bytes[place / 4 * 4 + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(byte)))
          }
        default:
          let from = Int.random(in: 8..<(bytes.count - 4), using: &random)
          for byte in 0..<4 { bytes[place + byte] = bytes[from + byte] }
        }
      }
      Self.survive(bytes)
      rounds += 1
    }
    #expect(rounds > 100)
  }

  /// The networks of one operator each.
  static func operators() throws -> [[UInt8]] {
    struct Entry: Decodable { var model: String }
    let data = try Data(Vectors.bytes("networks/operators.json"))
    return try JSONDecoder().decode([Entry].self, from: data).map {
      try Vectors.bytes("networks/" + $0.model)
    }
  }

  @Test func `an operator's options and constants, byte by byte`() throws {
    for (index, bytes) in try Self.operators().enumerated() where index % 9 == 0 {
      for place in bytes.indices.dropFirst(8) {
        for flip in [0x01, 0xFF] as [UInt8] {
          var damaged = bytes
          damaged[place] ^= flip
          Self.survive(damaged)
        }
      }
    }
  }

  @Test func `noise behind the identifier`() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<2000 {
      var bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      if bytes.count >= 8 { bytes.replaceSubrange(4..<8, with: Array("TFL3".utf8)) }
      #expect(!Self.survive(bytes))
    }
  }

  /// The message after `old` is replaced by `new` wherever it stands.
  private func message(_ name: String, _ old: [UInt8], _ new: [UInt8]) throws -> String {
    var bytes = try Self.model(name)
    var places = 0
    for start in 0...(bytes.count - old.count)
    where Array(bytes[start..<(start + old.count)]) == old {
      bytes.replaceSubrange(start..<(start + old.count), with: new)
      places += 1
    }
    try #require(places > 0)
    do {
      _ = try ModelFile.read(bytes)
      return "no error"
    } catch { return "\(error)" }
  }

  private func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Value(8 * $0)) }
  }

  @Test(arguments: [0, -0.04, .nan, .infinity, 0x1p-130, -0.0] as [Float])
  func `scales that are no positive normal numbers`(_ scale: Float) throws {
    let message = try message(
      "fc-none", little(Float(0.04).bitPattern), little(scale.bitPattern))
    #expect(message.contains("tensor \"input\" has scale"), "\(message)")
  }

  @Test(arguments: [-129, 128, .max, .min] as [Int64])
  func `zero points out of their type`(_ zero: Int64) throws {
    let message = try message("fc-none", little(Int64(-5)), little(zero))
    #expect(message.contains("zero point \(zero), which int8 does not hold"), "\(message)")
  }

  @Test func `another version, another identifier`() throws {
    var bytes = try Self.model("fc-none")
    bytes[4] = 0
    #expect(!Self.survive(bytes))
    #expect(!Self.survive([]))
    #expect(!Self.survive(Array("....TFL3".utf8)))
  }
}
