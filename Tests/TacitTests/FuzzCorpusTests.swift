import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The corpus of the fuzzers in the ordinary build, as it is and damaged: values or errors, never a trap.
struct FuzzCorpusTests {
  private static let corpus = Vectors.url("../../Fuzzing/Corpus")

  private static func files(_ target: String) throws -> [[UInt8]] {
    let folder = corpus.appending(path: target)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      [UInt8](try Data(contentsOf: folder.appending(path: $0)))
    }
  }

  private static func targets() throws -> [FuzzTarget] {
    FuzzTarget.all(
      key: [UInt8](try Data(contentsOf: corpus.appending(path: "key"))),
      proof: try files("proof")[0], keyProof: try files("key-proof")[0])
  }

  @Test func `every reader has a corpus`() throws {
    let targets = try Self.targets()
    #expect(targets.count == 14)
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
    #expect(Set(folders) == Set(targets.map(\.name) + ["key"]))
    for target in targets { #expect(try !Self.files(target.name).isEmpty, "\(target.name)") }
  }

  @Test func `the corpus is read`() throws {
    for target in try Self.targets() {
      for file in try Self.files(target.name) { target.read(file) }
    }
  }

  /// What each file is there for: it is read to the end.
  @Test(arguments: [
    "prover-key", "verifier-key", "proof", "altered-proof", "key-proof", "altered-key-proof",
    "opening", "reveal",
  ])
  func `files of the corpus are accepted`(name: String) throws {
    let target = try #require(try Self.targets().first { $0.name == name })
    for file in try Self.files(name) { #expect(target.accepts(file)) }
  }

  @Test func `damaged files of the corpus never trap`() throws {
    var random = SplitMix64(seed: 41)
    for target in try Self.targets() {
      let files = try Self.files(target.name)
      let end = ContinuousClock.now + .milliseconds(500)
      var count = 0
      while ContinuousClock.now < end {
        var bytes = files[count % files.count]
        count += 1
        for _ in 0..<random.integer(in: 1...4) where !bytes.isEmpty {
          let place = Int(random.integer(in: 0...Int64(bytes.count - 1)))
          switch random.integer(in: 0...3) {
          case 0: bytes[place] ^= 1 << UInt8(random.integer(in: 0...7))
          case 1: bytes[place] = UInt8(random.integer(in: 0...255))
          case 2: bytes.removeSubrange(place..<min(bytes.count, place + 5))
          default: bytes.insert(contentsOf: bytes[..<place].suffix(9), at: place)
          }
        }
        target.read(bytes)
      }
      #expect(count > 10, "\(target.name)")
    }
  }
}
