import ConstraintSystem
import Testing

struct FileFormatTests {
  private let file = FileFormat.wrap(.verifier, [1, 2, 3])

  @Test func `a file is its header and its payload`() throws {
    #expect(file == [0x54, 0x41, 0x43, 0x49, 0x54, 0, 0, 2, 3, 0, 1, 2, 3])
    var reader = try FileFormat.open(.verifier, file)
    #expect(Array(try reader.take(3, "payload")) == [1, 2, 3])
    try reader.finish()
    #expect(try FileFormat.kind(of: file) == .verifier)
  }

  @Test func `another kind is named`() {
    let error = FormatError.otherKind(expected: .proof, actual: .verifier)
    #expect(throws: error) { try FileFormat.open(.proof, file) }
    #expect(error.description == "this is a verifier key file; a proof file is needed")
  }

  @Test func `another version names both`() {
    var newer = file
    newer[8] = 4
    let error = FormatError.otherVersion(.verifier, file: 4)
    #expect(throws: error) { try FileFormat.open(.verifier, newer) }
    #expect(
      error.description == "the file has format version 4; this tacit reads version 3: update it")
  }

  @Test func `a prover key of an older release asks for another compilation and names the release`()
  {
    let old: [UInt8] = [0x54, 0x41, 0x43, 0x49, 0x54, 0, 0, 1, 2, 0, 1, 2, 3]
    let error = FormatError.otherVersion(.prover, file: 2)
    #expect(throws: error) { try FileFormat.open(.prover, old) }
    #expect(
      error.description
        == "the file has format version 2, which tacit 0.1.0 reads; this tacit reads version 4: compile again"
    )
    // Told before anything is said of its bytes, and where another kind is wanted.
    #expect(throws: error) { try FileFormat.open(.prover, Array(old.prefix(10))) }
  }

  @Test func `a prover key carries the digest of its payload`() throws {
    // SHA-256 of 01 02 03, as sha256sum gives it.
    let digest: [UInt8] = [
      0x03, 0x90, 0x58, 0xC6, 0xF2, 0xC0, 0xCB, 0x49, 0x2C, 0x53, 0x3B, 0x0A, 0x4D, 0x14, 0xEF,
      0x77, 0xCC, 0x0F, 0x78, 0xAB, 0xCC, 0xCE, 0xD5, 0x28, 0x7D, 0x84, 0xA1, 0xA2, 0x01, 0x1C,
      0xFB, 0x81,
    ]
    let key = FileFormat.wrap(.prover, [1, 2, 3])
    #expect(key == [0x54, 0x41, 0x43, 0x49, 0x54, 0, 0, 1, 4, 0] + digest + [1, 2, 3])
    var reader = try FileFormat.open(.prover, key)
    #expect(Array(try reader.take(3, "payload")) == [1, 2, 3])
    try reader.finish()
  }

  @Test func `a prover key with any bit flipped, or cut or continued, is refused`() {
    let key = FileFormat.wrap(.prover, [1, 2, 3])
    for bit in 0..<key.count * 8 {
      var damaged = key
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: FormatError.self) { try FileFormat.open(.prover, damaged) }
    }
    for count in 10..<key.count {
      #expect(throws: FormatError.self) { try FileFormat.open(.prover, Array(key.prefix(count))) }
    }
    #expect(throws: FormatError.damaged) { try FileFormat.open(.prover, key + [0]) }
  }

  @Test func `what is no file of ours is refused`() {
    #expect(throws: FormatError.notTacit) { try FileFormat.open(.proof, []) }
    #expect(throws: FormatError.notTacit) { try FileFormat.open(.proof, Array("PK".utf8)) }
    var damaged = file
    damaged[5] = 1
    #expect(throws: FormatError.notTacit) { try FileFormat.open(.verifier, damaged) }
    damaged = file
    damaged[7] = 9
    #expect(throws: FormatError.unknownKind(code: 9)) { try FileFormat.open(.verifier, damaged) }
  }

  @Test func `a header cut short is refused`() {
    for count in 0..<FileFormat.headerBytes {
      #expect(throws: FormatError.self) {
        try FileFormat.open(.verifier, Array(file[..<count]))
      }
    }
  }

  @Test func `bytes after the end are refused`() throws {
    var reader = try FileFormat.open(.verifier, file)
    _ = try reader.take(2, "payload")
    #expect(throws: FormatError.trailing(at: 12, count: 1)) { try reader.finish() }
    #expect(throws: FormatError.truncated(part: "p", at: 12, needed: 2, available: 1)) {
      try reader.take(2, "p")
    }
    #expect(throws: FormatError.truncated(part: "p", at: 12, needed: 8, available: 1)) {
      try reader.double("p")
    }
  }
}
