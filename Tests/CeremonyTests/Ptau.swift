import Curve
import Field
import TestSupport

@testable import Pairing

/// Writes `.ptau` files as snarkjs does, and such as it does not.
struct Ptau {
  var version: UInt32 = 1
  var power: UInt32
  var modulus: [UInt8]
  /// By type, in order; those of one type may come twice.
  var sections: [(type: UInt32, content: [UInt8])] = []
  /// How many sections the file says it has, if not as many as there are.
  var claimed: UInt32?
  var trailing: [UInt8] = []

  /// Powers of a trapdoor up to 2^power.
  init(power: UInt32, trapdoor: Fr = TestCeremony.trapdoor) {
    self.power = power
    modulus = Ptau.littleEndian((-Fp.one).bigEndianBytes)
    modulus[0] += 1
    let count = 1 << Int(power)
    var scalar = Fr.one
    var second: [UInt8] = []
    for _ in 0..<count {
      second += Ptau.bytes(scalar * G2Point.generator)
      scalar *= trapdoor
    }
    sections = [
      (1, []), (2, TestCeremony.points(2 * count - 1, trapdoor).flatMap(Ptau.bytes)), (3, second),
      (12, [1, 2, 3]),
    ]
  }

  var bytes: [UInt8] {
    var bytes = Array("ptau".utf8) + fixed(version, 4)
    bytes += fixed(claimed ?? UInt32(sections.count), 4)
    for section in sections {
      let content =
        section.type == 1 && section.content.isEmpty
        ? fixed(32, 4) + modulus + fixed(power, 4) + fixed(28, 4) : section.content
      bytes += fixed(section.type, 4) + fixed(UInt32(content.count), 8) + content
    }
    return bytes + trailing
  }

  mutating func set(_ index: Int, in section: Int, _ bytes: [UInt8]) {
    sections[section].content.replaceSubrange(
      index * bytes.count..<(index + 1) * bytes.count, with: bytes)
  }

  static func bytes(_ point: AffinePoint) -> [UInt8] { bytes(point.x) + bytes(point.y) }

  static func bytes(_ point: G2Point) -> [UInt8] { bytes(point.point) }

  static func bytes(_ point: TwistPoint) -> [UInt8] {
    [point.x.a, point.x.b, point.y.a, point.y.b].flatMap(bytes)
  }

  /// Little-endian, times 2^256.
  static func bytes(_ x: Fp) -> [UInt8] { littleEndian((x * Fp(2).pow(256)).bigEndianBytes) }

  private static func littleEndian(_ bytes: [UInt8]) -> [UInt8] { bytes.reversed() }

  private func fixed(_ value: UInt32, _ size: Int) -> [UInt8] {
    (0..<size).map { $0 < 4 ? UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) : 0 }
  }
}
