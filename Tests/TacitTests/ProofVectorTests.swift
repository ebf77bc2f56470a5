import Foundation
import Hashing
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// Keys and proofs that the second verifier (`Verifiers/python`) gave its verdict on, most of them made by a prover of its
/// own: the verdict here is the same, and so are the integers that are proven.
struct ProofVectorTests {
  private struct Entry: Decodable {
    var name: String
    var key: String
    var proof: String?
    var keyProof: String?
    /// What is exchanged in a file: from where, how many bytes, for which ones.
    var keyEdit: Edit?
    var proofEdit: Edit?
    var verdict: String
    /// SHA-256 of all public integers, each in eight bytes, big-endian.
    var integers: String?

    private enum CodingKeys: String, CodingKey {
      case name, key, proof, verdict, integers
      case keyProof = "key_proof"
      case keyEdit = "key_edit"
      case proofEdit = "proof_edit"
    }
  }

  private struct Edit: Decodable {
    var range: Range<Int>
    var bytes: [UInt8]

    init(from decoder: any Decoder) throws {
      var parts = try decoder.unkeyedContainer()
      let (start, count) = (try parts.decode(Int.self), try parts.decode(Int.self))
      range = start..<start + count
      let digits = Array(try parts.decode(String.self).utf8)
      bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
      }
    }
  }

  private static let folder = "proofs"

  private static func entries() throws -> [Entry] {
    try JSONDecoder().decode(
      [Entry].self, from: Data(Vectors.bytes("\(folder)/manifest.json")))
  }

  private static func bytes(_ name: String, _ edit: Edit?) throws -> [UInt8] {
    var bytes = try Vectors.bytes("\(folder)/\(name)")
    if let edit { bytes.replaceSubrange(edit.range, with: edit.bytes) }
    return bytes
  }

  /// The verdict, and the digest of the integers.
  private static func verdict(on entry: Entry) throws -> (verdict: String, integers: String?) {
    guard let key = try? ModelVerifier(bytes(entry.key, entry.keyEdit)) else {
      return ("key refused", nil)
    }
    if let keyProof = entry.keyProof {
      let bytes = try bytes(keyProof, entry.proofEdit)
      return ((try? key.verify(keyProof: bytes)) == nil ? "proof refused" : "accepted", nil)
    }
    guard let proof = entry.proof else { return ("key accepted", nil) }
    guard let inference = try? key.verify(bytes(proof, entry.proofEdit)) else {
      return ("proof refused", nil)
    }
    let integers = (inference.inputs + inference.outputs).flatMap { $0.integers ?? [] }
    let bytes = integers.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value >> Int64(56 - 8 * $0)) }
    }
    return ("accepted", Hex.text(SHA256.hash(bytes).bytes))
  }

  @Test func `both verifiers give one verdict, and the same integers`() throws {
    let entries = try Self.entries()
    #expect(entries.count > 300)
    for verdict in ["accepted", "proof refused", "key refused", "key accepted"] {
      #expect(entries.count { $0.verdict == verdict } >= 30, "\(verdict)")
    }
    for entry in entries {
      let found = try Self.verdict(on: entry)
      #expect(found.verdict == entry.verdict, "\(entry.name)")
      #expect(found.integers == entry.integers, "\(entry.name)")
    }
  }
}
