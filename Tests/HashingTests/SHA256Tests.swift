import Hashing
import TestSupport
import Testing

struct SHA256Tests {
  /// On a machine without the SHA extensions both are the same.
  static let kernels: [SHA256.Kernel] = [.portable, .best]

  /// 129 messages with their digests.
  private static func messages() throws -> [(message: [UInt8], digest: [UInt8])] {
    var rest = try Vectors.bytes("hashing/messages.bin")[...]
    var messages: [(message: [UInt8], digest: [UInt8])] = []
    while !rest.isEmpty {
      let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      try #require(rest.count >= 4 + count + SHA256.byteCount)
      let message = rest.dropFirst(4).prefix(count)
      let digest = rest.dropFirst(4 + count).prefix(SHA256.byteCount)
      messages.append((Array(message), Array(digest)))
      rest = rest.dropFirst(4 + count + SHA256.byteCount)
    }
    return messages
  }

  @Test(arguments: kernels) func `NIST's short and long messages`(kernel: SHA256.Kernel) throws {
    let messages = try Self.messages()
    #expect(messages.count == 129)
    for (message, digest) in messages {
      #expect(SHA256.hash(message, kernel: kernel).bytes == digest)
    }
  }

  @Test(arguments: kernels) func `NIST's chain of a hundred thousand hashes`(
    kernel: SHA256.Kernel
  ) throws {
    let vectors = try Vectors.bytes("hashing/monte.bin")
    let digests = stride(from: 0, to: vectors.count, by: SHA256.byteCount).map {
      Array(vectors[$0..<$0 + SHA256.byteCount])
    }
    #expect(digests.count == 101)
    for (seed, expected) in zip(digests, digests.dropFirst()) {
      var last = [seed, seed, seed]
      for _ in 0..<1000 {
        last = [last[1], last[2], SHA256.hash(last[0] + last[1] + last[2], kernel: kernel).bytes]
      }
      #expect(last[2] == expected)
    }
  }

  private static let message = (0..<300).map { UInt8($0 % 251) }

  /// Of the digests of all beginnings of the message, the empty and the whole one among them, by Python's
  /// hashlib.
  private static let digestOfDigests =
    "b90e35153500e9a471591550ee25a954527c6b4448afff95f7949a2ca93300ce"

  @Test(arguments: kernels) func `every length up to 300 bytes`(kernel: SHA256.Kernel) {
    var all = SHA256(kernel: kernel)
    for count in 0...Self.message.count {
      all.update(SHA256.hash(Self.message[..<count], kernel: kernel))
    }
    #expect(hex(all.finalize()) == Self.digestOfDigests)
  }

  @Test(arguments: kernels) func `a message cut anywhere in two`(kernel: SHA256.Kernel) {
    for count in 0...200 {
      let whole = SHA256.hash(Self.message[..<count], kernel: kernel)
      for cut in 0...count {
        var hash = SHA256(kernel: kernel)
        hash.update(Self.message[..<cut])
        // A digest on the way changes nothing.
        let first = hash.finalize()
        hash.update(Self.message[cut..<count])
        #expect(hash.finalize() == whole && (first == whole) == (cut == count))
      }
    }
  }

  @Test(arguments: kernels) func `a message in pieces of one size`(kernel: SHA256.Kernel) {
    let whole = SHA256.hash(Self.message, kernel: kernel)
    for size in 1...Self.message.count {
      var hash = SHA256(kernel: kernel)
      for start in stride(from: 0, to: Self.message.count, by: size) {
        hash.update(Self.message[start...].prefix(size))
        hash.update([])
      }
      #expect(hash.finalize() == whole)
    }
  }

  @Test(arguments: kernels) func `a message around a block's border in three pieces`(
    kernel: SHA256.Kernel
  ) {
    let block = SHA256.blockBytes
    for count in [block - 1, block, block + 1, 2 * block - 1, 2 * block, 2 * block + 1] {
      let whole = SHA256.hash(Self.message[..<count], kernel: kernel)
      for first in 0...count {
        for second in first...count {
          var hash = SHA256(kernel: kernel)
          hash.update(Self.message[..<first])
          hash.update(Self.message[first..<second])
          hash.update(Self.message[second..<count])
          #expect(hash.finalize() == whole)
        }
      }
    }
  }

  @Test(arguments: kernels) func `copies go their own ways`(kernel: SHA256.Kernel) {
    for count in [0, 1, 63, 64, 65, 100] {
      var one = SHA256(kernel: kernel)
      one.update(Self.message[..<count])
      var other = one
      one.update([1])
      other.update([2])
      #expect(one.finalize() == SHA256.hash(Self.message[..<count] + [1]))
      #expect(other.finalize() == SHA256.hash(Self.message[..<count] + [2]))
    }
  }

  @Test func `a digest's bytes are the same wherever they go`() {
    let digest = SHA256.hash(Self.message)
    var appended: [UInt8] = [7]
    appended.append(digest)
    #expect(appended == [7] + digest.bytes)
    var (hash, other) = (SHA256(), SHA256())
    hash.update(digest)
    other.update(digest.bytes)
    #expect(hash.finalize() == other.finalize())
  }

  @Test func `nothing is left of what was hashed once it is erased`() {
    let secret = Self.message.prefix(40)
    var hash = SHA256()
    hash.update(secret)
    #expect(memory(of: &hash).contains(secret))
    hash.erase()
    #expect(!memory(of: &hash).contains(secret.prefix(4)))
  }

  private func memory(of hash: inout SHA256) -> [UInt8] {
    unsafe withUnsafeBytes(of: &hash) { unsafe Array($0) }
  }

  private func hex(_ digest: SHA256.Digest) -> String {
    digest.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
