import ConstraintSystem
import Testing

struct FileFormatTests {
  private let file = FileFormat.wrap(.verifier, [1, 2, 3])

  @Test func `a file is its header and its payload`() throws {
    #expect(file == [0x54, 0x41, 0x43, 0x49, 0x54, 0, 0, 2, 2, 0, 1, 2, 3])
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
    newer[8] = 3
    let error = FormatError.otherVersion(file: 3, supported: 2)
    #expect(throws: error) { try FileFormat.open(.verifier, newer) }
    #expect(error.description.contains("version 3") && error.description.contains("version 2"))
  }

  @Test func `what is no file of ours is refused`() {
    #expect(throws: FormatError.notTacit) { try FileFormat.open(.proof, []) }
    #expect(throws: FormatError.notTacit) { try FileFormat.open(.proof, Array("PK".utf8)) }
    var damaged = file
    damaged[5] = 1
    #expect(throws: FormatError.notTacit) { try FileFormat.open(.verifier, damaged) }
    damaged = file
    damaged[7] = 4
    #expect(throws: FormatError.unknownKind(code: 4)) { try FileFormat.open(.verifier, damaged) }
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
