import ConstraintSystem
import Curve
import Field
import Hashing
import TestSupport
import Testing

@testable import Ceremony
@testable import Pairing

/// What a file of powers has to be, and each way in which one is not.
struct PowersOfTauTests {
  private static let test = TestCeremony.ceremony
  private static let tau = TestCeremony.trapdoor

  // MARK: What is accepted

  @Test func `powers of both published ceremonies are read`() throws {
    let points = try Vectors.bytes("ceremony/challenge-85.point")
    let first = try PowersOfTau(importing: points)
    #expect(first.count == 64 && first.ceremony == .challenge85)
    #expect(first.g1[0] == .generator && first.g1.flatMap(\.compressed) == points)
    let second = try PowersOfTau(importing: Vectors.bytes("ceremony/hermez-04.ptau"))
    #expect(second.count == 16 && second.ceremony == .hermez)
    #expect(first.g1[1] != second.g1[1])
    for powers in [first, second] {
      let again = try PowersOfTau(file: powers.file)
      #expect(again.g1 == powers.g1 && again.ceremony == powers.ceremony)
      #expect(powers.file.count == 42 + 36 + 64 * powers.count)
      let check = powers.ceremony.pairingCheck
      #expect(check.holds(left: powers.g1[3], right: powers.g1[2]))
      #expect(!check.holds(left: powers.g1[3], right: powers.g1[1]))
    }
    #expect(try PowersOfTau(importing: points, limit: 8).g1 == Array(first.g1[..<8]))
  }

