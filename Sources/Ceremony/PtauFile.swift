import ConstraintSystem
import Curve
import Field
import Pairing

/// A `.ptau` file of snarkjs: sections of a type and a length, of which the header and the powers in G1 and G2
/// are read. Coordinates are little-endian in Montgomery form.
///
/// - Source: snarkjs, `powersoftau_new.js` for the sections, `powersoftau_utils.js` for the header.
struct PtauFile {
  static let magic = Array("ptau".utf8)
  private static let version: UInt32 = 1
  /// Of the largest ceremony there is.
  private static let largestPower: UInt32 = 28

  private enum Section: UInt32, CaseIterable {
    case header = 1
    case powers = 2
    case powersG2 = 3

    var name: String {
      switch self {
      case .header: "its header"
      case .powers: "powers in G1"
      case .powersG2: "powers in G2"
      }
    }
  }

  /// How many powers are read: 2^power, of the 2^(power + 1) − 1 that the file has.
  let count: Int
  private let powers: ArraySlice<UInt8>
  private let powersG2: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) throws(CeremonyError) {
    let sections = try Self.sections(bytes)
    count = 1 << (try Self.power(Self.only(.header, sections)))
    powers = try Self.only(.powers, sections)
    powersG2 = try Self.only(.powersG2, sections)
    try Self.check(.powers, powers, bytes: (2 * count - 1) * AffinePoint.eip196ByteCount)
    try Self.check(.powersG2, powersG2, bytes: count * G2Point.byteCount)
  }

  /// The first powers in G1.
  func powers(_ count: Int) throws(CeremonyError) -> [AffinePoint] {
    try PowersOfTau.points(of: powers.prefix(count * AffinePoint.eip196ByteCount)) { bytes in
      guard let x = Self.coordinate(0, of: bytes), let y = Self.coordinate(1, of: bytes) else {
        return nil
      }
      return AffinePoint(x: x, y: y)
    }
  }

  /// The second power in G2; the first is the generator.
  func tauG2() throws(CeremonyError) -> G2Point {
    let size = G2Point.byteCount
    guard Self.pointG2(powersG2.prefix(size)) == .generator else { throw .otherGenerator }
    guard let tau = Self.pointG2(powersG2.dropFirst(size).prefix(size)), !tau.isIdentity else {
      throw .malformedTau
    }
    return tau
  }

  private static func pointG2(_ bytes: ArraySlice<UInt8>) -> G2Point? {
    guard let xa = coordinate(0, of: bytes), let xb = coordinate(1, of: bytes),
      let ya = coordinate(2, of: bytes), let yb = coordinate(3, of: bytes)
    else { return nil }
    return G2Point(x: Fp2(xa, xb), y: Fp2(ya, yb))
  }

  /// Number `place` of the coordinates: x for x·2^256 mod q, little-endian; nil where that is not below q.
  private static func coordinate(_ place: Int, of bytes: ArraySlice<UInt8>) -> Fp? {
    let bytes = bytes.dropFirst(place * Fp.byteCount).prefix(Fp.byteCount)
    return Fp(canonicalBigEndian: Array(bytes.reversed())).map { $0 * inverseRadix }
  }

  /// 2^−256.
  private static let inverseRadix = Fp(2).pow(256).inverse()

  /// 2^power of the header.
  private static func power(_ header: ArraySlice<UInt8>) throws(CeremonyError) -> UInt32 {
    let modulus = FpParameters.modulus
    let (size, prime, power): (UInt32, ArraySlice<UInt8>, UInt32) = try wrapped {
      () throws(FormatError) in
      var reader = ByteReader(Array(header))
      let size = try reader.fixed("bytes of a coordinate", as: UInt32.self)
      let prime = try reader.take(Fp.byteCount, "modulus")
      let power = try reader.fixed("power", as: UInt32.self)
      _ = try reader.fixed("power of the ceremony", as: UInt32.self)
      try reader.finish()
      return (size, prime, power)
    }
    let limbs = [modulus.0, modulus.1, modulus.2, modulus.3]
    let expected = limbs.flatMap { limb in
      (0..<8).map { UInt8(truncatingIfNeeded: limb >> UInt64(8 * $0)) }
    }
    guard size == Fp.byteCount, prime.elementsEqual(expected) else { throw .otherCurve }
    guard (1...largestPower).contains(power) else {
      throw .format(.outOfRange(part: "power", at: header.startIndex + 36, value: "\(power)"))
    }
    return power
  }

  private static func sections(
    _ bytes: [UInt8]
  ) throws(CeremonyError) -> [Section: [ArraySlice<UInt8>]] {
    try wrapped { () throws(FormatError) in
      var reader = ByteReader(bytes)
      _ = try reader.take(magic.count, "magic")
      let version = try reader.fixed("version", as: UInt32.self)
      guard version == Self.version else {
        throw .unknownCode(part: "version of .ptau", at: magic.count, code: Int(version))
      }
      var sections: [Section: [ArraySlice<UInt8>]] = [:]
      for _ in 0..<(try reader.fixed("number of sections", as: UInt32.self)) {
        let type = try reader.fixed("type of a section", as: UInt32.self)
        let at = reader.position
        let size = try reader.fixed("length of a section", as: UInt64.self)
        guard let size = Int(exactly: size) else {
          throw .outOfRange(part: "length of a section", at: at, value: "\(size)")
        }
        let content = try reader.take(size, "section \(type)")
        // Others hold what Groth16 needs, and the contributions.
        if let section = Section(rawValue: type) { sections[section, default: []].append(content) }
      }
      try reader.finish()
      return sections
    }
  }

  private static func only(
    _ section: Section, _ sections: [Section: [ArraySlice<UInt8>]]
  ) throws(CeremonyError) -> ArraySlice<UInt8> {
    let found = sections[section] ?? []
    guard found.count == 1 else { throw .section(name: section.name, count: found.count) }
    return found[0]
  }

  private static func check(
    _ section: Section, _ content: ArraySlice<UInt8>, bytes: Int
  ) throws(CeremonyError) {
    guard content.count == bytes else {
      throw .format(
        .outOfRange(
          part: "length of \(section.name)", at: content.startIndex, value: "\(content.count)"))
    }
  }

  private static func wrapped<Value>(
    _ body: () throws(FormatError) -> Value
  ) throws(CeremonyError) -> Value {
    do throws(FormatError) {
      return try body()
    } catch {
      throw .format(error)
    }
  }
}
