import Hashing

/// What a Tacit file is.
///
/// Written down in docs/protocol/encodings.md#files.
package enum FileKind: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  case prover = 1
  case verifier = 2
  case proof = 3
  case keyProof = 4
  /// What opens a proof's commitments to tensors.
  case opening = 5
  /// Values of a committed tensor, with a proof of them.
  case reveal = 6
  /// Powers of a ceremony's τ.
  case powers = 7

  package var description: String {
    switch self {
    case .prover: "prover key"
    case .verifier: "verifier key"
    case .proof: "proof"
    case .keyProof: "key proof"
    case .opening: "tensor opening"
    case .reveal: "reveal"
    case .powers: "powers of tau"
    }
  }

  /// Of the format; raised when the bytes of this kind's payload change their meaning.
  package var version: UInt16 {
    switch self {
    case .prover: 4
    case .verifier, .proof: 3
    case .keyProof, .opening, .reveal, .powers: 1
    }
  }

  /// The release that reads this kind of file in another version; nil where none does.
  package func release(reading version: UInt16) -> String? {
    switch self {
    case .prover, .verifier, .proof: version == 2 ? "0.1.0" : nil
    case .keyProof, .opening, .reveal, .powers: nil
    }
  }

  /// Whether SHA-256 of the payload stands before it. A flipped bit in a prover key would be the weights of
  /// another model, and one in an opening another tensor's; of powers it tells those that were checked once.
  /// A verifier key has the model id for that, and a damaged proof does not hold.
  fileprivate var hasDigest: Bool { self == .prover || self == .opening || self == .powers }
}

/// The envelope of every file: eight bytes of magic (`TACIT`, two zeros, the kind), the format version
/// as UInt16 little-endian, for a prover key and an opening the payload's digest, then the payload.
package enum FileFormat {
  package static let headerBytes = 10
  private static let magic: [UInt8] = Array("TACIT".utf8) + [0, 0]

  package static func wrap(_ kind: FileKind, _ payload: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(raw: magic)
    writer.write(kind.rawValue)
    writer.write(fixed: kind.version)
    if kind.hasDigest { writer.write(raw: SHA256.hash(payload).bytes) }
    writer.write(raw: payload)
    return writer.bytes
  }

  /// A reader that stands at the payload of `bytes`. The caller reads it and calls `finish()`.
  package static func open(_ kind: FileKind, _ bytes: [UInt8]) throws(FormatError) -> ByteReader {
    var reader = ByteReader(bytes)
    let actual = try Self.kind(&reader)
    let version = try reader.fixed("format version", as: UInt16.self)
    guard version == actual.version else { throw .otherVersion(actual, file: version) }
    guard actual == kind else { throw .otherKind(expected: kind, actual: actual) }
    if kind.hasDigest {
      let digest = try reader.take(SHA256.byteCount, "digest")
      guard SHA256.hash(bytes[reader.position...]).bytes.elementsEqual(digest) else {
        throw .damaged
      }
    }
    return reader
  }

  /// The kind that a file says it is.
  package static func kind(of bytes: [UInt8]) throws(FormatError) -> FileKind {
    var reader = ByteReader(bytes)
    return try kind(&reader)
  }

  private static func kind(_ reader: inout ByteReader) throws(FormatError) -> FileKind {
    guard reader.remaining >= magic.count,
      try reader.take(magic.count, "magic").elementsEqual(magic)
    else { throw .notTacit }
    let code = try reader.byte("kind of file")
    guard let kind = FileKind(rawValue: code) else { throw .unknownKind(code: code) }
    return kind
  }
}
