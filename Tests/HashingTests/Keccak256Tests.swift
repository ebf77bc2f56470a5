import Hashing
import TestSupport
import Testing

struct Keccak256Tests {
  private static func messages() throws -> [(message: [UInt8], digest: [UInt8])] {
    var rest = try Vectors.bytes("hashing/keccak.bin")[...]
    var messages: [(message: [UInt8], digest: [UInt8])] = []
    while !rest.isEmpty {
      let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      try #require(rest.count >= 4 + count + Keccak256.byteCount)
      let message = rest.dropFirst(4).prefix(count)
      let digest = rest.dropFirst(4 + count).prefix(Keccak256.byteCount)
      messages.append((Array(message), Array(digest)))
      rest = rest.dropFirst(4 + count + Keccak256.byteCount)
    }
    return messages
  }

  @Test func `digests are those of another implementation`() throws {
    let messages = try Self.messages()
    #expect(messages.count == 62)
    for (message, digest) in messages {
      #expect(Keccak256.hash(message).bytes == digest, "\(message.count) bytes")
    }
  }

  /// Digests that contracts have in them everywhere: of nothing, of a function's and of an event's
  /// signature in ERC-20.
  @Test(arguments: [
    ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
    ("transfer(address,uint256)", "a9059cbb"),
    (
      "Transfer(address,address,uint256)",
      "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
    ),
  ])
  func `it is the hash of the EVM`(text: String, digits: String) {
    #expect(hex(Keccak256.hash(Array(text.utf8))).hasPrefix(digits))
  }

  @Test func `it is not FIPS 202's`() {
    let other = "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"
    #expect(hex(Keccak256.hash([])) != other)
  }

  private static let message = (0..<300).map { UInt8($0 % 251) }

  /// Of the digests of all beginnings of the message; `make-keccak.py` prints it.
  private static let digestOfDigests =
    "4ac8a3b6d9ae989d0806e1dc0dca107b1b963d4123c8eefa4743ee2e4db1af28"

  @Test func `every length up to 300 bytes`() {
    var all = Keccak256()
    for count in 0...Self.message.count { all.update(Keccak256.hash(Self.message[..<count])) }
    #expect(hex(all.finalize()) == Self.digestOfDigests)
  }

  @Test func `a message cut anywhere in two`() {
    for count in [0, 1, 7, 8, 9, 135, 136, 137, 200, 272, 273] {
      let whole = Keccak256.hash(Self.message[..<count])
      for cut in 0...count {
        var hash = Keccak256()
        hash.update(Self.message[..<cut])
        // A digest on the way changes nothing.
        let first = hash.finalize()
        hash.update(Self.message[cut..<count])
        #expect(hash.finalize() == whole && (first == whole) == (cut == count))
      }
    }
  }

  @Test func `a message in pieces of one size`() {
    let whole = Keccak256.hash(Self.message)
    for size in 1...Self.message.count {
      var hash = Keccak256()
      for start in stride(from: 0, to: Self.message.count, by: size) {
        hash.update(Self.message[start...].prefix(size))
        hash.update([])
      }
      #expect(hash.finalize() == whole)
    }
  }

  @Test func `copies go their own ways, and a digest's bytes are the same wherever they go`() {
    for count in [0, 1, 135, 136, 137] {
      var one = Keccak256()
      one.update(Self.message[..<count])
      var other = one
      one.update([1])
      other.update([2])
      #expect(one.finalize() == Keccak256.hash(Self.message[..<count] + [1]))
      #expect(other.finalize() == Keccak256.hash(Self.message[..<count] + [2]))
    }
    let digest = Keccak256.hash(Self.message)
    var appended: [UInt8] = [7]
    appended.append(digest)
    #expect(appended == [7] + digest.bytes)
    var (hash, other) = (Keccak256(), Keccak256())
    hash.update(digest)
    other.update(digest.bytes)
    #expect(hash.finalize() == other.finalize())
  }

  @Test func `nothing is left of what was hashed once it is erased`() {
    let secret = Self.message.prefix(40)
    var hash = Keccak256()
    hash.update(secret)
    #expect(memory(of: &hash).contains(secret))
    hash.erase()
    #expect(!memory(of: &hash).contains(secret.prefix(4)))
  }

  private func memory(of hash: inout Keccak256) -> [UInt8] {
    unsafe withUnsafeBytes(of: &hash) { unsafe Array($0) }
  }

  private func hex(_ digest: Keccak256.Digest) -> String {
    digest.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
