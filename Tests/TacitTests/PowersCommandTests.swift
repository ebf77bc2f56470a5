import Ceremony
import Curve
import Foundation
import TestSupport
import Testing

/// `tacit srs` as a user types it.
struct PowersCommandTests {
  private let tacit: Program

  init() throws { tacit = try Program(named: "tacit") }

  private func object(_ output: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  @Test func `powers of both ceremonies are imported and shown`() throws {
    try Folder.with { folder in
      for (file, ceremony, count) in [
        ("hermez-04.ptau", Ceremony.hermez, 16), ("challenge-85.point", .challenge85, 64),
      ] {
        let path = Vectors.url("ceremony/\(file)").path
        let result = try tacit.run(["srs", path, "-o", "\(count).srs"], in: folder.url)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        #expect(
          result.output.hasPrefix(
            "ceremony   \(ceremony.name)\ndigest     \(ceremony.identity)\nwrote \(count).srs, "))
        let powers = try PowersOfTau(file: folder.bytes("\(count).srs"))
        #expect(powers.count == count && powers.ceremony == ceremony)

        let shown = try tacit.run(["inspect", "\(count).srs", "--json"], in: folder.url)
        let described = try object(shown.output)
        #expect(described["ceremony_digest"] as? String == ceremony.identity)
        #expect(described["powers"] as? Int == count)

        let first = try tacit.run(
          ["srs", path, "--powers", "4", "-o", "\(count).srs", "--force", "--json"],
          in: folder.url)
        let made = try object(first.output)
        #expect(made["powers"] as? Int == 4 && made["srs"] as? String == "\(count).srs")
        #expect(made["srs_bytes"] as? Int == (try folder.bytes("\(count).srs").count))
        #expect(
          try PowersOfTau(file: folder.bytes("\(count).srs")).g1 == Array(powers.g1[..<4]))
        let stream = try tacit.run(
          ["srs", "-", "-o", "-"], in: folder.url, input: Vectors.bytes("ceremony/\(file)"))
        #expect(stream.status == 0 && stream.bytes == powers.file)
      }
    }
  }

  @Test func `what is not taken leaves no file, with its code and kind`() throws {
    try Folder.with { folder in
      let good = try Vectors.bytes("ceremony/challenge-85.point")
      var tampered = good
      tampered[32 * 9] ^= 0x40
      try folder.write(tampered, "tampered.point")
      try folder.write(Array(good.dropLast()), "short.point")
      try folder.write([1, 2, 3], "none.point")
      // Powers of a known trapdoor: no verb accepts them.
      let insecure = try TestCeremony.powers(8)
      try folder.write(insecure.g1.flatMap(\.compressed), "insecure.point")
      try folder.write(insecure.file, "insecure.srs")
      for (arguments, status, kind) in [
        (["tampered.point"], Int32(1), "refused_powers"), (["short.point"], 2, "powers"),
        (["none.point"], 2, "powers"), (["insecure.point"], 1, "refused_powers"),
        (["insecure.srs"], 2, "powers"),
        ([Vectors.url("ceremony/hermez-04.ptau").path, "--powers", "17"], 2, "powers"),
        (["tampered.point", "--powers", "1"], 2, "usage"), (["missing"], 2, "unreadable"),
      ] {
        let result = try tacit.run(["srs"] + arguments + ["-o", "a.srs", "--json"], in: folder.url)
        #expect(result.status == status, "\(arguments): \(result.errors)")
        #expect(try object(result.output)["kind"] as? String == kind, "\(arguments)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.srs")))
      }
      let shown = try tacit.run(["inspect", "insecure.srs"], in: folder.url)
      #expect(shown.status == 1 && shown.errors.contains(insecure.ceremony.identity))
      // The first nine powers are whole.
      let part = try tacit.run(
        ["srs", "tampered.point", "--powers", "9", "-o", "a.srs"], in: folder.url)
      #expect(part.status == 0)
      // No other kind of file is replaced.
      let other = try tacit.run(
        ["srs", "short.point", "-o", "none.point", "--force"], in: folder.url)
      #expect(other.status == 2 && other.errors.contains("--force replaces only powers of tau"))
    }
  }
}