  /// The digests that the documentation names.
  @Test func `the ceremonies that are accepted are two, with these digests`() {
    #expect(
      Ceremony.known.map(\.identity) == [
        "e6bc964fdd7b3c32cc62f5fa2f40a8c9e06e1a76fe91eea2a2ce5092f19e4b0f",
        "fa6ef5db414756632582dcaff52e0338b7b38a8e69a0c7fa91e2c7acd4a5183e",
      ])
    #expect(!Ceremony.known.contains(Self.test))
  }

  @Test(.enabled(if: Shared.isPresent, "needs ../shared"))
  func `published files are read whole, and their own files again by digest`() throws {
    for (path, count, ceremony) in [
      ("eigenda_g1_65536.point", 1 << 16, Ceremony.challenge85),
      ("powersOfTau28_hez_final_11.ptau", 1 << 11, .hermez),
    ] {
      let powers = try PowersOfTau(importing: Shared.bytes("data/srs/\(path)"))
      #expect(powers.count == count && powers.ceremony == ceremony)
      let file = powers.file
      #expect(powers.ceremony.checkedFiles.contains(Array(file[10..<42])))
      #expect(try PowersOfTau(file: file).g1 == powers.g1)
    }
    let tauG2 = try Shared.bytes("data/srs/eigenda_srs_tauG2_eip197.bin")
    #expect(Ceremony.challenge85.tauG2.eip197 == tauG2)
  }

  @Test func `sums of powers are polynomials at the trapdoor`() throws {
    let powers = try TestCeremony.powers(16)
    let coefficients: [Fr] = [3, -1, 0, 7, 11]
    let value = coefficients.reversed().reduce(Fr.zero) { $0 * Self.tau + $1 }
    #expect(powers.evaluate(coefficients) == value * G1(.generator))
    #expect(powers.prefix(4).g1 == Array(powers.g1[..<4]))
  }

  @Test func `a test ceremony is accepted only where it is named`() throws {
    let ptau = Ptau(power: 3).bytes
    let powers = try PowersOfTau(importing: ptau, accepting: [Self.test])
    #expect(powers.count == 8)
    #expect(throws: CeremonyError.unknownCeremony(digest: Self.test.digest.bytes)) {
      try PowersOfTau(importing: ptau)
    }
    #expect(throws: CeremonyError.unknownCeremony(digest: Self.test.digest.bytes)) {
      try PowersOfTau(file: powers.file)
    }
    #expect(try PowersOfTau(file: powers.file, accepting: [Self.test]).g1 == powers.g1)
    let points = powers.g1.flatMap(\.compressed)
    #expect(throws: CeremonyError.unknownCeremony(digest: nil)) {
      try PowersOfTau(importing: points)
    }
    #expect(try PowersOfTau(importing: points, accepting: [Self.test]).g1 == powers.g1)
  }

  // MARK: Powers that are none

  private static func refusal(_ points: [AffinePoint]) -> CeremonyError? {
    do throws(CeremonyError) {
      _ = try PowersOfTau(checking: points, of: test)
      return nil
    } catch {
      return error
    }
  }

  @Test func `each power is bound to the one before it`() {
    let points = TestCeremony.points(12, Self.tau)
    #expect(Self.refusal(points) == nil)
    for index in 2..<12 {
      var bad = points
      bad[index] = (G1(bad[index]) + G1(.generator)).affine
      #expect(Self.refusal(bad) == .notConsecutive, "\(index)")
      bad[index] = -points[index]
      #expect(Self.refusal(bad) == .notConsecutive, "\(index)")
    }
    var swapped = points
    swapped.swapAt(3, 7)
    #expect(Self.refusal(swapped) == .notConsecutive)
    // One moved by G and one by −G: what is wrong cancels in a sum without coefficients.
    var moved = points
    moved[4] = (G1(moved[4]) + G1(.generator)).affine
    moved[5] = (G1(moved[5]) - G1(.generator)).affine
    #expect(Self.refusal(moved) == .notConsecutive)
  }

  @Test func `the first power is the generator and the second the ceremony's`() {
    let points = TestCeremony.points(6, Self.tau)
    #expect(Self.refusal(Array(points.dropFirst())) == .otherGenerator)
    #expect(Self.refusal([.identity] + points.dropFirst()) == .otherGenerator)
    #expect(Self.refusal([.generator]) == .tooFew(1, needed: 2))
    #expect(Self.refusal([]) == .tooFew(0, needed: 2))
    // Another τ: its powers are consecutive, and its τ·G is not the ceremony's.
    let foreign = TestCeremony.points(6, Self.tau + 1)
    #expect(Self.refusal(foreign) == .unknownCeremony(digest: nil))
    // With the ceremony's τ·G and then another's powers.
    #expect(Self.refusal([points[0], points[1]] + foreign[2...]) == .notConsecutive)
  }

  /// Why pairings are not enough: the powers of a root of unity pass every equation, and bind nothing.
  @Test func `a tau of small order passes all pairings, and no pinned digest`() throws {
    // g^((r − 1)/8) for the generator 5 of the field's group.
    let r = FrParameters.modulus
    let order = [r.0 - 1, r.1, r.2, r.3]
    let eighth = (0..<4).map { order[$0] >> 3 | ($0 < 3 ? order[$0 + 1] << 61 : 0) }
    let root = Fr(5).pow(eighth)
    #expect(root.pow(8) == .one && root.pow(4) != .one)
    let ptau = Ptau(power: 4, trapdoor: root).bytes
    let ceremony = TestCeremony.ceremony(root)
    let powers = try PowersOfTau(importing: ptau, accepting: [ceremony])
    #expect(powers.g1[8] == powers.g1[0])
    #expect(powers.evaluate([1, 2]) == powers.evaluate([0, 2, 0, 0, 0, 0, 0, 0, 1]))
    #expect(throws: CeremonyError.unknownCeremony(digest: ceremony.digest.bytes)) {
      try PowersOfTau(importing: ptau)
    }
  }

  // MARK: Files that are none

  private static func refusal(_ ptau: Ptau) -> CeremonyError? { refusal(importing: ptau.bytes) }

  private static func refusal(importing bytes: [UInt8]) -> CeremonyError? {
    do throws(CeremonyError) {
      _ = try PowersOfTau(importing: bytes, accepting: [test])
      return nil
    } catch {
      return error
    }
  }

  @Test func `a ptau file's G2 is the generator and a point of the subgroup`() throws {
    var other = Ptau(power: 2)
    // Another τ·G₂ beside the powers: its digest is another ceremony's.
    other.set(1, in: 2, Ptau.bytes((Self.tau + 1) * G2Point.generator))
    let digest = Ceremony.digest(tau: Self.test.tau, tauG2: (Self.tau + 1) * .generator)
    #expect(Self.refusal(other) == .unknownCeremony(digest: digest.bytes))
    other.set(1, in: 2, [UInt8](repeating: 0, count: 128))
    #expect(Self.refusal(other) == .malformedTau)
    var first = Ptau(power: 2)
    first.set(0, in: 2, Ptau.bytes(2 * G2Point.generator))
    #expect(Self.refusal(first) == .otherGenerator)

    // A point of the twist outside of the subgroup, of order 10069 times r.
    let outside = try #require(Self.outside())
    #expect(outside.isOnCurve)
    var off = Ptau(power: 2)
    off.set(1, in: 2, Ptau.bytes(outside))
    #expect(Self.refusal(off) == .malformedTau)
    var bytes = Ptau.bytes(Self.tau * G2Point.generator)
    bytes[0] ^= 1
    off.set(1, in: 2, bytes)
    #expect(Self.refusal(off) == .malformedTau)
  }

  /// The first point of the twist with a small x, which hardly ever is in the subgroup.
  private static func outside() -> TwistPoint? {
    for a in 1..<50 {
      let x = Fp2(Fp(a), 1)
      // y² = x³ + 3/ξ, by the root's norm.
      let square = x.squared() * x + Fp2(3, .zero) * Fp2(9, 1).inverse()
      guard let norm = (square.a.squared() + square.b.squared()).squareRoot() else { continue }
      for sign in [norm, -norm] {
        let half = (square.a + sign) * Fp(2).inverse()
        guard let real = half.squareRoot() else { continue }
        let point = TwistPoint(x: x, y: Fp2(real, square.b * real.doubled().inverse()))
        if point.isOnCurve, !point.isInSubgroup { return point }
      }
    }
    return nil
  }

  @Test func `a ptau file's powers are points, each written in one way`() {
    let good = Ptau(power: 2)
    #expect(Self.refusal(good) == nil)
    var bad = good
    bad.set(2, in: 1, [UInt8](repeating: 0, count: 64))
    #expect(Self.refusal(bad) == .malformedPower(index: 2))
    bad = good
    bad.sections[1].content[3 * 64] ^= 1
    #expect(Self.refusal(bad) == .malformedPower(index: 3))
    // x plus q, where 32 bytes hold it.
    bad = good
    var carry = 0
    for place in 0..<32 {
      let sum = Int(bad.sections[1].content[64 + place]) + Int(good.modulus[place]) + carry
      bad.sections[1].content[64 + place] = UInt8(sum & 0xff)
      carry = sum >> 8
    }
    #expect(carry == 0)
    #expect(Self.refusal(bad) == .malformedPower(index: 1))
    // A power that is another one of the ceremony's.
    bad = good
    bad.set(2, in: 1, Array(good.sections[1].content[64..<128]))
    #expect(Self.refusal(bad) == .notConsecutive)
  }

  @Test func `a ptau file's sections are there once, of their lengths`() {
    let good = Ptau(power: 2)
    var bad = good
    for type in 0..<3 {
      bad = good
      bad.sections.remove(at: type)
      #expect(Self.isSection(Self.refusal(bad), 0))
      bad = good
      bad.sections.append(bad.sections[type])
      #expect(Self.isSection(Self.refusal(bad), 2))
    }
    bad = good
    bad.modulus[5] ^= 1
    #expect(Self.refusal(bad) == .otherCurve)
    bad = good
    bad.version = 2
    #expect(Self.isFormat(Self.refusal(bad)))
    for power: UInt32 in [0, 1, 3, 29, 63, .max] {
      bad = good
      bad.power = power
      #expect(Self.isFormat(Self.refusal(bad)), "\(power)")
    }
    bad = good
    bad.sections[1].content.removeLast(64)
    #expect(Self.isFormat(Self.refusal(bad)))
    bad = good
    bad.sections[2].content += [0]
    #expect(Self.isFormat(Self.refusal(bad)))
    for claimed: UInt32 in [0, 3, 5, .max] {
      bad = good
      bad.claimed = claimed
      #expect(Self.refusal(bad) != nil, "\(claimed)")
    }
    bad = good
    bad.trailing = [0]
    #expect(Self.isFormat(Self.refusal(bad)))
    let bytes = good.bytes
    for count in 0..<bytes.count where count % 7 == 0 || count < 80 {
      #expect(Self.refusal(importing: Array(bytes[..<count])) != nil, "\(count)")
    }
    // A section that claims more than there is.
    for place in 16..<24 {
      var long = bytes
      long[place] = 0xff
      #expect(Self.refusal(importing: long) != nil)
    }
  }

  private static func isSection(_ error: CeremonyError?, _ count: Int) -> Bool {
    if case .section(_, count) = error { true } else { false }
  }

  private static func isFormat(_ error: CeremonyError?) -> Bool {
    if case .format = error { true } else { false }
  }

  @Test func `compressed points are points, each written in one way`() {
    let points = TestCeremony.points(8, Self.tau)
    let good = points.flatMap(\.compressed)
    #expect(Self.refusal(importing: good) == nil)
    #expect(Self.isFormat(Self.refusal(importing: good + [0])))
    #expect(Self.isFormat(Self.refusal(importing: good.dropLast())))
    #expect(Self.refusal(importing: Array(good[..<32])) == .tooFew(1, needed: 2))
    #expect(Self.refusal(importing: Array(good[32...])) == .unknownForm)
    #expect(Self.refusal(importing: []) == .unknownForm)
    #expect(Self.refusal(importing: Array("TACIT".utf8)) == .unknownForm)
    for (index, replacement) in [
      (1, [UInt8](repeating: 0xff, count: 32)), (5, AffinePoint.identity.compressed),
      (7, [UInt8](repeating: 0, count: 32)), (2, [0x80] + [UInt8](repeating: 0, count: 30) + [4]),
    ] {
      var bad = good
      bad.replaceSubrange(32 * index..<32 * index + 32, with: replacement)
      #expect(Self.refusal(importing: bad) == .malformedPower(index: index))
    }
    var negated = good
    negated.replaceSubrange(96..<128, with: (-points[3]).compressed)
    #expect(Self.refusal(importing: negated) == .notConsecutive)
  }

  // MARK: Tacit's own file

  @Test func `every byte of a file of powers counts`() throws {
    let good = try TestCeremony.powers(4).file
    #expect(try PowersOfTau(file: good, accepting: [Self.test]).count == 4)
    for place in good.indices {
      var bad = good
      bad[place] ^= 1
      #expect(throws: CeremonyError.self, "\(place)") {
        try PowersOfTau(file: bad, accepting: [Self.test])
      }
    }
    for count in good.indices {
      #expect(throws: CeremonyError.self, "\(count)") {
        try PowersOfTau(file: Array(good[..<count]), accepting: [Self.test])
      }
    }
    #expect(throws: CeremonyError.self) {
      try PowersOfTau(file: good + [0], accepting: [Self.test])
    }
  }

  /// The file with another payload, and the digest of that.
  private static func file(_ change: (inout [UInt8]) -> Void) throws -> [UInt8] {
    var payload = Array(try TestCeremony.powers(6).file[42...])
    change(&payload)
    return FileFormat.wrap(.powers, payload)
  }

  private static func refusal(file bytes: [UInt8]) -> CeremonyError? {
    do throws(CeremonyError) {
      _ = try PowersOfTau(file: bytes, accepting: [test])
      return nil
    } catch {
      return error
    }
  }

  @Test func `a file whose digest is right is checked all the same`() throws {
    #expect(Self.refusal(file: try Self.file { _ in }) == nil)
    var identity = Self.test.digest.bytes
    identity[0] ^= 1
    #expect(
      Self.refusal(file: try Self.file { $0[0] ^= 1 }) == .unknownCeremony(digest: identity))
    #expect(Self.refusal(file: try Self.file { $0[36 + 64 * 3] ^= 1 }) == .malformedPower(index: 3))
    let points = TestCeremony.points(6, Self.tau)
    #expect(
      Self.refusal(
        file: try Self.file {
          $0.replaceSubrange(36 + 64 * 4..<36 + 64 * 5, with: points[3].eip196)
        })
        == .notConsecutive)
    let zeros = [UInt8](repeating: 0, count: 64)
    #expect(
      Self.refusal(
        file: try Self.file { $0.replaceSubrange(36 + 64 * 5..<36 + 64 * 6, with: zeros) })
        == .malformedPower(index: 5))
    // Counts beyond the bytes, and below them.
    for count: [UInt8] in [[7, 0, 0, 0], [5, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0]] {
      #expect(
        Self.isFormat(
          Self.refusal(file: try Self.file { $0.replaceSubrange(32..<36, with: count) })))
    }
    #expect(
      Self.refusal(file: try Self.file { $0.replaceSubrange(32..., with: [0, 0, 0, 0]) })
        == .tooFew(0, needed: 2))
    // Powers of one ceremony under the name of another.
    let renamed = try Self.file { $0.replaceSubrange(..<32, with: Ceremony.hermez.digest.bytes) }
    #expect(throws: CeremonyError.unknownCeremony(digest: nil)) { try PowersOfTau(file: renamed) }
  }

  @Test func `what is wrong is told in words`() {
    let errors: [CeremonyError] = [
      .unknownForm, .format(.damaged), .otherCurve, .section(name: "its header", count: 0),
      .section(name: "its header", count: 2), .tooFew(1, needed: 2), .otherGenerator,
      .malformedPower(index: 7), .malformedTau, .unknownCeremony(digest: nil),
      .unknownCeremony(digest: SHA256.hash([]).bytes), .notConsecutive,
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
    #expect(
      "\(CeremonyError.unknownCeremony(digest: SHA256.hash([]).bytes))".contains(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
  }
}
